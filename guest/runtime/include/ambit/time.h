/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processor time: a budget in each period, and a priority. Out-parameters and
 * statuses of handles as in <ambit/calls.h>.
 */
#ifndef AMBIT_TIME_H
#define AMBIT_TIME_H

#include <ambit/calls.h>

struct ambit_time {
    uint64_t budget_ns, period_ns; /* both 0: no limit */
    uint32_t priority;             /* 0 to 7; the highest number goes first */
    uint64_t left_ns;              /* of this period's budget, when asked */
};

/* Needs: read on the time. Returns OK; NO_RIGHTS. */
MUST_CHECK enum status ambit_time_query(struct ambit_handle time,
                                        struct ambit_time *out);

/*
 * Changes it for everybody who runs on it, at once. What was used of this
 * period stays used; `left_ns` is not looked at.
 * Needs: write on the time. Returns OK; NO_RIGHTS; INVALID_ARGUMENT (a budget
 * larger than its period or below 100 us, a period above 4 s, a priority above
 * 7); OUT_OF_RANGE (more of the processor or a higher priority than the time
 * that it was made out of has, or the config gave it).
 */
MUST_CHECK enum status ambit_time_set(struct ambit_handle time,
                                      const struct ambit_time *to);

/*
 * Has a domain run on this time from now on; a handle of 0 is the caller.
 * Needs: use on the time, write on the domain. Returns OK; NO_RIGHTS;
 * NOT_RUNNING (the domain does not exist just now).
 */
MUST_CHECK enum status ambit_time_bind(struct ambit_handle time,
                                       struct ambit_handle domain);

/*
 * Makes a time out of another: what is used of it is used of that one, too,
 * and who runs on it has no higher priority than that one has at any moment.
 * It goes with its last capability: whoever runs on it then runs on what it
 * was made out of. Revoking the source takes it back. It takes 128 bytes of
 * the caller's pool, charged by the page.
 * Needs: use on the source. The new capability has all rights. Returns OK;
 * NO_RIGHTS; INVALID_ARGUMENT (as ambit_time_set); OUT_OF_RANGE (more of the
 * processor or a higher priority than the source has); NO_SLOT, NO_QUOTA,
 * NO_MEMORY, REVOKING, TOO_BIG (128 derivations deep): nothing has changed.
 */
MUST_CHECK enum status ambit_time_create(struct ambit_handle source,
                                         const struct ambit_time *as,
                                         struct ambit_handle *out);

#endif
