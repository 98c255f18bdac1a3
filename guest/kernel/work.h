/* SPDX-License-Identifier: Apache-2.0 */
/* Removing much, in steps with chances for others (destroy.c). */
#ifndef WORK_H
#define WORK_H

#include <capabilities/cap.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What one call may remove before others have a chance: so many steps of the
 * core. What is detached counts with the granules that it has, so the longest
 * stretch is that, and one detach: its granules, and 65 times the parts of the
 * space. Who runs out of it returns MORE, and begins again when the call is
 * repeated. All of these return false then.
 */
struct work {
    uint32_t steps, removed; /* left; of the step that it is at */
};
#define WORK_STEPS 8u /* some 15,000 instructions */
#define WORK_ALL ((struct work){UINT32_MAX, 0})
struct work work_begin(void);                               /* a call's */
bool work_revoke(struct work *work, struct cap_slot *slot); /* below it */
bool work_remove(struct work *work, struct cap_slot *slot); /* and itself */
/* Empties a table, and takes back all that was derived from what is in it or
 * has been. */
bool table_revoke(struct work *work, struct cap_table *table);

#endif
