/* SPDX-License-Identifier: Apache-2.0 */
/* cap_delete: what goes, what stays as a tombstone, and who is told. */
#include "world.h"

#include <signal.h>

START_TEST(leaf_goes_at_once)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    cap_delete(&w->context, slot);
    ck_assert_int_eq(slot->state, CAP_FREE);
    ck_assert_uint_eq(slot->generation, 1);
    ck_assert_uint_eq(w->table[0].used, 0);
    ck_assert_uint_eq(w->object[CAP_FILE].refs, 0);
    ck_assert_uint_eq(w->removals, 1);
    ck_assert_ptr_eq(w->removal[0].at, slot);
    ck_assert(w->removal[0].last);
    assert_world(w);
}
END_TEST

/* `last` is told with the last live slot, whichever that is. */
START_TEST(last_is_told_once)
{
    for (uint32_t order = 0; order < 6; order++) {
        static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                             {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        struct world *w = world_new(1);
        struct cap_slot *slot[3];

        slot[0] = world_insert(w, 0, CAP_FILE, CAP_READ);
        slot[1] = world_derive(w, slot[0], 1, CAP_READ);
        slot[2] = world_derive(w, slot[1], 2, CAP_READ);
        for (uint32_t i = 0; i < 3; i++) {
            cap_delete(&w->context, slot[orders[order][i]]);
            ck_assert_uint_eq(w->removals, i + 1);
            ck_assert_ptr_eq(w->removal[i].at, slot[orders[order][i]]);
            ck_assert(w->removal[i].last == (i == 2));
            ck_assert_uint_eq(w->object[CAP_FILE].refs, 2 - i);
            assert_world(w);
        }
        for (uint32_t t = 0; t < WORLD_TABLES; t++) {
            ck_assert_uint_eq(w->table[t].used, 0);
        }
    }
}
END_TEST

START_TEST(callback_sees_the_slot_as_it_was)
{
    struct world *w = world_new(1);
    struct cap_slot *range = world_insert(w, 0, CAP_RANGE, CAP_ALL);
    struct cap_ref ref;

    assert_status(cap_derive_object(range, &w->table[1],
                                    &w->object[CAP_ATTACHMENT], CAP_READ, 11,
                                    12, &ref),
                  STATUS_OK);
    struct cap_slot *attachment = world_slot(w, 1, ref);
    struct cap_slot was = *attachment;
    cap_delete(&w->context, attachment);
    ck_assert_mem_eq(&w->removal[0].slot, &was, sizeof(was));
    ck_assert(w->removal[0].last);
}
END_TEST

START_TEST(no_ops_at_all)
{
    struct world *w = world_new(1);
    struct cap_ops none = {.quiet = 0};

    w->context.ops = &none;
    cap_delete(&w->context, world_insert(w, 0, CAP_FILE, CAP_READ));
    w->context.ops = NULL;
    cap_delete(&w->context, world_insert(w, 0, CAP_FILE, CAP_READ));
    ck_assert_uint_eq(w->removals, 0);
    ck_assert_uint_eq(w->table[0].used, 0);
    assert_world(w);
}
END_TEST

/* Of a quiet type only the last one is told of, however it goes. */
START_TEST(quiet_types)
{
    for (uint32_t by_revoking = 0; by_revoking < 2; by_revoking++) {
        struct world *w = world_new(1);
        struct cap_slot *top = world_insert(w, 0, CAP_RANGE, CAP_ALL);
        struct cap_slot *slot[3];

        w->ops.quiet = 1u << CAP_RANGE;
        for (uint32_t i = 0; i < 3; i++) {
            slot[i] = world_derive(w, top, i, CAP_READ);
        }
        if (by_revoking) {
            assert_status(cap_revoke(&w->context, top), STATUS_OK);
        }
        for (uint32_t i = 0; i < 3 && !by_revoking; i++) {
            cap_delete(&w->context, slot[i]);
        }
        ck_assert_uint_eq(w->removals, 0);
        ck_assert_uint_eq(w->object[CAP_RANGE].refs, 1);
        cap_delete(&w->context, world_insert(w, 0, CAP_FILE, CAP_READ));
        ck_assert_uint_eq(w->removals, 1);
        cap_delete(&w->context, top);
        ck_assert_uint_eq(w->removals, 2);
        ck_assert_ptr_eq(w->removal[1].at, top);
        ck_assert(w->removal[1].last);
        assert_world(w);
    }
}
END_TEST

START_TEST(tombstone_stays_charged)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_ref ref = cap_ref_of(slot);
    struct cap_slot *child = world_derive(w, slot, 1, CAP_READ);
    struct cap_slot *out;

    cap_delete(&w->context, slot);
    ck_assert_int_eq(slot->state, CAP_TOMBSTONE);
    ck_assert_uint_eq(w->table[0].used, 1);
    ck_assert(!w->removal[0].last);
    assert_world(w);
    assert_refused(w, cap_look_up(&w->table[0], ref, &out),
                   STATUS_INVALID_HANDLE);
    /* The child keeps all it had, and can derive. */
    ck_assert_int_eq(world_derive(w, child, 2, CAP_READ)->state, CAP_LIVE);
    assert_world(w);
}
END_TEST

/* A chain of tombstones over three tables goes with its last leaf. */
START_TEST(chain_of_tombstones)
{
    struct world *w = world_new(1);
    struct cap_slot *slot[30];

    slot[0] = world_insert(w, 0, CAP_FILE, CAP_READ);
    for (uint32_t i = 1; i < 30; i++) {
        slot[i] = world_derive(w, slot[i - 1], i % 3, CAP_READ);
    }
    for (uint32_t i = 1; i < 29; i++) {
        cap_delete(&w->context, slot[i]);
        ck_assert_int_eq(slot[i]->state, CAP_TOMBSTONE);
        assert_world(w);
    }
    cap_delete(&w->context, slot[29]);
    for (uint32_t i = 1; i < 30; i++) {
        ck_assert_int_eq(slot[i]->state, CAP_FREE);
    }
    ck_assert_int_eq(slot[0]->state, CAP_LIVE);
    ck_assert_uint_eq(w->table[0].used, 1);
    ck_assert_uint_eq(w->removals, 29);
    assert_world(w);
}
END_TEST

START_TEST(siblings_keep_their_place)
{
    for (uint32_t gone = 0; gone < 5; gone++) {
        struct world *w = world_new(1);
        struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);
        struct cap_slot *child[5];

        for (uint32_t i = 0; i < 5; i++) {
            child[i] = world_derive(w, slot, 1, CAP_READ);
        }
        cap_delete(&w->context, slot);
        cap_delete(&w->context, child[gone]);
        assert_world(w);
        ck_assert_int_eq(slot->state, CAP_TOMBSTONE);
        for (uint32_t i = 0; i < 5; i++) {
            if (i != gone) {
                ck_assert_ptr_eq(child[i]->parent, slot);
                cap_delete(&w->context, child[i]);
                assert_world(w);
            }
        }
        ck_assert_int_eq(slot->state, CAP_FREE);
    }
}
END_TEST

START_TEST(composite_takes_its_members_along)
{
    struct world *w = world_new(1);
    struct cap_slot *a = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *b = world_insert(w, 0, CAP_RANGE, CAP_READ);
    struct cap_slot *slots[] = {a, b, a};
    struct cap_slot *head = world_compose(w, 1, slots, 3);

    cap_delete(&w->context, head);
    ck_assert_uint_eq(w->table[1].used, 0);
    ck_assert_uint_eq(w->removals, 4);
    ck_assert_ptr_eq(w->removal[3].at, head); /* the head goes last */
    ck_assert(!w->removal[3].last);
    ck_assert_uint_eq(w->object[CAP_FILE].refs, 1);
    ck_assert_ptr_null(a->child);
    assert_world(w);
}
END_TEST

/* The head, one member and its descendants each may have children. */
START_TEST(composite_with_children_everywhere)
{
    struct world *w = world_new(1);
    struct cap_slot *a = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *b = world_insert(w, 0, CAP_RANGE, CAP_READ);
    struct cap_slot *slots[] = {a, b};
    struct cap_slot *head = world_compose(w, 1, slots, 2);
    struct cap_slot *derived = world_derive(w, head, 2, CAP_READ);
    struct cap_slot *taken =
        world_derive(w, world_member(head, 0), 2, CAP_READ);

    cap_delete(&w->context, head);
    ck_assert_int_eq(head->state, CAP_TOMBSTONE);
    ck_assert_uint_eq(w->table[1].used, 3); /* head, both members */
    ck_assert_uint_eq(w->removals, 3);
    ck_assert_ptr_eq(world_member(derived, 1)->object, b->object);
    assert_world(w);
    cap_delete(&w->context, derived);
    ck_assert_uint_eq(w->table[1].used, 1); /* what `taken` hangs from */
    assert_world(w);
    cap_delete(&w->context, taken);
    ck_assert_uint_eq(w->table[1].used, 0);
    ck_assert_uint_eq(w->table[2].used, 0);
    assert_world(w);
}
END_TEST

/* The replaced member's source is a tombstone below the same composite. */
START_TEST(member_frees_tombstones_beside_its_head)
{
    struct world *w = world_new(1);
    struct cap_slot *file = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *head = world_compose(w, 0, &file, 1);
    struct cap_ref ref;

    assert_status(cap_derive_object(head, &w->table[1], &w->object[CAP_FILE],
                                    CAP_READ, 0, 0, &ref),
                  STATUS_OK);
    struct cap_slot *below = world_slot(w, 1, ref);
    assert_status(
        cap_derive_replaced(head, &w->table[2], 0, below, CAP_READ, &ref),
        STATUS_OK);
    cap_delete(&w->context, below);
    ck_assert_int_eq(below->state, CAP_TOMBSTONE);
    assert_world(w);
    world_revoke(w, head);
    ck_assert_int_eq(below->state, CAP_FREE);
    ck_assert_uint_eq(w->table[2].used, 0);
    ck_assert_ptr_null(head->child);
    assert_world(w);
}
END_TEST

START_TEST(deleting_gives_up_revoking)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *child = world_derive(w, slot, 1, CAP_READ);
    const struct cap_part part = {.rights = CAP_READ};
    struct cap_ref ref;

    world_half_revoke(w, slot, 2);
    assert_refused(w, cap_derive(child, &w->table[1], &part, &ref),
                   STATUS_REVOKING);
    cap_delete(&w->context, slot);
    ck_assert_int_eq(slot->state, CAP_TOMBSTONE);
    ck_assert_int_eq(world_derive(w, child, 1, CAP_READ)->state, CAP_LIVE);
    assert_world(w);
}
END_TEST

START_TEST(delete_a_member)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    cap_delete(&w->context, world_compose(w, 0, &slot, 1)->member);
}
END_TEST

START_TEST(delete_twice)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    cap_delete(&w->context, slot);
    cap_delete(&w->context, slot);
}
END_TEST

TCase *case_delete(void)
{
    TCase *c = tcase_create("delete");

    tcase_add_test(c, leaf_goes_at_once);
    tcase_add_test(c, last_is_told_once);
    tcase_add_test(c, callback_sees_the_slot_as_it_was);
    tcase_add_test(c, no_ops_at_all);
    tcase_add_test(c, quiet_types);
    tcase_add_test(c, tombstone_stays_charged);
    tcase_add_test(c, chain_of_tombstones);
    tcase_add_test(c, siblings_keep_their_place);
    tcase_add_test(c, composite_takes_its_members_along);
    tcase_add_test(c, composite_with_children_everywhere);
    tcase_add_test(c, member_frees_tombstones_beside_its_head);
    tcase_add_test(c, deleting_gives_up_revoking);
    tcase_add_test_raise_signal(c, delete_a_member, SIGABRT);
    tcase_add_test_raise_signal(c, delete_twice, SIGABRT);
    return c;
}
