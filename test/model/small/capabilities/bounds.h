/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The explorer's bounds of core 1: small enough that tables fill, revoking
 * and clearing stop half-way, and derivation gets too deep within a few
 * operations. Stands in for capabilities/bounds.h.
 */
#ifndef CAPABILITIES_BOUNDS_H
#define CAPABILITIES_BOUNDS_H

#define CAP_CHUNK_SLOTS 8u
#define CAP_TABLE_CHUNKS 1u
#define CAP_STEP_MAX 1u
#define CAP_COMPOSITE_MAX 3u
#define CAP_DEPTH_MAX 4u

#endif
