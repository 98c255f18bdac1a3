/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of the recommended kinds share. */
#ifndef KINDS_H
#define KINDS_H

#include <ambit/ambit.h>

#define WORK_ECHO (~0ull) /* word 0 of a call that is answered at once */
#define FRAMES_MAX 600u

static inline void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

struct ambit_handle held(const char *name);
uint64_t base_of(const char *range);

/* Starts a child and reports what it took of the caller's quota. */
void start(const char *child);
/* Waits for its end, which must be of this kind. */
void ended(const char *child, enum outcome_kind kind);

/* Reports what one call to `endpoint` and its reply cost: the least of eight.
 */
void report_call(struct ambit_handle endpoint);
/* Serves until a call whose word 0 is not WORK_ECHO; that one is answered by
 * the caller of this. */
void serve_echoes(struct ambit_handle endpoint, struct ambit_message *message);

/* "rw", "r", "w" or "fault": reads a word and writes the same value back. */
const char *try_word(uint64_t address);
void report_try(const char *range);

/* Allocates frames until it is refused, then gives them back. Returns how many
 * there were. *status is the refusal. */
uint32_t take_all(enum status *status);

#endif
