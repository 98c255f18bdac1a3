/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Properties over random specs, and over blobs with random bytes in them: what
 * the validator accepts is planned and built without a fault.
 */
#include "fake.h"
#include "model.h"
#include "random.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

#define SPECS 20000u
#define MUTATIONS 100000u
#define PARTS 4 /* tests that share the work, each from its own seed */

static struct maker m;
static struct plan plan;
static struct fake fake;

static const char *try_plan(const struct spec *spec)
{
    memset(&plan, 0, sizeof plan);
    if (plan_make(spec, &plan) != STATUS_OK) {
        return "plan_make";
    }
    for (uint32_t i = 0; i < sizeof plan.kept; i++) {
        if (plan.kept[i] != 0) {
            return "scratch is left as it was found";
        }
    }
    return NULL;
}

/* Builds, destroys and builds again at random; returns what went wrong. */
static const char *try_build(const struct spec *spec, struct random *r,
                             uint32_t steps)
{
    uint32_t count = spec->header->domains.count;

    fake_init(&fake, spec, &plan);
    for (uint32_t d = 0; d < count; d++) {
        if (fake_build(&fake, d) != STATUS_OK) {
            return "built in order";
        }
    }
    for (uint32_t i = 0; i < steps && fake_fault(&fake) == NULL; i++) {
        uint32_t d = random_below(r, count);

        if ((fake.live >> d & 1) != 0) {
            fake_destroy(&fake, d);
        } else {
            uint32_t parent = spec->domains[d].parent;
            enum status status = fake_build(&fake, d);
            bool lives = parent == SPEC_NONE || (fake.live >> parent & 1);

            if (status == STATUS_NOT_RUNNING
                    ? lives
                    : status != STATUS_OK && status != STATUS_BUSY) {
                return "built again";
            }
        }
    }
    return fake_fault(&fake);
}

START_TEST(specs)
{
    struct random r = random_from(1000 + (uint64_t)_i);
    uint32_t accepted = 0, tried = 0;

    while (accepted < SPECS / PARTS) {
        struct spec_error error;
        struct spec spec;
        uint32_t bytes;
        const char *fault = NULL;
        void *blob;

        random_spec(&m, &r);
        blob = maker_pack(&m, &bytes);
        tried++;
        if (spec_validate(blob, bytes, &spec, &error) == STATUS_OK) {
            struct spec packed = spec;

            accepted++;
            maker_spread(&packed, &spec);
            fault = try_plan(&spec);
            fault = fault == NULL ? model_fault(&spec, &plan) : fault;
            fault = fault == NULL ? try_build(&spec, &r, 12) : fault;
            maker_gather(&spec);
        } else {
            ck_assert_msg(error.status != STATUS_MALFORMED, "%s", error.what);
        }
        ck_assert_msg(fault == NULL, "seed %d, spec %u: %s", _i, tried, fault);
        free(blob);
    }
    /* The generator would be useless if few of its specs made sense. */
    ck_assert_uint_lt(tried, 3 * accepted);
}
END_TEST

static void mutate(unsigned char *blob, uint32_t bytes, struct random *r)
{
    static const uint32_t odd[] = {0,   1,          7,          63,        64,
                                   255, 0x7fffffff, 0xfffffffe, 0xffffffff};

    for (uint32_t i = 1 + random_below(r, 4); i > 0; i--) {
        uint32_t word = random_below(r, bytes / 4) * 4;
        uint32_t value;

        memcpy(&value, blob + word, 4);
        switch (random_below(r, 4)) {
        case 0:
            value = odd[random_below(r, sizeof odd / sizeof odd[0])];
            break;
        case 1:
            value += random_below(r, 5) - 2;
            break;
        case 2:
            value ^= 1u << random_below(r, 32);
            break;
        default:
            value = (value & ~0xffu) | random_below(r, 8);
            break;
        }
        memcpy(blob + word, &value, 4);
    }
}

/* Asks a plan every question there is; a sanitizer sees what is read. */
static void ask(const struct spec *spec, struct random *r)
{
    char name[48];
    uint32_t range = random_below(r, plan.range_count), found;

    plan_range_name(spec, &plan, range, name, sizeof name);
    /* A mutation can give two domains one name: then the first is found,
     * and it may have no heap. */
    if (plan_locate(spec, &plan, name, (uint32_t)strlen(name), &found) ==
        STATUS_OK) {
        ck_assert_uint_lt(found, plan.range_count);
    }
    (void)plan_view(spec, &plan, random_below(r, plan.root_count),
                    plan.ranges[range].base + random_below(r, 0x800000),
                    &found);
}

START_TEST(mutations)
{
    struct random r = random_from(2000 + (uint64_t)_i);
    uint32_t accepted = 0, bytes = 0;
    unsigned char *good = NULL;

    for (uint32_t i = 0; i < MUTATIONS / PARTS; i++) {
        struct spec_error error = {0};
        struct spec spec;
        const char *fault = NULL;
        unsigned char *blob;

        if (i % 50 == 0) {
            free(good);
            random_spec(&m, &r);
            good = maker_pack(&m, &bytes);
        }
        blob = malloc(bytes);
        memcpy(blob, good, bytes);
        mutate(blob, bytes, &r);
        if (spec_validate(blob, bytes, &spec, &error) == STATUS_OK) {
            accepted++;
            fault = try_plan(&spec);
            fault = fault == NULL ? try_build(&spec, &r, 2) : fault;
            ask(&spec, &r);
        } else {
            ck_assert_ptr_nonnull(error.what);
            ck_assert_int_ne(error.status, STATUS_OK);
        }
        ck_assert_msg(fault == NULL, "seed %d, mutation %u: %s", _i, i, fault);
        free(blob);
    }
    free(good);
    ck_assert_uint_gt(accepted, MUTATIONS / PARTS / 20);
    ck_assert_uint_lt(accepted, MUTATIONS / PARTS);
}
END_TEST

Suite *suite_random(void)
{
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("random");

    tcase_set_timeout(tests, 240);
    tcase_add_loop_test(tests, specs, 0, PARTS);
    tcase_add_loop_test(tests, mutations, 0, PARTS);
    suite_add_tcase(suite, tests);
    return suite;
}
