/* SPDX-License-Identifier: Apache-2.0 */
/* cap_derive_replaced: a composite with one member of another. */
#include "world.h"

struct setting {
    struct cap_slot *code, *data, *stack; /* what the composite is made of */
    struct cap_slot *head;
    struct cap_slot *other; /* another range: the replacement */
};

/* The model's figure: the same code and data, but a stack of its own. */
static struct world *setting_new(struct setting *s)
{
    struct world *w = world_new(WORLD_CHUNKS);

    s->code = world_insert(w, 0, CAP_FILE, CAP_READ | CAP_EXEC);
    s->data = world_insert(w, 0, CAP_FRAME, CAP_READ | CAP_WRITE);
    s->stack = world_insert(w, 0, CAP_RANGE, CAP_READ | CAP_WRITE);
    struct cap_slot *slots[] = {s->code, s->data, s->stack};
    s->head = world_compose(w, 0, slots, 3);
    s->other = world_insert(w, 1, CAP_RANGE, CAP_ALL);
    return w;
}

START_TEST(one_member_differs)
{
    struct setting s;
    struct world *w = setting_new(&s);
    struct cap_ref ref;

    assert_status(
        cap_derive_replaced(s.head, &w->table[1], 2, s.other, CAP_READ, &ref),
        STATUS_OK);
    struct cap_slot *made = world_slot(w, 1, ref);
    ck_assert_ptr_eq(made->parent, s.head);
    ck_assert_uint_eq(made->rights, CAP_READ);
    ck_assert_ptr_eq(world_member(made, 0)->parent, world_member(s.head, 0));
    ck_assert_uint_eq(world_member(made, 0)->rights, CAP_READ);
    ck_assert_ptr_eq(world_member(made, 1)->parent, world_member(s.head, 1));
    ck_assert_uint_eq(world_member(made, 1)->rights, CAP_READ);
    ck_assert_ptr_eq(world_member(made, 2)->parent, s.other);
    ck_assert_uint_eq(world_member(made, 2)->rights, CAP_ALL);
    assert_world(w);
    /* Deriving once more masks all members alike. */
    made = world_derive(w, made, 2, CAP_READ);
    ck_assert_uint_eq(world_member(made, 2)->rights, CAP_READ);
    assert_world(w);
}
END_TEST

START_TEST(every_position)
{
    for (uint32_t index = 0; index < CAP_COMPOSITE_MAX; index++) {
        struct world *w = world_new(1);
        struct cap_slot *slots[CAP_COMPOSITE_MAX];
        struct cap_ref ref;

        for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
            slots[i] = world_insert(w, 0, CAP_FILE, CAP_READ);
        }
        struct cap_slot *head = world_compose(w, 0, slots, CAP_COMPOSITE_MAX);
        struct cap_slot *other = world_insert(w, 1, CAP_FILE, CAP_EXEC);
        assert_status(cap_derive_replaced(head, &w->table[1], index, other,
                                          CAP_ALL, &ref),
                      STATUS_OK);
        struct cap_slot *made = world_slot(w, 1, ref);
        for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
            ck_assert_ptr_eq(world_member(made, i)->parent,
                             i == index ? other : world_member(head, i));
        }
        assert_world(w);
    }
}
END_TEST

START_TEST(rights_are_masked)
{
    struct setting s;
    struct cap_ref ref;

    for (uint32_t rights = 0; rights < 256; rights++) {
        struct world *w = setting_new(&s);
        struct cap_slot *from = world_derive(w, s.head, 2, CAP_READ | CAP_EXEC);
        assert_status(cap_derive_replaced(from, &w->table[1], 1,
                                          world_insert(w, 1, CAP_FRAME, 0),
                                          (uint8_t)rights, &ref),
                      STATUS_OK);
        struct cap_slot *made = world_slot(w, 1, ref);
        ck_assert_uint_eq(made->rights, rights & from->rights);
        ck_assert_uint_eq(world_member(made, 0)->rights,
                          rights & (CAP_READ | CAP_EXEC));
        ck_assert_uint_eq(world_member(made, 1)->rights, 0);
        ck_assert_uint_eq(world_member(made, 2)->rights, rights & CAP_READ);
        assert_world(w);
    }
}
END_TEST

enum wrong {
    WRONG_SOURCE = 1,   /* no composite */
    WRONG_MEMBER = 2,   /* revoked */
    WRONG_TYPES = 4,    /* the replacement's type differs */
    WRONG_REVOKING = 8, /* the replacement is being revoked */
    WRONG_DEPTH = 16,
    WRONG_SPACE = 32,
    WRONG_END = 64
};

static enum status expected(uint32_t wrong)
{
    return (wrong & WRONG_SOURCE)     ? STATUS_WRONG_TYPE
           : (wrong & WRONG_MEMBER)   ? STATUS_NOT_FOUND
           : (wrong & WRONG_TYPES)    ? STATUS_WRONG_TYPE
           : (wrong & WRONG_REVOKING) ? STATUS_REVOKING
           : (wrong & WRONG_DEPTH)    ? STATUS_TOO_BIG
           : (wrong & WRONG_SPACE)    ? STATUS_NO_SLOT
                                      : STATUS_OK;
}

START_TEST(replaced_order_of_statuses)
{
    for (uint32_t wrong = 0; wrong < WRONG_END; wrong++) {
        struct setting s;
        struct world *w = setting_new(&s);
        struct cap_slot *source = s.head;
        struct cap_slot *other = s.other;
        struct cap_ref ref = {7, 7};

        if ((wrong & WRONG_SOURCE) != 0) {
            source = s.stack;
        }
        if ((wrong & WRONG_MEMBER) != 0) {
            world_revoke(w, s.stack);
        }
        if ((wrong & WRONG_TYPES) != 0) {
            other = world_insert(w, 1, CAP_FILE, 0);
        }
        if ((wrong & WRONG_DEPTH) != 0) {
            other = world_deep(w, other, 1, CAP_DEPTH_MAX);
        }
        if ((wrong & WRONG_REVOKING) != 0) {
            struct cap_slot *top = other;
            while (top->parent != NULL) {
                top = top->parent;
            }
            world_half_revoke(w, top, 2);
        }
        if ((wrong & WRONG_SPACE) != 0) {
            world_leave_free(w, 0, 3);
        }
        enum status want = expected(wrong);
        world_save(w);
        assert_status(
            cap_derive_replaced(source, &w->table[0], 2, other, CAP_ALL, &ref),
            want);
        ck_assert(world_same(w) == (want != STATUS_OK));
        ck_assert((ref.index == 7) == (want != STATUS_OK));
        assert_world(w);
    }
}
END_TEST

START_TEST(other_reasons_to_refuse)
{
    struct setting s;
    struct world *w = setting_new(&s);
    struct cap_ref ref;
    uint32_t beyond[] = {3, CAP_COMPOSITE_MAX, UINT32_MAX};

    for (uint32_t i = 0; i < 3; i++) {
        assert_refused(w,
                       cap_derive_replaced(s.head, &w->table[1], beyond[i],
                                           s.other, CAP_ALL, &ref),
                       STATUS_NOT_FOUND);
    }
    /* A composite is never a member, so its type never fits. */
    assert_refused(
        w, cap_derive_replaced(s.head, &w->table[1], 2, s.head, CAP_ALL, &ref),
        STATUS_WRONG_TYPE);
    /* A member that is kept is being revoked: no. The replaced one: yes. */
    world_half_revoke(w, s.data, 2);
    assert_refused(
        w, cap_derive_replaced(s.head, &w->table[1], 2, s.other, CAP_ALL, &ref),
        STATUS_REVOKING);
    struct cap_slot *frame = world_insert(w, 1, CAP_FRAME, CAP_READ);
    assert_status(
        cap_derive_replaced(s.head, &w->table[1], 1, frame, CAP_ALL, &ref),
        STATUS_OK);
    assert_world(w);
    /* The composite itself is being revoked. */
    w = setting_new(&s);
    world_half_revoke(w, s.head, 2);
    assert_refused(
        w, cap_derive_replaced(s.head, &w->table[1], 2, s.other, CAP_ALL, &ref),
        STATUS_REVOKING);
    assert_world(w);
}
END_TEST

TCase *case_replaced(void)
{
    TCase *c = tcase_create("replaced");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, one_member_differs);
    tcase_add_test(c, every_position);
    tcase_add_test(c, rights_are_masked);
    tcase_add_test(c, replaced_order_of_statuses);
    tcase_add_test(c, other_reasons_to_refuse);
    return c;
}
