/* SPDX-License-Identifier: Apache-2.0 */
/* What a run prints at its end. */
#ifndef VMM_REPORT_H
#define VMM_REPORT_H

#include "judge.h"

#include <stdio.h>

/* What is claimed, against whom, and what is not: one line. */
extern const char report_threat_model[];

/* The table, the audit's line, what was missed and what was met. */
void report_print(const struct run *run, const struct judgement *judgement,
                  FILE *out);

/* "views checked against live page tables: N pages, 0 violations ..." and
 * each violation. */
void report_audit(const struct run *run, FILE *out);

/* The line of claims; without a guard, that there are none. */
void report_claims(const struct run *run, FILE *out);

/* Why the guest did not end by itself, on stderr; nothing if it did. */
void report_end(const struct run *run);

#endif
