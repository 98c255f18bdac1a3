/* SPDX-License-Identifier: Apache-2.0 */
/* A domain that is being made at run time: what its files share. */
#ifndef CREATE_H
#define CREATE_H

#include "kernel.h"

#include <domains/request.h>

struct creation_hold {
    struct syscall_hold in;
    struct cap_slot *source;
    uint32_t name; /* in texts */
};

/* Not cleared as a whole: counts say what is set. */
struct creation {
    struct domain *creator;
    struct syscall_domain in;
    struct spec_domain d; /* the same, in the judge's form */
    uint32_t program;     /* that it runs, and where it begins */
    uint64_t entry;
    struct pd_shape shape;
    struct pd_needs needs;
    struct pd_refusal why;
    struct spec_keep keeps[SYSCALL_KEEPS_MAX];
    struct cap_slot *kept[SYSCALL_KEEPS_MAX]; /* ranges that are kept */
    uint32_t kept_count;
    struct creation_hold holds[SYSCALL_HOLDS_MAX];
    char texts[SYSCALL_TEXT_MAX];
    uint32_t text_bytes, args;

    /* Reserved: */
    uint32_t number;
    struct quota quota; /* of its own, until the control block is there */
    struct pool_block *block;
    struct quota *pays;
    struct pool *pool;
    uint32_t lacks; /* directories, of the creator's space */
    uint64_t bases[3];
};

/* A pool made at run time, with its window: one frame of the pool it is made
 * out of. */
struct pool_block {
    struct pool pool;
    struct window window;
};

/* OK, or what is lacking, and nothing is reserved. */
MUST_CHECK enum status create_reserve(struct creation *c);
/* Needs: reserved. OK; NO_SLOT, REVOKING, TOO_BIG, NO_QUOTA, NO_MEMORY of what
 * is given: nothing of the domain is left. */
MUST_CHECK enum status create_commit(struct creation *c, uint64_t *handle);
/* Its own ranges made, attached; dropped, wherever they are attached. */
void own_ranges_make(struct domain *domain);
void own_ranges_drop(struct domain *domain);
enum status own_ranges_attach(struct domain *domain);
void pool_block_drop(struct pool_block *block, struct pool *from,
                     struct quota *charged);
bool keeps_heap(const struct creation *c);

#endif
