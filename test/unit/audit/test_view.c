/* SPDX-License-Identifier: Apache-2.0 */
/* Pages compared with views: one spoilt entry each, and the very words that
 * say so. */
#include "suites.h"
#include "world.h"

#include <abi/layout.h>
#include <stdio.h>

static char text[256];

static unsigned long long number(uint64_t value)
{
    return (unsigned long long)value;
}

/* guard's root gets the granule of app's stack. */
START_TEST(extra_granule)
{
    uint64_t stack = world_stack(&world, APP);
    uint64_t from = world_entry(&world, world_root(&world, ROOT_APP), stack, 2);
    uint64_t to = world_entry(&world, world_root(&world, ROOT_GUARD), stack, 2);

    world_set(&world, to, world_get(&world, from));
    snprintf(text, sizeof(text),
             "guard reaches app.stack at 0x%llx: expected nothing, found rw "
             "(frame 0x%llx)",
             number(stack), number(world_frame_at(&world, ROOT_APP, stack)));
    world_finds_among(&world, AUDIT_EXTRA, text);
    ck_assert_uint_eq(world.audit.violation_count, 8);
    ck_assert_uint_eq(world.audit.kept, 8);
    ck_assert_uint_eq(world.audit.violations[0].root, ROOT_GUARD);
    ck_assert_uint_eq(world.audit.violations[0].domain, GUARD);
    ck_assert_uint_eq(world.audit.violations[0].range,
                      world.plan->domains[APP].stack);
    ck_assert_uint_eq(world.audit.violations[0].expected, 0);
    ck_assert_uint_eq(world.audit.violations[0].found, 3);
}
END_TEST

START_TEST(extra_guard_page)
{
    uint64_t page = world_stack(&world, APP) - ABI_PAGE_SIZE;
    uint64_t frame = world_frame(&world);

    world_set(&world, world_leaf(&world, ROOT_APP, page),
              frame | P | W | U | NX);
    snprintf(text, sizeof(text),
             "app reaches app.stack at 0x%llx: expected nothing, found rw "
             "(frame 0x%llx)",
             number(page), number(frame));
    world_finds(&world, AUDIT_EXTRA, text);
}
END_TEST

START_TEST(extra_hole_of_image)
{
    uint64_t page = world_image(&world, CHILD) + 4 * ABI_PAGE_SIZE;
    uint64_t frame = world_frame(&world);

    world_set(&world, world_leaf(&world, ROOT_CHILD, page), frame | P | U | NX);
    snprintf(text, sizeof(text),
             "child reaches child.image at 0x%llx: expected nothing, found r "
             "(frame 0x%llx)",
             number(page), number(frame));
    world_finds_among(&world, AUDIT_EXTRA, text);
}
END_TEST

START_TEST(extra_in_no_range)
{
    uint64_t frame = world_frame(&world), below = world_frame(&world);
    uint64_t cr3 = world_root(&world, ROOT_CHILD);

    world_set(&world, world_entry(&world, cr3, 0, 3),
              world_frame(&world) | P | W | U);
    world_set(&world, world_entry(&world, cr3, 0, 2), below | P | W | U);
    world_set(&world, below + 5 * 8, frame | P | U | NX);
    snprintf(text, sizeof(text),
             "child reaches memory of no range at 0x5000: expected nothing, "
             "found r (frame 0x%llx)",
             number(frame));
    world_finds(&world, AUDIT_EXTRA, text);
}
END_TEST

/* The direct map, opened to ring 3 for one granule on all levels. */
START_TEST(extra_direct_map)
{
    uint64_t address = ABI_DIRECT_MAP + 3 * ABI_GRANULE_SIZE;
    uint64_t cr3 = world_root(&world, ROOT_APP);

    for (uint32_t root = 0; root < ROOTS; root++) {
        uint64_t at = world_entry(&world, world_root(&world, root), address, 4);
        world_set(&world, at, world_get(&world, at) | U);
    }
    for (unsigned level = 3; level >= 2; level--) {
        uint64_t at = world_entry(&world, cr3, address, level);
        world_set(&world, at, world_get(&world, at) | U);
    }
    world_finds_among(&world, AUDIT_EXTRA,
                      "app reaches memory of no range at 0xffff800000600000: "
                      "expected nothing, found rw (frame 0x600000)");
    ck_assert_uint_ge(world.audit.violation_count, ABI_GRANULE_PAGES);
    ck_assert_uint_eq(world.audit.kept, AUDIT_VIOLATIONS_MAX);
}
END_TEST

/* More than the directory entry of this root should let through. */
START_TEST(rights_of_attachment)
{
    uint64_t ring = world_ring(&world);
    uint64_t at = world_entry(&world, world_root(&world, ROOT_CHILD), ring, 2);

    world_set(&world, at, world_get(&world, at) | W);
    snprintf(text, sizeof(text),
             "child reaches ring at 0x%llx: expected r, found rw (frame "
             "0x%llx)",
             number(ring), number(world_frame_at(&world, ROOT_CHILD, ring)));
    world_finds_among(&world, AUDIT_RIGHTS, text);
    ck_assert_uint_eq(world.audit.violation_count, ABI_GRANULE_PAGES);
}
END_TEST

START_TEST(rights_on_constants)
{
    uint64_t page = world_image(&world, CHILD);
    uint64_t at = world_leaf(&world, ROOT_CHILD, page);

    world_set(&world, at, world_get(&world, at) & ~NX);
    snprintf(text, sizeof(text),
             "child reaches child.image at 0x%llx: expected r, found rx "
             "(frame 0x%llx)",
             number(page), number(world_frame_at(&world, ROOT_CHILD, page)));
    world_finds(&world, AUDIT_RIGHTS, text);
}
END_TEST

START_TEST(missing_page)
{
    uint64_t page = world_stack(&world, CHILD) + 2 * ABI_PAGE_SIZE;

    world_set(&world, world_leaf(&world, ROOT_CHILD, page), 0);
    snprintf(text, sizeof(text),
             "child lacks child.stack at 0x%llx: expected rw, found nothing",
             number(page));
    world_finds(&world, AUDIT_MISSING, text);
}
END_TEST

START_TEST(missing_right)
{
    uint64_t page = world_image(&world, CHILD) + 5 * ABI_PAGE_SIZE;
    uint64_t at = world_leaf(&world, ROOT_CHILD, page);

    world_set(&world, at, world_get(&world, at) & ~W);
    snprintf(text, sizeof(text),
             "child lacks child.image at 0x%llx: expected rw, found r",
             number(page));
    world_finds(&world, AUDIT_MISSING, text);
}
END_TEST

START_TEST(missing_granule)
{
    uint64_t image = world_image(&world, APP);
    uint64_t at = world_entry(&world, world_root(&world, ROOT_GUARD), image, 2);

    world_set(&world, at, 0);
    snprintf(text, sizeof(text),
             "guard lacks app.image at 0x%llx: expected r, found nothing",
             number(image));
    world_finds_among(&world, AUDIT_MISSING, text);
    ck_assert_uint_eq(world.audit.violation_count, 7);
}
END_TEST

/* Parts are attached by whole granules. */
START_TEST(granule_of_named_range_may_be_absent)
{
    uint64_t page = world_ring(&world) + ABI_GRANULE_SIZE;
    uint64_t at = world_entry(&world, world_root(&world, ROOT_CHILD), page, 2);

    world_set(&world, at, 0);
    world_is_clean(&world);
}
END_TEST

START_TEST(missing_part_of_granule)
{
    uint64_t page = world_ring(&world) + ABI_GRANULE_SIZE;

    world_set(&world, world_leaf(&world, ROOT_CHILD, page), 0);
    snprintf(text, sizeof(text),
             "app lacks ring at 0x%llx: expected r, found nothing",
             number(page));
    world_finds_among(&world, AUDIT_MISSING, text);
}
END_TEST

START_TEST(missing_only_when_complete)
{
    world_set(&world,
              world_leaf(&world, ROOT_CHILD, world_stack(&world, CHILD)), 0);
    world.target.complete = false;
    world_is_clean(&world);
}
END_TEST

START_TEST(missing_only_of_the_living)
{
    world_set(&world,
              world_leaf(&world, ROOT_CHILD, world_stack(&world, CHILD)), 0);
    world.target.live &= ~(1ull << CHILD);
    world_is_clean(&world);
}
END_TEST

START_TEST(kinds_have_names)
{
    ck_assert_str_eq(audit_kind_name(AUDIT_EXTRA), "extra");
    ck_assert_str_eq(audit_kind_name(AUDIT_RIGHTS), "rights");
    ck_assert_str_eq(audit_kind_name(AUDIT_MISSING), "missing");
    ck_assert_str_eq(audit_kind_name(AUDIT_W_AND_X), "w-and-x");
    ck_assert_str_eq(audit_kind_name(AUDIT_OWNER), "owner");
    ck_assert_str_eq(audit_kind_name(AUDIT_TABLE), "table");
    ck_assert_str_eq(audit_kind_name(AUDIT_ROOT), "root");
}
END_TEST

/* A violation that stays is counted at each sample, and kept once. */
START_TEST(same_violation_is_kept_once)
{
    uint64_t page = world_stack(&world, CHILD);

    world_set(&world, world_leaf(&world, ROOT_CHILD, page), 0);
    ck_assert_uint_eq(audit_sample(&world.audit, &world.target), 1);
    ck_assert_uint_eq(audit_sample(&world.audit, &world.target), 1);
    ck_assert_uint_eq(world.audit.violation_count, 2);
    ck_assert_uint_eq(world.audit.kept, 1);
}
END_TEST

/* Cut to size, ended by a NUL. */
START_TEST(description_is_cut)
{
    char small[12];

    world_publish(&world, ROOT_GUARD, 0);
    world.target.vcpu_cr3 = 0;
    audit_sample(&world.audit, &world.target);
    audit_describe(&world.audit.violations[0], &world.spec, world.plan, small,
                   sizeof(small));
    ck_assert_str_eq(small, "guard runs,");
}
END_TEST

Suite *suite_view(void)
{
    Suite *suite = suite_create("view");
    const TTest *const tests[] = {
        extra_granule,
        extra_guard_page,
        extra_hole_of_image,
        extra_in_no_range,
        extra_direct_map,
        rights_of_attachment,
        rights_on_constants,
        missing_page,
        missing_right,
        missing_granule,
        granule_of_named_range_may_be_absent,
        missing_part_of_granule,
        missing_only_when_complete,
        missing_only_of_the_living,
        kinds_have_names,
        same_violation_is_kept_once,
        description_is_cut,
    };
    TCase *all = tcase_create("view");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, world_setup, world_teardown);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        tcase_add_test(all, tests[i]);
    }
    suite_add_tcase(suite, all);
    return suite;
}
