/* SPDX-License-Identifier: Apache-2.0 */
/* cap_table_clear. */
#include "world.h"

static uint32_t clear_in_steps(struct world *w, uint32_t table)
{
    enum status status = STATUS_MORE;
    uint32_t calls = 0;

    while (status == STATUS_MORE) {
        uint32_t before = w->removals;
        status = cap_table_clear(&w->context, &w->table[table]);
        calls++;
        assert_world(w);
        ck_assert_uint_le(w->removals - before,
                          CAP_STEP_MAX + CAP_COMPOSITE_MAX);
    }
    assert_status(status, STATUS_OK);
    ck_assert_uint_eq(w->table[table].cursor, 0);
    return calls;
}

START_TEST(table_without_slots)
{
    struct world *w = world_new(0);

    assert_refused(w, cap_table_clear(&w->context, &w->table[0]), STATUS_OK);
}
END_TEST

START_TEST(table_without_capabilities)
{
    struct world *w = world_new(WORLD_CHUNKS);

    world_save(w);
    ck_assert_uint_eq(clear_in_steps(w, 0),
                      (WORLD_CHUNKS * CAP_CHUNK_SLOTS + CAP_STEP_MAX - 1) /
                          CAP_STEP_MAX);
    ck_assert(world_same(w));
}
END_TEST

START_TEST(full_table)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *first = world_insert(w, 0, CAP_FILE, CAP_READ);

    for (uint32_t i = 0; i < 20; i++) {
        (void)world_derive(w, first, 0, CAP_READ);
        (void)world_compose(w, 0, &first, 1);
    }
    world_leave_free(w, 0, 0);
    uint32_t used = w->table[0].used;
    (void)clear_in_steps(w, 0);
    ck_assert_uint_eq(w->table[0].used, 0);
    ck_assert_uint_eq(w->removals, used);
    ck_assert_uint_eq(w->object[CAP_FILE].refs, 0);
    ck_assert_uint_eq(w->table[0].first, 1);
}
END_TEST

START_TEST(children_elsewhere_keep_tombstones)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *range = world_insert(w, 0, CAP_RANGE, CAP_READ);
    struct cap_slot *slots[] = {range, world_insert(w, 0, CAP_FILE, CAP_READ)};
    struct cap_slot *head = world_compose(w, 0, slots, 2);
    struct cap_slot *child = world_derive(w, slots[1], 1, CAP_READ);
    struct cap_slot *given = world_derive(w, head, 1, CAP_READ);
    struct cap_slot *inner =
        world_derive(w, world_derive(w, range, 0, 0), 0, 0);

    (void)clear_in_steps(w, 0);
    ck_assert_int_eq(inner->state, CAP_FREE);
    ck_assert_int_eq(head->state, CAP_TOMBSTONE);
    ck_assert_int_eq(child->state, CAP_LIVE);
    ck_assert_int_eq(given->state, CAP_LIVE);
    ck_assert_uint_eq(w->table[0].used, 5);
    ck_assert_uint_eq(world_member(given, 0)->rights, CAP_READ);
    cap_delete(&w->context, child);
    (void)clear_in_steps(w, 1);
    ck_assert_uint_eq(w->table[0].used, 0);
    ck_assert_uint_eq(w->table[1].used, 0);
}
END_TEST

/* What comes to be between the steps is cleared as well, wherever it lies. */
START_TEST(insertions_between_the_steps)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *source = world_insert(w, 1, CAP_FILE, CAP_READ);
    uint32_t calls = 0;

    world_leave_free(w, 0, 0);
    while (cap_table_clear(&w->context, &w->table[0]) == STATUS_MORE) {
        w->removals = 0;
        if (calls++ < 40) {
            (void)world_compose(w, 0, &source, 1);
            (void)world_derive(w, source, 0, CAP_READ);
        }
        assert_world(w);
    }
    ck_assert_uint_eq(w->table[0].used, 0);
    ck_assert_ptr_null(source->child);
    assert_world(w);
}
END_TEST

START_TEST(retired_slots_stay)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    slot->generation = UINT32_MAX - 1;
    (void)clear_in_steps(w, 0);
    ck_assert_int_eq(slot->state, CAP_RETIRED);
    (void)clear_in_steps(w, 0);
    ck_assert_uint_eq(w->table[0].used, 1);
    ck_assert_uint_eq(cap_table_free(&w->table[0]), CAP_CHUNK_SLOTS - 2);
}
END_TEST

TCase *case_clear(void)
{
    TCase *c = tcase_create("clear");

    tcase_add_test(c, table_without_slots);
    tcase_add_test(c, table_without_capabilities);
    tcase_add_test(c, full_table);
    tcase_add_test(c, children_elsewhere_keep_tombstones);
    tcase_add_test(c, insertions_between_the_steps);
    tcase_add_test(c, retired_slots_stay);
    return c;
}
