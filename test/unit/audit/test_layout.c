/* SPDX-License-Identifier: Apache-2.0 */
/* What an honest kernel does is no violation, and every page is counted. */
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <abi/shared.h>

/* image r, rx, r r, rw rw rw; and a stack of 8 pages a domain. */
#define IMAGE 7u
#define STACK 8u
#define SEEN_APP (IMAGE + WORLD_HEAP_PAGES + 2 * STACK + WORLD_RING_PAGES)
#define SEEN_GUARD (IMAGE + WORLD_HEAP_PAGES + STACK + WORLD_RING_PAGES)
#define SEEN_CHILD (IMAGE + STACK + WORLD_RING_PAGES)

START_TEST(clean)
{
    world_is_clean(&world);
    ck_assert_uint_eq(world.audit.pages, SEEN_APP + SEEN_GUARD + SEEN_CHILD);
}
END_TEST

START_TEST(samples_add_up)
{
    world_is_clean(&world);
    ck_assert_uint_eq(audit_sample(&world.audit, &world.target), 0);
    ck_assert_uint_eq(world.audit.samples, 2);
    ck_assert_uint_eq(world.audit.pages,
                      2 * (SEEN_APP + SEEN_GUARD + SEEN_CHILD));
}
END_TEST

START_TEST(the_kernels_root_is_no_stranger)
{
    world.target.vcpu_cr3 = WORLD_ROOT;
    world_is_clean(&world);
}
END_TEST

/* The low bits of CR3 are flags or a PCID. */
START_TEST(flags_of_cr3_are_ignored)
{
    world.target.vcpu_cr3 |= 0x18;
    world_publish(&world, ROOT_APP, world_root(&world, ROOT_APP) | 0x8);
    world_is_clean(&world);
}
END_TEST

/* The processor sets these in some copies of an entry and not in others. */
START_TEST(accessed_bits_do_not_matter)
{
    uint64_t walked;

    for (uint32_t i = 0; i < ROOTS; i++) {
        uint64_t at = world_root(&world, i) + 256 * 8;
        world_set(&world, at, world_get(&world, at) ^ (i % 2 ? 0x20 : 0));
        at = world_entry(&world, world_root(&world, i), world_ring(&world), 1);
        world_set(&world, at, world_get(&world, at) | 0x60);
    }
    world_is_clean(&world);
    walked = world.audit.pages;
    ck_assert_uint_eq(walked, SEEN_APP + SEEN_GUARD + SEEN_CHILD);
}
END_TEST

START_TEST(before_composition_is_over)
{
    world.target.complete = false;
    world.target.live = 0;
    for (uint32_t i = 0; i < ROOTS; i++) {
        world_publish(&world, i, 0);
    }
    world.target.vcpu_cr3 = WORLD_ROOT;
    world_is_clean(&world);
    ck_assert_uint_eq(world.audit.pages, 0);
}
END_TEST

/* Domains that have ended keep their pages until they are destroyed. */
START_TEST(ended_domains)
{
    world.target.live = 1ull << GUARD;
    world_is_clean(&world);
}
END_TEST

START_TEST(destroyed_domain)
{
    world.target.live &= ~(1ull << CHILD);
    world_publish(&world, ROOT_CHILD, 0);
    world_is_clean(&world);
    ck_assert_uint_eq(world.audit.pages, SEEN_APP + SEEN_GUARD);
}
END_TEST

/* A named range is held by capability: who holds it may give it up. */
START_TEST(named_range_given_up)
{
    uint64_t cr3 = world_root(&world, ROOT_CHILD);
    uint64_t at = world_entry(&world, cr3, world_ring(&world), 2);

    world_set(&world, at, 0);
    world_set(&world, at + 8, 0);
    world_is_clean(&world);
    ck_assert_uint_eq(world.audit.pages,
                      SEEN_APP + SEEN_GUARD + SEEN_CHILD - WORLD_RING_PAGES);
}
END_TEST

START_TEST(no_memory_for_shared_pages)
{
    world.target.memory_bytes = ABI_SHARED_PHYS + sizeof(struct shared) - 1;
    ck_assert_uint_eq(audit_sample(&world.audit, &world.target), 0);
    ck_assert_uint_eq(world.audit.samples, 0);
    ck_assert_uint_eq(world.audit.skipped, 1);
}
END_TEST

Suite *suite_layout(void)
{
    Suite *suite = suite_create("layout");
    TCase *tests = tcase_create("layout");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, world_setup, world_teardown);
    tcase_add_test(tests, clean);
    tcase_add_test(tests, samples_add_up);
    tcase_add_test(tests, the_kernels_root_is_no_stranger);
    tcase_add_test(tests, flags_of_cr3_are_ignored);
    tcase_add_test(tests, accessed_bits_do_not_matter);
    tcase_add_test(tests, before_composition_is_over);
    tcase_add_test(tests, ended_domains);
    tcase_add_test(tests, destroyed_domain);
    tcase_add_test(tests, named_range_given_up);
    tcase_add_test(tests, no_memory_for_shared_pages);
    suite_add_tcase(suite, tests);
    return suite;
}
