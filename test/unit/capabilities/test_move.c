/* SPDX-License-Identifier: Apache-2.0 */
/* Moving, and badges. */
#include "world.h"

static struct cap_slot *moved(struct world *w, struct cap_slot *slot,
                              uint32_t table)
{
    struct cap_ref ref;

    assert_status(cap_move(slot, &w->table[table], &ref), STATUS_OK);
    assert_world(w);
    ck_assert_uint_eq(w->removals, 0);
    return world_slot(w, table, ref);
}

/* Of every type, into the other table and within one. */
START_TEST(it_says_what_it_said)
{
    for (int type = CAP_FRAME; type < CAP_COMPOSITE; type++) {
        for (uint32_t to = 0; to < 2; to++) {
            struct world *w = world_new(1);
            uint8_t rights = cap_type_rights((enum cap_type)type);
            struct cap_slot *top =
                world_insert(w, 0, (enum cap_type)type, rights);
            struct cap_slot *slot = world_derive(w, top, 0, rights);
            struct cap_slot old = *slot;
            struct cap_ref stale = cap_ref_of(slot);
            struct cap_slot *now = moved(w, slot, to), *none;

            ck_assert_int_eq(now->type, type);
            ck_assert_uint_eq(now->rights, rights);
            ck_assert_ptr_eq(now->object, old.object);
            ck_assert_uint_eq(now->first, old.first);
            ck_assert_uint_eq(now->count, old.count);
            ck_assert_ptr_eq(now->parent, top);
            ck_assert_uint_eq(now->object->refs, 2);
            assert_status(cap_look_up(&w->table[0], stale, &none),
                          STATUS_INVALID_HANDLE);
            world_revoke(w, top);
            ck_assert_uint_eq(w->table[to].used, to == 0 ? 1 : 0);
        }
    }
}
END_TEST

/* First, middle and last of three siblings, with children of its own. */
START_TEST(it_keeps_its_place)
{
    for (uint32_t which = 0; which < 3; which++) {
        struct world *w = world_new(1);
        struct cap_slot *top = world_insert(w, 0, CAP_RANGE, CAP_ALL);
        struct cap_slot *slot[3], *child[3];

        for (uint32_t i = 0; i < 3; i++) {
            slot[i] = world_derive(w, top, 0, CAP_READ | CAP_WRITE);
        }
        for (uint32_t i = 0; i < 3; i++) {
            child[i] = world_derive(w, slot[which], 1, CAP_READ);
        }
        struct cap_slot *now = moved(w, slot[which], 1);
        for (uint32_t i = 0; i < 3; i++) {
            ck_assert_ptr_eq(child[i]->parent, now);
        }
        world_revoke(w, now);
        ck_assert_uint_eq(w->table[1].used, 1);
        world_revoke(w, top);
        ck_assert_uint_eq(w->table[0].used, 1);
        ck_assert_uint_eq(w->table[1].used, 0);
    }
}
END_TEST

START_TEST(an_original_moves)
{
    struct world *w = world_new(1);
    struct cap_slot *top = world_insert(w, 0, CAP_RANGE, CAP_ALL);
    struct cap_slot *child = world_derive(w, top, 0, CAP_READ);
    struct cap_slot *now = moved(w, top, 1);

    ck_assert_ptr_eq(now->parent, NULL);
    ck_assert_ptr_eq(child->parent, now);
}
END_TEST

/* The members come along, what hangs from them hangs from them, and gaps and
 * the order stay; within one table, too, where slots before it are free. */
START_TEST(a_composite_moves_whole)
{
    for (uint32_t to = 0; to < 2; to++) {
        struct world *w = world_new(1);
        struct cap_slot *early = world_insert(w, 0, CAP_FILE, CAP_READ);
        struct cap_slot *part[3];

        for (uint32_t i = 0; i < 3; i++) {
            part[i] = world_insert(w, 0, CAP_RANGE, CAP_ALL);
        }
        struct cap_slot *whole = world_compose(w, 0, part, 3);
        struct cap_slot *below =
            world_derive(w, world_member(whole, 2), 1, CAP_READ);
        cap_delete(&w->context, early);
        world_revoke(w, part[1]);
        w->removals = 0;

        struct cap_slot *now = moved(w, whole, to), *gone;
        ck_assert_int_eq(now->type, CAP_COMPOSITE);
        ck_assert_ptr_eq(world_member(now, 0)->parent, part[0]);
        ck_assert_ptr_eq(world_member(now, 2), below->parent);
        assert_status(cap_member(now, 1, &gone), STATUS_NOT_FOUND);
        cap_delete(&w->context, now);
        assert_world(w);
    }
}
END_TEST

START_TEST(what_is_being_revoked_stays)
{
    struct world *w = world_new(2);
    struct cap_slot *top = world_insert(w, 0, CAP_RANGE, CAP_ALL);
    struct cap_slot *slot = world_derive(w, top, 0, CAP_READ);
    struct cap_slot *whole = world_compose(w, 0, &slot, 1);
    struct cap_ref ref = {7, 7};

    world_half_revoke(w, top, 1);
    assert_refused(w, cap_move(top, &w->table[1], &ref), STATUS_REVOKING);
    assert_refused(w, cap_move(slot, &w->table[1], &ref), STATUS_REVOKING);
    assert_refused(w, cap_move(whole, &w->table[1], &ref), STATUS_REVOKING);
    ck_assert_uint_eq(ref.index, 7);
}
END_TEST

/* The k-th slot is missing: nothing has moved, for each k. */
START_TEST(a_full_table_takes_nothing)
{
    for (uint32_t slots = 0; slots < 4; slots++) {
        struct world *w = world_new(1);
        struct cap_slot *part[3];
        struct cap_ref ref = {7, 7};

        for (uint32_t i = 0; i < 3; i++) {
            part[i] = world_insert(w, 0, CAP_RANGE, CAP_ALL);
        }
        struct cap_slot *whole = world_compose(w, 0, part, 3);
        world_leave_free(w, 1, slots);
        assert_refused(w, cap_move(whole, &w->table[1], &ref), STATUS_NO_SLOT);
        if (slots == 0) {
            assert_refused(w, cap_move(part[0], &w->table[1], &ref),
                           STATUS_NO_SLOT);
        }
        ck_assert_uint_eq(ref.index, 7);
    }
}
END_TEST

/* ---- badges ---- */

/* Every type, its rights, badges of the source and wished for: in the order of
 * the header. */
START_TEST(badge_matrix)
{
    static const uint64_t number[] = {0, 1, UINT64_MAX};
    struct world *w = world_new(1);
    struct cap_ref ref = {7, 7};

    for (int type = CAP_FRAME; type < CAP_COMPOSITE; type++) {
        uint8_t all = cap_type_rights((enum cap_type)type);
        bool badged = type == CAP_ENDPOINT || type == CAP_NOTIFICATION;
        for (uint32_t i = 0; i < 9 * 4; i++) {
            uint64_t has = number[i % 3], wants = number[i / 3 % 3];
            uint8_t rights = (i / 9 & 1 ? all : all & (uint8_t)~CAP_USE);
            uint8_t asks = i / 18 ? CAP_ALL : rights & CAP_WRITE;
            struct cap_slot *slot;
            struct cap_ref made;
            assert_status(cap_insert(&w->table[0], &w->object[type], rights, 0,
                                     has, &made),
                          STATUS_OK);
            slot = world_slot(w, 0, made);
            enum status want = !badged                   ? STATUS_WRONG_TYPE
                               : (rights & CAP_USE) == 0 ? STATUS_NO_RIGHTS
                               : wants == 0      ? STATUS_INVALID_ARGUMENT
                               : has != 0        ? STATUS_EXISTS
                               : asks == CAP_ALL ? STATUS_INVALID_ARGUMENT
                                                 : STATUS_OK;
            if (want != STATUS_OK) {
                assert_refused(
                    w, cap_derive_badged(slot, &w->table[1], asks, wants, &ref),
                    want);
            } else {
                assert_status(
                    cap_derive_badged(slot, &w->table[1], asks, wants, &made),
                    STATUS_OK);
                ck_assert_uint_eq(world_slot(w, 1, made)->count, wants);
                world_revoke(w, slot);
            }
            cap_delete(&w->context, slot);
            w->removals = 0;
        }
    }
    ck_assert_uint_eq(ref.index, 7);
    assert_world(w);
}
END_TEST

/* It goes on to whatever is derived or moved, and composed. */
START_TEST(a_badge_stays)
{
    struct world *w = world_new(1);
    struct cap_ref ref;

    assert_status(cap_insert(&w->table[0], &w->object[CAP_ENDPOINT],
                             CAP_WRITE | CAP_USE, 0, 0, &ref),
                  STATUS_OK);
    struct cap_slot *top = world_slot(w, 0, ref);
    assert_status(
        cap_derive_badged(top, &w->table[0], CAP_WRITE | CAP_USE, 9, &ref),
        STATUS_OK);
    struct cap_slot *badged = world_slot(w, 0, ref);
    struct cap_slot *child = world_derive(w, badged, 1, CAP_USE);
    ck_assert_uint_eq(child->count, 9);
    assert_refused(w, cap_derive_badged(child, &w->table[1], 0, 8, &ref),
                   STATUS_EXISTS);
    struct cap_slot *whole = world_compose(w, 0, &child, 1);
    ck_assert_uint_eq(world_member(whole, 0)->count, 9);
    ck_assert_uint_eq(moved(w, badged, 1)->count, 9);
}
END_TEST

/* "A capability keeps its meaning across address spaces": through three
 * domains' tables, copied or moved at each step, with any rights. */
START_TEST(it_keeps_its_meaning)
{
    for (uint32_t way = 0; way < 8 * 16; way++) {
        struct world *w = world_new(1);
        struct cap_slot *top = world_insert(w, 0, CAP_RANGE, CAP_ALL);
        struct cap_slot *at = world_derive(w, top, 0, CAP_ALL);
        uint8_t rights = CAP_ALL;

        for (uint32_t step = 0; step < 3; step++) {
            uint32_t to = (step + 1) % WORLD_TABLES;
            if ((way >> step & 1) != 0) {
                at = moved(w, at, to);
            } else {
                rights &= (uint8_t)(way >> 3 | 1u << step);
                at = world_derive(w, at, to, rights);
            }
            ck_assert_ptr_eq(at->object, top->object);
            ck_assert_uint_eq(at->rights, rights);
            ck_assert_uint_eq(at->first, top->first);
            ck_assert_uint_eq(at->count, top->count);
        }
        world_revoke(w, top);
        for (uint32_t table = 0; table < WORLD_TABLES; table++) {
            ck_assert_uint_eq(w->table[table].used, table == 0);
        }
    }
}
END_TEST

TCase *case_move(void)
{
    TCase *c = tcase_create("move");

    tcase_add_test(c, it_says_what_it_said);
    tcase_add_test(c, it_keeps_its_place);
    tcase_add_test(c, an_original_moves);
    tcase_add_test(c, a_composite_moves_whole);
    tcase_add_test(c, what_is_being_revoked_stays);
    tcase_add_test(c, a_full_table_takes_nothing);
    tcase_add_test(c, it_keeps_its_meaning);
    tcase_add_test(c, badge_matrix);
    tcase_add_test(c, a_badge_stays);
    return c;
}
