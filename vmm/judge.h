/* SPDX-License-Identifier: Apache-2.0 */
/* What was expected, what was asserted, and whether it was so. */
#ifndef VMM_JUDGE_H
#define VMM_JUDGE_H

#include "run.h"
#include "sharing.h"

enum finding { FINDING_UNKNOWN, FINDING_HOLDS, FINDING_BROKEN };

/* Of one domain, by the config's index. */
struct verdict {
    bool met;
    bool timeout;  /* it was running when the time was up */
    bool served;   /* it waited to receive: how a server ends */
    bool stuck;    /* it waited for something that never came */
    char why[256]; /* when not met or stuck */
};

/* Of one assertion: each way to judge it on its own. */
struct judged_assert {
    enum finding model, tables, probe;
    bool held;             /* none of the three says otherwise */
    char witness[256];     /* what broke it, or "" */
    const char *no_tables; /* why `tables` is unknown, or null */
    const char *no_probe;  /* why `probe` is unknown, or null */
};

struct judgement {
    struct verdict *domains;       /* config->domain_count */
    struct judged_assert *asserts; /* config->assert_count */
    uint32_t missed;               /* domains not met */
    uint32_t expected;             /* domains with an `expect` */
    uint32_t broken;               /* assertions not held */
    uint64_t shortfalls;           /* capabilities that found no slot */
    int exit_code;                 /* enum exit_code of the whole run */
};

/* 0, or -1: no memory. */
int judge(const struct run *run, struct judgement *out);
void judge_free(struct judgement *judgement);

/* Assertions, in judge_assert.c. */
/* `sharing`: what the config allows; needed by assertions about the graph. */
void judge__assert(const struct run *run, uint32_t index,
                   const struct sharing *sharing, struct judged_assert *out);

/* Accesses that the kernel tried in ring 3 for it, in judge_probe.c. False:
 * there are none. */
bool judge__probes(const struct run *run, uint32_t index,
                   struct judged_assert *out);

/* "exited with 3", "ended by a fault: ..." */
void judge_outcome_text(const struct run *run, uint32_t domain, char *out,
                        size_t bytes);

/* "exit", "fault", "stopped", "timeout", "blocked", "none", "running" */
const char *judge_outcome_kind(const struct run *run, uint32_t outcome);
const char *judge_outcome_name(const struct run *run, uint32_t domain);

/* "rw"; `bytes` at least 5. */
void judge_rights_text(uint32_t rights, char *out, size_t bytes);

#endif
