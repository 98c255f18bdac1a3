/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two configs side by side: what each domain reaches, whom it trusts, and what
 * is asserted, as facts that are told by name. What is a domain's own alone is
 * no fact: a private stack more or less changes nobody's isolation.
 */
#ifndef VMM_DIFF_H
#define VMM_DIFF_H

#include "run.h"
#include "sharing.h"

enum diff_kind {
    DIFF_REACH,  /* `domain` reaches `what` with these rights */
    DIFF_TRUST,  /* `domain` trusts `what` */
    DIFF_ASSERT, /* assertion `domain` says `what` */
    DIFF_KINDS
};

struct diff_fact {
    enum diff_kind kind;
    char domain[SPEC_NAME_MAX + 1];
    char what[200];
    uint8_t rights;
    char why[512]; /* the way */
};

struct diff_facts {
    struct diff_fact *list; /* in order: kind, domain, what */
    size_t count, room;
    bool failed; /* no memory */
};

/* What one config says. */
struct diff_side {
    const struct run *run;
    const struct sharing *sharing;
};
void diff_collect(const struct diff_side *side, struct diff_facts *out);
void diff_free(struct diff_facts *facts);

/* One difference: rights that only B's fact has (gained), or only A's. */
struct diff_change {
    const struct diff_fact *a, *b; /* null: not there */
    uint8_t gained, lost;          /* rights of DIFF_REACH */
    bool weaker;                   /* B gives more */
    bool stronger;                 /* A gives more; both: rights were swapped */
};

/* Starts with *at = {0, 0}; false: no more. */
bool diff_next(const struct diff_facts *a, const struct diff_facts *b,
               size_t at[2], struct diff_change *out);

#endif
