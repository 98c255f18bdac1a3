/* SPDX-License-Identifier: Apache-2.0 */
/* One mistake of form each, with the exact message. */
#include "maker.h"
#include "suites.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

static struct maker m;

struct mistake {
    void (*make)(void);
    const char *what;
    uint32_t domain, item;
};

#define NONE SPEC_NONE
#define MISTAKE(name, act)                                                     \
    static void name(void)                                                     \
    {                                                                          \
        act;                                                                   \
    }

/* The mistakes: `m` is the spectrum, with one range and a child that keeps. */
MISTAKE(bad_magic, m.header.magic++)
MISTAKE(bad_version, m.header.version = SPEC_VERSION + 1)
MISTAKE(memory_large, m.header.memory_pages = (2u << 18) + 1)
MISTAKE(module_large, m.header.module_pages = MAKER_MEMORY_PAGES + 1)
MISTAKE(arena_outside, m.header.exec_page = 1025)
MISTAKE(arena_long, m.header.exec_pages = 513)
MISTAKE(arena_wraps, m.header.exec_pages = UINT32_MAX)
MISTAKE(no_string_end, m.header.strings.count--)
MISTAKE(endpoint_name, m.endpoints[0].name = m.header.strings.count)
MISTAKE(endpoint_empty, m.endpoints[0].name = maker_string(&m, ""))
MISTAKE(program_name, m.programs[0].name = NONE)
MISTAKE(program_name_next, m.programs[0].name = m.header.strings.count)
MISTAKE(program_empty, m.programs[0].pages = 0)
MISTAKE(program_large, m.programs[0].pages = 4097)
MISTAKE(segments_many, m.programs[0].segment_count = 17)
MISTAKE(segments_outside, m.programs[0].first_segment = 1)
MISTAKE(segments_wrap, m.programs[0].first_segment = UINT32_MAX)
MISTAKE(segment_wx, m.segments[3].rights = CAP_READ | CAP_WRITE | CAP_EXEC)
MISTAKE(segment_x, m.segments[1].rights = CAP_EXEC)
MISTAKE(segment_w, m.segments[3].rights = CAP_WRITE)
MISTAKE(segment_none, m.segments[0].rights = 0)
MISTAKE(segment_use, m.segments[0].rights = CAP_READ | CAP_USE)
MISTAKE(segment_overlap, m.segments[3].page = 3)
MISTAKE(segment_empty, m.segments[3].pages = 0)
MISTAKE(segment_long, m.segments[3].pages = 4)
MISTAKE(segment_wraps, m.segments[3].pages = UINT32_MAX)
MISTAKE(segment_extra, m.segments[3].file_pages = 4)
MISTAKE(segment_short, m.segments[2].file_pages = 1)
MISTAKE(segment_bytes, m.segments[3].bytes = 2 * 4096 + 1)
MISTAKE(source_outside, m.segments[3].source = 1023)
MISTAKE(source_wraps, m.segments[3].source = UINT32_MAX)
MISTAKE(text_before_arena, m.segments[1].source = MAKER_ARENA_PAGE - 1)
MISTAKE(text_after_arena, m.segments[1].source = 1024)
MISTAKE(data_in_arena, m.segments[3].source = MAKER_ARENA_PAGE - 1)
MISTAKE(constants_in_arena, m.segments[0].source = MAKER_ARENA_PAGE)
MISTAKE(start_in_data, m.programs[0].entry = 0x5000)
MISTAKE(start_outside, m.programs[0].entry = UINT64_MAX)
MISTAKE(range_name, m.ranges[0].name = maker_string(&m, "app.stack"))
MISTAKE(node_name, m.nodes[1].name = maker_string(&m, "a/b"))
MISTAKE(node_long,
        m.nodes[1].name = maker_string(
            &m,
            "0123456789012345678901234567890123456789012345678901234567890123"))
MISTAKE(node_kind, m.nodes[1].kind = 2)
MISTAKE(node_loop, m.nodes[0].first = 0)
MISTAKE(node_outside, m.nodes[0].count = 4)
MISTAKE(node_wraps, m.nodes[0].count = UINT32_MAX)
MISTAKE(file_outside, m.nodes[1].first = 1024)
MISTAKE(file_in_arena, m.nodes[1].first = MAKER_ARENA_PAGE)
MISTAKE(file_long, m.nodes[1].bytes = 4097)
MISTAKE(file_program, m.nodes[1].program = 4)
MISTAKE(file_program_outside, m.nodes[1].program = UINT32_MAX - 1)
MISTAKE(file_entry, m.nodes[1].program = 0; m.nodes[1].entry = 0x5000)
MISTAKE(folder_program, m.nodes[0].program = 0; m.nodes[0].entry = 0x1020)
MISTAKE(folder_outside, m.domains[0].files_dir = 99)
MISTAKE(folder_not_part, m.domains[0].files_dir = 1)
MISTAKE(tree_name, m.trees[0].name = NONE)
MISTAKE(tree_root, m.trees[0].root = 4)
MISTAKE(tree_file, m.trees[0].root = 1)
MISTAKE(name_outside, m.domains[2].name = m.header.strings.count)
MISTAKE(name_empty, m.domains[2].name = maker_string(&m, ""))
MISTAKE(name_dot, m.domains[2].name = maker_string(&m, "a.b"))
MISTAKE(name_long,
        m.domains[2].name = maker_string(&m,
                                         "01234567890123456789012345678901"))
MISTAKE(kind_outside, m.domains[2].kind = m.header.strings.count)
MISTAKE(parent_self, m.domains[2].parent = 2)
MISTAKE(parent_later, m.domains[2].parent = 3)
MISTAKE(no_program, m.domains[2].program = 1)
MISTAKE(no_tree, m.domains[2].tree = 2)
MISTAKE(args_wrap, m.domains[2].args = UINT32_MAX; m.domains[2].args_bytes = 2;
        m.domains[2].argc = 1)
MISTAKE(args_long, m.domains[2].args_bytes = 2049)
MISTAKE(args_count, m.domains[2].args_bytes = 4;
        m.domains[2].args = maker_string(&m, "abc"); m.domains[2].argc = 2)
MISTAKE(args_end, m.domains[2].args_bytes = 3;
        m.domains[2].args = maker_string(&m, "abc"); m.domains[2].argc = 0)
MISTAKE(args_none, m.domains[2].argc = 1)
MISTAKE(on_fault, m.domains[2].on_fault = 3)
MISTAKE(start, m.domains[2].start = 2)
MISTAKE(keep_all, m.domains[2].keep_all = 2)
MISTAKE(holds_outside, m.domains[6].first_hold++)
MISTAKE(holds_wrap, m.domains[6].first_hold = UINT32_MAX)
MISTAKE(holds_twice, m.domains[6].first_hold = 0; m.domains[6].hold_count = 2)
MISTAKE(keeps_outside, m.domains[2].first_keep = 2)
MISTAKE(entry_in_data, m.domains[2].entry = 0x2000)
MISTAKE(entry_in_hole, m.domains[2].entry = 0x4000)
MISTAKE(degree, m.domains[2].degree[PD_CAPS] = 4)
MISTAKE(keep_what, m.keeps[0].what = 3)
MISTAKE(keep_outside, m.keeps[0].range = 1)
MISTAKE(hold_name, m.holds[1].name = NONE)
MISTAKE(hold_type, m.holds[1].type = CAP_SPACE)
MISTAKE(hold_endpoint, m.holds[1].object = 1)
MISTAKE(hold_range, m.holds[1].type = CAP_RANGE; m.holds[1].object = 1)

#define ARENA "the executable arena is not in the module"
#define PROGRAM "a program's name or size is not valid"
#define SEGMENTS "a program's segments are not listed"
#define RIGHTS "a segment's rights are not r, rw or rx (write excludes exec)"
#define PLACE "a segment is empty, overlaps another or leaves its image"
#define AMOUNT "a segment has more or fewer pages in the module than it may"
#define SOURCE "a segment's source is not in its part of the module"
#define START "a program's entry is not executable"
#define NODE "a file's name is not one component of at most 63 bytes"
#define CHILDREN "a directory's children do not follow it"
#define BYTES "a file's bytes are not in their part of the module"
#define FILE_PROGRAM "a file is a program that there is not"
#define FOLDER "a part of files is no folder of the parent's"
#define TREE "a file tree has no root directory"
#define NAME "a domain's name is not in form"
#define ARGS "a domain's arguments are not in form"
#define LISTS "a domain's holds or keeps are not listed"
#define ENTRY "a domain's entry is not executable"
#define UNKNOWN "a domain's on_fault, start or keep_all is unknown"

static const struct mistake mistakes[] = {
    {bad_magic, "this is no spec", NONE, NONE},
    {bad_version, "the spec is of another version", NONE, NONE},
    {memory_large, "the machine's memory is not in bounds", NONE, NONE},
    {module_large, "the machine's memory is not in bounds", NONE, NONE},
    {arena_outside, ARENA, NONE, NONE},
    {arena_long, ARENA, NONE, NONE},
    {arena_wraps, ARENA, NONE, NONE},
    {no_string_end, "the strings do not end with NUL", NONE, NONE},
    {endpoint_name, "an endpoint's name is not in form", NONE, 0},
    {endpoint_empty, "an endpoint's name is not in form", NONE, 0},
    {program_name, PROGRAM, NONE, 0},
    {program_name_next, PROGRAM, NONE, 0},
    {program_empty, PROGRAM, NONE, 0},
    {program_large, PROGRAM, NONE, 0},
    {segments_many, SEGMENTS, NONE, 0},
    {segments_outside, SEGMENTS, NONE, 0},
    {segments_wrap, SEGMENTS, NONE, 0},
    {segment_wx, RIGHTS, NONE, 0},
    {segment_x, RIGHTS, NONE, 0},
    {segment_w, RIGHTS, NONE, 0},
    {segment_none, RIGHTS, NONE, 0},
    {segment_use, RIGHTS, NONE, 0},
    {segment_overlap, PLACE, NONE, 0},
    {segment_empty, PLACE, NONE, 0},
    {segment_long, PLACE, NONE, 0},
    {segment_wraps, PLACE, NONE, 0},
    {segment_extra, AMOUNT, NONE, 0},
    {segment_short, AMOUNT, NONE, 0},
    {segment_bytes,
     "a segment has more bytes than its pages in the module hold", NONE, 0},
    {source_outside, SOURCE, NONE, 0},
    {source_wraps, SOURCE, NONE, 0},
    {text_before_arena, SOURCE, NONE, 0},
    {text_after_arena, SOURCE, NONE, 0},
    {data_in_arena, SOURCE, NONE, 0},
    {constants_in_arena, SOURCE, NONE, 0},
    {start_in_data, START, NONE, 0},
    {start_outside, START, NONE, 0},
    {range_name, "a range's name is not in form", NONE, 0},
    {node_name, NODE, NONE, 1},
    {node_long, NODE, NONE, 1},
    {node_kind, BYTES, NONE, 1},
    {node_loop, CHILDREN, NONE, 0},
    {node_outside, CHILDREN, NONE, 0},
    {node_wraps, CHILDREN, NONE, 0},
    {file_outside, BYTES, NONE, 1},
    {file_in_arena, BYTES, NONE, 1},
    {file_long, BYTES, NONE, 1},
    {file_program, FILE_PROGRAM, NONE, 1},
    {file_program_outside, FILE_PROGRAM, NONE, 1},
    {file_entry, FILE_PROGRAM, NONE, 1},
    {folder_program, FILE_PROGRAM, NONE, 0},
    {folder_outside, FOLDER, 0, NONE},
    {folder_not_part, FOLDER, 0, NONE},
    {tree_name, TREE, NONE, 0},
    {tree_root, TREE, NONE, 0},
    {tree_file, TREE, NONE, 0},
    {name_outside, NAME, 2, NONE},
    {name_empty, NAME, 2, NONE},
    {name_dot, NAME, 2, NONE},
    {name_long, NAME, 2, NONE},
    {kind_outside, "a domain's kind is not among the strings", 2, NONE},
    {parent_self, "a domain does not come after its parent", 2, NONE},
    {parent_later, "a domain does not come after its parent", 2, NONE},
    {no_program, "a domain's program is not listed", 2, NONE},
    {no_tree, "a domain's file tree is not listed", 2, NONE},
    {args_wrap, ARGS, 2, NONE},
    {args_long, ARGS, 2, NONE},
    {args_count, ARGS, 2, NONE},
    {args_end, ARGS, 2, NONE},
    {args_none, ARGS, 2, NONE},
    {on_fault, UNKNOWN, 2, NONE},
    {start, UNKNOWN, 2, NONE},
    {keep_all, UNKNOWN, 2, NONE},
    {holds_outside, LISTS, 6, NONE},
    {holds_wrap, LISTS, 6, NONE},
    {holds_twice, LISTS, 6, NONE},
    {keeps_outside, LISTS, 2, NONE},
    {entry_in_data, ENTRY, 2, NONE},
    {entry_in_hole, ENTRY, 2, NONE},
    {degree, "a degree is unknown", 2, NONE},
    {keep_what, "a keep is unknown", 7, 0},
    {keep_outside, "a kept range is not listed", 7, 0},
    {hold_name, "a hold's name is not in form", 1, 1},
    {hold_type, "a hold is of a type that none can be of", 1, 1},
    {hold_endpoint, "a held endpoint is not listed", 1, 1},
    {hold_range, "a held range is not listed", 1, 1},
};

static void make_good(void)
{
    uint32_t ring;

    maker_spectrum(&m);
    ring = maker_range(&m, "ring", 16);
    m.domains[0].first_hold = 0;
    maker_domain(&m, "filter", TIS, 0);
    maker_keep(&m, SPEC_KEEP_RANGE, ring);
    /* app's slice of holds must be one piece: give it the ring instead. */
    m.holds[0].type = CAP_RANGE;
    m.holds[0].object = ring;
    m.holds[0].rights = CAP_READ | CAP_WRITE;
}

static enum status validate(struct spec_error *error)
{
    uint32_t bytes;
    void *blob = maker_pack(&m, &bytes);
    struct spec out;
    enum status status;

    memset(&out, 0x5a, sizeof out);
    status = spec_validate(blob, bytes, &out, error);
    if (status != STATUS_OK) {
        ck_assert_msg(*(unsigned char *)&out.header == 0x5a,
                      "out is untouched on error");
    }
    free(blob);
    return status;
}

START_TEST(good)
{
    struct spec_error error;

    make_good();
    ck_assert_msg(validate(&error) == STATUS_OK, "%s", error.what);
}
END_TEST

START_TEST(one_mistake)
{
    const struct mistake *mistake = &mistakes[_i];
    struct spec_error error = {0};

    make_good();
    mistake->make();
    ck_assert_msg(validate(&error) == STATUS_MALFORMED, "%s was accepted",
                  mistake->what);
    ck_assert_str_eq(error.what, mistake->what);
    ck_assert_uint_eq(error.status, STATUS_MALFORMED);
    ck_assert_uint_eq(error.domain, mistake->domain);
    ck_assert_uint_eq(error.item, mistake->item);
    ck_assert_uint_eq(error.pd_class, PD_CLASS_COUNT);
}
END_TEST

/* Every table moved, lengthened and misaligned. */
START_TEST(tables)
{
    struct spec_error error;
    struct spec spec;
    uint32_t bytes;
    struct spec_header *h;
    char *blob;

    make_good();
    blob = maker_pack(&m, &bytes);
    h = (struct spec_header *)(void *)blob;
    for (size_t at = offsetof(struct spec_header, domains); at < sizeof *h;
         at += sizeof(struct spec_table)) {
        static const uint32_t wrong[] = {1, 4, UINT32_MAX, UINT32_MAX - 7};
        struct spec_table *t = (struct spec_table *)(void *)(blob + at);
        struct spec_table good_table = *t;

        for (int i = 0; i < 4; i++) {
            t->offset = i < 2 ? good_table.offset + wrong[i] : wrong[i];
            ck_assert_int_eq(spec_validate(blob, bytes, &spec, &error),
                             STATUS_MALFORMED);
            ck_assert_str_eq(error.what,
                             "a table is not in the blob, or too long");
            *t = good_table;
            t->count = wrong[i] + (i < 2 ? SPEC_MAX_STRING_BYTES : 0);
            ck_assert_int_eq(spec_validate(blob, bytes, &spec, &error),
                             STATUS_MALFORMED);
            *t = good_table;
        }
    }
    free(blob);
}
END_TEST

START_TEST(cut_short)
{
    struct spec_error error;
    struct spec spec;
    uint32_t bytes;
    char *blob;

    make_good();
    blob = maker_pack(&m, &bytes);
    for (uint32_t cut = 0; cut < bytes; cut++) {
        char *less = malloc(cut + 8);

        memcpy(less, blob, cut);
        ck_assert_int_eq(spec_validate(less, cut, &spec, &error),
                         STATUS_MALFORMED);
        ck_assert_str_eq(error.what, cut < sizeof(struct spec_header)
                                         ? "this is no spec"
                                         : "the spec is cut short");
        free(less);
    }
    ck_assert_int_eq(spec_validate(blob + 4, bytes - 4, &spec, &error),
                     STATUS_MALFORMED);
    free(blob);
}
END_TEST

START_TEST(probes)
{
    struct spec_error error;
    struct spec spec;

    for (uint32_t i = 0; i < 7; i++) {
        const struct spec_probe bad[] = {
            {.domain = 0, .what = SPEC_PROBE_STACK, .access = 3},
            {.domain = 0, .what = SPEC_PROBE_RANGE, .access = 1},
            {.domain = 1, .what = SPEC_PROBE_STACK, .access = 3},
            {.domain = 0, .what = SPEC_PROBE_RANGE, .object = 1, .access = 1},
            {.domain = 0, .what = SPEC_PROBE_HEAP, .object = 1, .access = 1},
            {.domain = 0, .what = SPEC_PROBE_RANGE + 1, .access = 1},
            {.domain = 0, .what = SPEC_PROBE_STACK, .access = CAP_EXEC}};
        uint32_t bytes;
        void *blob;

        maker_init(&m);
        maker_range(&m, "ring", 1);
        maker_domain(&m, "app", PROCESS, SPEC_NONE);
        m.probes[0] = bad[i];
        m.header.probes.count = 1;
        blob = maker_pack(&m, &bytes);
        ck_assert_int_eq(spec_validate(blob, bytes, &spec, &error),
                         i < 2 ? STATUS_OK : STATUS_MALFORMED);
        if (i >= 2) {
            ck_assert_str_eq(error.what, "a probe is not in form");
        }
        free(blob);
    }
}
END_TEST

Suite *suite_form(void)
{
    Suite *suite = suite_create("form");
    TCase *tests = tcase_create("form");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, good);
    tcase_add_loop_test(tests, one_mistake, 0,
                        sizeof mistakes / sizeof mistakes[0]);
    tcase_add_test(tests, tables);
    tcase_add_test(tests, cut_short);
    tcase_add_test(tests, probes);
    suite_add_tcase(suite, tests);
    return suite;
}
