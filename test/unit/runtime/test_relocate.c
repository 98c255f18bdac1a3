/* SPDX-License-Identifier: Apache-2.0 */
/* The two forms of relative relocation, over an image made by hand. */
#include "suites.h"

#include "relocate.c" /* its parts are static: nobody else may call them */

#define WORDS 200u

static uint64_t image[WORDS];

START_TEST(rela_sets)
{
    uint64_t base = (uint64_t)image;
    struct elf_rela rela[2] = {{8, R_X86_64_RELATIVE, 0x100},
                               {24, R_X86_64_RELATIVE, -8}};

    image[0] = image[1] = image[2] = image[3] = 7;
    ck_assert(apply_rela(base, rela, sizeof rela));
    ck_assert_uint_eq(image[0], 7);
    ck_assert_uint_eq(image[1], base + 0x100);
    ck_assert_uint_eq(image[2], 7);
    ck_assert_uint_eq(image[3], base - 8);
}
END_TEST

START_TEST(other_kinds_are_refused)
{
    struct elf_rela rela = {8, 37, 0}; /* R_X86_64_IRELATIVE */

    ck_assert(!apply_rela((uint64_t)image, &rela, sizeof rela));
}
END_TEST

/* Word 2 by its offset, then by bitmaps words 3, 5, 65 and 66. */
START_TEST(relr_adds)
{
    uint64_t base = (uint64_t)image;
    uint64_t relr[3] = {16, 1 | 1ull << 1 | 1ull << 3 | 1ull << 63,
                        1 | 1ull << 1};

    for (uint32_t i = 0; i < WORDS; i++) {
        image[i] = i;
    }
    apply_relr(base, relr, sizeof relr);
    for (uint32_t i = 0; i < WORDS; i++) {
        bool hit = i == 2 || i == 3 || i == 5 || i == 65 || i == 66;
        ck_assert_uint_eq(image[i], hit ? base + i : i);
    }
}
END_TEST

TCase *relocate_case(void)
{
    TCase *tcase = tcase_create("relocate");

    tcase_add_test(tcase, rela_sets);
    tcase_add_test(tcase, other_kinds_are_refused);
    tcase_add_test(tcase, relr_adds);
    return tcase;
}
