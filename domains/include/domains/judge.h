/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a composition make sense: can each class be had to its degree at all,
 * has the parent what the domain would share, have a part of, or have made out
 * of it? One judge for the config's domains and for those that a domain makes
 * at run time: it knows nothing but what the parent has and what is asked for.
 */
#ifndef DOMAINS_JUDGE_H
#define DOMAINS_JUDGE_H

#include <abi/refusals.h>
#include <capabilities/cap.h>
#include <domains/spec.h>
#include <stdbool.h>

/* What a domain has, for its children to share. */
struct pd_standing {
    bool root; /* the root domain: neither space nor table */
    bool caps; /* has a capability table */
    bool files;
    bool root_files; /* shares the root domain's empty files */
    bool heap;
    bool handled;       /* a domain handles its faults */
    bool quota_none;    /* nothing can be charged, or made out of it */
    bool pool_none;     /* nothing can be allocated, or made out of it */
    bool machine_quota; /* its quota is the machine's */
    bool machine_pool;
    uint64_t view;        /* bitmap of the named ranges that it can reach */
    uint64_t quota, pool; /* sizes of those it uses, in pages */
    uint64_t quota_left;  /* what can still be split off, in pages */
    uint64_t pool_left;
};

/* Why not. `refusal` is 0 where the blob is not in form. */
struct pd_refusal {
    enum status status;
    uint32_t pd_class; /* enum pd_class, or PD_CLASS_COUNT */
    uint32_t refusal;  /* enum abi_refusal */
};

/* Sets what `out` says; for others that refuse. Returns `status`. */
enum status pd_refuse(struct pd_refusal *out, enum status status,
                      uint32_t pd_class, uint32_t refusal);

/*
 * Judges degrees, sizes of tables, stack, quota and pool, and on_fault of `d`
 * as a child of a domain with the standing `parent`, whose memory is
 * `memory_pages` at most. What it keeps of a space is pd_judge_keep's.
 * `own` gets its standing, where the view is what a space that is no listed
 * part has from above (the caller adds what is kept and held).
 * Returns OK; INVALID_ARGUMENT, OUT_OF_RANGE, NO_QUOTA, NO_MEMORY, NO_SLOT,
 * TOO_BIG, MALFORMED (a degree is unknown): `why` says which. Cost: constant.
 */
MUST_CHECK enum status pd_judge(const struct pd_standing *parent,
                                const struct spec_domain *d,
                                uint64_t memory_pages, struct pd_standing *own,
                                struct pd_refusal *why);

/*
 * May a part of the parent's space keep this? Named ranges are below 64.
 * Returns OK, INVALID_ARGUMENT. Cost: constant.
 */
MUST_CHECK enum status pd_judge_keep(const struct pd_standing *parent,
                                     const struct spec_keep *keep,
                                     struct pd_standing *own,
                                     struct pd_refusal *why);

/*
 * Rights with which a range can be held at all.
 * Returns OK, NO_RIGHTS. Cost: constant.
 */
MUST_CHECK enum status pd_judge_rights(enum cap_type type, uint32_t rights,
                                       struct pd_refusal *why);

#endif
