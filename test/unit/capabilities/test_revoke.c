/* SPDX-License-Identifier: Apache-2.0 */
/* cap_revoke: what goes, in which steps, and what is refused meanwhile. */
#include "world.h"

#include <signal.h>

/* Slots that one call may remove. */
#define STEP_MOST (CAP_STEP_MAX + CAP_COMPOSITE_MAX)

/* Revokes to the end, checking each step. Returns the number of calls. */
static uint32_t revoke_in_steps(struct world *w, struct cap_slot *slot)
{
    enum status status = STATUS_MORE;
    uint32_t calls = 0;

    w->removals = 0;
    while (status == STATUS_MORE) {
        uint32_t before = w->removals;
        status = cap_revoke(&w->context, slot);
        calls++;
        assert_world(w);
        ck_assert_uint_le(w->removals - before, STEP_MOST);
        if (status == STATUS_MORE) {
            ck_assert_uint_ge(w->removals - before, CAP_STEP_MAX);
            ck_assert_int_ne(slot->flags & CAP_REVOKING, 0);
        }
    }
    assert_status(status, STATUS_OK);
    ck_assert_int_eq(slot->flags & CAP_REVOKING, 0);
    ck_assert_ptr_null(slot->child);
    return calls;
}

START_TEST(nothing_below)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    assert_refused(w, cap_revoke(&w->context, slot), STATUS_OK);
}
END_TEST

/* Flat, as a chain, and as a bush, of every size around the step. */
START_TEST(every_number_of_descendants)
{
    for (uint32_t below = 1; below <= 3 * CAP_STEP_MAX + 2; below++) {
        for (uint32_t shape = 0; shape < 3; shape++) {
            struct world *w = world_new(WORLD_CHUNKS);
            struct cap_slot *slot[128];

            slot[0] = world_insert(w, 0, CAP_FILE, CAP_READ);
            for (uint32_t i = 1; i <= below; i++) {
                uint32_t from = shape == 0 ? 0 : shape == 1 ? i - 1 : i / 3;
                slot[i] = world_derive(w, slot[from], i % 3, CAP_READ);
            }
            uint32_t calls = revoke_in_steps(w, slot[0]);
            ck_assert_uint_eq(calls, (below + CAP_STEP_MAX - 1) / CAP_STEP_MAX);
            ck_assert_uint_eq(w->removals, below);
            ck_assert_uint_eq(w->object[CAP_FILE].refs, 1);
            ck_assert_uint_eq(w->table[0].used, 1);
            ck_assert_uint_eq(w->table[1].used, 0);
            ck_assert_uint_eq(w->table[2].used, 0);
        }
    }
}
END_TEST

START_TEST(leaves_go_first)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    for (uint32_t i = 0; i < 20; i++) {
        struct cap_slot *child = world_derive(w, slot, 1, CAP_READ);
        (void)world_derive(w, world_derive(w, child, 2, CAP_READ), 1, CAP_READ);
        (void)world_derive(w, child, 1, CAP_READ);
    }
    (void)revoke_in_steps(w, slot);
    ck_assert_uint_eq(w->removals, 80);
    for (uint32_t i = 0; i < 80; i++) {
        ck_assert_ptr_null(w->removal[i].slot.child);
        ck_assert(!w->removal[i].last);
    }
}
END_TEST

START_TEST(tombstones_below_go_too)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *chain[60];

    chain[0] = slot;
    for (uint32_t i = 1; i < 60; i++) {
        chain[i] = world_derive(w, chain[i - 1], 1, CAP_READ);
    }
    for (uint32_t i = 1; i < 59; i++) {
        cap_delete(&w->context, chain[i]);
    }
    /* One live slot below: one call, although 58 tombstones go with it. */
    ck_assert_uint_eq(revoke_in_steps(w, slot), 1);
    ck_assert_uint_eq(w->removals, 1);
    ck_assert_uint_eq(w->table[1].used, 0);
}
END_TEST

START_TEST(deepest_chain)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    (void)world_deep(w, slot, 1, CAP_DEPTH_MAX);
    ck_assert_uint_eq(revoke_in_steps(w, slot), CAP_DEPTH_MAX / CAP_STEP_MAX);
    ck_assert_uint_eq(w->removals, CAP_DEPTH_MAX);
}
END_TEST

START_TEST(others_are_untouched)
{
    struct world *w = world_new(1);
    struct cap_slot *root = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *left = world_derive(w, root, 1, CAP_READ);
    struct cap_slot *right = world_derive(w, root, 1, CAP_READ);
    struct cap_slot *below = world_derive(w, right, 2, CAP_READ);

    (void)world_derive(w, left, 2, CAP_READ);
    (void)revoke_in_steps(w, left);
    ck_assert_uint_eq(w->removals, 1);
    ck_assert_int_eq(left->state, CAP_LIVE);
    ck_assert_ptr_eq(right->child, below);
    ck_assert_ptr_eq(left->parent, root);
    assert_world(w);
}
END_TEST

/* Between the first call and OK, nothing new comes to be below. */
START_TEST(refuses_meanwhile)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *root = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *slot = world_derive(w, root, 0, CAP_READ);
    struct cap_slot *child = world_derive(w, slot, 1, CAP_READ);
    struct cap_slot *deep = world_derive(w, child, 1, CAP_READ);
    struct cap_slot *asked[] = {slot, child, deep};
    const struct cap_part part = {.rights = CAP_READ};
    struct cap_ref ref;

    world_half_revoke(w, slot, 2);
    for (uint32_t i = 0; i < 3; i++) {
        assert_refused(w, cap_derive(asked[i], &w->table[1], &part, &ref),
                       STATUS_REVOKING);
        assert_refused(w,
                       cap_derive_object(asked[i], &w->table[1],
                                         &w->object[CAP_FRAME], 0, 0, 0, &ref),
                       STATUS_REVOKING);
        assert_refused(w, cap_compose(&w->table[1], &asked[i], 1, &ref),
                       STATUS_REVOKING);
    }
    ck_assert_int_eq(world_derive(w, root, 1, CAP_READ)->state, CAP_LIVE);
    assert_status(cap_revoke(&w->context, slot), STATUS_OK);
    ck_assert_int_eq(world_derive(w, slot, 1, CAP_READ)->state, CAP_LIVE);
    assert_world(w);
}
END_TEST

START_TEST(revocations_within_one_another)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *root = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *slot = world_derive(w, root, 0, CAP_READ);
    const struct cap_part part = {.rights = CAP_READ};
    struct cap_ref ref;

    world_half_revoke(w, slot, 1);
    /* `root` has but `slot` and what is left below it. */
    ck_assert_uint_eq(revoke_in_steps(w, root), 1);
    ck_assert_int_eq(slot->state, CAP_FREE);

    /* A revocation below one that has not ended runs to its own end. */
    slot = world_derive(w, root, 0, CAP_READ);
    (void)world_derive(w, slot, 1, CAP_READ);
    world_half_revoke(w, root, 1);
    ck_assert_uint_eq(revoke_in_steps(w, slot), 1);
    assert_refused(w, cap_derive(slot, &w->table[1], &part, &ref),
                   STATUS_REVOKING);
    (void)revoke_in_steps(w, root);
    assert_world(w);
}
END_TEST

/* Someone else deletes slots between the steps. */
START_TEST(deletions_between_the_steps)
{
    for (uint32_t seed = 0; seed < 20; seed++) {
        struct world *w = world_new(WORLD_CHUNKS);
        struct cap_slot *root = world_insert(w, 0, CAP_FILE, CAP_READ);
        struct cap_slot *slot[100] = {root};

        for (uint32_t i = 1; i < 100; i++) {
            slot[i] =
                world_derive(w, slot[(i * 7 + seed) % i], 1 + i % 2, CAP_READ);
        }
        w->removals = 0;
        while (cap_revoke(&w->context, root) == STATUS_MORE) {
            for (uint32_t i = 1; i < 100; i++) {
                if (i % 5 == seed % 5 && slot[i]->state == CAP_LIVE) {
                    cap_delete(&w->context, slot[i]);
                    break;
                }
            }
            assert_world(w);
        }
        assert_world(w);
        ck_assert_uint_eq(w->removals, 99);
        ck_assert_uint_eq(w->table[1].used + w->table[2].used, 0);
    }
}
END_TEST

START_TEST(members_leave_gaps)
{
    struct world *w = world_new(1);
    struct cap_slot *a = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *b = world_insert(w, 0, CAP_RANGE, CAP_READ);
    struct cap_slot *slots[] = {a, b, a};
    struct cap_slot *head = world_compose(w, 1, slots, 3);
    struct cap_slot *derived = world_derive(w, head, 2, CAP_READ);

    /* `a` loses two members, and the two derived from those. */
    (void)revoke_in_steps(w, a);
    ck_assert_uint_eq(w->removals, 4);
    ck_assert_ptr_eq(head->member, world_member(head, 1));
    ck_assert_ptr_eq(derived->member, world_member(derived, 1));
    ck_assert_int_eq(head->state, CAP_LIVE);
}
END_TEST

/*
 * B got a composite of A's and took a member out of it; that is gone when A
 * revokes, whether or not B still has the composite.
 */
START_TEST(what_was_taken_out_goes)
{
    for (int deleted = 0; deleted < 2; deleted++) {
        struct world *w = world_new(1);
        struct cap_slot *file = world_insert(w, 0, CAP_FILE, CAP_READ);
        struct cap_slot *head = world_compose(w, 0, &file, 1);
        struct cap_slot *given = world_derive(w, head, 1, CAP_READ);
        struct cap_slot *taken =
            world_derive(w, world_member(given, 0), 2, CAP_READ);
        struct cap_slot *again = world_compose(w, 2, &taken, 1);

        if (deleted != 0) {
            cap_delete(&w->context, given);
        }
        ck_assert_uint_eq(revoke_in_steps(w, head), 1);
        ck_assert_int_eq(taken->state, CAP_FREE);
        ck_assert_ptr_null(again->member);
        ck_assert_uint_eq(w->table[1].used, 0);
        ck_assert_uint_eq(w->table[2].used, 1); /* an empty composite */
        ck_assert_int_eq(world_member(head, 0)->state, CAP_LIVE);
        ck_assert_ptr_eq(file->child, world_member(head, 0));
    }
}
END_TEST

/* What B put in is B's: it outlives the composite that A revokes. */
START_TEST(what_was_put_in_stays)
{
    struct world *w = world_new(1);
    struct cap_slot *file = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *own = world_insert(w, 1, CAP_FILE, CAP_WRITE);
    struct cap_slot *head = world_compose(w, 0, &file, 1);
    struct cap_slot *given = world_derive(w, head, 1, CAP_READ);
    struct cap_ref ref;

    assert_status(
        cap_derive_replaced(given, &w->table[2], 0, own, CAP_READ, &ref),
        STATUS_OK);
    struct cap_slot *made = world_slot(w, 2, ref);
    struct cap_slot *taken =
        world_derive(w, world_member(made, 0), 1, CAP_WRITE);
    (void)revoke_in_steps(w, head);
    ck_assert_int_eq(made->state, CAP_FREE);
    ck_assert_int_eq(given->state, CAP_FREE);
    ck_assert_int_eq(taken->state, CAP_LIVE);
    ck_assert_uint_eq(w->table[2].used, 1); /* what `taken` hangs from */
    /* And B can still revoke it. */
    (void)revoke_in_steps(w, own);
    ck_assert_int_eq(taken->state, CAP_FREE);
    ck_assert_uint_eq(w->table[2].used, 0);
}
END_TEST

/* All members of all derived composites refuse while the head is revoked. */
START_TEST(composite_refuses_meanwhile)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *file = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *range = world_insert(w, 0, CAP_RANGE, CAP_READ);
    struct cap_slot *slots[] = {file, range};
    struct cap_slot *head = world_compose(w, 0, slots, 2);
    struct cap_slot *given = world_derive(w, head, 1, CAP_READ);
    const struct cap_part part = {.rights = CAP_READ};
    struct cap_ref ref;

    world_half_revoke(w, head, 2);
    struct cap_slot *asked[] = {head, given, head->member, head->member->member,
                                given->member};
    for (uint32_t i = 0; i < 5; i++) {
        if (asked[i] != NULL && asked[i]->state == CAP_LIVE) {
            assert_refused(w, cap_derive(asked[i], &w->table[1], &part, &ref),
                           STATUS_REVOKING);
        }
    }
    /* The sources of the members are nobody's business. */
    ck_assert_int_eq(world_derive(w, file, 1, CAP_READ)->state, CAP_LIVE);
    (void)revoke_in_steps(w, head);
    ck_assert_uint_eq(head->member->flags, CAP_MEMBER);
    ck_assert_uint_eq(head->member->member->flags, CAP_MEMBER);
    ck_assert_int_eq(world_derive(w, head, 1, CAP_READ)->state, CAP_LIVE);
    assert_world(w);
}
END_TEST

START_TEST(many_composites_in_steps)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *slots[CAP_COMPOSITE_MAX];

    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        slots[i] = world_insert(w, 0, CAP_FILE, CAP_READ);
    }
    struct cap_slot *head = world_compose(w, 0, slots, CAP_COMPOSITE_MAX);
    uint32_t used = w->table[0].used;
    struct cap_slot *last = head;
    for (uint32_t i = 0; i < 30; i++) {
        last = world_derive(w, i % 2 == 0 ? head : last, i % 3, CAP_READ);
    }
    ck_assert_uint_ge(revoke_in_steps(w, head), 270 / STEP_MOST);
    ck_assert_uint_eq(w->removals, 270);
    ck_assert_uint_eq(w->table[0].used, used);
    ck_assert_uint_eq(w->table[1].used + w->table[2].used, 0);
}
END_TEST

START_TEST(revoke_a_tombstone)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    (void)world_derive(w, slot, 0, CAP_READ);
    cap_delete(&w->context, slot);
    (void)!cap_revoke(&w->context, slot);
}
END_TEST

/* A member alone can be revoked, while its composite is, too. */
START_TEST(revoke_a_member)
{
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *file = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *slots[] = {file, world_insert(w, 0, CAP_TIME, CAP_READ)};
    struct cap_slot *head = world_compose(w, 0, slots, 2);
    struct cap_slot *given = world_derive(w, head, 1, CAP_READ);
    const struct cap_part part = {.rights = CAP_READ};
    struct cap_ref ref;

    (void)world_derive(w, given->member, 1, CAP_READ);
    (void)revoke_in_steps(w, head->member);
    ck_assert_uint_eq(w->removals, 2);
    ck_assert_ptr_eq(given->member, world_member(given, 1));
    ck_assert_int_eq(world_derive(w, head->member, 1, CAP_READ)->state,
                     CAP_LIVE);

    world_half_revoke(w, head, 2);
    assert_status(cap_revoke(&w->context, head->member), STATUS_OK);
    assert_refused(w, cap_derive(head->member, &w->table[1], &part, &ref),
                   STATUS_REVOKING);
    (void)revoke_in_steps(w, head);
    ck_assert_int_eq(world_derive(w, head->member, 1, CAP_READ)->state,
                     CAP_LIVE);
    assert_world(w);
}
END_TEST

/* What the kernel notes on an endpoint's slot is no index of a composite. */
START_TEST(a_note_is_no_index)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_ENDPOINT, CAP_USE);

    cap_note(slot, UINT16_MAX);
    assert_status(cap_revoke(&w->context, slot), STATUS_OK);
    ck_assert_uint_eq(cap_note_of(slot), UINT16_MAX);
    ck_assert_int_eq(slot->flags & CAP_REVOKING, 0);
}
END_TEST

/* One slot after another, in steps of all of them together. */
START_TEST(some_of_several)
{
    const uint32_t each = CAP_STEP_MAX - 10;
    struct world *w = world_new(WORLD_CHUNKS);
    struct cap_slot *slot[2];
    uint32_t removed = 0;

    for (uint32_t i = 0; i < 2; i++) {
        slot[i] = world_insert(w, 0, CAP_FILE, CAP_READ);
        for (uint32_t below = 0; below < each; below++) {
            (void)world_derive(w, slot[i], 1, CAP_READ);
        }
    }
    assert_status(cap_revoke_some(&w->context, slot[0], &removed), STATUS_OK);
    ck_assert_uint_eq(removed, each);
    assert_status(cap_revoke_some(&w->context, slot[1], &removed), STATUS_MORE);
    ck_assert_uint_eq(removed, CAP_STEP_MAX);
    assert_status(cap_revoke_some(&w->context, slot[1], &removed), STATUS_MORE);
    removed = 0;
    assert_status(cap_revoke_some(&w->context, slot[1], &removed), STATUS_OK);
    ck_assert_uint_eq(removed, 2 * each - CAP_STEP_MAX);
    assert_world(w);
}
END_TEST

TCase *case_revoke(void)
{
    TCase *c = tcase_create("revoke");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, nothing_below);
    tcase_add_test(c, every_number_of_descendants);
    tcase_add_test(c, leaves_go_first);
    tcase_add_test(c, tombstones_below_go_too);
    tcase_add_test(c, deepest_chain);
    tcase_add_test(c, others_are_untouched);
    tcase_add_test(c, refuses_meanwhile);
    tcase_add_test(c, revocations_within_one_another);
    tcase_add_test(c, deletions_between_the_steps);
    tcase_add_test(c, members_leave_gaps);
    tcase_add_test(c, what_was_taken_out_goes);
    tcase_add_test(c, what_was_put_in_stays);
    tcase_add_test(c, composite_refuses_meanwhile);
    tcase_add_test(c, many_composites_in_steps);
    tcase_add_test_raise_signal(c, revoke_a_tombstone, SIGABRT);
    tcase_add_test(c, revoke_a_member);
    tcase_add_test(c, a_note_is_no_index);
    tcase_add_test(c, some_of_several);
    return c;
}
