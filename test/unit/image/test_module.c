/* SPDX-License-Identifier: Apache-2.0 */
/* The boot module: its invariants I1 to I6, and what the spec in it says. */
#include "scene.h"
#include "suites.h"

#include <abi/layout.h>
#include <capabilities/cap.h>

static struct scene scene;

static void set_up(void)
{
    scene_make(&scene);
}

static void tear_down(void)
{
    scene_free(&scene);
}

static const uint8_t *page_at(uint64_t page)
{
    return scene.image->module + page * ABI_PAGE_SIZE;
}

static bool is_zero(uint64_t first, uint64_t end)
{
    for (const uint8_t *p = page_at(first); p < page_at(end); p++) {
        if (*p != 0) {
            return false;
        }
    }
    return true;
}

/* I1 sizes and header, I2 the arena last and at a granule. */
static const struct boot_module *judge_header(void)
{
    const struct boot_module *header = (const void *)scene.image->module;
    const struct spec_header *spec = scene.image->spec.header;

    ck_assert_uint_eq((uintptr_t)scene.image->module % ABI_PAGE_SIZE, 0);
    ck_assert_uint_eq(scene.image->module_bytes,
                      (uint64_t)header->pages * ABI_PAGE_SIZE);
    ck_assert_uint_eq((header->pages + 1) % ABI_GRANULE_PAGES, 0);
    ck_assert_uint_eq(header->magic, BOOT_MODULE_MAGIC);
    ck_assert_uint_eq(header->version, BOOT_MODULE_VERSION);
    ck_assert_uint_eq(header->flags, BOOT_FLAG_ICOUNT);
    ck_assert_uint_eq(header->seed, 7);
    ck_assert_uint_eq(header->spec_page, 1);
    ck_assert_uint_eq(header->spec_bytes, spec->bytes);
    ck_assert_uint_eq(header->exec_page % ABI_GRANULE_PAGES, 0);
    ck_assert_uint_le(header->exec_page + header->exec_pages, header->pages);
    ck_assert_uint_eq(spec->module_pages, header->pages);
    ck_assert_uint_eq(spec->exec_page, header->exec_page);
    ck_assert_uint_eq(spec->exec_pages, header->exec_pages);
    ck_assert_uint_eq(spec->memory_pages, 16384);
    return header;
}

/* I3: each module page belongs to one thing at most; I4: the rest is zero. */
static uint8_t used[4096];

static void take(uint32_t first, uint32_t count)
{
    for (uint32_t i = first; i < first + count; i++) {
        ck_assert_uint_lt(i, sizeof(used));
        ck_assert_msg(used[i] == 0, "page %u is used twice", i);
        used[i] = 1;
    }
}

static void judge_pages(const struct boot_module *header)
{
    const struct spec *spec = &scene.image->spec;
    uint32_t exec = 0;

    memset(used, 0, sizeof(used));
    take(0, 1);
    take(1, (header->spec_bytes + 4095) / 4096);
    for (uint32_t i = 0; i < spec->header->segments.count; i++) {
        const struct spec_segment *s = &spec->segments[i];
        bool in_arena = s->source >= header->exec_page;

        take(s->source, s->file_pages);
        exec += s->rights & CAP_EXEC ? s->file_pages : 0;
        ck_assert(s->file_pages == 0 || in_arena == !!(s->rights & CAP_EXEC));
    }
    for (uint32_t i = 0; i < spec->header->nodes.count; i++) {
        if (spec->nodes[i].kind == SPEC_NODE_FILE) {
            take(spec->nodes[i].first, spec->nodes[i].count);
            ck_assert_uint_le(spec->nodes[i].first + spec->nodes[i].count,
                              header->exec_page);
        }
    }
    ck_assert_uint_eq(exec, header->exec_pages);
    for (uint32_t i = 0; i < header->pages; i++) {
        ck_assert_msg(used[i] || is_zero(i, i + 1), "page %u", i);
        ck_assert(used[i] || i * ABI_PAGE_SIZE >= scene.image->data_bytes);
    }
}

/* I5: what a program's pages hold is what its file says. */
static void judge_programs(void)
{
    for (uint32_t i = 0; i < scene.image->program_count; i++) {
        const struct program *program = &scene.image->programs[i];

        for (uint32_t s = 0; s < program->segment_count; s++) {
            const struct spec_segment *segment = &program->segments[s];
            const uint8_t *at = page_at(segment->source);
            uint32_t lead = program->leads[s];
            size_t end = lead + program->byte_counts[s];

            for (uint32_t b = 0; b < lead; b++) {
                ck_assert_uint_eq(at[b], 0);
            }
            ck_assert_mem_eq(at + lead, program->bytes[s],
                             program->byte_counts[s]);
            for (size_t b = end; b < segment->file_pages * 4096ull; b++) {
                ck_assert_uint_eq(at[b], 0);
            }
        }
    }
}

/* I6: copying leaves out nothing but zeroes. */
static void judge_copy(void)
{
    uint8_t *copy = calloc(1, scene.image->module_bytes);

    image_copy(scene.image, copy);
    ck_assert(memcmp(copy, scene.image->module, scene.image->module_bytes) ==
              0);
    free(copy);
}

static void pack(void)
{
    scene_pack(&scene);
    judge_pages(judge_header());
    judge_programs();
    judge_copy();
}

START_TEST(one_domain)
{
    const struct spec *spec;
    uint64_t entry;

    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    pack();
    spec = &scene.image->spec;
    ck_assert_uint_eq(spec->header->domains.count, 1);
    ck_assert_str_eq(spec_string(spec, spec->domains[0].name), "app");
    ck_assert_str_eq(spec_string(spec, spec->domains[0].kind), "process");
    ck_assert_uint_eq(spec->domains[0].stack_pages, 8);
    ck_assert_uint_eq(spec->domains[0].heap_pages, 256);
    ck_assert_uint_eq(spec->domains[0].quota_pages, 1024);
    ck_assert_uint_eq(spec->domains[0].pool_pages, 0);
    ck_assert_uint_eq(spec->domains[0].tree, SPEC_NONE);
    ck_assert_uint_eq(spec->domains[0].argc, 0);
    ck_assert_int_eq(
        program_function(&scene.image->programs[0], "sample_main", &entry), 0);
    ck_assert_uint_eq(spec->domains[0].entry, entry);
    /* Three granules less a page at most: data, then code. */
    ck_assert_uint_eq(scene.image->module_bytes, 2 * ABI_GRANULE_SIZE - 4096);
}
END_TEST

START_TEST(programs_once)
{
    struct config_domain *child;
    const struct spec *spec;

    folder_file(&scene.folder, "bin/own.elf", relr_elf,
                (size_t)(relr_elf_end - relr_elf));
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    child = scene_domain(&scene, "same", 0, ROW_THREAD);
    child->entry = scene_marked("other_main", 1);
    scene_domain(&scene, "file", 0, ROW_PROCESS)->program =
        scene_marked("./bin/own.elf", 1);
    scene_domain(&scene, "again", 0, ROW_PROCESS)->program =
        scene_marked("bin//own.elf", 1);
    scene_domain(&scene, "inherits", 3, ROW_THREAD)->program.text = NULL;
    pack();
    spec = &scene.image->spec;
    ck_assert_uint_eq(scene.image->program_count, 2);
    ck_assert_uint_eq(spec->domains[0].program, 0);
    ck_assert_uint_eq(spec->domains[1].program, 0);
    ck_assert_uint_ne(spec->domains[0].entry, spec->domains[1].entry);
    ck_assert_uint_eq(spec->domains[2].program, 1);
    ck_assert_uint_eq(spec->domains[3].program, 1);
    ck_assert_uint_eq(spec->domains[4].program, 1);
    ck_assert_str_eq(spec_string(spec, spec->programs[1].name),
                     "./bin/own.elf");
}
END_TEST

START_TEST(sizes_are_those_of_the_config)
{
    const struct spec_domain *d;

    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_domain(&scene, "vault", 0, ROW_PIR);
    scene_domain(&scene, "thread", 0, ROW_THREAD);
    scene.domains[0].classes[PD_QUOTA].bytes = 9 << 20;
    scene.domains[1].classes[PD_QUOTA].bytes = 5 << 20;
    scene.domains[1].classes[PD_POOL].bytes = 3 << 20;
    pack();
    d = scene.image->spec.domains;
    ck_assert_uint_eq(d[0].quota_pages, 9 * 256);
    ck_assert_uint_eq(d[0].pool_pages, 0);
    ck_assert_uint_eq(d[1].quota_pages, 5 * 256);
    ck_assert_uint_eq(d[1].pool_pages, 3 * 256);
    ck_assert_uint_eq(d[2].quota_pages, 0);
    ck_assert_uint_eq(d[2].pool_pages, 0);
}
END_TEST

static void two_ranges(void)
{
    scene.ranges[0].name = scene_marked("ring", 3);
    scene.ranges[0].bytes = 65536;
    scene.ranges[1].name = scene_marked("log", 4);
    scene.ranges[1].bytes = 5000;
    scene.config.range_count = 2;
    scene.endpoints[0] = scene_marked("kv", 5);
    scene.config.endpoint_count = 1;
    scene.config.first_notification = 1;
}

START_TEST(holds)
{
    static struct config_hold held[2];
    const struct spec *spec;

    two_ranges();
    held[0] = (struct config_hold){.name = scene_marked("out", 1),
                                   .object = scene_marked("log", 1),
                                   .type = CAP_RANGE,
                                   .index = 1,
                                   .rights = CAP_READ | CAP_WRITE};
    held[1] = (struct config_hold){.name = scene_marked("kv", 1),
                                   .object = scene_marked("kv", 1),
                                   .type = CAP_ENDPOINT,
                                   .rights = CAP_WRITE};
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_domain(&scene, "user", 0, ROW_PROCESS);
    scene.domains[1].holds = held;
    scene.domains[1].hold_count = 2;
    pack();
    spec = &scene.image->spec;
    ck_assert_uint_eq(spec->ranges[0].pages, 16);
    ck_assert_uint_eq(spec->ranges[1].pages, 2);
    ck_assert_uint_eq(spec->domains[1].first_hold, 0);
    ck_assert_uint_eq(spec->domains[1].hold_count, 2);
    ck_assert_str_eq(spec_string(spec, spec->holds[0].name), "out");
    ck_assert_uint_eq(spec->holds[0].object, 1);
    ck_assert_uint_eq(spec->holds[0].badge, 0);
    ck_assert_uint_eq(spec->holds[1].badge, 2);
    /* "kv" is kept once: hold and endpoint share the string. */
    ck_assert_uint_eq(spec->holds[1].name, spec->endpoints[0].name);
}
END_TEST

START_TEST(keeps)
{
    static struct config_keep keep[2];
    struct config_degree *space;

    two_ranges();
    keep[0].what = SPEC_KEEP_IMAGE;
    keep[1].what = SPEC_KEEP_HEAP;
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_domain(&scene, "all", 0, ROW_TIS);
    scene_domain(&scene, "some", 0, ROW_TIS);
    space = &scene.domains[2].classes[PD_SPACE];
    space->keep_given = true;
    space->keeps = keep;
    space->keep_count = 2;
    scene_domain(&scene, "nothing", 0, ROW_TIS)->classes[PD_SPACE].keep_given =
        true;
    pack();
    ck_assert_uint_eq(scene.image->spec.domains[0].keep_all, 0);
    ck_assert_uint_eq(scene.image->spec.domains[1].keep_all, 1);
    ck_assert_uint_eq(scene.image->spec.domains[2].keep_all, 0);
    ck_assert_uint_eq(scene.image->spec.domains[2].keep_count, 2);
    ck_assert_uint_eq(scene.image->spec.keeps[1].what, SPEC_KEEP_HEAP);
    ck_assert_uint_eq(scene.image->spec.domains[3].keep_count, 0);
}
END_TEST

START_TEST(arguments)
{
    static struct marked words[2];
    static char more[] = "more";
    const struct spec_domain *d;
    const struct spec *spec;

    words[0] = scene_marked("--size", 1);
    words[1] = scene_marked("100", 1);
    /* Parents come first, but "first" stands later in the file. */
    scene_domain(&scene, "second", SPEC_NONE, ROW_PROCESS)->declared = 1;
    scene_domain(&scene, "first", SPEC_NONE, ROW_PROCESS)->declared = 0;
    scene.domains[1].args = words;
    scene.domains[1].arg_count = 2;
    scene.args[0] = more;
    scene.args[1] = more + 4;
    scene.argc = 2;
    pack();
    spec = &scene.image->spec;
    d = spec->domains;
    ck_assert_uint_eq(d[0].argc, 0);
    ck_assert_uint_eq(d[1].argc, 4);
    ck_assert_uint_eq(d[1].args_bytes, sizeof("--size\0"
                                              "100\0more\0"));
    ck_assert_mem_eq(spec_string(spec, d[1].args),
                     "--size\0"
                     "100\0more\0",
                     d[1].args_bytes);
}
END_TEST

START_TEST(files)
{
    const struct spec *spec;
    char big[5000];

    memset(big, 'b', sizeof(big));
    folder_file(&scene.folder, "data/sub/big", big, sizeof(big));
    folder_file(&scene.folder, "data/none", "", 0);
    folder_file(&scene.folder, "public/x", "x", 1);
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_files(&scene, "./data");
    scene_domain(&scene, "stats", 0, ROW_TIF);
    scene_files(&scene, "public");
    scene_domain(&scene, "more", 0, ROW_TIF);
    scene_files(&scene, "data");
    scene_domain(&scene, "empty", 0, ROW_TIF);
    pack();
    spec = &scene.image->spec;
    ck_assert_uint_eq(spec->header->trees.count, 2);
    ck_assert_uint_eq(spec->domains[0].tree, 0);
    ck_assert_uint_eq(spec->domains[1].tree, 1);
    ck_assert_uint_eq(spec->domains[2].tree, 0);
    ck_assert_uint_eq(spec->domains[3].tree, SPEC_NONE);
    ck_assert_str_eq(spec_string(spec, spec->trees[0].name), "./data");
    ck_assert_str_eq(spec_string(spec, spec->nodes[3].name), "big");
    ck_assert_uint_eq(spec->nodes[3].bytes, 5000);
    ck_assert_uint_eq(spec->nodes[3].count, 2);
    ck_assert_mem_eq(page_at(spec->nodes[3].first), big, sizeof(big));
    ck_assert_uint_eq(spec->nodes[1].count, 0);
}
END_TEST

static void part_of_files(struct config_domain *domain, const char *dir)
{
    domain->classes[PD_FILES].degree = PD_PART;
    if (dir != NULL) {
        domain->classes[PD_FILES].dir = scene_marked(dir, 7);
    }
}

/* A folder of the parent's files, and of that a folder; the whole of it. */
START_TEST(folders_of_files)
{
    const struct spec *spec;

    folder_file(&scene.folder, "data/a/b/x", "x", 1);
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_files(&scene, "./data");
    part_of_files(scene_domain(&scene, "one", 0, ROW_THREAD), "./a/");
    part_of_files(scene_domain(&scene, "two", 1, ROW_THREAD), "b");
    part_of_files(scene_domain(&scene, "all", 1, ROW_THREAD), NULL);
    part_of_files(scene_domain(&scene, "deep", 3, ROW_THREAD), "b");
    pack();
    spec = &scene.image->spec;
    ck_assert_uint_eq(spec->domains[0].files_dir, 0);
    ck_assert_uint_eq(spec->domains[1].files_dir, 1 + 1);
    ck_assert_uint_eq(spec->domains[2].files_dir, 2 + 1);
    ck_assert_uint_eq(spec->domains[3].files_dir, 0);
    ck_assert_uint_eq(spec->domains[4].files_dir, 2 + 1);
}
END_TEST

START_TEST(no_folder_of_files)
{
    folder_file(&scene.folder, "data/x", "x", 1);
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_files(&scene, "./data");
    part_of_files(scene_domain(&scene, "one", 0, ROW_THREAD), "x");
    scene_refused(&scene, "7: the files of app have no folder 'x'");
    part_of_files(&scene.domains[1], "../data");
    scene_refused(&scene, "7: the files of app have no folder '../data'");
    part_of_files(&scene.domains[1], "y");
    scene_refused(&scene, "7: the files of app have no folder 'y'");
    scene.domains[0].classes[PD_FILES].degree = PD_NONE;
    scene_refused(&scene, "7: the files of app have no folder 'y'");
}
END_TEST

/* What begins as a program does, but is none, or has no function main. */
START_TEST(files_that_look_like_programs)
{
    const struct spec *spec;

    folder_file(&scene.folder, "data/cut", (const char *)relr_elf, 100);
    folder_file(&scene.folder, "data/magic", "\177ELF", 4);
    folder_file(&scene.folder, "data/no-main", relr_elf,
                (size_t)(relr_elf_end - relr_elf));
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_files(&scene, "./data");
    pack();
    spec = &scene.image->spec;
    ck_assert_uint_eq(scene.image->program_count, 1);
    ck_assert_uint_eq(spec->header->nodes.count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(spec->nodes[i].program, SPEC_NONE);
    }
}
END_TEST

/* The same input gives the same bytes. */
START_TEST(reproducible)
{
    uint8_t *first;
    size_t bytes;

    folder_file(&scene.folder, "data/b", "b", 1);
    folder_file(&scene.folder, "data/a", "a", 1);
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_files(&scene, "data");
    pack();
    bytes = scene.image->module_bytes;
    first = malloc(bytes);
    memcpy(first, scene.image->module, bytes);
    pack();
    ck_assert_uint_eq(scene.image->module_bytes, bytes);
    ck_assert(memcmp(first, scene.image->module, bytes) == 0);
    free(first);
}
END_TEST

/* Files past the first granule push the arena to a later one. */
START_TEST(large_files)
{
    const struct boot_module *header;
    char *big = calloc(1, 3 << 20);

    memset(big, 'x', 3 << 20);
    folder_file(&scene.folder, "data/big", big, 3 << 20);
    free(big);
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
    scene_files(&scene, "data");
    pack();
    header = (const void *)scene.image->module;
    ck_assert_uint_eq(header->exec_page, 1024);
    ck_assert_uint_eq(header->pages, 1535);
}
END_TEST

TCase *module_case(void)
{
    TCase *tcase = tcase_create("module");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, one_domain);
    tcase_add_test(tcase, programs_once);
    tcase_add_test(tcase, sizes_are_those_of_the_config);
    tcase_add_test(tcase, holds);
    tcase_add_test(tcase, keeps);
    tcase_add_test(tcase, arguments);
    tcase_add_test(tcase, files);
    tcase_add_test(tcase, folders_of_files);
    tcase_add_test(tcase, no_folder_of_files);
    tcase_add_test(tcase, files_that_look_like_programs);
    tcase_add_test(tcase, reproducible);
    tcase_add_test(tcase, large_files);
    return tcase;
}
