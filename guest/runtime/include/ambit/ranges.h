/* SPDX-License-Identifier: Apache-2.0 */
/* Ranges made at run time; calls.h has what is done with them. */
#ifndef AMBIT_RANGES_H
#define AMBIT_RANGES_H

#include <ambit/calls.h>

/*
 * Makes a range of zeroed pages, at addresses that are its own in every space;
 * `rights` are r or rw, to which use is added. Pages and page tables (one for
 * each 2 MiB, begun or whole) are charged to the caller's quota, and the object
 * that it is; all goes back when the last capability to it and the last
 * attachment are gone. Attach it to use it; a copy of the capability that goes
 * along with a call lets another domain do so.
 * Returns OK; INVALID_ARGUMENT (no pages; other rights); NO_SLOT; OUT_OF_RANGE
 * (no room at the addresses of the caller's pool); NO_QUOTA; NO_MEMORY.
 */
MUST_CHECK enum status ambit_range_create(uint64_t pages, uint32_t rights,
                                          struct ambit_handle *out);

/*
 * Makes a range that has addresses and page tables, but no frames: those are
 * mapped into it, page by page. `rights` are rw or rwx, to which use is added:
 * write is what mapping needs. What may be done with a page its frame's
 * capability says, within what the range is attached with. Pages without a
 * frame fault.
 * Returns as ambit_range_create.
 */
MUST_CHECK enum status ambit_range_create_bare(uint64_t pages, uint32_t rights,
                                               struct ambit_handle *out);

/*
 * The same, of either kind, out of a pool: object, tables, frames and addresses
 * are that pool's; who pays is as in ambit_allocate. A pool that was split off
 * at run time has addresses of its own (8 MiB for up to 16 pages, 32 MiB up to
 * 512, 128 MiB up to 4,096, 512 MiB above; no more than a quarter of what the
 * pool it was split off has): what others do with theirs does not show there.
 * The range's capability is derived from the pool's.
 * Needs: use on the pool. Returns as above, and NO_RIGHTS; CLOSED (the pool has
 * been given back); REVOKING; TOO_BIG.
 */
MUST_CHECK enum status ambit_range_create_in(struct ambit_handle pool,
                                             uint64_t pages, uint32_t rights,
                                             enum syscall_range_kind kind,
                                             struct ambit_handle *out);

/*
 * Maps a frame at page `page` of a bare range (of the part that `range` is of)
 * with `rights`: r, rw or rx. Every space that has the range sees it at once.
 * The mapping is derived from the frame's capability: revoking that takes the
 * frame out of every range, and deleting the last capability to a frame that is
 * mapped leaves it there. A frame may be in several places. The mapping goes
 * with the range, too; it does not keep it. It is charged as a slot, the frame
 * and the range's tables have been already.
 * Needs: use on the frame, and `rights`; write on the range.
 * Returns OK; NO_RIGHTS; INVALID_ARGUMENT (other rights); UNSUPPORTED (a range
 * with frames of its own); OUT_OF_RANGE (no such page); EXISTS (the page has a
 * frame); REVOKING; TOO_BIG; NO_SLOT. On an error nothing has changed.
 */
MUST_CHECK enum status ambit_map(struct ambit_handle frame,
                                 struct ambit_handle range, uint64_t page,
                                 uint32_t rights, struct ambit_handle *out);

/* Takes a frame out of its range again; ambit_delete does the same.
 * Returns OK (also when the range is gone); WRONG_TYPE (no mapping). */
MUST_CHECK enum status ambit_unmap(struct ambit_handle mapping);

#endif
