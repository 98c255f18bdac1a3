/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer's bounds of core 2. Stands in for ipc/bounds.h. */
#ifndef IPC_BOUNDS_H
#define IPC_BOUNDS_H

#define IPC_PARTIES 4u
#define IPC_SERVERS 3u
#define IPC_SEARCH 4u

#endif
