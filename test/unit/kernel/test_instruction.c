/* SPDX-License-Identifier: Apache-2.0 */
#include "arch.h"

#include <check.h>
#include <stdlib.h>

struct example {
    uint32_t length;
    uint8_t code[15];
};

/* Encodings from the Intel SDM vol. 2; 0: not decoded. */
static const struct example examples[] = {
    {2, {0x8b, 0x07}},                          /* mov (%rdi),%eax */
    {3, {0x48, 0x8b, 0x07}},                    /* mov (%rdi),%rax */
    {4, {0x48, 0x8b, 0x47, 0x10}},              /* disp8 */
    {7, {0x48, 0x8b, 0x87, 0, 1, 0, 0}},        /* disp32 */
    {7, {0x48, 0x8b, 0x05, 0, 0, 0, 0}},        /* RIP-relative */
    {4, {0x48, 0x8b, 0x04, 0x24}},              /* SIB */
    {8, {0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0}},  /* SIB, no base */
    {5, {0x48, 0x8b, 0x44, 0x24, 0x08}},        /* SIB disp8 */
    {7, {0x48, 0xc7, 0x07, 0, 0, 0, 0}},        /* movq $,(%rdi) */
    {3, {0xc6, 0x07, 0x5a}},                    /* movb $,(%rdi) */
    {5, {0x66, 0xc7, 0x07, 0, 0}},              /* movw $,(%rdi) */
    {10, {0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8}}, /* movabs */
    {9, {0xa1, 1, 2, 3, 4, 5, 6, 7, 8}},        /* mov moffs */
    {3, {0xf6, 0x07, 0x01}},                    /* testb $,(%rdi) */
    {2, {0xf6, 0x17}},                          /* notb (%rdi) */
    {6, {0xf7, 0x07, 1, 0, 0, 0}},              /* testl $,(%rdi) */
    {2, {0xf3, 0xa4}},                          /* rep movsb */
    {3, {0x0f, 0xb6, 0x07}},                    /* movzbl */
    {2, {0x0f, 0x0b}},                          /* ud2 */
    {1, {0xf4}},                                /* hlt */
    {4, {0xf3, 0x0f, 0x6f, 0x07}},              /* movdqu */
    {0, {0xc5, 0xf8, 0x77}},                    /* VEX */
    {0, {0x62}},                                /* EVEX */
    {0, {0x0f, 0x38, 0x00}},                    /* three bytes */
};

START_TEST(test_lengths)
{
    const struct example *e = &examples[_i];

    ck_assert_uint_eq(arch_instruction_length(e->code, 15), e->length);
}
END_TEST

/* Cut short at any byte, an instruction is not known, and nothing beyond the
 * bytes given is read (ASan watches). */
START_TEST(test_cut)
{
    const struct example *e = &examples[_i];

    for (uint32_t have = 0; have < e->length; have++) {
        uint8_t *code = malloc(have + 1);

        ck_assert_ptr_nonnull(code);
        for (uint32_t i = 0; i < have; i++) {
            code[i] = e->code[i];
        }
        ck_assert_uint_eq(arch_instruction_length(code, have), 0);
        free(code);
    }
}
END_TEST

START_TEST(test_prefixes_alone)
{
    const uint8_t code[15] = {0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                              0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66};

    ck_assert_uint_eq(arch_instruction_length(code, 15), 0);
}
END_TEST

/* What takes or gives all flags, whatever stands before the opcode. */
START_TEST(test_flags)
{
    static const uint8_t prefixes[] = {0x26, 0x2e, 0x36, 0x3e, 0x64,
                                       0x65, 0x66, 0x67, 0xf0, 0xf2,
                                       0xf3, 0x40, 0x48, 0x4f};
    uint32_t known = 0;

    for (uint32_t byte = 0; byte < 256; byte++) {
        known += arch_is_prefix((uint8_t)byte);
        ck_assert_int_eq(arch_flags_used((uint8_t)byte),
                         byte == 0x9c                   ? ARCH_FLAGS_PUSHED
                         : byte == 0x9d || byte == 0xcf ? ARCH_FLAGS_POPPED
                                                        : ARCH_FLAGS_KEPT);
    }
    ck_assert_uint_eq(known, 11 + 16);
    for (uint32_t i = 0; i < sizeof(prefixes); i++) {
        ck_assert(arch_is_prefix(prefixes[i]));
    }
}
END_TEST

/* A move to SS, whatever stands before it; none of another segment. */
START_TEST(test_shadow)
{
    static const struct {
        uint8_t code[8];
        uint32_t bytes, length;
    } cases[] = {
        {{0x8e, 0xd2}, 2, 2},
        {{0x66, 0x8e, 0xd2}, 3, 3},
        {{0x67, 0x48, 0x8e, 0x54, 0x24, 0x08}, 6, 6},
        {{0x0f, 0xb2, 0x20}, 3, 3},
        {{0x8e, 0xda}, 2, 0},       /* DS */
        {{0x8c, 0xd2}, 2, 0},       /* from SS */
        {{0x8e, 0x54, 0x24}, 3, 0}, /* cut off */
        {{0x8e}, 1, 0},
        {{0x66}, 1, 0},
        {{0x0f, 0xb4, 0x20}, 3, 0}, /* LFS */
        {{0x9c}, 1, 0},
    };

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_uint_eq(arch_shadow_length(cases[i].code, cases[i].bytes),
                          cases[i].length);
    }
    ck_assert_uint_eq(arch_shadow_length(cases[0].code, 0), 0);
}
END_TEST

int main(void)
{
    const int count = (int)(sizeof(examples) / sizeof(examples[0]));
    Suite *suite = suite_create("kernel");
    TCase *lengths = tcase_create("instruction");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(lengths, test_lengths, 0, count);
    tcase_add_loop_test(lengths, test_cut, 0, count);
    tcase_add_test(lengths, test_prefixes_alone);
    tcase_add_test(lengths, test_flags);
    tcase_add_test(lengths, test_shadow);
    suite_add_tcase(suite, lengths);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
