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

#endif
