/* SPDX-License-Identifier: Apache-2.0 */
/* A spec that is accepted, and its plan. */
#ifndef TEST_DOMAINS_PLANNED_H
#define TEST_DOMAINS_PLANNED_H

#include "maker.h"

struct planned {
    struct maker m; /* fill this, then planned_make */
    struct plan plan;
    struct spec spec;
    void *blob;
};

extern struct planned planned;

/* Validates and plans; fails the test unless both succeed and the plan holds
 * every invariant. */
void planned_make(void);
void planned_free(void);
/* app, and a child of it of this kind; not planned yet. */
void planned_pair(uint32_t kind);

#endif
