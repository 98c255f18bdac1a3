/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about one range under one root. */
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <abi/shared.h>
#include <capabilities/cap.h>

static struct audit_reached ask(uint32_t root, uint32_t range, uint8_t wanted,
                                uint32_t need)
{
    struct audit_question question = {.cr3 = world_root(&world, root),
                                      .range = range,
                                      .wanted = wanted,
                                      .need = need};
    struct audit_reached reached;

    audit_range(&world.target, &question, &reached);
    return reached;
}

START_TEST(all_of_it)
{
    struct audit_reached r =
        ask(ROOT_APP, 0, CAP_READ | CAP_WRITE, WORLD_RING_PAGES);

    ck_assert_uint_eq(r.pages, WORLD_RING_PAGES);
    ck_assert_uint_eq(r.readable, WORLD_RING_PAGES);
    ck_assert_uint_eq(r.writable, WORLD_RING_PAGES);
    ck_assert_uint_eq(r.executable, 0);
    ck_assert(r.any && !r.lacking);
    ck_assert_uint_eq(r.with, world_ring(&world));
    ck_assert_uint_eq(r.with_rights, CAP_READ | CAP_WRITE);
}
END_TEST

START_TEST(narrowed)
{
    struct audit_reached r = ask(ROOT_CHILD, 0, CAP_WRITE, 1);

    ck_assert_uint_eq(r.readable, WORLD_RING_PAGES);
    ck_assert_uint_eq(r.writable, 0);
    ck_assert(!r.any && r.lacking);
    ck_assert_uint_eq(r.without, world_ring(&world));
    ck_assert_uint_eq(r.without_rights, CAP_READ);
}
END_TEST

START_TEST(none_of_it)
{
    uint32_t stack = world.plan->domains[APP].stack;
    struct audit_reached r = ask(ROOT_GUARD, stack, CAP_READ, 0);

    ck_assert_uint_eq(r.pages, 0);
    ck_assert(!r.any && !r.lacking);
}
END_TEST

START_TEST(image_pages)
{
    uint32_t image = world.plan->domains[APP].image;
    struct audit_reached r = ask(ROOT_GUARD, image, CAP_EXEC, 0);

    ck_assert_uint_eq(r.pages, 7);
    ck_assert_uint_eq(r.writable, 3);
    ck_assert_uint_eq(r.executable, 1);
    ck_assert_uint_eq(r.with, world_image(&world, APP) + ABI_PAGE_SIZE);
    ck_assert_uint_eq(r.with_rights, CAP_READ | CAP_EXEC);
}
END_TEST

START_TEST(heap_as_far_as_it_has_grown)
{
    uint32_t heap = world.plan->domains[APP].heap;
    struct audit_reached r =
        ask(ROOT_GUARD, heap, CAP_WRITE, WORLD_HEAP_PAGES + 1);

    ck_assert_uint_eq(r.pages, WORLD_HEAP_PAGES);
    ck_assert(r.lacking);
    ck_assert_uint_eq(r.without, world_heap(&world, APP) +
                                     WORLD_HEAP_PAGES * ABI_PAGE_SIZE);
}
END_TEST

START_TEST(large_pages)
{
    uint64_t ring = world_ring(&world);
    uint64_t cr3 = world_root(&world, ROOT_CHILD);
    uint64_t at = world_entry(&world, cr3, ring, 2);
    struct audit_reached r;

    world_set(&world, at, 0x1000000ull | 0x1000 | P | U | PS | NX);
    r = ask(ROOT_CHILD, 0, CAP_READ, WORLD_RING_PAGES);
    ck_assert_uint_eq(r.pages, WORLD_RING_PAGES);
    ck_assert(!r.lacking);
    at = world_entry(&world, cr3, ring, 3);
    world_set(&world, at, P | W | U | PS); /* 1 GiB */
    r = ask(ROOT_CHILD, 0, CAP_WRITE | CAP_EXEC, WORLD_RING_PAGES);
    ck_assert_uint_eq(r.executable, WORLD_RING_PAGES);
    ck_assert_uint_eq(r.writable, WORLD_RING_PAGES);
    world_set(&world, at, P | W | PS);
    ck_assert_uint_eq(ask(ROOT_CHILD, 0, CAP_READ, 0).pages, 0);
}
END_TEST

START_TEST(roots_that_are_none)
{
    struct audit_question question = {
        .cr3 = world.bytes, .wanted = CAP_READ, .need = 1};
    struct audit_reached r;

    audit_range(&world.target, &question, &r);
    ck_assert_uint_eq(r.pages, 0);
    ck_assert(r.lacking);
    question.cr3 = ~0ull;
    audit_range(&world.target, &question, &r);
    ck_assert_uint_eq(r.pages, 0);
}
END_TEST

START_TEST(published_roots)
{
    ck_assert_uint_eq(audit_root_cr3(&world.target, ROOT_GUARD),
                      world_root(&world, ROOT_GUARD));
    ck_assert_uint_eq(audit_root_cr3(&world.target, ROOTS), 0);
    ck_assert_uint_eq(audit_root_cr3(&world.target, SHARED_ROOTS), 0);
    ck_assert_uint_eq(audit_root_cr3(&world.target, PLAN_NONE), 0);
}
END_TEST

Suite *suite_range(void)
{
    Suite *suite = suite_create("range");
    TCase *all = tcase_create("range");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, world_setup, world_teardown);
    tcase_add_test(all, all_of_it);
    tcase_add_test(all, narrowed);
    tcase_add_test(all, none_of_it);
    tcase_add_test(all, image_pages);
    tcase_add_test(all, heap_as_far_as_it_has_grown);
    tcase_add_test(all, large_pages);
    tcase_add_test(all, roots_that_are_none);
    tcase_add_test(all, published_roots);
    suite_add_tcase(suite, all);
    return suite;
}
