/* SPDX-License-Identifier: Apache-2.0 */
/* Which roots are walked, and whose they are. */
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <abi/shared.h>
#include <stdio.h>
#include <string.h>

static char text[256];

static unsigned long long number(uint64_t value)
{
    return (unsigned long long)value;
}

START_TEST(unpublished_root)
{
    uint64_t cr3 = world_frame(&world);

    memcpy(world.memory + cr3, world.memory + WORLD_ROOT, ABI_PAGE_SIZE);
    world.target.vcpu_cr3 = cr3;
    snprintf(text, sizeof(text),
             "a root of no domain: root 0x%llx is the vCPU's, and is not "
             "published",
             number(cr3));
    world_finds(&world, AUDIT_ROOT, text);
}
END_TEST

/* It is walked all the same: ring 3 has no business there. */
START_TEST(unpublished_root_is_walked)
{
    uint64_t cr3 = world_frame(&world), stack = world_stack(&world, APP);

    memcpy(world.memory + cr3, world.memory + world_root(&world, ROOT_APP),
           ABI_PAGE_SIZE);
    world.target.vcpu_cr3 = cr3;
    snprintf(text, sizeof(text),
             "a root of no domain reaches app.stack at 0x%llx: expected "
             "nothing, found rw (frame 0x%llx)",
             number(stack), number(world_frame_at(&world, ROOT_APP, stack)));
    world.target.complete = false;
    for (uint32_t i = 0; i < 2; i++) { /* keep fewer than 64 */
        uint64_t at = world_entry(&world, cr3, world_ring(&world), 2) + i * 8;
        world_set(&world, at, 0);
    }
    world_finds_among(&world, AUDIT_EXTRA, text);
}
END_TEST

START_TEST(one_root_published_twice)
{
    uint64_t cr3 = world_root(&world, ROOT_APP);

    world_publish(&world, ROOT_GUARD, cr3);
    world.target.vcpu_cr3 = cr3;
    snprintf(text, sizeof(text),
             "guard: root 0x%llx is published as two roots at once",
             number(cr3));
    world_finds(&world, AUDIT_ROOT, text);
}
END_TEST

START_TEST(root_beyond_the_plan)
{
    uint64_t cr3 = world_frame(&world);

    world_publish(&world, SHARED_ROOTS - 1, cr3);
    snprintf(text, sizeof(text),
             "a root of no domain: root 0x%llx is published as a root that "
             "the plan lacks",
             number(cr3));
    world_finds(&world, AUDIT_ROOT, text);
}
END_TEST

START_TEST(living_domain_without_root)
{
    world_publish(&world, ROOT_GUARD, 0);
    world.target.vcpu_cr3 = 0;
    world_finds(&world, AUDIT_ROOT,
                "guard runs, but no root is published for it");
}
END_TEST

/* The one page that the kernel's own root lends to ring 3. */
static void lend(uint64_t cr3, uint64_t frame, uint64_t bits)
{
    uint64_t at = cr3;

    for (unsigned level = 4; level > 1; level--) {
        at += (ABI_PROBE_ADDRESS >> (12 + 9 * (level - 1)) & 511) * 8;
        if (!(world_get(&world, at) & P)) {
            world_set(&world, at, world_frame(&world) | P | W | U);
        }
        at = world_get(&world, at) & FRAME;
    }
    world_set(&world, at + (ABI_PROBE_ADDRESS >> 12 & 511) * 8, frame | bits);
    world_set(&world, ABI_SHARED_PHYS + offsetof(struct shared, probe_frame),
              WORLD_TEXT);
}

START_TEST(probes_page)
{
    lend(WORLD_ROOT, WORLD_TEXT, P | U);
    world_is_clean(&world);
}
END_TEST

START_TEST(probes_page_of_another_frame)
{
    lend(WORLD_ROOT, WORLD_TEXT + 0x1000, P | U);
    world_finds_among(&world, AUDIT_EXTRA,
                      "a root of no domain reaches ring at 0x40000000: "
                      "expected nothing, found rx (frame 0x281000)");
}
END_TEST

START_TEST(probes_page_with_more_rights)
{
    lend(WORLD_ROOT, WORLD_TEXT, P | U | W);
    world_finds_among(&world, AUDIT_EXTRA,
                      "a root of no domain reaches ring at 0x40000000: "
                      "expected nothing, found rwx (frame 0x280000)");
}
END_TEST

/* Nor does a domain's root get it by being called the kernel's. */
START_TEST(probes_page_in_a_domains_root)
{
    world_set(&world, ABI_SHARED_PHYS + offsetof(struct shared, kernel_root),
              world_root(&world, ROOT_APP));
    world.plan->attached[ROOT_APP][0] = 0;
    world_set(&world,
              world_entry(&world, world_root(&world, ROOT_APP),
                          world_ring(&world), 2),
              world_frame(&world) | P | U);
    world_set(&world,
              world_entry(&world, world_root(&world, ROOT_APP),
                          world_ring(&world) + ABI_GRANULE_SIZE, 2),
              0);
    lend(world_root(&world, ROOT_APP), WORLD_TEXT, P | U);
    world_finds_among(&world, AUDIT_EXTRA,
                      "app reaches ring at 0x40000000: expected nothing, "
                      "found rx (frame 0x280000)");
}
END_TEST

Suite *suite_root(void)
{
    Suite *suite = suite_create("root");
    const TTest *const tests[] = {
        unpublished_root,
        unpublished_root_is_walked,
        one_root_published_twice,
        root_beyond_the_plan,
        living_domain_without_root,
        probes_page,
        probes_page_of_another_frame,
        probes_page_with_more_rights,
        probes_page_in_a_domains_root,
    };
    TCase *all = tcase_create("root");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, world_setup, world_teardown);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        tcase_add_test(all, tests[i]);
    }
    suite_add_tcase(suite, all);
    return suite;
}
