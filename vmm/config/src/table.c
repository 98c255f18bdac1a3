/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <domains/spec.h>
#include <string.h>

#define NAME_WHAT "a name ([a-z][a-z0-9_-]*, at most 31 letters)"
#define SIZE_WHAT "a size such as 64KiB"
#define PAGES_MAX ABI_MEMORY_MAX
#define STACK_MAX (256 * ABI_PAGE_SIZE)

static const struct type name_type = {.kind = TYPE_NAME, .what = NAME_WHAT};
static const struct type kind_name = {
    .kind = TYPE_NAME, .what = "the name of a kind", .kinds = true};
static const struct type text_type = {.kind = TYPE_TEXT, .what = "text"};
static const struct type place_type = {
    .kind = TYPE_PLACE,
    .what = "the name of a range such as ring or app.stack"};
static const struct type folder_type = {
    .kind = TYPE_FOLDER,
    .what = "a folder beneath the config's, such as ./data"};
static const struct type dir_path = {
    .kind = TYPE_TEXT, .what = "a path in the parent's files, such as deep"};
static const struct type rights_type = {
    .kind = TYPE_RIGHTS,
    .what = "rights (letters of rwxu in that order, call, serve, signal or "
            "receive)"};
static const struct type symbol_type = {.kind = TYPE_SYMBOL,
                                        .what = "a function's name"};
static const struct type program_type = {
    .kind = TYPE_PROGRAM,
    .what = "a built-in program's name, or a path such as ./filter.elf"};

/* Sizes. */
static const struct type page_size = {.kind = TYPE_SIZE,
                                      .what = SIZE_WHAT,
                                      .min = (int64_t)ABI_PAGE_SIZE,
                                      .max = PAGES_MAX,
                                      .multiple = ABI_PAGE_SIZE};
static const struct type stack_size = {.kind = TYPE_SIZE,
                                       .what = SIZE_WHAT,
                                       .min = (int64_t)ABI_PAGE_SIZE,
                                       .max = STACK_MAX,
                                       .multiple = ABI_PAGE_SIZE};
static const struct type heap_size = {.kind = TYPE_SIZE,
                                      .what = SIZE_WHAT,
                                      .min = 0,
                                      .max = PAGES_MAX,
                                      .multiple = ABI_PAGE_SIZE};
static const struct type memory_size = {.kind = TYPE_SIZE,
                                        .what = SIZE_WHAT,
                                        .min = (int64_t)ABI_MEMORY_MIN,
                                        .max = ABI_MEMORY_MAX,
                                        .multiple = ABI_GRANULE_SIZE};

/* Numbers. */
static const struct type version_type = {.kind = TYPE_INTEGER,
                                         .what = "1",
                                         .why = "this build reads version 1",
                                         .min = 1,
                                         .max = 1};
static const struct type seed_type = {.kind = TYPE_INTEGER,
                                      .what = "a whole number in decimal",
                                      .max = UINT64_MAX};
static const struct type cpus_type = {
    .kind = TYPE_INTEGER,
    .what = "1",
    .why = "the guest kernel runs domains on one CPU so far",
    .min = 1,
    .max = 1};
static const struct type slot_count = {
    .kind = TYPE_INTEGER,
    .what = "a number of slots",
    .why = "a capability table has at most 16 pages",
    .min = 1,
    .max = CAP_TABLE_MAX};
static const struct type exit_code_type = {.kind = TYPE_INTEGER,
                                           .what = "an exit code",
                                           .min = INT32_MIN,
                                           .max = INT32_MAX};

/* Words. */
static const char *const fault_word[] = {"fault", NULL};
static const char *const access_words[] = {"r", "w", "x", NULL};
static const char *const on_fault_words[] = {"stop", "continue", "handler",
                                             NULL};
static const char *const start_words[] = {"boot", "manual", NULL};
static const char *const mechanism_words[] = {"auto", "pages", NULL};
static const struct type fault_word_type = {
    .kind = TYPE_WORD, .what = "an exit code or fault", .words = fault_word};
static const struct type access_word_type = {
    .kind = TYPE_WORD, .what = "r, w or x", .words = access_words};
static const struct type on_fault_type = {.kind = TYPE_WORD,
                                          .what = "stop, continue or handler",
                                          .words = on_fault_words};
static const struct type start_type = {
    .kind = TYPE_WORD, .what = "boot or manual", .words = start_words};
static const struct type mechanism_type = {
    .kind = TYPE_WORD, .what = "auto or pages", .words = mechanism_words};

/* Degrees of the classes: a word, or the new or part thing described. */
static const struct key sized_keys[] = {
    {"new", &page_size, true, NULL, "4MiB", "Size of the new one."}, {0}};
static const struct type sized_type = {
    .kind = TYPE_MAP, .what = "{new: SIZE}", .keys = sized_keys};
static const struct key quota_keys[] = {
    {"new", &page_size, false, "none", "4MiB", "Size of the new one."},
    {"part", &page_size, false, "none", "4MiB",
     "Ceiling on what the domain takes of its parent's; nothing is set aside."},
    {0}};
static const char *const quota_any[] = {"new", "part", NULL};
static const struct type limited_type = {.kind = TYPE_MAP,
                                         .what = "{new: SIZE} or {part: SIZE}",
                                         .keys = quota_keys,
                                         .any_of = quota_any,
                                         .only_one = true};

static const struct key host_keys[] = {
    {"host", &folder_type, true, NULL, "./data",
     "Host folder, beneath the config's, whose files are packed at start."},
    {0}};
static const struct type host_type = {
    .kind = TYPE_MAP, .what = "{host: FOLDER}", .keys = host_keys};
static const struct key dir_keys[] = {
    {"dir", &dir_path, true, NULL, "deep",
     "Folder of the parent's files, as it would open it, that is the domain's "
     "root."},
    {0}};
static const struct type dir_type = {
    .kind = TYPE_MAP, .what = "{dir: PATH}", .keys = dir_keys};
static const struct key tree_keys[] = {
    {"new", &host_type, false, "none", "{host: ./data}",
     "The immutable tree that the domain's root directory is."},
    {"part", &dir_type, false, "none", "{dir: deep}",
     "The part of the parent's files that the domain has."},
    {0}};
static const char *const tree_any[] = {"new", "part", NULL};
static const struct type tree_type = {.kind = TYPE_MAP,
                                      .what = "{new: {host: FOLDER}} or {part: "
                                              "{dir: PATH}}",
                                      .keys = tree_keys,
                                      .any_of = tree_any,
                                      .only_one = true};

static const struct type keep_list = {
    .kind = TYPE_LIST,
    .what = "a list of image, heap and names of ranges",
    .item = &name_type,
    .max = SPEC_MAX_KEEPS};
static const struct key keep_keys[] = {
    {"keep", &keep_list, true, NULL, "[image, heap]",
     "What stays of the parent's view: image, heap, named ranges; [] keeps "
     "nothing."},
    {0}};
static const struct type keep_type = {
    .kind = TYPE_MAP, .what = "{keep: [..]}", .keys = keep_keys};
static const struct key part_keys[] = {
    {"part", &keep_type, true, NULL, "{keep: [image]}",
     "The part of the parent's space that the domain has."},
    {0}};
static const struct type part_type = {
    .kind = TYPE_MAP, .what = "{part: {keep: [..]}}", .keys = part_keys};

#define DEGREE(class, words)                                                   \
    {                                                                          \
        .kind = TYPE_DEGREE, .what = words, .min = PD_##class                  \
    }
static const struct type degree_files = DEGREE(FILES, "a degree");
static const struct type degree_cpu = DEGREE(CPU, "new");
static const struct type degree_space = DEGREE(SPACE, "a degree");
static const struct type degree_pool = DEGREE(POOL, "a degree");
static const struct type degree_quota = DEGREE(QUOTA, "a degree");
static const struct type degree_caps = DEGREE(CAPS, "same, part, new or none");
static const struct type degree_handler = DEGREE(HANDLER, "same, new or none");

static const struct type *const files_forms[] = {&degree_files, &tree_type,
                                                 NULL};
static const struct type *const space_forms[] = {&degree_space, &part_type,
                                                 NULL};
static const struct type *const pool_forms[] = {&degree_pool, &sized_type,
                                                NULL};
static const struct type *const quota_forms[] = {&degree_quota, &limited_type,
                                                 NULL};
static const struct type files_type = {.kind = TYPE_EITHER,
                                       .what =
                                           "a degree, {new: {host: FOLDER}} or "
                                           "{part: {dir: PATH}}",
                                       .forms = files_forms};
static const struct type space_type = {.kind = TYPE_EITHER,
                                       .what =
                                           "a degree or {part: {keep: [..]}}",
                                       .forms = space_forms};
static const struct type pool_type = {.kind = TYPE_EITHER,
                                      .what = "a degree or {new: SIZE}",
                                      .forms = pool_forms};
static const struct type quota_type = {.kind = TYPE_EITHER,
                                       .what = "a degree, {new: SIZE} or "
                                               "{part: SIZE}",
                                       .forms = quota_forms};

#define CLASS_KEYS(initial)                                                    \
    {"files",                                                                  \
     &files_type,                                                              \
     false,                                                                    \
     initial,                                                                  \
     "{new: {host: ./data}}",                                                  \
     "Table of directory and file capabilities."},                             \
        {"cpu",   &degree_cpu, false,                                          \
         initial, "new",       "Registers of the domain's thread."},           \
        {"space",                                                              \
         &space_type,                                                          \
         false,                                                                \
         initial,                                                              \
         "{part: {keep: []}}",                                                 \
         "Address space: what memory the domain can reach."},                  \
        {"pool",                                                               \
         &pool_type,                                                           \
         false,                                                                \
         initial,                                                              \
         "{new: 4MiB}",                                                        \
         "Allocator of physical memory (new without size: 4MiB and what "      \
         "others take)."},                                                     \
        {"quota",                                                              \
         &quota_type,                                                          \
         false,                                                                \
         initial,                                                              \
         "{new: 8MiB}",                                                        \
         "Quota of physical memory (new or part without size: 4MiB and what "  \
         "others take)."},                                                     \
        {"caps",  &degree_caps, false,                                         \
         initial, "none",       "Table of all other capabilities."},           \
    {                                                                          \
        "handler", &degree_handler, false, initial, "same",                    \
            "Who handles the domain's faults: its parent (new), its parent's " \
            "handler (same), nobody (none)."                                   \
    }
static const struct key compose_keys[] = {CLASS_KEYS("the kind's"), {0}};
static const struct type compose_type = {
    .kind = TYPE_MAP, .what = "a mapping of classes", .keys = compose_keys};
static const struct key kind_keys[] = {
    {"base", &kind_name, true, NULL, "tis",
     "The kind whose row this one starts from."},
    CLASS_KEYS("the base's"),
    {0}};
static const struct type kind_type = {
    .kind = TYPE_MAP, .what = "a row of the kinds table", .keys = kind_keys};
static const struct type kinds_type = {.kind = TYPE_NAMED,
                                       .what = "a mapping of kinds",
                                       .item = &kind_type,
                                       .kinds = true,
                                       .max = SPEC_MAX_DOMAINS};

/* Machine, ranges, endpoints. */
static const struct key machine_keys[] = {
    {"memory", &memory_size, false, "64MiB", "256MiB",
     "Guest memory, in whole 2MiB."},
    {"cpus", &cpus_type, false, "1", "1", "Virtual CPUs."},
    {0}};
static const struct type machine_type = {
    .kind = TYPE_MAP, .what = "a mapping", .keys = machine_keys};
static const struct key range_keys[] = {
    {"size", &page_size, true, NULL, "64KiB", "Size, in whole 4KiB pages."},
    {0}};
static const struct type range_type = {
    .kind = TYPE_MAP, .what = "{size: SIZE}", .keys = range_keys};
static const struct type ranges_type = {.kind = TYPE_NAMED,
                                        .what = "a mapping of ranges",
                                        .item = &range_type,
                                        .max = SPEC_MAX_RANGES};
static const struct key no_keys[] = {{0}};
static const struct type endpoint_type = {
    .kind = TYPE_MAP, .what = "{}", .keys = no_keys};
static const struct type endpoints_type = {.kind = TYPE_NAMED,
                                           .what = "a mapping of endpoints",
                                           .item = &endpoint_type,
                                           .max = SPEC_MAX_ENDPOINTS};

static const struct type notifications_type = {.kind = TYPE_NAMED,
                                               .what =
                                                   "a mapping of notifications",
                                               .item = &endpoint_type,
                                               .max = SPEC_MAX_ENDPOINTS};

/* Processor time. */
static const struct type time_length = {.kind = TYPE_DURATION,
                                        .what = "a duration such as 2ms",
                                        .max = SPEC_PERIOD_MAX};
static const struct type priority_type = {
    .kind = TYPE_INTEGER, .what = "a priority", .max = SPEC_PRIORITIES - 1};
static const struct key time_keys[] = {
    {"budget", &time_length, false, "no limit", "2ms",
     "How long its domains run in each period, all of them together."},
    {"period", &time_length, false, "no limit", "10ms",
     "When the budget begins anew; at most 4s."},
    {"priority", &priority_type, false, "4", "3",
     "Who can run at a higher one runs first; within one they take turns."},
    {0}};
static const struct type time_type = {
    .kind = TYPE_MAP,
    .what = "{budget: TIME, period: TIME, priority: N}",
    .keys = time_keys};
static const struct type times_type = {.kind = TYPE_NAMED,
                                       .what = "a mapping of times",
                                       .item = &time_type,
                                       .max = SPEC_MAX_TIMES};

/* Domains. */
static const struct type args_type = {.kind = TYPE_LIST,
                                      .what = "a list of arguments",
                                      .item = &text_type,
                                      .max = 64};
static const struct type held_type = {.kind = TYPE_NAMED,
                                      .what = "{object: rights}",
                                      .item = &rights_type,
                                      .only_one = true,
                                      .max = 1};
/* The kernel keeps 64 names a domain; composition gives 9 of them. */
#define HOLDS_MAX 48
static const struct type *const hold_forms[] = {&rights_type, &held_type, NULL};
static const struct type hold_type = {.kind = TYPE_EITHER,
                                      .what = "rights or {object: rights}",
                                      .forms = hold_forms};
static const struct type holds_type = {
    .kind = TYPE_NAMED,
    .what = "a mapping of local names to rights or {object: rights}",
    .item = &hold_type,
    .max = HOLDS_MAX};

static const struct key fault_keys[] = {{"access", &access_word_type, false,
                                         "any", "r",
                                         "The access that faulted."},
                                        {"to", &place_type, false, "anywhere",
                                         "app.stack", "The range it went to."},
                                        {0}};
static const struct type fault_type = {
    .kind = TYPE_MAP, .what = "{access: r, to: app.stack}", .keys = fault_keys};
static const struct type faults_type = {.kind = TYPE_LIST,
                                        .what = "a list of faults",
                                        .item = &fault_type,
                                        .min = 1,
                                        .max = 256};
static const struct type *const exit_forms[] = {&exit_code_type,
                                                &fault_word_type, NULL};
static const struct type exit_type = {
    .kind = TYPE_EITHER, .what = "an exit code or fault", .forms = exit_forms};
static const struct key expect_keys[] = {
    {"exit", &exit_type, false, NULL, "0",
     "Its end: an exit code, or fault when a fault ends it."},
    {"faults", &faults_type, false, NULL, "[{access: r, to: app.stack}]",
     "Faults that must occur, in this order."},
    {"output", &text_type, false, NULL, "\"42 squares\"",
     "Text that its console output must hold."},
    {0}};
static const char *const expect_any[] = {"exit", "faults", "output", NULL};
static const struct type expect_type = {.kind = TYPE_MAP,
                                        .what = "a mapping of expectations",
                                        .keys = expect_keys,
                                        .any_of = expect_any};

static const struct key slots_keys[] = {
    {"caps", &slot_count, false, "138", "276", "Slots of its caps table."},
    {"files", &slot_count, false, "46", "92", "Slots of its files table."},
    {0}};
static const struct type slots_map = {
    .kind = TYPE_MAP, .what = "{caps: N, files: N}", .keys = slots_keys};
static const struct type *const slots_forms[] = {&slot_count, &slots_map, NULL};
static const struct type slots_type = {
    .kind = TYPE_EITHER,
    .what = "a number of slots or {caps: N, files: N}",
    .forms = slots_forms};

static const struct key domain_keys[] = {
    {"kind", &kind_name, false, "process", "tis",
     "Row of the kinds table: thread, tis, tif, process, pir, or one of "
     "kinds."},
    {"parent", &name_type, false, "the root domain", "app",
     "The domain it is composed from."},
    {"program", &program_type, false, "the parent's", "kv-server",
     "A built-in program, or a path (with a /) to an ELF file beneath the "
     "config's folder; needed without a parent."},
    {"entry", &symbol_type, false, "main", "stats_main",
     "Function of the program that it runs."},
    {"args", &args_type, false, "[]", "[--size, \"100\"]",
     "Arguments of the entry function."},
    {"compose", &compose_type, false, "{}", "{quota: {new: 48MiB}}",
     "Degrees that replace the kind's, class by class."},
    {"holds", &holds_type, false, "{}", "{kv: call, input: {ring: r}}",
     "Initial capabilities: local name to {object: rights}, or to rights when "
     "the object has the same name."},
    {"expect", &expect_type, false, NULL, "{exit: 0}",
     "What must be seen, else the run exits with 1."},
    {"on_fault", &on_fault_type, false, "stop", "continue",
     "After a fault: end, go on behind the access, or wait for the handler."},
    {"start", &start_type, false, "boot", "manual",
     "Started at boot, or by a domain that holds it."},
    {"time", &name_type, false, "the parent's, or the machine's", "slow",
     "Processor time that it runs on, one of times; the machine's has no "
     "budget and priority 4."},
    {"stack", &stack_size, false, "32KiB", "64KiB", "Size of its stack."},
    {"heap", &heap_size, false, "1MiB", "16MiB",
     "Most that its heap may grow to; 0KiB: no heap."},
    {"slots", &slots_type, false, "138", "276",
     "Slots of its capability tables, rounded up to whole pages of 46; a "
     "number alone is caps."},
    {0}};
static const char *const domain_any[] = {"program", "parent", NULL};
static const struct type domain_type = {.kind = TYPE_MAP,
                                        .what = "a domain",
                                        .keys = domain_keys,
                                        .any_of = domain_any};
static const struct type domains_type = {.kind = TYPE_NAMED,
                                         .what = "a mapping of domains",
                                         .item = &domain_type,
                                         .min = 1,
                                         .max = SPEC_MAX_DOMAINS};

/* Boundaries. */
static const struct type between_type = {.kind = TYPE_LIST,
                                         .what = "a list of two domains",
                                         .item = &name_type,
                                         .min = 2,
                                         .max = 2};
static const struct key boundary_keys[] = {
    {"between", &between_type, true, NULL, "[app, plugin]",
     "The two domains that it separates."},
    {"mechanism", &mechanism_type, false, "auto", "pages",
     "What enforces it: the cheapest that can (auto), or page tables."},
    {0}};
static const struct type boundary_type = {
    .kind = TYPE_MAP, .what = "a boundary", .keys = boundary_keys};
static const struct type boundaries_type = {.kind = TYPE_NAMED,
                                            .what = "a mapping of boundaries",
                                            .item = &boundary_type,
                                            .max = 1024};
static const struct key config_keys[] = {
    {"ambit", &version_type, true, NULL, "1", "Version of the config's form."},
    {"seed", &seed_type, false, "1", "7",
     "Seed of scheduling ties and of the guest's random numbers."},
    {"machine", &machine_type, false, "{}", "{memory: 256MiB}",
     "The virtual machine."},
    {"kinds", &kinds_type, false, "{}",
     "{sandbox: {base: tis, space: {part: {keep: []}}, files: none}}",
     "New rows of the kinds table."},
    {"ranges", &ranges_type, false, "{}", "{ring: {size: 64KiB}}",
     "Memory ranges that belong to no domain."},
    {"endpoints", &endpoints_type, false, "{}", "{kv: {}}",
     "Endpoints that domains call and serve."},
    {"notifications", &notifications_type, false, "{}", "{done: {}}",
     "Words that domains signal and wait for."},
    {"times", &times_type, false, "{}",
     "{slow: {budget: 2ms, period: 10ms, priority: 3}}",
     "Processor time: a budget in each period, and a priority."},
    {"domains", &domains_type, true, NULL, "{app: {program: hello}}",
     "The domains, by name."},
    {"boundaries", &boundaries_type, false, "{}",
     "{plug: {between: [app, plugin], mechanism: auto}}",
     "What separates two domains."},
    {"assert", &table_asserts, false, "{}",
     "{stack: {deny: {from: prober, to: app.stack, access: rw}}}",
     "What must and must not be reachable, else the run exits with 5."},
    {"test", &table_test, false, "absent", "{exit: 1, says: [\"missed\"]}",
     "How `ambit test` judges the run; `ambit run` does not look at it."},
    {0}};
const struct type table_config = {
    .kind = TYPE_MAP, .what = "a mapping", .keys = config_keys};

const struct key *table_key(const struct type *map, const char *name)
{
    for (const struct key *key = map->keys; key->name; key++) {
        if (strcmp(key->name, name) == 0) {
            return key;
        }
    }
    return NULL;
}
