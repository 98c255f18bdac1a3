/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No memory: the first allocation fails, then the second, until a load runs
 * through. Each time there is one clear failure, and nothing leaks (the
 * sanitizer looks).
 */
#include "suites.h"

#include <config/config.h>
#include <stdlib.h>
#include <string.h>

#define ATTEMPTS_MAX 1000

void *__wrap_malloc(size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__wrap_realloc(void *old, size_t bytes);
void *__real_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__real_realloc(void *old, size_t bytes);

static int left = -1; /* allocations that still succeed; -1: all */

static int refused(void)
{
    if (left < 0) {
        return 0;
    }
    return left == 0 || left-- == 0;
}

void *__wrap_malloc(size_t bytes)
{
    return refused() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return refused() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *old, size_t bytes)
{
    return refused() ? NULL : __real_realloc(old, bytes);
}

/* Loads with `allowed` allocations. Returns whether memory sufficed. */
static int load_with(const char *path, int allowed, int good)
{
    static const struct config_override overrides[] = {
        {"domains.app.args=[some, arguments]"}};
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    struct config *config;
    int enough;

    left = allowed;
    config = config_load(path, overrides, 1, &diagnostics, &failure);
    left = -1;
    enough = failure.exit_code == 0 && !diagnostics.lost;
    if (failure.exit_code != 0) {
        ck_assert_int_eq(failure.exit_code, EXIT_HOST);
        ck_assert_ptr_nonnull(strstr(failure.text, "out of memory"));
        ck_assert_ptr_null(config);
    } else {
        ck_assert_int_eq(config != NULL, good);
        ck_assert_int_eq(diagnostics.count == 0 && !diagnostics.lost, good);
    }
    diagnostics_free(&diagnostics);
    config_free(config);
    return enough;
}

static void load_until_enough(const char *path, int good)
{
    int allowed = 0;

    while (!load_with(path, allowed, good)) {
        allowed++;
        ck_assert_int_lt(allowed, ATTEMPTS_MAX);
    }
    ck_assert_int_gt(allowed, 2); /* failures were tried at all */
}

START_TEST(every_allocation_of_a_good_config)
{
    load_until_enough(CONFIG_FOLDER "/good/design.yaml", 1);
}
END_TEST

START_TEST(every_allocation_of_a_bad_config)
{
    load_until_enough(CONFIG_FOLDER "/bad/three-mistakes.yaml", 0);
}
END_TEST

TCase *memory_case(void)
{
    TCase *memory = tcase_create("memory");

    tcase_add_test(memory, every_allocation_of_a_good_config);
    tcase_add_test(memory, every_allocation_of_a_bad_config);
    return memory;
}
