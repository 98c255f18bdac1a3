/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How large things of core 2 may get. In a file of its own, so that the
 * explorer can build the same core with small ones.
 */
#ifndef IPC_BOUNDS_H
#define IPC_BOUNDS_H

/* Domains that can take part in crossings. */
#define IPC_PARTIES 64u

#endif
