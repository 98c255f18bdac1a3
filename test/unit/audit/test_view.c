/* SPDX-License-Identifier: Apache-2.0 */
/* Pages compared with views, owners of frames, W^X, roots: one spoilt entry
 * each, and the very words that say so. */
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

static uint64_t leaf_of(uint32_t root, uint64_t address)
{
    return world_entry(&world, world_root(&world, root), address, 1);
}

static uint64_t frame_at(uint32_t root, uint64_t address)
{
    return world_get(&world, leaf_of(root, address)) & FRAME;
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
             number(stack), number(frame_at(ROOT_APP, stack)));
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

    world_set(&world, leaf_of(ROOT_APP, page), frame | P | W | U | NX);
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

    world_set(&world, leaf_of(ROOT_CHILD, page), frame | P | U | NX);
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
             number(ring), number(frame_at(ROOT_CHILD, ring)));
    world_finds_among(&world, AUDIT_RIGHTS, text);
    ck_assert_uint_eq(world.audit.violation_count, ABI_GRANULE_PAGES);
}
END_TEST

START_TEST(rights_on_constants)
{
    uint64_t page = world_image(&world, CHILD);
    uint64_t at = leaf_of(ROOT_CHILD, page);

    world_set(&world, at, world_get(&world, at) & ~NX);
    snprintf(text, sizeof(text),
             "child reaches child.image at 0x%llx: expected r, found rx "
             "(frame 0x%llx)",
             number(page), number(frame_at(ROOT_CHILD, page)));
    world_finds(&world, AUDIT_RIGHTS, text);
}
END_TEST

START_TEST(missing_page)
{
    uint64_t page = world_stack(&world, CHILD) + 2 * ABI_PAGE_SIZE;

    world_set(&world, leaf_of(ROOT_CHILD, page), 0);
    snprintf(text, sizeof(text),
             "child lacks child.stack at 0x%llx: expected rw, found nothing",
             number(page));
    world_finds(&world, AUDIT_MISSING, text);
}
END_TEST

START_TEST(missing_right)
{
    uint64_t page = world_image(&world, CHILD) + 5 * ABI_PAGE_SIZE;
    uint64_t at = leaf_of(ROOT_CHILD, page);

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

START_TEST(missing_part_of_named_range)
{
    uint64_t page = world_ring(&world) + ABI_GRANULE_SIZE;
    uint64_t at = world_entry(&world, world_root(&world, ROOT_CHILD), page, 2);

    world_set(&world, at, 0);
    snprintf(text, sizeof(text),
             "child lacks ring at 0x%llx: expected r, found nothing",
             number(page));
    world_finds(&world, AUDIT_MISSING, text);
}
END_TEST

START_TEST(missing_only_when_complete)
{
    world_set(&world, leaf_of(ROOT_CHILD, world_stack(&world, CHILD)), 0);
    world.target.complete = false;
    world_is_clean(&world);
}
END_TEST

START_TEST(missing_only_of_the_living)
{
    world_set(&world, leaf_of(ROOT_CHILD, world_stack(&world, CHILD)), 0);
    world.target.live &= ~(1ull << CHILD);
    world_is_clean(&world);
}
END_TEST

/* A heap page is the one that app executes: writable and executable, only
 * never through the same address. */
START_TEST(writable_alias_of_code)
{
    uint64_t heap = world_heap(&world, APP) + ABI_PAGE_SIZE;
    uint64_t code = frame_at(ROOT_APP, world_image(&world, APP) + 0x1000);

    world_set(&world, leaf_of(ROOT_APP, heap), code | P | W | U | NX);
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
    uint64_t at = leaf_of(ROOT_CHILD, page);

    world_set(&world, at, world_get(&world, at) | W);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.image) is writable, and "
             "executable somewhere",
             number(frame_at(ROOT_CHILD, page)), number(page));
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

START_TEST(frame_of_two_ranges)
{
    uint64_t stack = world_stack(&world, CHILD);
    uint64_t heap = frame_at(ROOT_APP, world_heap(&world, APP));

    world_set(&world, leaf_of(ROOT_CHILD, stack), heap | P | W | U | NX);
    snprintf(text, sizeof(text),
             "child: frame 0x%llx at 0x%llx (child.stack) backs two pages",
             number(heap), number(stack));
    world_finds(&world, AUDIT_OWNER, text);
}
END_TEST

START_TEST(frame_of_two_pages)
{
    uint64_t stack = world_stack(&world, CHILD);
    uint64_t first = frame_at(ROOT_CHILD, stack);

    world_set(&world, leaf_of(ROOT_CHILD, stack + ABI_PAGE_SIZE),
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
    uint64_t frame = frame_at(ROOT_CHILD, page) + ABI_PAGE_SIZE;

    world_set(&world, leaf_of(ROOT_CHILD, page), frame | P | U);
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

    world_set(&world, leaf_of(ROOT_CHILD, page), frame | P | U);
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
    uint64_t table = leaf_of(ROOT_CHILD, world_stack(&world, CHILD)) & FRAME;

    world_set(&world, leaf_of(ROOT_APP, heap), table | P | W | U | NX);
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

    world_set(&world, leaf_of(ROOT_APP, heap), table | P | U | NX);
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

    world_set(&world, leaf_of(ROOT_APP, heap),
              ABI_SHARED_PHYS | P | W | U | NX);
    snprintf(text, sizeof(text),
             "app: frame 0x200000 at 0x%llx (app.heap) is the kernel's, "
             "reachable from ring 3",
             number(heap));
    world_finds_among(&world, AUDIT_OWNER, text);
}
END_TEST

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
             number(stack), number(frame_at(ROOT_APP, stack)));
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

/* A violation that stays is counted at each sample, and kept once. */
START_TEST(same_violation_is_kept_once)
{
    uint64_t page = world_stack(&world, CHILD);

    world_set(&world, leaf_of(ROOT_CHILD, page), 0);
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
        missing_part_of_named_range,
        missing_only_when_complete,
        missing_only_of_the_living,
        writable_alias_of_code,
        writable_code,
        code_in_direct_map,
        kernel_in_direct_map,
        frame_of_two_ranges,
        frame_of_two_pages,
        wrong_module_page,
        copied_code,
        page_table_in_heap,
        root_in_heap,
        kernel_frame_in_heap,
        unpublished_root,
        unpublished_root_is_walked,
        one_root_published_twice,
        root_beyond_the_plan,
        living_domain_without_root,
        kinds_have_names,
        probes_page,
        probes_page_of_another_frame,
        probes_page_with_more_rights,
        probes_page_in_a_domains_root,
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
