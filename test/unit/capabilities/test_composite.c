/* SPDX-License-Identifier: Apache-2.0 */
/* cap_compose, cap_member, and cap_derive of composites. */
#include "world.h"

/* Originals of the types 1 to `count`, with all their rights, in table 0. */
static void originals(struct world *w, struct cap_slot **slots, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        enum cap_type type = (enum cap_type)(CAP_FRAME + i);
        slots[i] = world_insert(w, 0, type, cap_type_rights(type));
    }
}

START_TEST(compose_of_every_size)
{
    for (uint32_t count = 1; count <= CAP_COMPOSITE_MAX; count++) {
        struct world *w = world_new(1);
        struct cap_slot *slots[CAP_COMPOSITE_MAX];

        originals(w, slots, count);
        struct cap_slot *head = world_compose(w, 1, slots, count);
        ck_assert_ptr_null(head->parent);
        ck_assert_ptr_null(head->object);
        ck_assert_uint_eq(head->type, CAP_COMPOSITE);
        ck_assert_uint_eq(head->rights, CAP_ALL);
        ck_assert_uint_eq(head->index, 1);
        ck_assert_uint_eq(w->table[1].used, count + 1);
        for (uint32_t i = 0; i < count; i++) {
            struct cap_slot *member = world_member(head, i);
            ck_assert_ptr_eq(member->parent, slots[i]);
            ck_assert_ptr_eq(member->object, slots[i]->object);
            ck_assert_uint_eq(member->rights, slots[i]->rights);
            ck_assert_uint_eq(member->count, slots[i]->count);
            ck_assert_uint_eq(member->index, i + 2);
            ck_assert_uint_eq(slots[i]->object->refs, 2);
        }
        assert_world(w);
    }
}
END_TEST

START_TEST(compose_arguments)
{
    struct world *w = world_new(1);
    struct cap_slot *slots[CAP_COMPOSITE_MAX + 1];
    struct cap_ref ref;

    originals(w, slots, CAP_COMPOSITE_MAX + 1);
    assert_refused(w, cap_compose(&w->table[0], slots, 0, &ref),
                   STATUS_INVALID_ARGUMENT);
    assert_refused(
        w, cap_compose(&w->table[0], slots, CAP_COMPOSITE_MAX + 1, &ref),
        STATUS_INVALID_ARGUMENT);
    assert_refused(w, cap_compose(&w->table[0], slots, UINT32_MAX, &ref),
                   STATUS_INVALID_ARGUMENT);
    slots[3] = world_compose(w, 0, slots, 2);
    assert_refused(w, cap_compose(&w->table[0], slots, 5, &ref),
                   STATUS_INVALID_ARGUMENT);
    ck_assert_int_eq((int)world_compose(w, 0, slots, 3)->state, CAP_LIVE);
    assert_world(w);
}
END_TEST

/* Mistakes of cap_compose and of deriving a composite, in the header's order.
 */
enum wrong {
    WRONG_ARGUMENT = 1,
    WRONG_REVOKING = 2,
    WRONG_DEPTH = 4,
    WRONG_SPACE = 8,
    WRONG_END = 16
};

START_TEST(compose_order_of_statuses)
{
    for (uint32_t wrong = 0; wrong < WRONG_END; wrong++) {
        struct world *w = world_new(WORLD_CHUNKS);
        struct cap_slot *slots[3];
        struct cap_ref ref = {7, 7};

        originals(w, slots, 3);
        if ((wrong & WRONG_DEPTH) != 0) {
            slots[1] = world_deep(w, slots[1], 0, CAP_DEPTH_MAX);
        }
        if ((wrong & WRONG_REVOKING) != 0) {
            world_half_revoke(w, slots[2], 2);
        }
        if ((wrong & WRONG_ARGUMENT) != 0) {
            slots[0] = world_compose(w, 2, slots, 1);
        }
        if ((wrong & WRONG_SPACE) != 0) {
            world_leave_free(w, 1, 3);
        }
        enum status want = (wrong & WRONG_ARGUMENT)   ? STATUS_INVALID_ARGUMENT
                           : (wrong & WRONG_REVOKING) ? STATUS_REVOKING
                           : (wrong & WRONG_DEPTH)    ? STATUS_TOO_BIG
                           : (wrong & WRONG_SPACE)    ? STATUS_NO_SLOT
                                                      : STATUS_OK;
        world_save(w);
        assert_status(cap_compose(&w->table[1], slots, 3, &ref), want);
        ck_assert(world_same(w) == (want != STATUS_OK));
        ck_assert((ref.index == 7) == (want != STATUS_OK));
        assert_world(w);
    }
}
END_TEST

START_TEST(members_may_repeat_and_lie_anywhere)
{
    struct world *w = world_new(1);
    struct cap_slot *a = world_insert(w, 0, CAP_RANGE, CAP_READ);
    struct cap_slot *b = world_derive(w, a, 1, CAP_READ);
    struct cap_slot *inner = world_compose(w, 2, &a, 1);
    struct cap_slot *slots[] = {a, b, a, inner->member};
    struct cap_slot *head = world_compose(w, 2, slots, 4);

    ck_assert_uint_eq(w->object[CAP_RANGE].refs, 7);
    ck_assert_ptr_eq(world_member(head, 3)->parent, inner->member);
    assert_world(w);
}
END_TEST

START_TEST(member_matrix)
{
    struct world *w = world_new(1);
    struct cap_slot *slots[3];
    struct cap_slot *out = NULL;

    originals(w, slots, 3);
    struct cap_slot *head = world_compose(w, 0, slots, 3);
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(world_member(head, i)->position, i);
    }
    assert_refused(w, cap_member(head, 3, &out), STATUS_NOT_FOUND);
    assert_refused(w, cap_member(head, UINT32_MAX, &out), STATUS_NOT_FOUND);
    assert_refused(w, cap_member(slots[0], 0, &out), STATUS_WRONG_TYPE);
    assert_refused(w, cap_member(head->member, 0, &out), STATUS_WRONG_TYPE);
    world_revoke(w, slots[1]);
    assert_refused(w, cap_member(head, 1, &out), STATUS_NOT_FOUND);
    ck_assert_ptr_null(out);
    ck_assert_uint_eq(world_member(head, 2)->position, 2);
    assert_world(w);
}
END_TEST

START_TEST(derive_shares_members)
{
    for (uint8_t rights = 0; rights <= CAP_ALL; rights++) {
        struct world *w = world_new(1);
        struct cap_slot *slots[4];

        originals(w, slots, 4);
        struct cap_slot *head = world_compose(w, 0, slots, 4);
        struct cap_slot *child = world_derive(w, head, 1, rights);
        ck_assert_ptr_eq(child->parent, head);
        ck_assert_uint_eq(child->rights, rights);
        for (uint32_t i = 0; i < 4; i++) {
            struct cap_slot *member = world_member(child, i);
            ck_assert_ptr_eq(member->parent, world_member(head, i));
            ck_assert_uint_eq(member->rights, slots[i]->rights & rights);
            ck_assert_ptr_eq(member->table, &w->table[1]);
        }
        assert_world(w);
    }
}
END_TEST

START_TEST(derive_keeps_gaps)
{
    struct world *w = world_new(1);
    struct cap_slot *slots[5];
    struct cap_slot *out = NULL;

    originals(w, slots, 5);
    struct cap_slot *head = world_compose(w, 0, slots, 5);
    world_revoke(w, slots[0]);
    world_revoke(w, slots[3]);
    struct cap_slot *child = world_derive(w, head, 1, CAP_READ);
    ck_assert_uint_eq(w->table[1].used, 4);
    for (uint32_t i = 0; i < 5; i++) {
        assert_status(cap_member(child, i, &out),
                      i == 0 || i == 3 ? STATUS_NOT_FOUND : STATUS_OK);
    }
    world_revoke(w, slots[1]);
    world_revoke(w, slots[2]);
    world_revoke(w, slots[4]);
    ck_assert_ptr_null(head->member);
    ck_assert_ptr_null(child->member);
    ck_assert_ptr_null(world_derive(w, child, 1, CAP_READ)->member);
    assert_world(w);
}
END_TEST

START_TEST(derive_composite_refusals)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *slots[2];
    const struct cap_part narrow = {CAP_READ, true, 0, 1};
    const struct cap_part more = {.rights = CAP_READ | CAP_WRITE};
    const struct cap_part read = {.rights = CAP_READ};
    struct cap_ref ref;

    originals(w, slots, 2);
    struct cap_slot *head = world_compose(w, 0, slots, 2);
    struct cap_slot *child = world_derive(w, head, 0, CAP_READ);
    assert_refused(w, cap_derive(child, &w->table[1], &more, &ref),
                   STATUS_NO_RIGHTS);
    assert_refused(w, cap_derive(child, &w->table[1], &narrow, &ref),
                   STATUS_INVALID_ARGUMENT);
    world_leave_free(w, 1, 2);
    assert_refused(w, cap_derive(child, &w->table[1], &read, &ref),
                   STATUS_NO_SLOT);
    assert_refused(w, cap_derive(child, &w->table[1], &more, &ref),
                   STATUS_NO_RIGHTS);
    /* One member's source is being revoked, then the composite's own. */
    struct cap_slot *other = world_compose(w, 0, slots, 1);
    world_half_revoke(w, slots[1], 2);
    assert_refused(w, cap_derive(child, &w->table[1], &more, &ref),
                   STATUS_REVOKING);
    ck_assert_int_eq(world_derive(w, other, 0, 0)->state, CAP_LIVE);
    world_half_revoke(w, other, 2);
    assert_refused(w, cap_derive(other, &w->table[2], &read, &ref),
                   STATUS_REVOKING);
    assert_world(w);
}
END_TEST

/* Heads and members each have their own depth; the deeper one counts. */
START_TEST(derive_composite_depth)
{
    const struct cap_part part = {.rights = CAP_READ};
    struct cap_ref ref;
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *top = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *near = world_deep(w, top, 0, CAP_DEPTH_MAX - 2);
    struct cap_slot *head = world_compose(w, 1, &near, 1);

    ck_assert_uint_eq(head->member->depth, CAP_DEPTH_MAX - 1);
    head = world_derive(w, head, 1, CAP_READ);
    ck_assert_uint_eq(head->member->depth, CAP_DEPTH_MAX);
    assert_refused(w, cap_derive(head, &w->table[1], &part, &ref),
                   STATUS_TOO_BIG);
    /* Without that member only the head's own depth is left. */
    world_revoke(w, top);
    head = world_deep(w, head, 1, CAP_DEPTH_MAX);
    assert_refused(w, cap_derive(head, &w->table[1], &part, &ref),
                   STATUS_TOO_BIG);
    assert_refused(w,
                   cap_derive_object(head, &w->table[1], &w->object[CAP_FILE],
                                     0, 0, 0, &ref),
                   STATUS_TOO_BIG);
    assert_world(w);
}
END_TEST

START_TEST(member_is_a_source)
{
    struct world *w = world_new(1);
    struct cap_slot *slots[2];

    originals(w, slots, 2);
    struct cap_slot *head = world_compose(w, 0, slots, 2);
    struct cap_slot *taken =
        world_derive(w, world_member(head, 1), 1, CAP_READ);
    ck_assert_uint_eq(taken->flags, 0);
    ck_assert_uint_eq(taken->depth, 2);
    assert_world(w);
    cap_delete(&w->context, head);
    ck_assert_int_eq(taken->state, CAP_LIVE);
    ck_assert_uint_eq(w->table[0].used, 3); /* a tombstone holds it */
    assert_world(w);
    cap_delete(&w->context, taken);
    ck_assert_uint_eq(w->table[0].used, 2);
    assert_world(w);
}
END_TEST

TCase *case_composite(void)
{
    TCase *c = tcase_create("composite");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, compose_of_every_size);
    tcase_add_test(c, compose_arguments);
    tcase_add_test(c, compose_order_of_statuses);
    tcase_add_test(c, members_may_repeat_and_lie_anywhere);
    tcase_add_test(c, member_matrix);
    tcase_add_test(c, derive_shares_members);
    tcase_add_test(c, derive_keeps_gaps);
    tcase_add_test(c, derive_composite_refusals);
    tcase_add_test(c, derive_composite_depth);
    tcase_add_test(c, member_is_a_source);
    return c;
}
