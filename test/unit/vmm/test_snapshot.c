/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include "snapshot.h"

#include <abi/layout.h>
#include <stdlib.h>
#include <string.h>

static uint8_t *memory;
static struct shared *shared;
static struct snapshot snapshot;

static void setup(void)
{
    memory = calloc(1, ABI_SHARED_PHYS + sizeof(struct shared));
    ck_assert_ptr_nonnull(memory);
    shared = (struct shared *)(void *)(memory + ABI_SHARED_PHYS);
    shared->magic = SHARED_MAGIC;
    shared->version = SHARED_VERSION;
    ck_assert_int_eq(snapshot_init(&snapshot), 0);
}

static void teardown(void)
{
    snapshot_free(&snapshot);
    free(memory);
}

START_TEST(copies)
{
    shared->phase = PHASE_RUN;
    shared->fault_count = 2;
    shared->report_count = 3;
    shared->faults[1].rip = 0x1234;
    snapshot_take(&snapshot, memory);
    ck_assert(snapshot.valid);
    ck_assert_uint_eq(snapshot.faults, 2);
    ck_assert_uint_eq(snapshot.reports, 3);
    ck_assert_uint_eq(snapshot.shared->faults[1].rip, 0x1234);
    ck_assert_uint_eq(snapshot_phase(memory), PHASE_RUN);
    ck_assert_uint_eq(snapshot_faults(memory), 2);
    shared->faults[1].rip = 1; /* the copy is ours */
    ck_assert_uint_eq(snapshot.shared->faults[1].rip, 0x1234);
}
END_TEST

START_TEST(hostile_counts)
{
    memset(memory + ABI_SHARED_PHYS, 0xff, sizeof(struct shared));
    shared->magic = SHARED_MAGIC;
    shared->version = SHARED_VERSION;
    snapshot_take(&snapshot, memory);
    ck_assert(snapshot.valid);
    ck_assert_uint_eq(snapshot.faults, SHARED_FAULTS);
    ck_assert_uint_eq(snapshot.reports, SHARED_REPORTS);
    ck_assert_uint_eq(strlen(snapshot.shared->panic),
                      sizeof(shared->panic) - 1);
    for (uint32_t i = 0; i < SHARED_REPORTS; i++) {
        ck_assert_uint_eq(strlen(snapshot.shared->reports[i].key),
                          SHARED_NAME - 1);
        ck_assert_uint_eq(strlen(snapshot.shared->reports[i].value),
                          SHARED_NAME - 1);
    }
    ck_assert_uint_eq(snapshot_live(&snapshot), 0);
}
END_TEST

START_TEST(not_ours)
{
    shared->fault_count = 5;
    shared->domains[0].outcome = OUTCOME_RUNNING;
    shared->version = SHARED_VERSION + 1;
    snapshot_take(&snapshot, memory);
    ck_assert(!snapshot.valid);
    ck_assert_uint_eq(snapshot.faults, 0);
    ck_assert_uint_eq(snapshot_live(&snapshot), 0);
    shared->version = SHARED_VERSION;
    shared->magic = 0;
    snapshot_take(&snapshot, memory);
    ck_assert(!snapshot.valid);
}
END_TEST

START_TEST(who_lives)
{
    shared->domains[0].outcome = OUTCOME_RUNNING;
    shared->domains[1].outcome = OUTCOME_EXIT;
    shared->domains[2].outcome = OUTCOME_FAULT;
    shared->domains[3].outcome = OUTCOME_STOPPED;
    shared->domains[63].outcome = OUTCOME_BLOCKED;
    snapshot_take(&snapshot, memory);
    ck_assert_uint_eq(snapshot_live(&snapshot), 1ull << 63 | 1);
}
END_TEST

Suite *suite_snapshot(void)
{
    Suite *suite = suite_create("snapshot");
    TCase *all = tcase_create("snapshot");

    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, copies);
    tcase_add_test(all, hostile_counts);
    tcase_add_test(all, not_ours);
    tcase_add_test(all, who_lives);
    suite_add_tcase(suite, all);
    return suite;
}
