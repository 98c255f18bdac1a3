/* SPDX-License-Identifier: Apache-2.0 */
/* Crossings as queues of names, and what each act must come to. */
#ifndef MODEL_EXPECT_H
#define MODEL_EXPECT_H

#include "log.h"
#include "world.h"

struct queue {
    uint8_t domain[DOMAINS];
    uint8_t count;
};

struct crossings {
    uint8_t state[DOMAINS], endpoint[DOMAINS], peer[DOMAINS],
        answering[DOMAINS];
    struct queue callers[ENDPOINTS], receivers[ENDPOINTS];
    /* Those of now, and those that have left; or there were too many. */
    uint8_t servers[ENDPOINTS], left[ENDPOINTS];
    bool many[ENDPOINTS];
    uint8_t word[ENDPOINTS];
};

/* What is expected of one action. */
struct expected {
    struct crossings after;
    enum status status;
    bool block;
    uint32_t wakes;
    struct wake wake;
};

/* What is so of the world or of an image of it. */
void expect_take(const struct rest *rest, struct crossings *c);
void expect_call(struct expected *x, uint32_t d, uint32_t e);
void expect_receive(struct expected *x, uint32_t d, uint32_t e);
void expect_reply(struct expected *x, uint32_t d);
void expect_signal(struct expected *x, uint32_t e, uint64_t bits);
void expect_await(struct expected *x, uint32_t d, uint32_t e, bool poll);
void expect_leave(struct expected *x, uint32_t d);
void expect_cancel(struct expected *x, uint32_t d);
void expect_close_one(struct expected *x, uint32_t e);

#endif
