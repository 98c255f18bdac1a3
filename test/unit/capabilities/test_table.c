/* SPDX-License-Identifier: Apache-2.0 */
/* Types, tables, insertion, handles. */
#include "world.h"

#include <signal.h>

START_TEST(rights_of_types)
{
    /* DESIGN's table of resources and rights, said a second time. */
    static const char *const table[CAP_TYPE_COUNT] = {
        "",     "rwxu", "rwxu", "rwu", "ru", "ru",  "rw",  "rwu",  "rwxu",
        "rwxu", "wu",   "wu",   "wu",  "wu", "rwu", "rwu", "rwxu", "rwxu"};

    for (int type = 0; type < CAP_TYPE_COUNT; type++) {
        uint8_t want = 0;
        for (const char *c = table[type]; *c != '\0'; c++) {
            want |= *c == 'r'   ? CAP_READ
                    : *c == 'w' ? CAP_WRITE
                    : *c == 'x' ? CAP_EXEC
                                : CAP_USE;
        }
        ck_assert_msg(cap_type_rights((enum cap_type)type) == want, "%s",
                      cap_type_name((enum cap_type)type));
    }
    ck_assert_uint_eq(cap_type_rights(CAP_TYPE_COUNT), 0);
    ck_assert_uint_eq(cap_type_rights((enum cap_type)1000), 0);
}
END_TEST

START_TEST(names_of_types)
{
    ck_assert_str_eq(cap_type_name(CAP_NONE), "none");
    ck_assert_str_eq(cap_type_name(CAP_RANGE), "range");
    ck_assert_str_eq(cap_type_name(CAP_COMPOSITE), "composite");
    ck_assert_str_eq(cap_type_name(CAP_TYPE_COUNT), "unknown");
}
END_TEST

START_TEST(free_slots_are_counted)
{
    struct world *w = world_new(0);

    ck_assert_uint_eq(cap_table_free(&w->table[0]), 0);
    assert_world(w);
    for (uint32_t chunks = 1; chunks <= WORLD_CHUNKS; chunks++) {
        cap_table_add(&w->table[0], w->chunk[0][chunks - 1]);
        ck_assert_uint_eq(cap_table_free(&w->table[0]),
                          chunks * CAP_CHUNK_SLOTS - 1);
    }
    (void)world_insert(w, 0, CAP_FILE, CAP_READ);
    ck_assert_uint_eq(cap_table_free(&w->table[0]),
                      WORLD_CHUNKS * CAP_CHUNK_SLOTS - 2);
    assert_world(w);
}
END_TEST

START_TEST(lowest_free_slot_first)
{
    struct world *w = world_new(2);
    struct cap_slot *slot[10];

    for (uint32_t i = 0; i < 10; i++) {
        slot[i] = world_insert(w, 0, CAP_FILE, CAP_READ);
        ck_assert_uint_eq(slot[i]->index, i + 1);
    }
    cap_delete(&w->context, slot[7]);
    cap_delete(&w->context, slot[2]);
    cap_delete(&w->context, slot[4]);
    ck_assert_uint_eq(world_insert(w, 0, CAP_FILE, 0)->index, 3);
    ck_assert_uint_eq(world_insert(w, 0, CAP_FILE, 0)->index, 5);
    ck_assert_uint_eq(world_insert(w, 0, CAP_FILE, 0)->index, 8);
    ck_assert_uint_eq(world_insert(w, 0, CAP_FILE, 0)->index, 11);
    assert_world(w);
}
END_TEST

/* Every type with every byte of rights. */
START_TEST(insert_matrix)
{
    struct world *w = world_new(1);
    struct cap_ref ref = {7, 7};

    for (uint32_t type = 0; type <= CAP_TYPE_COUNT; type++) {
        bool has_objects = type != CAP_NONE && type < CAP_COMPOSITE;
        for (uint32_t rights = 0; rights < 256; rights++) {
            bool fits =
                (rights & ~(uint32_t)cap_type_rights((enum cap_type)type)) == 0;
            if (has_objects && fits) {
                assert_status(cap_insert(&w->table[0], &w->object[type],
                                         (uint8_t)rights, 1, 2, &ref),
                              STATUS_OK);
                struct cap_slot *slot = world_slot(w, 0, ref);
                ck_assert_uint_eq(slot->rights, rights);
                ck_assert_uint_eq(slot->type, type);
                ck_assert_uint_eq(w->object[type].refs, 1);
                assert_world(w);
                cap_delete(&w->context, slot);
                w->removals = 0;
                ref = (struct cap_ref){7, 7};
            } else {
                assert_refused(w,
                               cap_insert(&w->table[0], &w->object[type],
                                          (uint8_t)rights, 1, 2, &ref),
                               STATUS_INVALID_ARGUMENT);
            }
            ck_assert_uint_eq(ref.index, 7);
            ck_assert_uint_eq(ref.generation, 7);
        }
    }
    ck_assert_uint_eq(w->table[0].used, 0);
}
END_TEST

START_TEST(insert_arguments_before_space)
{
    struct world *w = world_new(1);
    struct cap_object *range = &w->object[CAP_RANGE];
    struct cap_ref ref;

    assert_refused(w, cap_insert(&w->table[0], NULL, 0, 0, 0, &ref),
                   STATUS_INVALID_ARGUMENT);
    assert_refused(w,
                   cap_insert(&w->table[0], range, 0, 2, UINT64_MAX - 1, &ref),
                   STATUS_INVALID_ARGUMENT);
    assert_status(cap_insert(&w->table[0], range, 0, 1, UINT64_MAX - 1, &ref),
                  STATUS_OK);
    /* A badge is no extent: any number goes. */
    assert_status(cap_insert(&w->table[0], &w->object[CAP_ENDPOINT], 0,
                             UINT64_MAX, UINT64_MAX, &ref),
                  STATUS_OK);
    world_leave_free(w, 0, 0);
    assert_refused(w, cap_insert(&w->table[0], range, 0, 0, 0, &ref),
                   STATUS_NO_SLOT);
    assert_refused(w, cap_insert(&w->table[0], NULL, 0, 0, 0, &ref),
                   STATUS_INVALID_ARGUMENT);
    assert_world(w);
}
END_TEST

/* Every state of a slot with every way to name it. */
START_TEST(look_up_matrix)
{
    struct world *w = world_new(1);
    struct cap_slot *live = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *dead = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *buried = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_slot *head = world_compose(w, 0, &live, 1);
    struct cap_slot *member = head->member;
    struct cap_slot *retired = world_insert(w, 0, CAP_FILE, CAP_READ);
    const struct cap_slot *named[] = {dead, buried, member, retired};
    struct cap_ref ref = cap_ref_of(live);
    struct cap_slot *out = NULL;

    (void)world_derive(w, buried, 1, CAP_READ);
    cap_delete(&w->context, dead);
    cap_delete(&w->context, buried);
    retired->generation = UINT32_MAX - 1;
    cap_delete(&w->context, retired);
    ck_assert_int_eq(retired->state, CAP_RETIRED);
    assert_world(w);
    assert_status(cap_look_up(&w->table[0], ref, &out), STATUS_OK);
    ck_assert_ptr_eq(out, live);

    for (uint32_t i = 0; i < 4; i++) {
        uint32_t index = (uint32_t)(named[i] - w->chunk[0][0]);
        for (uint32_t g = 0; g < 4; g++) {
            /* The last holder's, the next one's, and never given ones. */
            ref = (struct cap_ref){index, named[i]->generation + 1 - g};
            assert_refused(w, cap_look_up(&w->table[0], ref, &out),
                           STATUS_INVALID_HANDLE);
        }
    }
    uint32_t indices[] = {0, 40, CAP_CHUNK_SLOTS, CAP_TABLE_MAX, UINT32_MAX};
    for (uint32_t i = 0; i < 5; i++) {
        ref = (struct cap_ref){indices[i], 0};
        assert_refused(w, cap_look_up(&w->table[0], ref, &out),
                       STATUS_INVALID_HANDLE);
    }
    ref = (struct cap_ref){live->index, live->generation + 1};
    assert_refused(w, cap_look_up(&w->table[0], ref, &out),
                   STATUS_STALE_HANDLE);
    ck_assert_ptr_eq(out, live);
}
END_TEST

START_TEST(stale_handle_never_lives_again)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);
    struct cap_ref old = cap_ref_of(slot);

    for (uint32_t i = 0; i < 1000; i++) {
        cap_delete(&w->context, slot);
        w->removals = 0;
        ck_assert_ptr_eq(world_insert(w, 0, CAP_FILE, CAP_READ), slot);
        ck_assert_uint_eq(slot->generation, i + 1);
        assert_refused(w, cap_look_up(&w->table[0], old, &slot),
                       STATUS_STALE_HANDLE);
    }
}
END_TEST

START_TEST(used_up_slot_is_retired)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    slot->generation = UINT32_MAX - 2;
    cap_delete(&w->context, slot);
    ck_assert_ptr_eq(world_insert(w, 0, CAP_FILE, CAP_READ), slot);
    ck_assert_uint_eq(slot->generation, UINT32_MAX - 1);
    cap_delete(&w->context, slot);
    ck_assert_int_eq(slot->state, CAP_RETIRED);
    ck_assert_uint_eq(w->table[0].used, 1);
    assert_world(w);
    ck_assert_uint_eq(world_insert(w, 0, CAP_FILE, CAP_READ)->index, 2);
    world_leave_free(w, 0, 0);
    assert_world(w);
    assert_refused(w,
                   cap_insert(&w->table[0], &w->object[CAP_FILE], 0, 0, 0,
                              &(struct cap_ref){0, 0}),
                   STATUS_NO_SLOT);
}
END_TEST

/* Handle, then type, then rights: every combination. */
START_TEST(look_up_for_matrix)
{
    struct world *w = world_new(1);
    struct cap_slot *out = NULL;

    for (uint8_t has = 0; has <= CAP_ALL; has++) {
        struct cap_slot *slot = world_insert(w, 0, CAP_RANGE, has);
        struct cap_ref good = cap_ref_of(slot);
        struct cap_ref bad = {good.index, good.generation + 1};
        for (uint32_t rights = 0; rights < 256; rights++) {
            bool enough = (rights & ~(uint32_t)has) == 0;
            out = NULL;
            assert_status(cap_look_up_for(&w->table[0], good, CAP_RANGE,
                                          (uint8_t)rights, &out),
                          enough ? STATUS_OK : STATUS_NO_RIGHTS);
            ck_assert_ptr_eq(out, enough ? slot : NULL);
            out = NULL;
            assert_status(cap_look_up_for(&w->table[0], good, CAP_FILE,
                                          (uint8_t)rights, &out),
                          STATUS_WRONG_TYPE);
            assert_status(cap_look_up_for(&w->table[0], bad, CAP_FILE,
                                          (uint8_t)rights, &out),
                          STATUS_STALE_HANDLE);
            ck_assert_ptr_null(out);
        }
        cap_delete(&w->context, slot);
        w->removals = 0;
    }
}
END_TEST

START_TEST(table_with_too_many_chunks)
{
    static struct cap_slot chunk[CAP_CHUNK_SLOTS];
    struct cap_table table;

    cap_table_init(&table);
    for (uint32_t i = 0; i <= CAP_TABLE_CHUNKS; i++) {
        cap_table_add(&table, chunk);
    }
}
END_TEST

START_TEST(handle_of_a_member)
{
    struct world *w = world_new(1);
    struct cap_slot *slot = world_insert(w, 0, CAP_FILE, CAP_READ);

    (void)cap_ref_of(world_compose(w, 0, &slot, 1)->member);
}
END_TEST

TCase *case_table(void)
{
    TCase *c = tcase_create("table");

    tcase_add_test(c, rights_of_types);
    tcase_add_test(c, names_of_types);
    tcase_add_test(c, free_slots_are_counted);
    tcase_add_test(c, lowest_free_slot_first);
    tcase_add_test(c, insert_matrix);
    tcase_add_test(c, insert_arguments_before_space);
    tcase_add_test(c, look_up_matrix);
    tcase_add_test(c, stale_handle_never_lives_again);
    tcase_add_test(c, used_up_slot_is_retired);
    tcase_add_test(c, look_up_for_matrix);
    tcase_add_test_raise_signal(c, table_with_too_many_chunks, SIGABRT);
    tcase_add_test_raise_signal(c, handle_of_a_member, SIGABRT);
    return c;
}
