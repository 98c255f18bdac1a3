/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects made at run time: where they lie, who pays, when the frame goes back.
 * In the hosted kernel, composed from a scene of the fuzzers.
 */
#include "fuzz.h"
#include "hosted/machine.h"

#include "kernel.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define UNITS 31u /* of a slab, beside its own */
#define MOST 400u

static struct scene scene;

static uint32_t named(const char *name)
{
    for (uint32_t i = 0; i < kernel.spec.header->domains.count; i++) {
        if (strcmp(spec_string(&kernel.spec, kernel.spec.domains[i].name),
                   name) == 0) {
            return i;
        }
    }
    abort();
}

static void boot(void)
{
    const struct machine_options options = {.native = true};

    ck_assert_int_eq(machine_boot(&scene, &options), MACHINE_RING3);
}

static struct cap_object *make(uint32_t domain, enum cap_type type)
{
    struct cap_object *object;

    ck_assert_int_eq(object_make(domain, type, &object), STATUS_OK);
    ck_assert_int_eq(object->type, type);
    ck_assert_uint_eq(object->refs, 0);
    ck_assert_ptr_eq(object_quota(object), quota_of(domain));
    ck_assert_ptr_eq(object_pool(object), pool_of(domain));
    return object;
}

START_TEST(a_frame_holds_objects_of_one_quota)
{
    uint32_t app = named("app"), thread = named("thread"),
             vault = named("vault");
    uint64_t used = quota_of(app)->used, other = quota_of(vault)->used;
    struct cap_object *a[UNITS + 1], *b;

    for (uint32_t i = 0; i < UNITS; i++) {
        a[i] = make(i & 1 ? app : thread, CAP_ENDPOINT);
        ck_assert_uint_eq((uintptr_t)a[i] / 4096, (uintptr_t)a[0] / 4096);
        ck_assert_uint_eq(quota_of(app)->used, used + 1);
    }
    a[UNITS] = make(app, CAP_QUOTA);
    ck_assert_uint_eq(quota_of(app)->used, used + 2);
    b = make(vault, CAP_NOTIFICATION);
    ck_assert_uint_eq(quota_of(vault)->used, other + 1);
    ck_assert_uint_ne((uintptr_t)b / 4096, (uintptr_t)a[UNITS] / 4096);
    object_drop(b);
    for (uint32_t i = 0; i <= UNITS; i++) {
        object_drop(a[i]);
    }
    ck_assert_uint_eq(quota_of(app)->used, used);
    ck_assert_uint_eq(quota_of(vault)->used, other);
    machine_check();
    machine_check_free();
}
END_TEST

/* The nth request for a frame fails: nothing has changed. */
START_TEST(nothing_is_made_without_a_frame)
{
    uint32_t vault = named("vault"), made = 0;
    struct quota *quota = quota_of(vault);
    struct pool *pool = pool_of(vault);
    uint64_t free = pool->free, used = quota->used;
    static struct cap_object *objects[100000];
    struct cap_object *none = NULL;
    enum status status, expected;

    while ((status = object_make(vault, CAP_RANGE, &objects[made])) ==
           STATUS_OK) {
        made++;
    }
    expected = quota->used == quota->limit ? STATUS_NO_QUOTA : STATUS_NO_MEMORY;
    ck_assert_int_eq(status, expected);
    ck_assert_uint_eq(made % UNITS, 0);
    ck_assert_uint_eq(made / UNITS, quota->used - used);
    ck_assert_uint_eq(made / UNITS, free - pool->free);
    ck_assert_int_eq(object_make(vault, CAP_POOL, &none), expected);
    ck_assert_ptr_null(none);
    ck_assert_uint_eq(pool->reserved, 0);
    while (made > 0) {
        object_drop(objects[--made]);
    }
    ck_assert_uint_eq(quota->used, used);
    ck_assert_uint_eq(pool->free, free);
    ck_assert_ptr_null(quota->slabs);
    machine_check();
}
END_TEST

static bool zeroed(const struct cap_object *object, size_t bytes)
{
    const uint8_t *at = (const uint8_t *)object;

    for (size_t i = sizeof *object; i < bytes; i++) {
        if (at[i] != 0) {
            return false;
        }
    }
    return true;
}

static const enum cap_type types[] = {CAP_ENDPOINT, CAP_QUOTA, CAP_POOL,
                                      CAP_RANGE};

/* Made and dropped at random: each is zero when it is made and keeps what is
 * written into it. */
START_TEST(objects_do_not_overlap)
{
    static struct cap_object *objects[MOST];
    static uint8_t mark[MOST];
    uint32_t who[] = {named("app"), named("child"), named("vault")};
    uint64_t used[3];

    srand((unsigned)_i + 1);
    for (uint32_t i = 0; i < 3; i++) {
        used[i] = quota_of(who[i])->used;
    }
    for (uint32_t step = 0; step < 20000; step++) {
        uint32_t at = (uint32_t)rand() % MOST;
        struct cap_object *object = objects[at];
        enum cap_type type = types[rand() % 4];

        if (object) {
            size_t bytes = object->type == CAP_POOL ? 384 : 128;
            uint8_t *own = (uint8_t *)object;

            for (size_t i = sizeof *object; i < bytes; i++) {
                ck_assert_uint_eq(own[i], mark[at]);
            }
            object_drop(object);
            objects[at] = NULL;
            continue;
        }
        objects[at] = object = make(who[rand() % 3], type);
        ck_assert(zeroed(object, type == CAP_POOL ? 384 : 128));
        mark[at] = (uint8_t)(rand() % 255 + 1);
        memset(object + 1, mark[at],
               (type == CAP_POOL ? 384 : 128) - sizeof *object);
    }
    for (uint32_t i = 0; i < MOST; i++) {
        if (objects[i]) {
            object_drop(objects[i]);
            objects[i] = NULL;
        }
    }
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(quota_of(who[i])->used, used[i]);
    }
    machine_check();
    machine_check_free();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("object");
    TCase *tcase = tcase_create("object");
    SRunner *runner = srunner_create(suite);
    int failed;

    scene_open(&scene, SCENE_FOLDER "/family.yaml");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, boot, NULL);
    tcase_add_test(tcase, a_frame_holds_objects_of_one_quota);
    tcase_add_test(tcase, nothing_is_made_without_a_frame);
    tcase_add_loop_test(tcase, objects_do_not_overlap, 0, 5);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
