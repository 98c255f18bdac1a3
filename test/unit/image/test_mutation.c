/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random damage: whatever the bytes are, loading, looking functions up and
 * naming code stay inside them (ASan and UBSan watch), and what is accepted
 * keeps its promises.
 */
#include "suites.h"

#include <capabilities/cap.h>

#define ROUNDS 60000u

/* xorshift64*: the same damage in every run. */
static uint64_t state = 0x9e3779b97f4a7c15;

static uint64_t draw(uint64_t below)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (state * 0x2545f4914f6cdd1d) % below;
}

/* A place that matters: headers, tables, dynamic entries; or anywhere. */
static size_t place(const struct copy *original)
{
    const Elf64_Ehdr *header = (const void *)original->bytes;
    size_t starts[5] = {0, header->e_phoff, header->e_shoff, 0, 0};
    size_t spans[5] = {64, header->e_phnum * 56u, header->e_shnum * 64u, 0,
                       original->size};
    const Elf64_Phdr *segments =
        (const void *)(original->bytes + header->e_phoff);
    uint64_t which = draw(5);

    for (unsigned i = 0; i < header->e_phnum; i++) {
        if (segments[i].p_type == PT_DYNAMIC) {
            starts[3] = segments[i].p_offset;
            spans[3] = segments[i].p_filesz;
        }
    }
    return starts[which] + (spans[which] ? draw(spans[which]) : 0);
}

static uint64_t odd_number(void)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   7,
                                   0xfff,
                                   0x1000,
                                   0x1001,
                                   0x7fffffff,
                                   0x80000000,
                                   0xffffffff,
                                   1ull << 24,
                                   UINT64_MAX,
                                   1ull << 63,
                                   UINT64_MAX - 0xfff,
                                   UINT64_MAX - 7};

    return draw(4) == 0 ? draw(UINT64_MAX) : odd[draw(14)];
}

static void damage(struct copy *c, const struct copy *original)
{
    for (uint64_t times = 1 + draw(4); times > 0; times--) {
        size_t at = place(original);
        uint64_t number = odd_number();
        size_t width = 1ull << draw(4);

        if (draw(3) == 0) {
            at &= ~(size_t)7;
        }
        if (at < c->size && width <= c->size - at) {
            memcpy(c->bytes + at, &number, width);
        } else if (at < c->size) {
            c->bytes[at] = (uint8_t)number;
        }
    }
}

static void judge(const struct program *program)
{
    uint64_t next = 0;

    ck_assert_uint_le(program->segment_count, 8);
    ck_assert_uint_le(program->pages, 4096);
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct spec_segment *s = &program->segments[i];

        ck_assert_uint_ge(s->page, next);
        next = (uint64_t)s->page + s->pages;
        ck_assert_uint_le(next, program->pages);
        ck_assert(!(s->rights & CAP_WRITE) || !(s->rights & CAP_EXEC));
        ck_assert_uint_le(program->leads[i] + program->byte_counts[i],
                          (uint64_t)s->file_pages * 4096);
        ck_assert(program->bytes[i] >= program->elf);
        ck_assert_uint_le(
            program->byte_counts[i],
            (size_t)(program->elf + program->elf_bytes - program->bytes[i]));
    }
}

static void look_up(const struct program *program)
{
    uint64_t offset = 0;
    char name[64];

    if (program_function(program, "other_main", &offset) == 0) {
        ck_assert_uint_lt(offset, (uint64_t)program->pages * 4096);
    }
    symbols_name(program->symbols, offset, name, sizeof(name));
    symbols_name(program->symbols, draw(0x4000), name, sizeof(name));
    symbols_name(program->symbols, odd_number(), name, sizeof(name));
}

static unsigned one_round(const uint8_t *elf, const uint8_t *end)
{
    struct copy original, c;
    struct program program;
    size_t size = (size_t)(end - elf);
    unsigned accepted = 0;
    char why[200];

    copy_make(&original, elf, end);
    copy_make(&c, elf, elf + (draw(8) == 0 ? draw(size) + 1 : size));
    damage(&c, &original);
    if (program_load(&program, "damaged", c.bytes, c.size, why, sizeof(why)) ==
        0) {
        accepted = 1;
        judge(&program);
        look_up(&program);
        program_unload(&program);
    } else {
        ck_assert_uint_gt(strlen(why), 10);
    }
    copy_free(&c);
    copy_free(&original);
    return accepted;
}

START_TEST(random_damage)
{
    unsigned accepted = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        accepted += i % 2 ? one_round(sample_elf, sample_elf_end)
                          : one_round(relr_elf, relr_elf_end);
    }
    /* Neither all refused nor all accepted: the damage means something. */
    ck_assert_uint_gt(accepted, ROUNDS / 20);
    ck_assert_uint_lt(accepted, ROUNDS / 20 * 19);
}
END_TEST

/* First and last byte of the sections whose names start with .debug. */
static void debug_bytes(size_t *first, size_t *end)
{
    const Elf64_Ehdr *header = (const void *)sample_elf;
    const Elf64_Shdr *all = (const void *)(sample_elf + header->e_shoff);
    const uint8_t *names = sample_elf + all[header->e_shstrndx].sh_offset;

    *first = (size_t)(sample_elf_end - sample_elf);
    *end = 0;
    for (unsigned i = 0; i < header->e_shnum; i++) {
        size_t start = all[i].sh_offset, stop = start + all[i].sh_size;

        if (memcmp(names + all[i].sh_name, ".debug", 6) == 0) {
            *first = start < *first ? start : *first;
            *end = stop > *end ? stop : *end;
        }
    }
}

START_TEST(damaged_lines)
{
    struct symbols *symbols;
    unsigned known = 0;
    size_t first, end;
    struct copy c;
    char name[64];

    debug_bytes(&first, &end);
    ck_assert_uint_gt(end, first);
    for (unsigned i = 0; i < 20000; i++) {
        copy_make(&c, sample_elf, sample_elf_end);
        for (uint64_t times = 1 + draw(6); times > 0; times--) {
            c.bytes[first + draw(end - first)] = (uint8_t)odd_number();
        }
        symbols = symbols_open(c.bytes, c.size);
        symbols_name(symbols, 0x1000 + draw(0x100), name, sizeof(name));
        known += strchr(name, ':') != NULL;
        symbols_close(symbols);
        copy_free(&c);
    }
    ck_assert_uint_gt(known, 1000);
    ck_assert_uint_lt(known, 19000);
}
END_TEST

TCase *mutation_case(void)
{
    TCase *tcase = tcase_create("mutations");

    tcase_set_timeout(tcase, 240);
    tcase_add_test(tcase, random_damage);
    tcase_add_test(tcase, damaged_lines);
    return tcase;
}
