/* SPDX-License-Identifier: Apache-2.0 */
/* What can be measured: the list that rows are made of. */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include <bench/bench.h>

/* Whom a case is done by or with. */
enum bench_subjects {
    SUBJECT_SELF,  /* one domain, alone */
    SUBJECT_KINDS, /* each kind in turn */
    SUBJECT_PEER   /* Linux; the detail is its name */
};

/* One thing that is measured. Words as guests and peers print them. */
struct bench_case {
    const char *operation, *detail;
    const char *text; /* for people */
    enum bench_subjects subjects;
};

extern const struct bench_case bench_cases[];
extern const unsigned bench_case_count;

/* The kinds, ended by null. */
extern const char *const bench_kinds[];

/* The case of those words, or null. */
const struct bench_case *bench_case_find(const char *operation,
                                         const char *detail, bool peer);

/* True if there is any case of the operation, of Ambit or of a peer. */
bool bench_has(const char *operation, bool peer);

/* True if the operation was asked for. */
bool bench_wants(const struct bench_options *options, const char *operation);

#endif
