/* SPDX-License-Identifier: Apache-2.0 */
/* What one operation has told: removals, and who woke with what. */
#ifndef MODEL_LOG_H
#define MODEL_LOG_H

#include "world.h"

#define LOG_REMOVALS NODES
#define LOG_WAKES 8u

struct removal {
    uint8_t node, thing;
    bool last;
};

struct wake {
    uint8_t domain, result;
    uint64_t badge, word; /* of its message, as it was then */
    uint8_t passed;       /* node that came along; 0: none */
};

struct log {
    uint32_t removals, wakes;
    struct removal removal[LOG_REMOVALS];
    struct wake wake[LOG_WAKES];
    struct ipc_outcome outcome;
    uint8_t passed[DOMAINS]; /* node that came along, until it is taken */
};

extern struct log step;
extern const struct cap_context model_context;

#endif
