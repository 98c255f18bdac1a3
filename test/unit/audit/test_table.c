/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that make no tree: outside RAM, loops, and more than can be. */
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <abi/shared.h>
#include <stdio.h>

static char text[256];

static unsigned long long number(uint64_t value)
{
    return (unsigned long long)value;
}

START_TEST(directory_outside_ram)
{
    uint64_t cr3 = world_root(&world, ROOT_APP);

    world_set(&world, cr3 + 7 * 8, world.bytes | P | W | U);
    snprintf(text, sizeof(text),
             "app: frame 0x%llx at 0x38000000000 (memory of no range) is used "
             "as a page table, but lies outside RAM",
             number(world.bytes));
    world_finds(&world, AUDIT_TABLE, text);
}
END_TEST

START_TEST(leaf_table_far_outside_ram)
{
    uint64_t stack = world_stack(&world, CHILD);
    uint64_t at = world_entry(&world, world_root(&world, ROOT_CHILD), stack, 2);

    world_set(&world, at, FRAME | P | W | U | NX);
    snprintf(text, sizeof(text),
             "child: frame 0xffffffffff000 at 0x%llx (child.stack) is used as "
             "a page table, but lies outside RAM",
             number(stack & ~(ABI_GRANULE_SIZE - 1)));
    world_finds_among(&world, AUDIT_TABLE, text);
}
END_TEST

START_TEST(root_outside_ram)
{
    world_publish(&world, ROOT_CHILD, 0x7ffff000);
    world.target.live &= ~(1ull << CHILD);
    world_finds(
        &world, AUDIT_TABLE,
        "child: frame 0x7ffff000 at 0x0 (memory of no range) is used as a "
        "page table, but lies outside RAM");
}
END_TEST

START_TEST(page_outside_ram)
{
    uint64_t heap = world_heap(&world, APP);
    uint64_t cr3 = world_root(&world, ROOT_APP);

    world_set(&world, world_entry(&world, cr3, heap, 1),
              0xfee00000ull | P | W | U | NX);
    snprintf(text, sizeof(text),
             "app: frame 0xfee00000 at 0x%llx (app.heap) is reachable from "
             "ring 3, but lies outside RAM",
             number(heap));
    world_finds_among(&world, AUDIT_TABLE, text);
}
END_TEST

/* A large page that leaves RAM is said once, not 512 times. */
START_TEST(large_page_outside_ram)
{
    uint64_t cr3 = world_root(&world, ROOT_CHILD);

    world_set(&world, world_entry(&world, cr3, 0, 3),
              1ull << 30 | P | W | U | PS | NX);
    world_finds(
        &world, AUDIT_TABLE,
        "child: frame 0x40000000 at 0x0 (memory of no range) is reachable "
        "from ring 3, but lies outside RAM");
}
END_TEST

START_TEST(root_names_itself)
{
    uint64_t cr3 = world_root(&world, ROOT_GUARD);

    world_set(&world, cr3 + 8, cr3 | P | W | U);
    snprintf(text, sizeof(text),
             "guard: frame 0x%llx at 0x8000000000 (memory of no range) is used "
             "as a page table of two levels: a loop",
             number(cr3));
    world_finds(&world, AUDIT_TABLE, text);
}
END_TEST

START_TEST(directory_names_its_root)
{
    uint64_t stack = world_stack(&world, CHILD);
    uint64_t cr3 = world_root(&world, ROOT_CHILD);
    uint64_t at = world_entry(&world, cr3, stack, 2);

    world_set(&world, at, cr3 | P | W | U);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.stack) is used as a page "
             "table of two levels: a loop",
             number(cr3), number(stack & ~(ABI_GRANULE_SIZE - 1)));
    world_finds_among(&world, AUDIT_TABLE, text);
}
END_TEST

/* 512 entries that name one table, on three levels: 2^27 pages. */
START_TEST(tables_that_multiply)
{
    uint64_t cr3 = world_root(&world, ROOT_CHILD);
    uint64_t pointers = world_frame(&world), directory = world_frame(&world);
    uint64_t leaf = world_frame(&world);

    for (uint64_t i = 0; i < 512; i++) {
        world_set(&world, pointers + i * 8, directory | P | U);
        world_set(&world, directory + i * 8, leaf | P | U);
    }
    for (uint64_t i = 1; i < 256; i++) {
        world_set(&world, cr3 + i * 8, pointers | P | U);
    }
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x0 (memory of no range) is the root of "
             "more tables than all views need: the walk was given up",
             number(cr3));
    world_finds(&world, AUDIT_TABLE, text);
    world.target.at_rest = false; /* then more may be attached than is known */
    ck_assert_uint_eq(audit_sample(&world.audit, &world.target), 0);
    ck_assert_uint_eq(world.audit.skipped, 1);
}
END_TEST

/* Every entry a large page of all RAM: the pages count, too. */
START_TEST(large_pages_that_multiply)
{
    uint64_t cr3 = world_root(&world, ROOT_CHILD);
    uint64_t pointers = world_frame(&world);

    for (uint64_t i = 0; i < 512; i++) {
        world_set(&world, pointers + i * 8, P | U | W | PS);
    }
    for (uint64_t i = 1; i < 256; i++) {
        world_set(&world, cr3 + i * 8, pointers | P | U | W);
    }
    audit_sample(&world.audit, &world.target);
    ck_assert_uint_eq(world.audit.kept, AUDIT_VIOLATIONS_MAX);
    ck_assert_uint_lt(world.audit.pages, 2000000);
}
END_TEST

/* 2 MiB of kernel memory given to ring 3 by one entry, NX or not. */
START_TEST(large_user_page)
{
    uint64_t address = world_heap(&world, APP);
    uint64_t at = world_entry(&world, world_root(&world, ROOT_APP), address, 2);
    uint64_t frame = 0x1000000;

    /* Bit 12 of a large page is a caching attribute, no part of the frame. */
    world_set(&world, at, frame | 0x1000 | P | W | U | PS | NX);
    audit_sample(&world.audit, &world.target);
    /* app may have 256 heap pages; what lies beyond is too much. */
    ck_assert_uint_eq(world.audit.violation_count, 256);
    snprintf(text, sizeof(text),
             "app reaches app.heap at 0x%llx: expected nothing, found rw "
             "(frame 0x1100000)",
             number(address + 256 * ABI_PAGE_SIZE));
    world.audit = (struct audit){0};
    world_finds_among(&world, AUDIT_EXTRA, text);
}
END_TEST

/* In the top table the bit means nothing: it is no page of 512 GiB. */
START_TEST(large_bit_at_the_top)
{
    uint64_t cr3 = world_root(&world, ROOT_CHILD);

    world_set(&world, cr3 + 9 * 8, world.bytes | P | W | U | PS);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x48000000000 (memory of no range) is "
             "used as a page table, but lies outside RAM",
             number(world.bytes));
    world_finds(&world, AUDIT_TABLE, text);
}
END_TEST

Suite *suite_table(void)
{
    Suite *suite = suite_create("table");
    const TTest *const tests[] = {
        directory_outside_ram,     leaf_table_far_outside_ram,
        root_outside_ram,          page_outside_ram,
        large_page_outside_ram,    root_names_itself,
        directory_names_its_root,  tables_that_multiply,
        large_pages_that_multiply, large_user_page,
        large_bit_at_the_top,
    };
    TCase *all = tcase_create("table");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, world_setup, world_teardown);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        tcase_add_test(all, tests[i]);
    }
    suite_add_tcase(suite, all);
    return suite;
}
