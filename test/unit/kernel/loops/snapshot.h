/* SPDX-License-Identifier: Apache-2.0 */
/* All that the kernel knows, at one moment, so that a refusal can be shown to
 * have changed nothing. */
#ifndef UNIT_KERNEL_SNAPSHOT_H
#define UNIT_KERNEL_SNAPSHOT_H

#include "hosted/machine.h"

#include <stdbool.h>

/* Takes it of the hosted machine; there is one. */
void snapshot_take(void);

/*
 * Is everything as it was? But for what a refusal may change: time, what calls
 * are counted and traced by, the peak of a quota, which free frame is the next
 * (free ones are zero, and as many as before). Else prints what is not.
 */
bool snapshot_holds(void);

#endif
