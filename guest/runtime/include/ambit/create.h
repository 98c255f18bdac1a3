/* SPDX-License-Identifier: Apache-2.0 */
/* Domains made at run time, out of what their creator holds. */
#ifndef AMBIT_CREATE_H
#define AMBIT_CREATE_H

#include <ambit/calls.h>

/* To what degree a domain has a class: in the order of `degree` below. */
enum ambit_degree { AMBIT_SAME, AMBIT_PART, AMBIT_NEW, AMBIT_NONE };

/* One capability that a new domain begins with: no more rights than the
 * creator's. */
struct ambit_hold {
    const char *name; /* what the new domain calls it, at most 27 bytes */
    struct ambit_handle handle;
    uint32_t rights;
    uint64_t badge; /* endpoints: 0 keeps the creator's */
};

/* A composition, class by class. Sizes are in pages of 4 KiB. */
struct ambit_domain_spec {
    const char *name;
    int (*entry)(int argc, char **argv); /* an AMBIT_ENTRY of this program; null
                                            where the program is a file */
    struct ambit_handle program; /* 0: the caller's; else a file held with exec,
                                    which begins in its main and needs an image
                                    of its own */
    struct {
        uint8_t files, cpu, space, pool, quota, caps, handler;
    } degree;                         /* enum ambit_degree */
    uint8_t on_fault;                 /* 0 stop, 1 continue, 2 handler */
    uint8_t keep_all;                 /* space: part: the image and the heap */
    uint8_t start;                    /* 1: it runs at once */
    uint32_t stack_pages, heap_pages; /* stack 0: 1 */
    uint32_t quota_pages, pool_pages; /* quota: new or part; pool: new */
    uint32_t caps_slots, files_slots; /* new or part; 0: 46 */
    const char *args;                 /* argc strings, each with its NUL */
    uint32_t args_bytes, argc;
    const uint64_t *keeps; /* space: part: enum syscall_keep, or the bits of
                              handles of ranges */
    uint32_t keep_count;
    const struct ambit_hold *holds;
    uint32_t hold_count;
};

/* Why a domain was not made: {class, refusal} of <abi/refusals.h>. */
struct ambit_refusal {
    uint32_t pd_class; /* files cpu space pool quota caps handler; 7: none */
    uint32_t refusal;  /* 0: the status says it all */
};

/*
 * Makes a domain out of what the caller holds; it does not run yet, unless
 * spec->start says so. The handle has all rights: read to wait, write to stop
 * and destroy, use to start. `why` may be null. Returns OK; NO_RIGHTS,
 * INVALID_HANDLE (something that is not held); INVALID_ARGUMENT, OUT_OF_RANGE,
 * TOO_BIG (a composition that makes no sense); NO_QUOTA, NO_MEMORY, NO_SLOT;
 * UNSUPPORTED. Then nothing of it exists.
 */
MUST_CHECK enum status ambit_domain_create(const struct ambit_domain_spec *spec,
                                           struct ambit_handle *out,
                                           struct ambit_refusal *why);

/* Starts it; after its end, afresh: its own memory is as at first, while its
 * capabilities stay as it left them. Needs: use.
 * Returns OK; BUSY (it runs, or domains made by it exist); NO_RIGHTS; CLOSED
 * (DESTROY has begun). */
MUST_CHECK enum status ambit_domain_start(struct ambit_handle domain);

/* Ends it, wherever it is; it stays built. Needs: write.
 * Returns OK; NOT_RUNNING; NO_RIGHTS; INVALID_ARGUMENT (oneself). */
MUST_CHECK enum status ambit_domain_stop(struct ambit_handle domain);

/* Stop, if it runs, and start. */
MUST_CHECK enum status ambit_domain_restart(struct ambit_handle domain);

/*
 * Ends it and gives back all it had; every capability to it is gone. Needs:
 * write. Returns OK; BUSY (domains made by it exist, or what is charged to its
 * own quota is still held by others: then all but that quota is given back);
 * NO_RIGHTS; INVALID_ARGUMENT (oneself).
 */
MUST_CHECK enum status ambit_domain_destroy(struct ambit_handle domain);

/*
 * Waits until it ends, says how it ended, and destroys it. Needs: read and
 * write. Returns as ambit_wait, then as ambit_domain_destroy; `out` is set also
 * with BUSY.
 */
MUST_CHECK enum status ambit_domain_join(struct ambit_handle domain,
                                         struct ambit_outcome *out);

/* Prints a refusal: status, class, sentence. */
void ambit_refusal_print(enum status status, const struct ambit_refusal *why);

#endif
