/* SPDX-License-Identifier: Apache-2.0 */
/* Who could use an object: live slots with use, in tables that have users. */
#include "world.h"

#define ENDPOINT(w) ((w)->object[CAP_ENDPOINT])

static void assert_uses(struct world *w, uint32_t uses)
{
    ck_assert_uint_eq(ENDPOINT(w).uses, uses);
    assert_world(w);
}

START_TEST(only_tables_with_users_count)
{
    struct world *w = world_new(1);

    struct cap_slot *top = world_insert(w, 0, CAP_ENDPOINT, CAP_USE);
    (void)world_derive(w, top, 0, 0);
    (void)world_derive(w, top, 1, CAP_USE);
    (void)world_insert(w, 1, CAP_ENDPOINT, CAP_WRITE);
    assert_uses(w, 0);
    cap_table_enter(&w->table[0]);
    assert_uses(w, 1);
    cap_table_enter(&w->table[1]);
    assert_uses(w, 2);
    cap_table_enter(&w->table[1]);
    assert_uses(w, 2);
    ck_assert(!cap_table_leave(&w->table[1]));
    assert_uses(w, 2);
    ck_assert(cap_table_leave(&w->table[1]));
    assert_uses(w, 1);
    ck_assert(cap_table_leave(&w->table[0]));
    assert_uses(w, 0);
}
END_TEST

START_TEST(what_comes_and_goes_counts)
{
    struct world *w = world_new(1);

    cap_table_enter(&w->table[0]);
    struct cap_slot *top = world_insert(w, 1, CAP_ENDPOINT, CAP_ALL & 10);
    struct cap_slot *first = world_derive(w, top, 0, CAP_USE);
    struct cap_slot *below = world_derive(w, first, 0, CAP_USE);
    (void)world_derive(w, first, 0, 0);
    assert_uses(w, 2);
    cap_delete(&w->context, first); /* a tombstone serves nobody */
    assert_uses(w, 1);
    cap_delete(&w->context, below);
    assert_uses(w, 0);
    (void)world_derive(w, top, 0, CAP_USE);
    (void)world_derive(w, top, 0, CAP_WRITE | CAP_USE);
    assert_uses(w, 2);
    world_revoke(w, top);
    assert_uses(w, 0);
}
END_TEST

START_TEST(members_count)
{
    struct world *w = world_new(1);

    cap_table_enter(&w->table[0]);
    struct cap_slot *top = world_insert(w, 1, CAP_ENDPOINT, CAP_USE);
    struct cap_slot *whole = world_compose(w, 0, &top, 1);
    assert_uses(w, 1);
    struct cap_ref ref;
    assert_status(cap_move(whole, &w->table[2], &ref), STATUS_OK);
    assert_uses(w, 0);
    assert_status(cap_move(world_slot(w, 2, ref), &w->table[0], &ref),
                  STATUS_OK);
    assert_uses(w, 1);
    while (cap_table_clear(&w->context, &w->table[0]) == STATUS_MORE) {
    }
    assert_uses(w, 0);
}
END_TEST

START_TEST(a_move_takes_it_along)
{
    struct world *w = world_new(1);
    struct cap_ref ref;

    cap_table_enter(&w->table[1]);
    struct cap_slot *top = world_insert(w, 0, CAP_ENDPOINT, CAP_USE);
    assert_status(cap_move(top, &w->table[1], &ref), STATUS_OK);
    assert_uses(w, 1);
    assert_status(cap_move(world_slot(w, 1, ref), &w->table[1], &ref),
                  STATUS_OK);
    assert_uses(w, 1);
    assert_status(cap_move(world_slot(w, 1, ref), &w->table[0], &ref),
                  STATUS_OK);
    assert_uses(w, 0);
}
END_TEST

TCase *case_uses(void)
{
    TCase *c = tcase_create("uses");

    tcase_add_test(c, only_tables_with_users_count);
    tcase_add_test(c, what_comes_and_goes_counts);
    tcase_add_test(c, members_count);
    tcase_add_test(c, a_move_takes_it_along);
    return c;
}
