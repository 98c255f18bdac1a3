/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"
#include "world.h"

#include <debug/page_walk.h>
#include <stdio.h>
#include <string.h>

static struct page_walk walk;
static char text[256];

static void make(uint64_t address)
{
    page_walk_make(&world.memory, &world.registers, address, &walk);
    page_walk_end_text(&walk, text, sizeof(text));
}

static const char *step(uint32_t index)
{
    static char line[256];

    page_walk_step_text(&walk, index, line, sizeof(line));
    return line;
}

START_TEST(page_of_every_right)
{
    world_map(0x40201000, 0x300000, WRITE | USER | NX);
    make(0x40201234);
    ck_assert_int_eq(walk.end, WALK_MAPPED);
    ck_assert_uint_eq(walk.steps, 4);
    ck_assert_uint_eq(walk.physical, 0x300234);
    ck_assert_str_eq(step(0),
                     "PML4[0]   0x2007: present, write, user -> table 0x2000");
    ck_assert_str_eq(step(2),
                     "PD[1]     0x4007: present, write, user -> table 0x4000");
    ck_assert_str_eq(step(3), "PT[1]     0x8000000000300007: present, write, "
                              "user, no-execute -> page 0x300000");
    ck_assert_str_eq(
        text, "maps to 0x300234, a page of 4 KiB: ring 3 may read, write");
    world_map(0x40202000, 0x301000, 0);
    make(0x40202000);
    ck_assert_str_eq(
        text,
        "maps to 0x301000, a page of 4 KiB: ring 0 alone may read, execute");
}
END_TEST

START_TEST(rights_are_those_of_all_levels)
{
    world_map(0x40201000, 0x300000, WRITE | USER);
    world_put(0x2000 + 8, 0x3000 | PRESENT | NX); /* PDPT[1] */
    make(0x40201000);
    ck_assert_str_eq(text,
                     "maps to 0x300000, a page of 4 KiB: ring 0 alone may "
                     "read");
}
END_TEST

START_TEST(large_pages)
{
    world_put(WORLD_ROOT, 0x2000 | PRESENT | WRITE);
    world_put(0x2000, 0x40000000 | PRESENT | LARGE | 0x1000);
    world_put(0x2000 + 8, 0x3000 | PRESENT | WRITE);
    world_put(0x3000, 0x200000 | PRESENT | LARGE | WRITE | 0x60);
    make(0x12345);
    ck_assert_uint_eq(walk.physical, 0x40012345);
    ck_assert_str_eq(text, "maps to 0x40012345, a page of 1 GiB: ring 0 alone "
                           "may read, execute");
    make(0x40012345);
    ck_assert_uint_eq(walk.physical, 0x212345);
    ck_assert_ptr_nonnull(strstr(text, "a page of 2 MiB"));
    ck_assert_str_eq(step(2), "PD[0]     0x2000e3: present, write, accessed, "
                              "dirty -> page 0x200000");
}
END_TEST

START_TEST(where_it_stops)
{
    static const char *const at[] = {"page table", "page directory",
                                     "page-directory-pointer table",
                                     "top table"};
    static const uint64_t addresses[] = {0x40202000, 0x40401000, 0x80000000,
                                         0x8000000000};

    world_map(0x40201000, 0x300000, 0);
    for (unsigned i = 0; i < 4; i++) {
        char wanted[96];

        make(addresses[i]);
        ck_assert_int_eq(walk.end, WALK_NOT_PRESENT);
        ck_assert_uint_eq(walk.steps, 4 - i);
        snprintf(wanted, sizeof(wanted),
                 "stops at the %s: the entry is not present", at[i]);
        ck_assert_str_eq(text, wanted);
        ck_assert_ptr_nonnull(strstr(step(walk.steps - 1), ": not present"));
    }
    /* What stands in an entry that is not present is shown, not believed. */
    world_put(WORLD_ROOT + 8, 0x2000 | WRITE | USER | NX);
    make(0x8000000000);
    ck_assert_str_eq(step(0), "PML4[1]   0x8000000000002006: not present");
}
END_TEST

START_TEST(tables_outside_memory)
{
    world_put(WORLD_ROOT, 0x7fffff000 | PRESENT);
    make(0);
    ck_assert_int_eq(walk.end, WALK_OUTSIDE);
    ck_assert_uint_eq(walk.steps, 1);
    ck_assert_str_eq(
        text, "stops: the next table (0x7fffff000) is outside guest memory");
    world.registers.cr3 = WORLD_BYTES - 8; /* its page is the last one */
    make(0);
    ck_assert_int_eq(walk.end, WALK_NOT_PRESENT);
    world.registers.cr3 = WORLD_BYTES;
    make(0);
    ck_assert_uint_eq(walk.steps, 0);
    ck_assert_str_eq(
        text, "stops: the next table (0x400000) is outside guest memory");
}
END_TEST

START_TEST(what_is_no_walk)
{
    make(0x800000000000);
    ck_assert_int_eq(walk.end, WALK_NOT_CANONICAL);
    make(0xfffeffffffffffff);
    ck_assert_int_eq(walk.end, WALK_NOT_CANONICAL);
    make(0xffff800000000000);
    ck_assert_int_eq(walk.end, WALK_NOT_PRESENT);
    world.registers.cr4 |= 1u << 12;
    make(0);
    ck_assert_int_eq(walk.end, WALK_OTHER_MODE);
    world.registers.cr0 = 1;
    make(0);
    ck_assert_int_eq(walk.end, WALK_NO_PAGING);
    ck_assert_str_eq(page_walk_end_name(walk.end), "no-paging");
}
END_TEST

START_TEST(noise_does_no_harm)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        world_noise(seed);
        for (uint64_t i = 0; i < 512; i++) {
            make(i << 39 | (i & 256 ? 0xffff000000000000 : 0));
            for (uint32_t s = 0; s < walk.steps; s++) {
                ck_assert_uint_gt(strlen(step(s)), 0);
            }
            ck_assert_uint_le(walk.steps, PAGE_WALK_LEVELS);
            ck_assert_uint_gt(strlen(text), 0);
        }
    }
}
END_TEST

Suite *suite_page_walk(void)
{
    Suite *suite = suite_create("page walk");
    TCase *cases = tcase_create("walk");

    tcase_add_checked_fixture(cases, world_make, world_free);
    tcase_add_test(cases, page_of_every_right);
    tcase_add_test(cases, rights_are_those_of_all_levels);
    tcase_add_test(cases, large_pages);
    tcase_add_test(cases, where_it_stops);
    tcase_add_test(cases, tables_outside_memory);
    tcase_add_test(cases, what_is_no_walk);
    tcase_add_test(cases, noise_does_no_harm);
    suite_add_tcase(suite, cases);
    return suite;
}
