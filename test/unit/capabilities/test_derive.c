/* SPDX-License-Identifier: Apache-2.0 */
/* cap_derive and cap_derive_object of what is no composite. */
#include "world.h"

#include <signal.h>

START_TEST(child_says_what_was_asked)
{
    struct world *w = world_new(1);
    struct cap_slot *source = world_insert(w, 0, CAP_ENDPOINT, CAP_WRITE);
    struct cap_slot *child = world_derive(w, source, 1, CAP_WRITE);

    ck_assert_ptr_eq(child->table, &w->table[1]);
    ck_assert_uint_eq(child->index, 1);
    ck_assert_ptr_eq(child->parent, source);
    ck_assert_ptr_eq(child->object, source->object);
    ck_assert_uint_eq(child->object->refs, 2);
    ck_assert_uint_eq(child->depth, 1);
    ck_assert_uint_eq(child->first, source->first);
    ck_assert_uint_eq(child->count, source->count); /* the badge */
    assert_world(w);
}
END_TEST

/* Every type, rights of the source, and byte of rights asked for. */
START_TEST(derive_rights_matrix)
{
    struct world *w = world_new(1);
    struct cap_ref ref = {7, 7};

    for (int type = CAP_FRAME; type < CAP_COMPOSITE; type++) {
        for (uint8_t has = 0; has <= CAP_ALL; has++) {
            if ((has & ~cap_type_rights((enum cap_type)type)) != 0) {
                continue;
            }
            struct cap_slot *source =
                world_insert(w, 0, (enum cap_type)type, has);
            for (uint32_t ask = 0; ask < 256; ask++) {
                const struct cap_part part = {.rights = (uint8_t)ask};
                if ((ask & ~(uint32_t)has) != 0) {
                    assert_refused(
                        w, cap_derive(source, &w->table[1], &part, &ref),
                        STATUS_NO_RIGHTS);
                    continue;
                }
                struct cap_slot *child =
                    world_derive(w, source, 1, (uint8_t)ask);
                ck_assert_uint_eq(child->rights, ask);
                ck_assert_int_eq(child->type, type);
                cap_delete(&w->context, child);
            }
            cap_delete(&w->context, source);
            w->removals = 0;
        }
    }
    assert_world(w);
    ck_assert_uint_eq(ref.index, 7);
}
END_TEST

/* Parts of a range of 50 pages, and of the largest one there can be. */
START_TEST(derive_part_matrix)
{
    static const uint64_t number[] = {
        0, 1, 2, 49, 50, 51, 1ull << 63, UINT64_MAX - 1, UINT64_MAX};
    struct world *w = world_new(1);
    struct cap_ref ref;

    assert_status(cap_insert(&w->table[0], &w->object[CAP_RANGE], CAP_ALL, 1,
                             UINT64_MAX - 1, &ref),
                  STATUS_OK);
    struct cap_slot *source[] = {world_insert(w, 0, CAP_RANGE, CAP_ALL),
                                 world_slot(w, 0, ref)};
    for (uint32_t s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < 81; i++) {
            const struct cap_part part = {CAP_READ, true, number[i / 9],
                                          number[i % 9]};
            unsigned __int128 end = part.first;
            end += part.count;
            if (part.count == 0 || end > source[s]->count) {
                assert_refused(w,
                               cap_derive(source[s], &w->table[1], &part, &ref),
                               STATUS_OUT_OF_RANGE);
                continue;
            }
            assert_status(cap_derive(source[s], &w->table[1], &part, &ref),
                          STATUS_OK);
            struct cap_slot *child = world_slot(w, 1, ref);
            ck_assert_uint_eq(child->first, source[s]->first + part.first);
            ck_assert_uint_eq(child->count, part.count);
            assert_world(w);
            cap_delete(&w->context, child);
        }
    }
}
END_TEST

START_TEST(only_ranges_have_parts)
{
    struct world *w = world_new(1);
    const struct cap_part part = {0, true, 0, 1};
    struct cap_ref ref;

    for (int type = CAP_FRAME; type < CAP_COMPOSITE; type++) {
        struct cap_slot *source = world_insert(w, 0, (enum cap_type)type, 0);
        if (type == CAP_RANGE) {
            assert_status(cap_derive(source, &w->table[1], &part, &ref),
                          STATUS_OK);
        } else {
            assert_refused(w, cap_derive(source, &w->table[1], &part, &ref),
                           STATUS_INVALID_ARGUMENT);
        }
    }
}
END_TEST

/* What can be wrong with one derivation, in the order of the header. */
enum wrong {
    WRONG_REVOKING = 1,
    WRONG_RIGHTS = 2,
    WRONG_PART = 4, /* narrow: of a type without parts, or outside */
    WRONG_DEPTH = 8,
    WRONG_SPACE = 16,
    WRONG_END = 32
};

static enum status expected(uint32_t wrong, enum status part)
{
    return (wrong & WRONG_REVOKING) != 0 ? STATUS_REVOKING
           : (wrong & WRONG_RIGHTS) != 0 ? STATUS_NO_RIGHTS
           : (wrong & WRONG_PART) != 0   ? part
           : (wrong & WRONG_DEPTH) != 0  ? STATUS_TOO_BIG
           : (wrong & WRONG_SPACE) != 0  ? STATUS_NO_SLOT
                                         : STATUS_OK;
}

/* A source in the state asked for; derivations from it go to table 1. */
static struct cap_slot *wrong_source(struct world *w, enum cap_type type,
                                     uint32_t wrong)
{
    struct cap_slot *root = world_insert(w, 0, type, CAP_WRITE | CAP_USE);
    struct cap_slot *source = root;

    if ((wrong & WRONG_DEPTH) != 0) {
        source = world_deep(w, root, 0, CAP_DEPTH_MAX);
    } else {
        source = world_derive(w, root, 0, root->rights);
    }
    if ((wrong & WRONG_REVOKING) != 0) {
        /* The newest children go first, so `source` is still there. */
        world_half_revoke(w, root, 2);
        ck_assert_int_eq(source->state, CAP_LIVE);
    }
    if ((wrong & WRONG_SPACE) != 0) {
        world_leave_free(w, 1, 0);
    }
    return source;
}

/* Every set of mistakes at once: the first in the header's order is told. */
START_TEST(derive_order_of_statuses)
{
    const enum cap_type type = _i == 0 ? CAP_ENDPOINT : CAP_RANGE;
    const enum status bad_part =
        _i == 0 ? STATUS_INVALID_ARGUMENT : STATUS_OUT_OF_RANGE;

    for (uint32_t wrong = 0; wrong < WRONG_END; wrong++) {
        struct world *w = world_new(WORLD_CHUNKS);
        struct cap_slot *source = wrong_source(w, type, wrong);
        const struct cap_part part = {
            .rights = (wrong & WRONG_RIGHTS) != 0 ? CAP_READ : CAP_WRITE,
            .narrow = (wrong & WRONG_PART) != 0,
            .first = 50,
            .count = 1};
        struct cap_ref ref = {7, 7};
        enum status want = expected(wrong, bad_part);

        if (want == STATUS_OK) {
            assert_status(cap_derive(source, &w->table[1], &part, &ref), want);
        } else {
            assert_refused(w, cap_derive(source, &w->table[1], &part, &ref),
                           want);
            ck_assert_uint_eq(ref.index, 7);
        }
        assert_world(w);
    }
}
END_TEST

/* Likewise for a child to an object of its own, or to the source's. */
START_TEST(derive_object_order_of_statuses)
{
    for (uint32_t wrong = 0; wrong < WRONG_END; wrong++) {
        struct world *w = world_new(WORLD_CHUNKS);
        struct cap_slot *source = wrong_source(w, CAP_RANGE, wrong);
        uint8_t rights = (wrong & WRONG_RIGHTS) != 0 ? CAP_READ : CAP_WRITE;
        uint64_t first = (wrong & WRONG_PART) != 0 ? 99 : 100;
        struct cap_ref ref = {7, 7};
        enum status want = expected(wrong, STATUS_OUT_OF_RANGE);

        if (want == STATUS_OK) {
            assert_status(cap_derive_object(source, &w->table[1],
                                            source->object, rights, first, 50,
                                            &ref),
                          want);
        } else {
            assert_refused(w,
                           cap_derive_object(source, &w->table[1],
                                             source->object, rights, first, 50,
                                             &ref),
                           want);
            ck_assert_uint_eq(ref.index, 7);
        }
        bool revoking = (wrong & WRONG_REVOKING) != 0;
        assert_refused(
            w, cap_derive_object(source, &w->table[1], NULL, 0, 0, 0, &ref),
            revoking ? STATUS_REVOKING : STATUS_INVALID_ARGUMENT);
        assert_world(w);
    }
}
END_TEST

/* Every type below every type, every byte of rights. */
START_TEST(derive_object_matrix)
{
    struct world *w = world_new(1);
    struct cap_ref ref;

    for (int from = CAP_FRAME; from < CAP_COMPOSITE; from++) {
        struct cap_slot *source = world_insert(w, 0, (enum cap_type)from, 0);
        for (uint32_t to = 0; to <= CAP_TYPE_COUNT; to++) {
            uint32_t most = cap_type_rights((enum cap_type)to);
            for (uint32_t rights = 0; rights < 256; rights += 3) {
                enum status want =
                    to == CAP_NONE || to >= CAP_COMPOSITE || (rights & ~most)
                        ? STATUS_INVALID_ARGUMENT
                    : (int)to == from && rights != 0 ? STATUS_NO_RIGHTS
                                                     : STATUS_OK;
                world_save(w);
                assert_status(cap_derive_object(source, &w->table[1],
                                                &w->object[to], (uint8_t)rights,
                                                100, 50, &ref),
                              want);
                if (want != STATUS_OK) {
                    ck_assert(world_same(w));
                    continue;
                }
                struct cap_slot *child = world_slot(w, 1, ref);
                ck_assert_uint_eq(child->type, to);
                ck_assert_uint_eq(child->rights, rights);
                ck_assert_ptr_eq(child->parent, source);
                cap_delete(&w->context, child);
                w->removals = 0;
            }
        }
        assert_world(w);
    }
}
END_TEST

/* A range below the source's own: only what lies within its part. */
START_TEST(derive_object_own_range)
{
    static const struct {
        uint64_t first, count;
        enum status status;
    } row[] = {
        {100, 50, STATUS_OK},
        {100, 0, STATUS_OK},
        {150, 0, STATUS_OK},
        {149, 1, STATUS_OK},
        {99, 1, STATUS_OUT_OF_RANGE},
        {0, 0, STATUS_OUT_OF_RANGE},
        {100, 51, STATUS_OUT_OF_RANGE},
        {151, 0, STATUS_OUT_OF_RANGE},
        {149, 2, STATUS_OUT_OF_RANGE},
        {101, 50, STATUS_OUT_OF_RANGE},
        {UINT64_MAX, 0, STATUS_OUT_OF_RANGE},
        {UINT64_MAX, 1, STATUS_INVALID_ARGUMENT},
        {1, UINT64_MAX, STATUS_INVALID_ARGUMENT},
    };
    struct world *w = world_new(1);
    struct cap_slot *source = world_insert(w, 0, CAP_RANGE, CAP_ALL);
    struct cap_object other = {.type = CAP_RANGE};
    struct cap_ref ref;

    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        world_save(w);
        assert_status(cap_derive_object(source, &w->table[1], source->object,
                                        CAP_ALL, row[i].first, row[i].count,
                                        &ref),
                      row[i].status);
        ck_assert(world_same(w) == (row[i].status != STATUS_OK));
    }
    assert_world(w);
    /* Another object knows no such limit. */
    assert_status(
        cap_derive_object(source, &w->table[1], &other, CAP_ALL, 0, 1000, &ref),
        STATUS_OK);
    assert_world(w);
}
END_TEST

START_TEST(badge_below_an_endpoint)
{
    struct world *w = world_new(1);
    struct cap_slot *source = world_insert(w, 0, CAP_ENDPOINT, CAP_WRITE);
    struct cap_ref ref;

    assert_refused(w,
                   cap_derive_object(source, &w->table[1], source->object,
                                     CAP_WRITE | CAP_USE, 0, 42, &ref),
                   STATUS_NO_RIGHTS);
    assert_status(cap_derive_object(source, &w->table[1], source->object,
                                    CAP_WRITE, 0, 42, &ref),
                  STATUS_OK);
    struct cap_slot *badged = world_slot(w, 1, ref);
    ck_assert_uint_eq(world_derive(w, badged, 2, CAP_WRITE)->count, 42);
    assert_world(w);
}
END_TEST

START_TEST(derive_from_a_dead_slot)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    cap_delete(&w->context, slot);
    (void)world_derive(w, slot, 0, 0);
}
END_TEST

TCase *case_derive(void)
{
    TCase *c = tcase_create("derive");

    tcase_set_timeout(c, 60);
    tcase_add_test(c, child_says_what_was_asked);
    tcase_add_test(c, derive_rights_matrix);
    tcase_add_test(c, derive_part_matrix);
    tcase_add_test(c, only_ranges_have_parts);
    tcase_add_loop_test(c, derive_order_of_statuses, 0, 2);
    tcase_add_test(c, derive_object_order_of_statuses);
    tcase_add_test(c, derive_object_matrix);
    tcase_add_test(c, derive_object_own_range);
    tcase_add_test(c, badge_below_an_endpoint);
    tcase_add_test_raise_signal(c, derive_from_a_dead_slot, SIGABRT);
    return c;
}
