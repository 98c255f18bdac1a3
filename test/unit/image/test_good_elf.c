/* SPDX-License-Identifier: Apache-2.0 */
/* What a good program looks like once loaded. */
#include "suites.h"

#include <capabilities/cap.h>

static struct program program;

static void load(const uint8_t *elf, const uint8_t *end)
{
    char why[256] = "";

    ck_assert_msg(program_load(&program, "sample", elf, (size_t)(end - elf),
                               why, sizeof(why)) == 0,
                  "%s", why);
}

static void judge_segments(void)
{
    uint32_t next = 0;

    for (uint32_t i = 0; i < program.segment_count; i++) {
        const struct spec_segment *s = &program.segments[i];

        ck_assert_uint_ge(s->page, next);
        ck_assert_uint_ge(s->pages, 1);
        next = s->page + s->pages;
        ck_assert(s->rights == CAP_READ ||
                  s->rights == (CAP_READ | CAP_WRITE) ||
                  s->rights == (CAP_READ | CAP_EXEC));
        if (s->rights & CAP_WRITE) {
            ck_assert_uint_le(s->file_pages, s->pages);
        } else {
            ck_assert_uint_eq(s->file_pages, s->pages);
        }
        ck_assert_uint_le(program.leads[i] + program.byte_counts[i],
                          s->file_pages * 4096);
        ck_assert(program.bytes[i] >= program.elf);
        ck_assert(program.bytes[i] + program.byte_counts[i] <=
                  program.elf + program.elf_bytes);
    }
    ck_assert_uint_eq(program.pages, next);
}

START_TEST(sample)
{
    load(sample_elf, sample_elf_end);
    judge_segments();
    ck_assert_str_eq(program.name, "sample");
    ck_assert_ptr_eq(program.elf, sample_elf);
    ck_assert_uint_eq(program.segment_count, 4);
    ck_assert_uint_eq(program.segments[0].page, 0);
    ck_assert_uint_eq(program.segments[1].rights, CAP_READ | CAP_EXEC);
    ck_assert_uint_eq(program.entry / 4096, program.segments[1].page);
    /* sample_zeroes takes pages that are not in the file. */
    ck_assert_uint_gt(program.segments[3].pages,
                      program.segments[3].file_pages);
    program_unload(&program);
}
END_TEST

START_TEST(packed_relocations)
{
    load(relr_elf, relr_elf_end);
    judge_segments();
    program_unload(&program);
}
END_TEST

START_TEST(stripped)
{
    uint64_t offset;

    load(bare_elf, bare_elf_end);
    judge_segments();
    ck_assert_int_eq(program_function(&program, "sample_main", &offset), -1);
    program_unload(&program);
}
END_TEST

/* A first segment that does not start at page 0 is moved there. */
START_TEST(moved)
{
    const uint64_t by = 0x400000;
    struct copy c;
    uint64_t was, now;
    Elf64_Phdr *all;
    char why[256];

    load(sample_elf, sample_elf_end);
    was = program.entry;
    program_unload(&program);
    copy_make(&c, bare_elf, bare_elf_end);
    copy_segment(&c, PT_DYNAMIC, 0)->p_type = PT_NULL;
    all = copy_segment(&c, PT_LOAD, 0);
    for (unsigned i = 0; i < 4; i++) {
        all[i].p_vaddr += by;
    }
    copy_header(&c)->e_entry += by;
    copy_header(&c)->e_shnum = 0; /* no word of the relocations, then */
    ck_assert_int_eq(
        program_load(&program, "moved", c.bytes, c.size, why, sizeof(why)), 0);
    judge_segments();
    now = program.entry;
    ck_assert_uint_eq(program.segments[0].page, 0);
    program_unload(&program);
    copy_free(&c);
    ck_assert_uint_eq(was, now);
}
END_TEST

START_TEST(function)
{
    uint64_t main_at, other_at, offset = 77;

    load(sample_elf, sample_elf_end);
    ck_assert_int_eq(program_function(&program, "sample_main", &main_at), 0);
    ck_assert_int_eq(program_function(&program, "other_main", &other_at), 0);
    ck_assert_uint_ne(main_at, other_at);
    ck_assert_uint_eq(main_at / 4096, program.segments[1].page);
    ck_assert_int_eq(program_function(&program, "_start", &offset), 0);
    ck_assert_uint_eq(offset, program.entry);
    offset = 77;
    ck_assert_int_eq(program_function(&program, "nothing", &offset), -1);
    ck_assert_int_eq(program_function(&program, "", &offset), -1);
    /* Data is no function. */
    ck_assert_int_eq(program_function(&program, "sample_zeroes", &offset), -1);
    ck_assert_uint_eq(offset, 77);
    program_unload(&program);
}
END_TEST

TCase *good_elf_case(void)
{
    TCase *tcase = tcase_create("good ELF");

    tcase_add_test(tcase, sample);
    tcase_add_test(tcase, packed_relocations);
    tcase_add_test(tcase, stripped);
    tcase_add_test(tcase, moved);
    tcase_add_test(tcase, function);
    return tcase;
}
