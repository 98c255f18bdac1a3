/* SPDX-License-Identifier: Apache-2.0 */
/* Every class to every degree under every kind of parent; then one senseless
 * thing each. Exact status, class and message. */
#include "maker.h"
#include "suites.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

static struct maker m;

static enum status validate(struct spec_error *error)
{
    uint32_t bytes;
    void *blob = maker_pack(&m, &bytes);
    struct spec spec;
    enum status status = spec_validate(blob, bytes, &spec, error);

    free(blob);
    return status;
}

/* Parents of the domain under test. */
enum { ROOT, RICH, POOR, PLAIN, BARE, PARENTS };

static const char *const parent_names[PARENTS] = {
    "no parent", "a parent with everything",
    "a parent with caps and files none", "a parent with files same",
    "a parent with quota and pool none"};

#define NO_FILES                                                               \
    "files: same shares a table that the parent, whose files are none, does "  \
    "not have"
#define NO_FILES_PART                                                          \
    "files: part is a part of a table that the parent does not have"
#define ROOT_FILES_PART                                                        \
    "files: part without a parent would be a part of the root domain's "       \
    "files, which are empty"
#define CPU                                                                    \
    "cpu: can only be new: two domains on one set of registers would be one "  \
    "domain"
#define ROOT_SPACE                                                             \
    "space: same without a parent: the root domain has no space to share"
#define ROOT_SPACE_PART                                                        \
    "space: part without a parent: the root domain has no space to take a "    \
    "part of"
#define NO_SPACE                                                               \
    "space: can be same, part or new: a domain without any space has nowhere " \
    "to run"
#define POOL                                                                   \
    "pool: can be same, new or none: a part of an allocator is a limit on "    \
    "it, "                                                                     \
    "which is quota: part"
#define NO_QUOTA                                                               \
    "quota: same, part and new come out of a quota that the parent, whose "    \
    "quota is none, does not have"
#define NO_POOL                                                                \
    "pool: same and new come out of a pool that the parent, whose pool is "    \
    "none, does not have"
#define ROOT_CAPS                                                              \
    "caps: same without a parent: the root domain has no table to share"
#define ROOT_CAPS_PART                                                         \
    "caps: part without a parent: the root domain has no table to take a "     \
    "part of"
#define NO_CAPS                                                                \
    "caps: same shares a table that the parent, whose caps are none, does "    \
    "not have"
#define NO_CAPS_PART                                                           \
    "caps: part is a part of a table that the parent does not have"
#define HANDLER                                                                \
    "handler: can be same, new or none: a fault cannot be handled in part"
#define ALL(what)                                                              \
    {                                                                          \
        what, what, what, what, what                                           \
    }

/* Why it is refused, by class, degree (same part new none) and parent. */
static const char *const why[PD_CLASS_COUNT][PD_DEGREE_COUNT][PARENTS] = {
    [PD_FILES] = {{NULL, NULL, NO_FILES, NULL, NULL},
                  {ROOT_FILES_PART, NULL, NO_FILES_PART, NO_FILES_PART,
                   NO_FILES_PART},
                  ALL(NULL),
                  ALL(NULL)},
    [PD_CPU] = {ALL(CPU), ALL(CPU), ALL(NULL), ALL(CPU)},
    [PD_SPACE] = {{ROOT_SPACE, NULL, NULL, NULL, NULL},
                  {ROOT_SPACE_PART, NULL, NULL, NULL, NULL},
                  ALL(NULL),
                  ALL(NO_SPACE)},
    [PD_POOL] = {{NULL, NULL, NULL, NULL, NO_POOL},
                 ALL(POOL),
                 {NULL, NULL, NULL, NULL, NO_POOL},
                 ALL(NULL)},
    [PD_QUOTA] = {{NULL, NULL, NULL, NULL, NO_QUOTA},
                  {NULL, NULL, NULL, NULL, NO_QUOTA},
                  {NULL, NULL, NULL, NULL, NO_QUOTA},
                  ALL(NULL)},
    [PD_CAPS] = {{ROOT_CAPS, NULL, NO_CAPS, NULL, NULL},
                 {ROOT_CAPS_PART, NULL, NO_CAPS_PART, NULL, NULL},
                 ALL(NULL),
                 ALL(NULL)},
    [PD_HANDLER] = {ALL(NULL), ALL(HANDLER), ALL(NULL), ALL(NULL)},
};

/* Index of the domain under test. */
static uint32_t make_family(uint32_t parent)
{
    maker_init(&m);
    maker_domain(&m, "parent", PROCESS, SPEC_NONE);
    if (parent == RICH) {
        m.domains[0].degree[PD_FILES] = PD_NEW;
    } else if (parent == POOR) {
        m.domains[0].degree[PD_FILES] = PD_NONE;
        m.domains[0].degree[PD_CAPS] = PD_NONE;
    } else if (parent == BARE) {
        m.domains[0].degree[PD_QUOTA] = PD_NONE;
        m.domains[0].degree[PD_POOL] = PD_NONE;
    }
    maker_domain(&m, "it", PROCESS, parent == ROOT ? SPEC_NONE : 0);
    m.domains[1].degree[PD_FILES] = PD_NEW;
    if (parent == BARE) {
        m.domains[1].degree[PD_QUOTA] = PD_NONE;
        m.domains[1].degree[PD_POOL] = PD_NONE;
    }
    return 1;
}

START_TEST(matrix)
{
    uint32_t class = (uint32_t)_i / (PD_DEGREE_COUNT * PARENTS);
    uint32_t degree = (uint32_t)_i / PARENTS % PD_DEGREE_COUNT;
    uint32_t parent = (uint32_t)_i % PARENTS;
    const char *what = why[class][degree][parent];
    struct spec_error error = {0};
    enum status status;
    uint32_t it = make_family(parent);

    m.domains[it].degree[class] = (uint8_t)degree;
    status = validate(&error);
    ck_assert_msg((status == STATUS_OK) == (what == NULL), "%s: %s with %s: %s",
                  pd_class_name(class), pd_degree_name(degree),
                  parent_names[parent],
                  status == STATUS_OK ? "accepted" : error.what);
    if (what != NULL) {
        ck_assert_str_eq(error.what, what);
        ck_assert_int_eq(error.status, STATUS_INVALID_ARGUMENT);
        ck_assert_int_eq(status, STATUS_INVALID_ARGUMENT);
        ck_assert_uint_eq(error.pd_class, class);
        ck_assert_uint_eq(error.domain, it);
        ck_assert_uint_eq(error.item, SPEC_NONE);
    }
}
END_TEST

struct sense {
    const char *what;
    enum status status;
    uint32_t pd_class, domain, item;
};

#define SENSE(name, text, status, class, domain, item, act)                    \
    static const struct sense name##_sense = {text, status, class, domain,     \
                                              item};                           \
    static const struct sense *name(void)                                      \
    {                                                                          \
        act;                                                                   \
        return &name##_sense;                                                  \
    }
#define ANY PD_CLASS_COUNT
#define NONE SPEC_NONE
#define DEGREE(domain, class, to) m.domains[domain].degree[class] = to

/* `m` is the spectrum: app, worker, guard, stats, jail, child, vault. app has
 * a quota of 8192 pages, child and vault one of 1024 each. */
SENSE(no_domains, "there is no domain to run", STATUS_INVALID_ARGUMENT, ANY,
      NONE, NONE, m.header.domains.count = 0)
SENSE(stack_empty, "a stack has 1 to 256 pages", STATUS_OUT_OF_RANGE, ANY, 2,
      NONE, m.domains[2].stack_pages = 0)
SENSE(stack_large, "a stack has 1 to 256 pages", STATUS_OUT_OF_RANGE, ANY, 2,
      NONE, m.domains[2].stack_pages = 257)
SENSE(heap_large, "the heap is larger than the machine's memory",
      STATUS_OUT_OF_RANGE, ANY, 0, NONE,
      m.domains[0].heap_pages = MAKER_MEMORY_PAGES + 1)
SENSE(range_empty, "a range is empty", STATUS_OUT_OF_RANGE, ANY, NONE, 0,
      maker_range(&m, "ring", 0))
SENSE(ranges_large, "the ranges together are larger than the machine's memory",
      STATUS_OUT_OF_RANGE, ANY, NONE, 1, maker_range(&m, "ring", 1);
      maker_range(&m, "disk", MAKER_MEMORY_PAGES))
SENSE(late_parent, "start: boot needs a parent that starts at boot",
      STATUS_INVALID_ARGUMENT, ANY, 1, NONE,
      m.domains[0].start = SPEC_START_MANUAL)
SENSE(files_slots, "a table has at most 736 slots", STATUS_TOO_BIG, PD_FILES, 3,
      NONE, m.domains[3].files_slots = 737)
SENSE(caps_slots, "a table has at most 736 slots", STATUS_TOO_BIG, PD_CAPS, 5,
      NONE, m.domains[5].caps_slots = 737)
SENSE(files_few, "the table has too few slots for what the domain holds",
      STATUS_NO_SLOT, PD_FILES, 3, NONE, m.domains[3].files_slots = 1)
SENSE(caps_few, "the table has too few slots for what the domain holds",
      STATUS_NO_SLOT, PD_CAPS, 5, NONE, m.domains[5].caps_slots = 1)
SENSE(caps_none_holds, "caps: none leaves no table for what the domain holds",
      STATUS_INVALID_ARGUMENT, PD_CAPS, 5, NONE, DEGREE(5, PD_CAPS, PD_NONE))
SENSE(quota_empty, "quota: new has no page", STATUS_OUT_OF_RANGE, PD_QUOTA, 5,
      NONE, m.domains[5].quota_pages = 0)
SENSE(quota_machine, "quota: new asks for more than the machine's memory",
      STATUS_NO_QUOTA, PD_QUOTA, 0, NONE,
      m.domains[0].quota_pages = MAKER_MEMORY_PAGES + 1)
SENSE(quota_parent, "quota: new asks for more than the parent's quota",
      STATUS_NO_QUOTA, PD_QUOTA, 5, NONE, m.domains[5].quota_pages = 8193)
SENSE(quota_sum,
      "quota: new asks for more than other domains leave of the quota it is "
      "made of",
      STATUS_NO_QUOTA, PD_QUOTA, 6, NONE, m.domains[5].quota_pages = 7169)
/* The quota of a thread is its parent's: a child of it takes of the same. */
SENSE(quota_shared,
      "quota: new asks for more than other domains leave of the quota it is "
      "made of",
      STATUS_NO_QUOTA, PD_QUOTA, 6, NONE, m.domains[5].parent = 1;
      m.domains[5].quota_pages = 8192)
SENSE(pool_quota,
      "pool: new needs quota: new; otherwise the shared quota re-opens the "
      "channel it closes",
      STATUS_INVALID_ARGUMENT, PD_POOL, 6, NONE, DEGREE(6, PD_QUOTA, PD_SAME))
SENSE(pool_empty, "pool: new has no page", STATUS_OUT_OF_RANGE, PD_POOL, 6,
      NONE, m.domains[6].pool_pages = 0)
SENSE(pool_machine, "pool: new asks for more than the machine's memory",
      STATUS_NO_MEMORY, PD_POOL, 6, NONE,
      m.domains[6].pool_pages = MAKER_MEMORY_PAGES + 1)
SENSE(pool_parent, "pool: new asks for more than the parent's pool",
      STATUS_NO_MEMORY, PD_POOL, 6, NONE, DEGREE(0, PD_POOL, PD_NEW);
      m.domains[0].pool_pages = 1000; m.domains[6].pool_pages = 1001)
SENSE(pool_sum,
      "pool: new asks for more than other domains leave of the pool it is "
      "made of",
      STATUS_NO_MEMORY, PD_POOL, 6, NONE, DEGREE(5, PD_POOL, PD_NEW);
      m.domains[5].pool_pages = MAKER_MEMORY_PAGES)
SENSE(quota_part_empty, "quota: part is a ceiling without a page beneath it",
      STATUS_OUT_OF_RANGE, PD_QUOTA, 5, NONE, DEGREE(5, PD_QUOTA, PD_PART);
      m.domains[5].quota_pages = 0)
SENSE(quota_part_machine, "quota: part is a ceiling above the machine's memory",
      STATUS_NO_QUOTA, PD_QUOTA, 0, NONE, DEGREE(0, PD_QUOTA, PD_PART);
      m.domains[0].quota_pages = MAKER_MEMORY_PAGES + 1)
SENSE(quota_part_parent, "quota: part is a ceiling above the parent's quota",
      STATUS_NO_QUOTA, PD_QUOTA, 5, NONE, DEGREE(5, PD_QUOTA, PD_PART);
      m.domains[5].quota_pages = 8193)
/* What is split off beneath a ceiling is taken from above it, too. */
SENSE(quota_part_sum,
      "quota: new asks for more than other domains leave of the quota it is "
      "made of",
      STATUS_NO_QUOTA, PD_QUOTA, 7, NONE, DEGREE(5, PD_QUOTA, PD_PART);
      m.domains[5].quota_pages = 8000; m.domains[6].quota_pages = 8000;
      maker_domain(&m, "deep", PROCESS, 5); m.domains[7].quota_pages = 193)
SENSE(quota_part_beneath,
      "quota: new asks for more than other domains leave of the quota it is "
      "made of",
      STATUS_NO_QUOTA, PD_QUOTA, 8, NONE, DEGREE(5, PD_QUOTA, PD_PART);
      m.domains[5].quota_pages = 1024; maker_domain(&m, "deep", PROCESS, 5);
      m.domains[7].quota_pages = 1000; maker_domain(&m, "deeper", PROCESS, 5);
      m.domains[8].quota_pages = 25)
SENSE(pool_part_quota,
      "pool: new needs quota: new; otherwise the shared quota re-opens the "
      "channel it closes",
      STATUS_INVALID_ARGUMENT, PD_POOL, 6, NONE, DEGREE(6, PD_QUOTA, PD_PART))
SENSE(handler_none_continue,
      "handler: none lets a fault end the domain, so on_fault can only be "
      "stop",
      STATUS_INVALID_ARGUMENT, PD_HANDLER, 5, NONE,
      DEGREE(5, PD_HANDLER, PD_NONE);
      m.domains[5].on_fault = SPEC_FAULT_CONTINUE)
SENSE(nobody_handles,
      "handler: no domain handles these faults, so with on_fault: handler the "
      "first would last for ever",
      STATUS_INVALID_ARGUMENT, PD_HANDLER, 1, NONE,
      m.domains[1].on_fault = SPEC_FAULT_HANDLER)
SENSE(root_handles,
      "handler: no domain handles these faults, so with on_fault: handler the "
      "first would last for ever",
      STATUS_INVALID_ARGUMENT, PD_HANDLER, 0, NONE,
      m.domains[0].on_fault = SPEC_FAULT_HANDLER)
SENSE(keeps_no_heap, "space: part keeps a heap that the parent does not have",
      STATUS_INVALID_ARGUMENT, PD_SPACE, 7, 0, m.domains[0].heap_pages = 0;
      maker_domain(&m, "plug", TIS, 0); maker_keep(&m, SPEC_KEEP_HEAP, 0))
SENSE(keeps_no_range,
      "space: part keeps a range that is not in the parent's view",
      STATUS_INVALID_ARGUMENT, PD_SPACE, 7, 0, maker_range(&m, "ring", 1);
      maker_domain(&m, "plug", TIS, 0); maker_keep(&m, SPEC_KEEP_RANGE, 0))
/* What a thread of the parent holds is not what the parent brings. */
SENSE(keeps_of_sibling,
      "space: part keeps a range that is not in the parent's view",
      STATUS_INVALID_ARGUMENT, PD_SPACE, 8, 0, maker_range(&m, "ring", 1);
      maker_domain(&m, "t", THREAD, 0); maker_hold(&m, CAP_RANGE, 0, CAP_READ);
      maker_domain(&m, "plug", TIS, 0); maker_keep(&m, SPEC_KEEP_RANGE, 0))
/* Holding a range without read does not put it into the view. */
SENSE(keeps_unseen,
      "space: part keeps a range that is not in the parent's view",
      STATUS_INVALID_ARGUMENT, PD_SPACE, 8, 0, maker_range(&m, "ring", 1);
      maker_domain(&m, "t", THREAD, 0); maker_hold(&m, CAP_RANGE, 0, CAP_USE);
      maker_domain(&m, "plug", TIS, 7); maker_keep(&m, SPEC_KEEP_RANGE, 0))
SENSE(holds_exec,
      "a range cannot be held with exec: only pages of programs are "
      "executable, and no page is writable and executable",
      STATUS_NO_RIGHTS, ANY, 6, 7, maker_range(&m, "ring", 1);
      maker_hold(&m, CAP_RANGE, 0, CAP_READ | CAP_EXEC))
SENSE(holds_blind_write,
      "a range cannot be held with write but not read: page tables know no "
      "such page",
      STATUS_NO_RIGHTS, ANY, 6, 7, maker_range(&m, "ring", 1);
      maker_hold(&m, CAP_RANGE, 0, CAP_WRITE))
SENSE(holds_nothing, "a hold has no right, or one that its type does not know",
      STATUS_NO_RIGHTS, ANY, 1, 1, m.holds[1].rights = 0)
SENSE(holds_unknown, "a hold has no right, or one that its type does not know",
      STATUS_NO_RIGHTS, ANY, 1, 1, m.holds[1].rights = CAP_READ)
SENSE(holds_beyond, "a hold has no right, or one that its type does not know",
      STATUS_NO_RIGHTS, ANY, 1, 1, m.holds[1].rights = 0x100 | CAP_USE)
SENSE(holds_itself, "a domain can hold only its descendants and their handlers",
      STATUS_INVALID_ARGUMENT, ANY, 6, 7,
      maker_hold(&m, CAP_DOMAIN, 6, CAP_USE))
SENSE(holds_parent, "a domain can hold only its descendants and their handlers",
      STATUS_INVALID_ARGUMENT, ANY, 6, 7,
      maker_hold(&m, CAP_DOMAIN, 0, CAP_USE))
SENSE(holds_sibling,
      "a domain can hold only its descendants and their handlers",
      STATUS_INVALID_ARGUMENT, ANY, 5, 5, m.holds[5].type = CAP_HANDLER;
      m.holds[5].object = 6)
SENSE(holds_nobody, "a domain can hold only its descendants and their handlers",
      STATUS_INVALID_ARGUMENT, ANY, 6, 7,
      maker_hold(&m, CAP_DOMAIN, 64, CAP_USE))

/* What follows the table of domains must not be taken for one. */
SENSE(holds_next, "a domain can hold only its descendants and their handlers",
      STATUS_INVALID_ARGUMENT, ANY, 0, 0, m.holds[0].type = CAP_DOMAIN;
      m.holds[0].object = 7)
/* Not judged yet when its ancestors are looked for. */
SENSE(holds_own_parent,
      "a domain can hold only its descendants and their handlers",
      STATUS_INVALID_ARGUMENT, ANY, 0, 0, m.holds[0].type = CAP_DOMAIN;
      m.holds[0].object = 2; m.domains[2].parent = 2)

typedef const struct sense *(*sense_maker)(void);
static const sense_maker senseless[] = {
    no_domains,         stack_empty,       stack_large,
    heap_large,         range_empty,       ranges_large,
    late_parent,        files_slots,       caps_slots,
    files_few,          caps_few,          caps_none_holds,
    quota_empty,        quota_machine,     quota_parent,
    quota_sum,          quota_shared,      pool_quota,
    pool_empty,         pool_machine,      quota_part_empty,
    quota_part_machine, quota_part_parent, quota_part_sum,
    quota_part_beneath, pool_part_quota,   handler_none_continue,
    pool_parent,        pool_sum,          nobody_handles,
    root_handles,       keeps_no_heap,     keeps_no_range,
    keeps_of_sibling,   keeps_unseen,      holds_exec,
    holds_blind_write,  holds_nothing,     holds_unknown,
    holds_beyond,       holds_itself,      holds_parent,
    holds_sibling,      holds_nobody,      holds_next,
    holds_own_parent};

START_TEST(one_senseless_thing)
{
    struct spec_error error = {0};
    const struct sense *sense;

    maker_spectrum(&m);
    sense = senseless[_i]();
    ck_assert_msg(validate(&error) == sense->status, "%s: %s", sense->what,
                  error.what);
    ck_assert_str_eq(error.what, sense->what);
    ck_assert_uint_eq(error.pd_class, sense->pd_class);
    ck_assert_uint_eq(error.domain, sense->domain);
    ck_assert_uint_eq(error.item, sense->item);
}
END_TEST

/* Just inside each bound of the above. */
START_TEST(at_the_limits)
{
    struct spec_error error = {0};

    maker_spectrum(&m);
    m.domains[0].quota_pages = MAKER_MEMORY_PAGES;
    m.domains[0].heap_pages = MAKER_MEMORY_PAGES;
    m.domains[2].stack_pages = 256;
    m.domains[4].files_slots = 736;
    m.domains[5].caps_slots = 736;
    m.domains[5].quota_pages = MAKER_MEMORY_PAGES - 1024;
    m.domains[6].pool_pages = MAKER_MEMORY_PAGES;
    m.domains[5].on_fault = SPEC_FAULT_HANDLER;
    maker_range(&m, "ring", MAKER_MEMORY_PAGES);
    maker_domain(&m, "t", THREAD, 5);
    m.domains[7].on_fault = SPEC_FAULT_HANDLER;
    maker_hold(&m, CAP_RANGE, 0, CAP_READ | CAP_WRITE | CAP_USE);
    maker_domain(&m, "plug", TIS, 7);
    maker_keep(&m, SPEC_KEEP_RANGE, 0);
    maker_keep(&m, SPEC_KEEP_HEAP, 0);
    maker_domain(&m, "u", THREAD, 7);
    maker_domain(&m, "plug_of_u", TIS, 9);
    maker_keep(&m, SPEC_KEEP_RANGE, 0);
    m.domains[6].caps_slots = m.domains[6].hold_count + 1;
    m.domains[3].files_slots = 2;
    m.domains[0].args = maker_string(&m, "a");
    maker_string(&m, "");
    m.domains[0].args_bytes = 3;
    m.domains[0].argc = 2;
    ck_assert_msg(validate(&error) == STATUS_OK, "%s", error.what);
}
END_TEST

/* A list's entries add up, and are there for a part of the part. */
START_TEST(part_of_a_part)
{
    struct spec_error error = {0};

    maker_init(&m);
    maker_range(&m, "ring", 1);
    maker_range(&m, "disk", 1);
    maker_domain(&m, "a", PROCESS, SPEC_NONE);
    maker_hold(&m, CAP_RANGE, 0, CAP_READ);
    maker_hold(&m, CAP_RANGE, 1, CAP_READ);
    maker_domain(&m, "other", PROCESS, 0);
    maker_domain(&m, "b", TIS, 0);
    m.domains[2].heap_pages = 0;
    maker_keep(&m, SPEC_KEEP_RANGE, 0);
    maker_keep(&m, SPEC_KEEP_RANGE, 1);
    maker_keep(&m, SPEC_KEEP_HEAP, 0);
    maker_domain(&m, "c", TIS, 2);
    maker_keep(&m, SPEC_KEEP_RANGE, 0);
    maker_keep(&m, SPEC_KEEP_RANGE, 1);
    maker_keep(&m, SPEC_KEEP_HEAP, 0);
    maker_domain(&m, "d", TIS, 0);
    maker_keep(&m, SPEC_KEEP_HEAP, 0);
    ck_assert_msg(validate(&error) == STATUS_OK, "%s", error.what);
}
END_TEST

START_TEST(sixteen_segments)
{
    struct spec_error error = {0};

    maker_init(&m);
    maker_domain(&m, "a", PROCESS, SPEC_NONE);
    for (uint32_t i = 4; i < 17; i++) {
        m.segments[i] = m.segments[0];
        m.segments[i].page = 4 + i;
    }
    m.programs[0].pages = 32;
    m.programs[0].segment_count = 16;
    m.header.segments.count = 17;
    ck_assert_msg(validate(&error) == STATUS_OK, "%s", error.what);
    m.programs[0].segment_count = 17;
    ck_assert_int_eq(validate(&error), STATUS_MALFORMED);
}
END_TEST

START_TEST(holding_descendants)
{
    struct spec_error error = {0};

    maker_init(&m);
    maker_domain(&m, "a", PROCESS, SPEC_NONE);
    m.header.domains.count = 3;
    maker_hold(&m, CAP_DOMAIN, 2, CAP_READ | CAP_WRITE | CAP_USE);
    m.domains[0].hold_count = 1;
    m.domains[2].hold_count = 0;
    m.header.domains.count = 1;
    maker_domain(&m, "b", THREAD, 0);
    maker_domain(&m, "c", THREAD, 1);
    ck_assert_msg(validate(&error) == STATUS_OK, "%s", error.what);
    m.holds[0].type = CAP_HANDLER;
    ck_assert_msg(validate(&error) == STATUS_OK, "%s", error.what);
    m.domains[1].parent = SPEC_NONE;
    m.domains[1].degree[PD_SPACE] = PD_NEW;
    m.domains[1].degree[PD_CAPS] = PD_NEW;
    ck_assert_int_eq(validate(&error), STATUS_INVALID_ARGUMENT);
}
END_TEST

Suite *suite_sense(void)
{
    Suite *suite = suite_create("sense");
    TCase *tests = tcase_create("sense");

    tcase_add_loop_test(tests, matrix, 0,
                        PD_CLASS_COUNT * PD_DEGREE_COUNT * PARENTS);
    tcase_add_loop_test(tests, one_senseless_thing, 0,
                        sizeof senseless / sizeof senseless[0]);
    tcase_add_test(tests, at_the_limits);
    tcase_add_test(tests, part_of_a_part);
    tcase_add_test(tests, sixteen_segments);
    tcase_add_test(tests, holding_descendants);
    suite_add_tcase(suite, tests);
    return suite;
}
