/* SPDX-License-Identifier: Apache-2.0 */
/* Function+offset and (file:line) of code. */
#include "suites.h"

static uint64_t offset_of(const uint8_t *elf, const uint8_t *end,
                          const char *function)
{
    struct program program;
    uint64_t offset = 0;
    char why[256];

    ck_assert_int_eq(program_load(&program, "sample", elf, (size_t)(end - elf),
                                  why, sizeof(why)),
                     0);
    ck_assert_int_eq(program_function(&program, function, &offset), 0);
    program_unload(&program);
    return offset;
}

static void expect(const uint8_t *elf, size_t bytes, uint64_t offset,
                   const char *text)
{
    struct symbols *symbols = symbols_open(elf, bytes);
    char name[128];

    ck_assert_ptr_nonnull(symbols);
    symbols_name(symbols, offset, name, sizeof(name));
    ck_assert_str_eq(name, text);
    symbols_close(symbols);
}

#define SAMPLE sample_elf, (size_t)(sample_elf_end - sample_elf)

START_TEST(lines)
{
    uint64_t at = offset_of(sample_elf, sample_elf_end, "sample_main");

    expect(SAMPLE, at, "sample_main+0x0 (known.c:1001)");
    at = offset_of(sample_elf, sample_elf_end, "helper");
    expect(SAMPLE, at, "helper+0x0 (known.c:2001)");
    at = offset_of(sample_elf, sample_elf_end, "other_main");
    expect(SAMPLE, at, "other_main+0x0 (other.c:3001)");
    at = offset_of(sample_elf, sample_elf_end, "_start");
    expect(SAMPLE, at, "_start+0x0 (start.c:4001)");
}
END_TEST

/* Every byte of a function has its name, the byte's offset and some line. */
START_TEST(inside)
{
    struct symbols *symbols = symbols_open(SAMPLE);
    uint64_t at = offset_of(sample_elf, sample_elf_end, "sample_main");
    char name[128], start[64];
    int line;

    for (unsigned i = 1; i < 8; i++) {
        symbols_name(symbols, at + i, name, sizeof(name));
        snprintf(start, sizeof(start), "sample_main+0x%x (known.c:", i);
        ck_assert_msg(strncmp(name, start, strlen(start)) == 0, "%s", name);
        ck_assert_int_eq(sscanf(name + strlen(start), "%d)", &line), 1);
        ck_assert_int_ge(line, 1001);
        ck_assert_int_le(line, 1005);
    }
    symbols_close(symbols);
}
END_TEST

START_TEST(unknown)
{
    char name[32];

    expect(SAMPLE, 0, "0x0"); /* headers, no code */
    expect(SAMPLE, 0x123456, "0x123456");
    expect(SAMPLE, UINT64_MAX, "0xffffffffffffffff");
    symbols_name(NULL, 0x1234, name, sizeof(name));
    ck_assert_str_eq(name, "0x1234");
    expect(bare_elf, (size_t)(bare_elf_end - bare_elf), 0x1000, "0x1000");
    ck_assert_ptr_null(symbols_open((const uint8_t *)"no ELF", 6));
}
END_TEST

static Elf64_Shdr *section(struct copy *copy, const char *name)
{
    Elf64_Ehdr *header = copy_header(copy);
    Elf64_Shdr *all = (Elf64_Shdr *)(void *)(copy->bytes + header->e_shoff);
    const char *names =
        (const char *)copy->bytes + all[header->e_shstrndx].sh_offset;

    for (unsigned i = 0; i < header->e_shnum; i++) {
        if (strcmp(names + all[i].sh_name, name) == 0) {
            return &all[i];
        }
    }
    ck_abort_msg("no section %s", name);
    return NULL;
}

START_TEST(no_dwarf)
{
    uint64_t at = offset_of(sample_elf, sample_elf_end, "sample_main");
    struct copy c;

    copy_make(&c, sample_elf, sample_elf_end);
    section(&c, ".debug_line")->sh_name = 0;
    section(&c, ".debug_info")->sh_name = 0;
    expect(c.bytes, c.size, at + 4, "sample_main+0x4");
    copy_free(&c);
}
END_TEST

START_TEST(no_symtab)
{
    uint64_t at = offset_of(sample_elf, sample_elf_end, "sample_main");
    char text[64];
    struct copy c;

    copy_make(&c, sample_elf, sample_elf_end);
    section(&c, ".symtab")->sh_type = SHT_PROGBITS;
    snprintf(text, sizeof(text), "0x%lx (known.c:1001)", (unsigned long)at);
    expect(c.bytes, c.size, at, text);
    copy_free(&c);
}
END_TEST

/* Linked in the high half, as the kernel is: offsets count from there. */
START_TEST(high)
{
    const Elf64_Ehdr *header = (const void *)fixed_elf;
    struct copy c;
    uint64_t base;

    ck_assert_uint_gt(header->e_entry, 0xffffffff80000000);
    copy_make(&c, fixed_elf, fixed_elf_end);
    base = copy_segment(&c, PT_LOAD, 0)->p_vaddr & ~0xfffull;
    expect(c.bytes, c.size, header->e_entry - base,
           "_start+0x0 (start.c:4001)");
    copy_free(&c);
}
END_TEST

/* Whatever room there is, the text ends with NUL inside it. */
START_TEST(cut)
{
    struct symbols *symbols = symbols_open(SAMPLE);
    uint64_t at = offset_of(sample_elf, sample_elf_end, "sample_main");
    static const char whole[] = "sample_main+0x0 (known.c:1001)";
    char *name;

    for (size_t room = 1; room <= sizeof(whole); room++) {
        name = malloc(room);
        symbols_name(symbols, at, name, room);
        ck_assert_uint_eq(strlen(name), room - 1);
        ck_assert_int_eq(strncmp(name, whole, room - 1), 0);
        free(name);
    }
    symbols_close(symbols);
}
END_TEST

TCase *symbols_case(void)
{
    TCase *tcase = tcase_create("symbols");

    tcase_add_test(tcase, lines);
    tcase_add_test(tcase, inside);
    tcase_add_test(tcase, unknown);
    tcase_add_test(tcase, no_dwarf);
    tcase_add_test(tcase, no_symtab);
    tcase_add_test(tcase, high);
    tcase_add_test(tcase, cut);
    return tcase;
}
