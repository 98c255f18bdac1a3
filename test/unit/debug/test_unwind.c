/* SPDX-License-Identifier: Apache-2.0 */
/* On the real kernel's file, with stacks that the test writes. */
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <debug/unwind.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STACK 0x300000ull
#define KERNEL_BYTES_MAX (4u << 20)

static uint8_t *kernel;
static size_t kernel_bytes;
static struct unwind *unwind;
static struct unwind_trace trace;

static void prepare(void)
{
    FILE *file = fopen(TEST_KERNEL, "rb");

    world_make();
    world.registers.cr0 = 1; /* addresses are physical */
    ck_assert_msg(file != NULL, "%s is missing", TEST_KERNEL);
    kernel = malloc(KERNEL_BYTES_MAX);
    ck_assert_ptr_nonnull(kernel);
    kernel_bytes = fread(kernel, 1, KERNEL_BYTES_MAX, file);
    fclose(file);
    unwind = unwind_open(kernel, kernel_bytes);
    ck_assert_ptr_nonnull(unwind);
}

static void done(void)
{
    unwind_close(unwind);
    free(kernel);
    world_free();
}

/* Address of a symbol of the kernel. */
static uint64_t symbol(const char *name)
{
    const Elf64_Ehdr *header = (const void *)kernel;
    const Elf64_Shdr *sections = (const void *)(kernel + header->e_shoff);

    for (unsigned i = 0; i < header->e_shnum; i++) {
        const Elf64_Sym *symbols =
            (const void *)(kernel + sections[i].sh_offset);
        const char *strings =
            (const char *)kernel + sections[sections[i].sh_link].sh_offset;

        for (uint64_t s = 0; sections[i].sh_type == SHT_SYMTAB &&
                             s < sections[i].sh_size / sizeof(*symbols);
             s++) {
            if (strcmp(strings + symbols[s].st_name, name) == 0) {
                return symbols[s].st_value;
            }
        }
    }
    ck_abort_msg("no symbol %s", name);
    return 0;
}

static void make(uint64_t rip, uint64_t rsp)
{
    world.registers.rip = rip;
    world.registers.rsp = rsp;
    unwind_make(unwind, 0, &world.memory, &world.registers, &trace);
}

START_TEST(callers_to_the_bottom)
{
    /* memcpy called by what ends where memset begins, and that by the stub;
     * neither keeps anything on the stack. */
    world_put(STACK, symbol("memset"));
    world_put(STACK + 8, symbol("syscall_entry") + 8);
    make(symbol("memcpy"), STACK);
    ck_assert_uint_ge(trace.count, 2);
    ck_assert_uint_eq(trace.frames[0].rip, symbol("memcpy"));
    ck_assert(!trace.frames[0].call);
    ck_assert_uint_eq(trace.frames[1].rip, symbol("memset"));
    ck_assert(trace.frames[1].call);
    ck_assert_uint_eq(trace.count, 3);
    ck_assert_int_eq(trace.end, UNWIND_BOTTOM);
    ck_assert_str_eq(unwind_end_name(trace.end), "bottom");
}
END_TEST

START_TEST(panics_have_their_caller)
{
    world_put(STACK, symbol("syscall_entry") + 8);
    make(symbol("kernel_panic"), STACK);
    ck_assert_uint_eq(trace.count, 2);
    ck_assert_uint_eq(trace.frames[1].rip, symbol("syscall_entry") + 8);
    ck_assert_int_eq(trace.end, UNWIND_BOTTOM);
}
END_TEST

START_TEST(nothing_is_known_outside_the_kernel)
{
    make(0x1000, STACK);
    ck_assert_uint_eq(trace.count, 1);
    ck_assert_int_eq(trace.end, UNWIND_NO_INFO);
    /* A call of it is recognised by where it came from. */
    world_put(STACK, symbol("syscall_entry") + 8);
    make(0x1000, STACK);
    ck_assert_uint_eq(trace.count, 2);
    ck_assert_int_eq(trace.end, UNWIND_BOTTOM);
}
END_TEST

START_TEST(stacks_that_are_not_there)
{
    make(symbol("memcpy"), WORLD_BYTES);
    ck_assert_uint_eq(trace.count, 1);
    ck_assert_int_eq(trace.end, UNWIND_MEMORY);
    make(symbol("memcpy"), WORLD_BYTES - 4); /* in part */
    ck_assert_int_eq(trace.end, UNWIND_MEMORY);
    make(symbol("memcpy"), UINT64_MAX);
    ck_assert_int_ne(trace.end, UNWIND_BOTTOM);
}
END_TEST

START_TEST(endless_stacks_are_cut)
{
    for (uint64_t at = STACK; at < WORLD_BYTES; at += 8) {
        world_put(at, symbol("memset"));
    }
    make(symbol("memcpy"), STACK);
    ck_assert_uint_eq(trace.count, UNWIND_FRAMES);
    ck_assert_int_eq(trace.end, UNWIND_MANY);
}
END_TEST

START_TEST(noise_does_no_harm)
{
    uint64_t base = ABI_KERNEL_VIRT;

    for (uint64_t seed = 0; seed < 10; seed++) {
        world_noise(seed);
        for (uint64_t at = 0; at < 0x80000; at += 61) {
            make(base + at, STACK + at % 0x1000);
            ck_assert_uint_ge(trace.count, 1);
            ck_assert_uint_le(trace.count, UNWIND_FRAMES);
        }
    }
}
END_TEST

START_TEST(files_that_are_none)
{
    ck_assert_ptr_null(unwind_open(kernel, 0));
    ck_assert_ptr_null(unwind_open(kernel, 40));
    ck_assert_ptr_null(unwind_open((const uint8_t *)"no ELF file", 11));
    unwind_close(NULL);
    unwind_make(NULL, 0, &world.memory, &world.registers, &trace);
    ck_assert_uint_eq(trace.count, 1);
    ck_assert_int_eq(trace.end, UNWIND_NO_INFO);
}
END_TEST

Suite *suite_unwind(void)
{
    Suite *suite = suite_create("unwind");
    TCase *cases = tcase_create("unwind");

    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, prepare, done);
    tcase_add_test(cases, callers_to_the_bottom);
    tcase_add_test(cases, panics_have_their_caller);
    tcase_add_test(cases, nothing_is_known_outside_the_kernel);
    tcase_add_test(cases, stacks_that_are_not_there);
    tcase_add_test(cases, endless_stacks_are_cut);
    tcase_add_test(cases, noise_does_no_harm);
    tcase_add_test(cases, files_that_are_none);
    suite_add_tcase(suite, cases);
    return suite;
}
