/* SPDX-License-Identifier: Apache-2.0 */
/* Capability tables: an honest kernel's, and each with one thing spoilt. */
#include "suites.h"
#include "world_slots.h"

#include <abi/layout.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void setup(void)
{
    world_setup();
    world_slots_make(&world);
}

/* The only violation there is. */
static void finds(enum audit_kind kind, const char *part)
{
    char text[256];

    ck_assert_uint_eq(audit_capabilities(&world.audit, &world.target),
                      world.audit.violation_count);
    ck_assert_uint_eq(world.audit.kept, 1);
    audit_describe(&world.audit.violations[0], &world.spec, world.plan, text,
                   sizeof(text));
    ck_assert_msg(
        world.audit.violations[0].kind == kind && strstr(text, part) != NULL,
        "%s: %s", audit_kind_name(world.audit.violations[0].kind), text);
}

START_TEST(honest)
{
    ck_assert_uint_eq(audit_capabilities(&world.audit, &world.target), 0);
    ck_assert_uint_eq(world.audit.capabilities, 6);
    ck_assert_uint_eq(world.audit.kept, 0);
}
END_TEST

/* ---- what is held of the config's objects ---- */

static struct audit_held told;
static uint32_t told_count;

static void note(void *context, const struct audit_held *held)
{
    ck_assert_ptr_eq(context, &told);
    told = *held;
    told_count++;
}

static void put_domain(const void *object)
{
    struct cap_slot slot = {.state = CAP_LIVE,
                            .type = CAP_DOMAIN,
                            .rights = CAP_WRITE,
                            .index = 5,
                            .object = (struct cap_object *)(uintptr_t)object,
                            .table = world_pointer(world_table(TABLE_APP))};

    world_slot_put(&world, world_slot(TABLE_APP, 5), &slot);
}

START_TEST(held_domain)
{
    told_count = 0;
    put_domain(world_pointer(world_domain(CHILD)));
    ck_assert_int_eq(audit_held(&world.target, note, &told), 0);
    ck_assert_uint_eq(told_count, 1); /* ranges are memory */
    ck_assert_uint_eq(told.domain, APP);
    ck_assert_uint_eq(told.type, CAP_DOMAIN);
    ck_assert_uint_eq(told.rights, CAP_WRITE);
    ck_assert_uint_eq(told.object, CHILD);
    ck_assert(!told.files);
}
END_TEST

/* No object of the config's: between two, behind the last, nowhere. */
START_TEST(held_nothing)
{
    const void *const places[] = {
        world_pointer(world_domain(0) + 4),
        world_pointer(world_domain(world.spec.header->domains.count)),
        world_pointer(ABI_MEMORY_MAX), NULL};

    told_count = 0;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        put_domain(places[i]);
        ck_assert_int_eq(audit_held(&world.target, note, &told), 0);
    }
    ck_assert_uint_eq(told_count, 0);
}
END_TEST

/* What a test does to one slot, and what must be said. */
static const struct spoilt {
    unsigned table;
    uint32_t index;
    size_t field, bytes;
    uint64_t value;
    enum audit_kind kind;
    const char *says;
} spoilt[] = {
#define FIELD(name)                                                            \
    offsetof(struct cap_slot, name), sizeof(((struct cap_slot *)NULL)->name)
    {TABLE_CHILD, 1, FIELD(rights), CAP_READ | CAP_EXEC, AUDIT_CAP_AUTHORITY,
     "child: capability 1 "},
    {TABLE_CHILD, 2, FIELD(rights), CAP_READ | CAP_EXEC, AUDIT_CAP_RIGHTS,
     "has more rights than its parent: expected at most r, found rx"},
    {TABLE_ROOT, 1, FIELD(rights), CAP_READ, AUDIT_CAP_RIGHTS,
     "has more rights than its parent: expected at most r, found rw"},
    {TABLE_APP, 1, FIELD(rights), 0x1f, AUDIT_CAP_RIGHTS, "app: capability 1"},
    {TABLE_APP, 1, FIELD(count), WORLD_RING_PAGES + 1, AUDIT_CAP_RIGHTS,
     "is of pages that its parent is not of"},
    {TABLE_APP, 1, FIELD(first), 1, AUDIT_CAP_RIGHTS,
     "is of pages that its parent is not of"},
    {TABLE_APP, 1, FIELD(depth), 3, AUDIT_CAP_FORM, "at another depth"},
    {TABLE_APP, 1, FIELD(state), 9, AUDIT_CAP_FORM, "in no state"},
    {TABLE_APP, 1, FIELD(index), 7, AUDIT_CAP_FORM, "in no place"},
    {TABLE_APP, 1, FIELD(type), CAP_TYPE_COUNT, AUDIT_CAP_FORM, "of no type"},
    {TABLE_APP, 1, FIELD(object), 0x1234, AUDIT_CAP_FORM, "no place in RAM"},
    {TABLE_APP, 1, FIELD(parent), ABI_DIRECT_MAP + ABI_MEMORY_MAX,
     AUDIT_CAP_FORM, "was derived from no capability"},
    {TABLE_APP, 2, FIELD(child), UINT64_MAX, AUDIT_CAP_FORM,
     "has a child or a sibling that is no place in RAM"},
    {TABLE_APP, 2, FIELD(first), 63, AUDIT_CAP_ATTACHMENT, "the plan lacks"},
    {TABLE_APP, 2, FIELD(rights), CAP_READ, AUDIT_CAP_ATTACHMENT,
     "without an attachment: expected at most r, found rw"},
    {TABLE_APP, 9, FIELD(rights), CAP_READ, AUDIT_CAP_FORM,
     "is no capability any more"},
#undef FIELD
};

START_TEST(one_thing)
{
    const struct spoilt *s = &spoilt[_i];
    uint64_t at = world_slot(s->table, s->index) + s->field;
    bool found = false;
    char text[256];

    memcpy(world.memory + at, &s->value, s->bytes);
    (void)audit_capabilities(&world.audit, &world.target);
    for (uint32_t i = 0; i < world.audit.kept; i++) {
        const struct audit_violation *v = &world.audit.violations[i];

        audit_describe(v, &world.spec, world.plan, text, sizeof(text));
        found |= v->kind == s->kind && strstr(text, s->says) != NULL;
    }
    ck_assert_msg(found, "%d: %u kept, the last: %s", _i, world.audit.kept,
                  world.audit.kept ? text : "");
}
END_TEST

/* Rights that nobody in reach begins with. */
START_TEST(authority)
{
    struct cap_slot slot;

    world_slot_get(&world, world_slot(TABLE_APP, 1), &slot);
    slot.type = CAP_DOMAIN;
    slot.rights = CAP_WRITE;
    slot.index = 4;
    slot.depth = 0;
    slot.parent = slot.child = NULL;
    slot.object = world_pointer(SLOTS_AREA + 0x3100);
    world_slot_put(&world, world_slot(TABLE_CHILD, 4), &slot);
    finds(AUDIT_CAP_AUTHORITY, "child: capability 4 (at 0x2961");
}
END_TEST

START_TEST(page_tables_without)
{
    struct cap_slot slot = {.generation = 1};

    world_slot_put(&world, world_slot(TABLE_CHILD, 2), &slot);
    world_slot_get(&world, world_slot(TABLE_CHILD, 1), &slot);
    slot.child = NULL;
    world_slot_put(&world, world_slot(TABLE_CHILD, 1), &slot);
    finds(AUDIT_CAP_ATTACHMENT, "page tables have without an attachment");
}
END_TEST

START_TEST(attached_without_pages)
{
    uint64_t ring = world_ring(&world);

    for (uint64_t i = 0; i < 2; i++) {
        world_set(&world,
                  world_entry(&world, world_root(&world, ROOT_CHILD),
                              ring + i * ABI_GRANULE_SIZE, 2),
                  0);
    }
    finds(AUDIT_CAP_ATTACHMENT, "that page tables lack");
}
END_TEST

START_TEST(tables_anywhere)
{
    static const uint64_t places[] = {1, 0x10, UINT64_MAX - 7, UINT64_MAX,
                                      ABI_MEMORY_MAX};
    struct shared *shared =
        (struct shared *)(void *)(world.memory + ABI_SHARED_PHYS);

    for (unsigned i = 0; i < 5; i++) {
        shared->domains[APP].caps = places[i];
        shared->domains[GUARD].files = places[i];
        shared->objects.root_table = places[4 - i];
        shared->objects.range_bytes = (uint32_t)places[i];
        (void)audit_capabilities(&world.audit, &world.target);
    }
    ck_assert_uint_gt(world.audit.violation_count, 0);
}
END_TEST

/* Every byte of every table, each with a few values: it ends, in memory. */
START_TEST(garbage)
{
    for (uint64_t at = SLOTS_AREA; at < SLOTS_AREA + 0x7000; at += 8) {
        uint64_t word = world_get(&world, at);

        if (at % ABI_PAGE_SIZE > 600) {
            continue;
        }
        world_set(&world, at, word ^ (0x0101010101010101ull << at % 7));
        (void)audit_capabilities(&world.audit, &world.target);
        world_set(&world, at, ~word);
        (void)audit_capabilities(&world.audit, &world.target);
        world_set(&world, at, word);
    }
    memset(&world.audit, 0, sizeof(world.audit));
    ck_assert_uint_eq(audit_capabilities(&world.audit, &world.target), 0);
}
END_TEST

Suite *suite_slots(void)
{
    Suite *suite = suite_create("slots");
    TCase *tests = tcase_create("slots");

    tcase_add_checked_fixture(tests, setup, world_teardown);
    tcase_add_test(tests, honest);
    tcase_add_test(tests, held_domain);
    tcase_add_test(tests, held_nothing);
    tcase_add_loop_test(tests, one_thing, 0,
                        sizeof(spoilt) / sizeof(spoilt[0]));
    tcase_add_test(tests, authority);
    tcase_add_test(tests, page_tables_without);
    tcase_add_test(tests, attached_without_pages);
    tcase_add_test(tests, tables_anywhere);
    tcase_add_test(tests, garbage);
    suite_add_tcase(suite, tests);
    return suite;
}
