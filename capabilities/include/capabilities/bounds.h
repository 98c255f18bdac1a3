/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How large things of core 1 may get. In a file of its own, so that the
 * explorer can build the same core with small ones.
 */
#ifndef CAPABILITIES_BOUNDS_H
#define CAPABILITIES_BOUNDS_H

/* Slots of a chunk, chunks of a table. A chunk fits a page. */
#define CAP_CHUNK_SLOTS 46u
#define CAP_TABLE_CHUNKS 16u

/*
 * A call that has visited this many slots returns STATUS_MORE. The last one
 * visited may be a composite, which brings its members along.
 */
#define CAP_STEP_MAX 32u

/* Most members of a composite. */
#define CAP_COMPOSITE_MAX 8u

/* Most ancestors a slot may have: bounds every walk up or down the tree. */
#define CAP_DEPTH_MAX 128u

#endif
