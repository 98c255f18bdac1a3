/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How large things of core 2 may get. In a file of its own, so that the
 * explorer can build the same core with small ones.
 */
#ifndef IPC_BOUNDS_H
#define IPC_BOUNDS_H

/* Domains that can take part in crossings, at most. */
#define IPC_PARTIES 4096u

/* Servers that an endpoint knows by number. */
#define IPC_SERVERS 8u

/* Blocked domains that a search for a deadlock goes through. */
#define IPC_SEARCH 64u

#endif
