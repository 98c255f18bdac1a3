/* SPDX-License-Identifier: Apache-2.0 */
/* Owners of frames and W^X: one spoilt entry each, and the very words that say
 * so. */
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <stdio.h>
#include <string.h>

static char text[256];

static unsigned long long number(uint64_t value)
{
    return (unsigned long long)value;
}

/* A heap page is the one that app executes: writable and executable, only
 * never through the same address. */
START_TEST(writable_alias_of_code)
{
    uint64_t heap = world_heap(&world, APP) + ABI_PAGE_SIZE;
    uint64_t code =
        world_frame_at(&world, ROOT_APP, world_image(&world, APP) + 0x1000);

    world_set(&world, world_leaf(&world, ROOT_APP, heap),
              code | P | W | U | NX);
    snprintf(text, sizeof(text),
             "app: frame 0x%llx at 0x%llx (app.heap) is writable, and "
             "executable somewhere",
             number(code), number(heap));
    world_finds_among(&world, AUDIT_W_AND_X, text);
    snprintf(text, sizeof(text),
             "app: frame 0x%llx at 0x%llx (app.heap) is not the module's page "
             "that belongs there",
             number(code), number(heap));
    memset(&world.audit, 0, sizeof(world.audit));
    world_finds_among(&world, AUDIT_OWNER, text);
}
END_TEST

START_TEST(writable_code)
{
    uint64_t page = world_image(&world, CHILD) + ABI_PAGE_SIZE;
    uint64_t at = world_leaf(&world, ROOT_CHILD, page);

    world_set(&world, at, world_get(&world, at) | W);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.image) is writable, and "
             "executable somewhere",
             number(world_frame_at(&world, ROOT_CHILD, page)), number(page));
    world_finds_among(&world, AUDIT_W_AND_X, text);
}
END_TEST

/* The executable arena back in the kernel's writable direct map. */
START_TEST(code_in_direct_map)
{
    uint64_t arena = world.target.module_base + ABI_GRANULE_SIZE;
    uint64_t address = ABI_DIRECT_MAP + arena;

    world_set(&world, world_entry(&world, WORLD_ROOT, address, 2),
              arena | P | W | PS | NX);
    snprintf(text, sizeof(text),
             "app: frame 0x%llx at 0x%llx (memory of no range) is writable by "
             "the kernel, and executable somewhere",
             number(arena), number(address));
    world_finds(&world, AUDIT_W_AND_X, text);
}
END_TEST

/* What the kernel's half has is said once, whatever bits the processor has
 * set in some root's copy of the entry that leads there. */
START_TEST(kernel_half_is_walked_once)
{
    uint64_t arena = world.target.module_base + ABI_GRANULE_SIZE;
    uint64_t address = ABI_DIRECT_MAP + arena;
    uint64_t at = world_root(&world, ROOT_GUARD) + 256 * 8;

    world_set(&world, at, world_get(&world, at) & ~A);
    world_set(&world, world_entry(&world, WORLD_ROOT, address, 2),
              arena | P | W | PS | NX);
    audit_sample(&world.audit, &world.target);
    ck_assert_uint_eq(world.audit.violation_count, 1);
}
END_TEST

/* The same for the kernel's own code, mapped by one large page. */
START_TEST(kernel_in_direct_map)
{
    uint64_t address = ABI_DIRECT_MAP + ABI_KERNEL_PHYS;

    world_set(&world, world_entry(&world, WORLD_ROOT, address, 2),
              ABI_KERNEL_PHYS | P | W | PS | NX);
    snprintf(text, sizeof(text),
             "app: frame 0x%llx at 0x%llx (memory of no range) is writable by "
             "the kernel, and executable somewhere",
             number(WORLD_TEXT), number(ABI_DIRECT_MAP + WORLD_TEXT));
    world_finds_among(&world, AUDIT_W_AND_X, text);
    ck_assert_uint_eq(world.audit.kept, 16);
}
END_TEST

/* A page has the rights that all levels have. */
START_TEST(rights_of_all_levels)
{
    uint64_t at = world_entry(&world, world_root(&world, ROOT_APP),
                              world_ring(&world), 1);

    world_set(&world, at, world_get(&world, at) & ~NX);
    at = world_entry(&world, WORLD_ROOT, ABI_DIRECT_MAP + 0x600000, 2);
    world_set(&world, at, world_get(&world, at) | U);
    world_is_clean(&world);
}
END_TEST

START_TEST(frame_of_two_ranges)
{
    uint64_t stack = world_stack(&world, CHILD);
    uint64_t heap = world_frame_at(&world, ROOT_APP, world_heap(&world, APP));

    world_set(&world, world_leaf(&world, ROOT_CHILD, stack),
              heap | P | W | U | NX);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.stack) backs two pages",
             number(heap), number(stack));
    world_finds(&world, AUDIT_OWNER, text);
}
END_TEST

START_TEST(frame_of_two_pages)
{
    uint64_t stack = world_stack(&world, CHILD);
    uint64_t first = world_frame_at(&world, ROOT_CHILD, stack);

    world_set(&world, world_leaf(&world, ROOT_CHILD, stack + ABI_PAGE_SIZE),
              first | P | W | U | NX);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.stack) backs two pages",
             number(first), number(stack + ABI_PAGE_SIZE));
    world_finds(&world, AUDIT_OWNER, text);
}
END_TEST

START_TEST(wrong_module_page)
{
    uint64_t page = world_image(&world, CHILD) + ABI_PAGE_SIZE;
    uint64_t frame = world_frame_at(&world, ROOT_CHILD, page) + ABI_PAGE_SIZE;

    world_set(&world, world_leaf(&world, ROOT_CHILD, page), frame | P | U);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.image) is not the module's "
             "page that belongs there",
             number(frame), number(page));
    world_finds(&world, AUDIT_OWNER, text);
}
END_TEST

/* A child's own copy of what it can't write would be no module page at all. */
START_TEST(copied_code)
{
    uint64_t page = world_image(&world, CHILD) + ABI_PAGE_SIZE;
    uint64_t frame = world_frame(&world);

    world_set(&world, world_leaf(&world, ROOT_CHILD, page), frame | P | U);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.image) is not the module's "
             "page that belongs there",
             number(frame), number(page));
    world_finds_among(&world, AUDIT_OWNER, text);
}
END_TEST

START_TEST(page_table_in_heap)
{
    uint64_t heap = world_heap(&world, APP);
    uint64_t table =
        world_leaf(&world, ROOT_CHILD, world_stack(&world, CHILD)) & FRAME;

    world_set(&world, world_leaf(&world, ROOT_APP, heap),
              table | P | W | U | NX);
    snprintf(text, sizeof(text),
             "app: frame 0x%llx at 0x%llx (app.heap) is a page table, "
             "reachable from ring 3",
             number(table), number(heap));
    world_finds_among(&world, AUDIT_OWNER, text);
}
END_TEST

START_TEST(root_in_heap)
{
    uint64_t heap = world_heap(&world, APP);
    uint64_t table = world_root(&world, ROOT_GUARD);

    world_set(&world, world_leaf(&world, ROOT_APP, heap), table | P | U | NX);
    snprintf(text, sizeof(text),
             "app: frame 0x%llx at 0x%llx (app.heap) is a page table, "
             "reachable from ring 3",
             number(table), number(heap));
    world_finds_among(&world, AUDIT_OWNER, text);
}
END_TEST

START_TEST(kernel_frame_in_heap)
{
    uint64_t heap = world_heap(&world, APP);

    world_set(&world, world_leaf(&world, ROOT_APP, heap),
              ABI_SHARED_PHYS | P | W | U | NX);
    snprintf(text, sizeof(text),
             "app: frame 0x200000 at 0x%llx (app.heap) is the kernel's, "
             "reachable from ring 3",
             number(heap));
    world_finds_among(&world, AUDIT_OWNER, text);
}
END_TEST

Suite *suite_frame(void)
{
    Suite *suite = suite_create("frame");
    const TTest *const tests[] = {
        writable_alias_of_code,     writable_code,
        code_in_direct_map,         kernel_in_direct_map,
        kernel_half_is_walked_once, rights_of_all_levels,
        frame_of_two_ranges,        frame_of_two_pages,
        wrong_module_page,          copied_code,
        page_table_in_heap,         root_in_heap,
        kernel_frame_in_heap,
    };
    TCase *all = tcase_create("frame");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, world_setup, world_teardown);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        tcase_add_test(all, tests[i]);
    }
    suite_add_tcase(suite, all);
    return suite;
}
