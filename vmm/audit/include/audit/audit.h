/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit: walks live page tables from outside and compares every reachable
 * page with the view recomputed from the spec. Long mode, four levels, pages
 * of 4 KiB, 2 MiB and 1 GiB (AMD64 manual vol. 2, 5.3; Intel SDM vol. 3, 4.5).
 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <abi/shared.h>
#include <domains/plan.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum audit_kind {
    AUDIT_EXTRA,   /* reachable, though no view allows it */
    AUDIT_RIGHTS,  /* reachable with more rights than the view allows */
    AUDIT_MISSING, /* the view demands it, the tables lack it (of a named range:
                      lack it in part; programs may give up the whole) */
    AUDIT_W_AND_X, /* a frame is writable somewhere, executable somewhere */
    AUDIT_OWNER,   /* a frame backs two ranges, or a page table or kernel
                      frame is reachable from ring 3 */
    AUDIT_TABLE,   /* a page-table entry leads outside RAM or to itself */
    AUDIT_ROOT,    /* the vCPU's CR3 is no published root, or what is
                      published does not fit the plan */
    /* Of capability tables: `domain` has it (PLAN_NONE: the root domain, or
     * nobody), `address` is its slot (an attachment's without one: the range),
     * `frame` where that is. */
    AUDIT_CAP_FORM,       /* a slot is not what any slot can be */
    AUDIT_CAP_RIGHTS,     /* more rights than its type or its parent has */
    AUDIT_CAP_ATTACHMENT, /* attachments and page tables do not agree */
    AUDIT_CAP_AUTHORITY   /* more than the config lets flow to its holder */
};

struct audit_violation {
    enum audit_kind kind;
    uint32_t root;           /* plan root, or PLAN_NONE */
    uint32_t domain;         /* a domain that runs in it, or PLAN_NONE */
    uint32_t range;          /* plan range, or PLAN_NONE */
    uint64_t address;        /* virtual */
    uint64_t frame;          /* physical */
    uint8_t expected, found; /* rights */
    const char *what; /* a constant: what is wrong, where the kind alone does
                         not say it; or null */
};

#define AUDIT_VIOLATIONS_MAX 64u

struct audit {
    uint64_t pages;        /* ring-3 pages compared, over all samples */
    uint64_t unchecked;    /* of these, made at run time and seen while the
                              kernel was at work on what says whose they are:
                              only their frames are judged */
    uint64_t made;         /* domains made at run time whose record was looked
                              at, over all samples */
    uint64_t samples;      /* walks made */
    uint64_t capabilities; /* live slots looked at, over all looks */
    uint64_t skipped;      /* walks not made: the host had no memory for
                              them; or given up: the kernel was at work, and
                              there are more tables than were planned */
    uint64_t violation_count;
    uint32_t kept; /* the first distinct ones, below */
    struct audit_violation violations[AUDIT_VIOLATIONS_MAX];
};

/* What is walked: guest memory as the host maps it, read page by page. */
struct audit_target {
    const void *memory;
    uint64_t memory_bytes;
    const struct spec *spec;
    const struct plan *plan;
    uint64_t module_base; /* guest physical */
    uint64_t module_bytes;
    uint64_t vcpu_cr3; /* 0: unknown (the guest has ended) */
    bool at_rest;  /* the kernel is: the vCPU is in ring 3, or it has ended */
    bool complete; /* composition is over: missing pages are violations too */
    uint64_t live; /* bitmap of domains that exist (from shared pages) */
};

/*
 * One sample. Walks the vCPU's root, the published roots (abi/shared.h) and
 * the kernel's half once; adds to `audit`. Memory-safe whatever the guest
 * wrote. Returns the number of new violations.
 */
uint64_t audit_sample(struct audit *audit, const struct audit_target *target);

/*
 * One look at the capability tables that the kernel publishes: each live slot
 * by itself, beside its parent, beside the page tables, and beside what the
 * config lets capabilities flow. Only while the kernel is at rest (the vCPU in
 * ring 3, or the guest at its end): in between a derivation is half made.
 * Memory-safe whatever the guest wrote. Returns the number of new violations.
 */
uint64_t audit_capabilities(struct audit *audit,
                            const struct audit_target *target);

/* Name of a kind, for results: "extra", "w-and-x", ... */
const char *audit_kind_name(enum audit_kind kind);

/* What ring 3 reaches of one range under one root. */
struct audit_reached {
    uint32_t pages;                          /* reachable at all */
    uint32_t readable, writable, executable; /* of them */
    bool any;      /* some page has a right of `wanted` ... */
    uint64_t with; /* ... the first of them */
    uint8_t with_rights;
    bool lacking;     /* one of the first `need` pages has not all `wanted` */
    uint64_t without; /* the first of them */
    uint8_t without_rights;
};

/* A question about one range under one root. */
struct audit_question {
    uint64_t cr3;
    uint32_t range; /* plan range */
    uint8_t wanted; /* rights */
    uint32_t need;  /* of its pages should have them: those before this one */
    uint32_t first, pages; /* asked about; 0 pages: all */
};

/* Answers it. Cost: the range's granules, one page copied for each. */
void audit_range(const struct audit_target *target,
                 const struct audit_question *question,
                 struct audit_reached *out);

/*
 * Every page of a range under one root: `rights` and `frames` have as many
 * elements as the range may have pages; a page that ring 3 does not reach has
 * no rights and frame 0. Cost: as audit_range.
 */
void audit_pages(const struct audit_target *target, uint64_t cr3,
                 uint32_t range, uint8_t *rights, uint64_t *frames);

/* A live capability of a domain's table to an object of the config. */
struct audit_held {
    uint32_t domain; /* whose table it is in */
    bool files;      /* in its table of files */
    uint8_t type;    /* enum cap_type: FILE, DIRECTORY, ENDPOINT, NOTIFICATION,
                        DOMAIN */
    uint8_t rights;
    uint32_t object; /* number: node of the spec, endpoint, domain */
};
typedef void audit_held_function(void *context, const struct audit_held *held);

/* Tells all of them, in no order. Only while the kernel is at rest. Memory-safe
 * whatever the guest wrote. 0, or -1: no memory. */
int audit_held(const struct audit_target *target, audit_held_function *tell,
               void *context);

#define AUDIT_MADE_NONE 0xffffu /* of a record: no domain */

/* A domain made at run time, as the kernel's records tell of it: claims. */
struct audit_made {
    uint32_t number;
    struct shared_pd record;     /* its name ends; degrees are degrees */
    struct shared_domain result; /* zero where there is none in RAM */
};

/* Those that exist, by number: from the memory of `target` alone. Null: no
 * memory. The caller frees it. */
struct audit_made *audit_made_read(const struct audit_target *target,
                                   uint32_t *count);

/* CR3 of a plan root as the kernel publishes it; 0: it has none now. */
uint64_t audit_root_cr3(const struct audit_target *target, uint32_t root);

/* One line: "guard reaches app.stack at 0x40a1f000: expected nothing, found rw
 * (frame 0x1234000)". */
void audit_describe(const struct audit_violation *violation,
                    const struct spec *spec, const struct plan *plan, char *out,
                    size_t bytes);

#endif
