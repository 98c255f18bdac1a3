/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fault loop: the first slot request fails, then the second, and so on until a
 * run completes. Whatever failed has changed nothing.
 */
#include "world.h"

/* Slots that each operation of `operate` takes. */
enum { OPERATIONS = 6 };
static const uint32_t takes[OPERATIONS] = {1,
                                           1,
                                           1,
                                           CAP_COMPOSITE_MAX + 1,
                                           CAP_COMPOSITE_MAX + 1,
                                           CAP_COMPOSITE_MAX + 1};

struct parts {
    struct cap_slot *slots[CAP_COMPOSITE_MAX];
    struct cap_slot *head;
};

static void parts_new(struct world *w, struct parts *p)
{
    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        p->slots[i] = world_insert(w, 0, CAP_FILE, CAP_READ);
    }
    p->head = world_compose(w, 0, p->slots, CAP_COMPOSITE_MAX);
}

static enum status operate(struct world *w, const struct parts *p,
                           uint32_t operation, struct cap_ref *ref)
{
    const struct cap_part part = {.rights = CAP_READ};
    struct cap_table *to = &w->table[1];

    switch (operation) {
    case 0:
        return cap_insert(to, &w->object[CAP_FILE], CAP_READ, 0, 0, ref);
    case 1:
        return cap_derive(p->slots[0], to, &part, ref);
    case 2:
        return cap_derive_object(p->slots[0], to, &w->object[CAP_FRAME],
                                 CAP_READ, 0, 0, ref);
    case 3:
        return cap_compose(to, p->slots, CAP_COMPOSITE_MAX, ref);
    case 4:
        return cap_derive(p->head, to, &part, ref);
    default:
        return cap_derive_replaced(p->head, to, 3, p->slots[0], CAP_READ, ref);
    }
}

/* Every operation with every number of free slots, in tables of every size. */
START_TEST(each_operation)
{
    for (uint32_t operation = 0; operation < OPERATIONS; operation++) {
        for (uint32_t left = 0; left <= takes[operation]; left++) {
            struct world *w = world_new((uint32_t)_i);
            struct cap_ref ref = {7, 7};
            struct parts p;

            parts_new(w, &p);
            world_leave_free(w, 1, left);
            if (left < takes[operation]) {
                assert_refused(w, operate(w, &p, operation, &ref),
                               STATUS_NO_SLOT);
                ck_assert_uint_eq(ref.index, 7);
            } else {
                assert_status(operate(w, &p, operation, &ref), STATUS_OK);
                ck_assert_uint_eq(cap_table_free(&w->table[1]), 0);
            }
            assert_world(w);
        }
    }
}
END_TEST

START_TEST(table_without_slots)
{
    struct world *w = world_new(1);
    struct cap_ref ref = {7, 7};
    struct parts p;

    parts_new(w, &p);
    cap_table_init(&w->table[1]);
    for (uint32_t operation = 0; operation < OPERATIONS; operation++) {
        assert_refused(w, operate(w, &p, operation, &ref), STATUS_NO_SLOT);
    }
    assert_world(w);
}
END_TEST

/* A whole scenario with k slots; returns the first status that is not OK. */
static enum status scenario(struct world *w, const struct parts *p)
{
    for (uint32_t round = 0; round < OPERATIONS; round++) {
        for (uint32_t operation = 0; operation < OPERATIONS; operation++) {
            struct cap_ref ref = {7, 7};
            world_save(w);
            enum status status = operate(w, p, operation, &ref);
            if (status != STATUS_OK) {
                ck_assert(world_same(w));
                return status;
            }
            assert_world(w);
            if (operation == round) {
                cap_delete(&w->context, world_slot(w, 1, ref));
            }
        }
    }
    return STATUS_OK;
}

START_TEST(whole_scenario)
{
    enum status status = STATUS_NO_SLOT;
    uint32_t left = 0;

    for (; status != STATUS_OK; left++) {
        struct world *w = world_new(WORLD_CHUNKS);
        struct parts p;

        ck_assert_uint_lt(left, WORLD_CHUNKS * CAP_CHUNK_SLOTS);
        parts_new(w, &p);
        world_leave_free(w, 1, left);
        status = scenario(w, &p);
        ck_assert(status == STATUS_OK || status == STATUS_NO_SLOT);
        assert_world(w);
        /* Failed or not, all of it can be taken back. */
        for (uint32_t t = 0; t < 2; t++) {
            while (cap_table_clear(&w->context, &w->table[t]) == STATUS_MORE) {
                assert_world(w);
            }
        }
        ck_assert_uint_eq(w->table[0].used, 0);
        ck_assert_uint_eq(w->table[1].used, 0);
        ck_assert_uint_eq(w->object[CAP_FILE].refs, 0);
    }
    /* Each round takes 30 slots and gives one operation's back; the last such
     * operation is one of 9, and the peak is before that. */
    ck_assert_uint_eq(left - 1, 6 * 30 - 30 + 9);
}
END_TEST

TCase *case_fault(void)
{
    TCase *c = tcase_create("fault");

    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, each_operation, 1, WORLD_CHUNKS + 1);
    tcase_add_test(c, table_without_slots);
    tcase_add_test(c, whole_scenario);
    return c;
}
