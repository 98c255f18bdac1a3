/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client's side of the file server: files that can be written, held by
 * another domain. `server` is an endpoint held with call. A number of an open
 * file is good for the client that opened it, and for nobody else: the server
 * knows its callers by their badges.
 *
 * Besides what each says, all return what ambit_call returns.
 */
#ifndef FILESERVER_CLIENT_H
#define FILESERVER_CLIENT_H

#include <ambit/ambit.h>

/*
 * Opens a file with `rights` (AMBIT_READ, AMBIT_WRITE or both); with write it
 * is made, empty, if there is none. Returns OK; NO_RIGHTS (this client may
 * not); NOT_FOUND; TOO_BIG (a name of 32 bytes or more); INVALID_ARGUMENT;
 * NO_SLOT (too many files, or open ones).
 */
MUST_CHECK enum status file_open(struct ambit_handle server, const char *name,
                                 uint32_t rights, uint64_t *number);

/* Copies at most `bytes` from `offset`; *got are fewer near the end. Returns
 * OK; INVALID_HANDLE; NO_RIGHTS; OUT_OF_RANGE (past the end). */
MUST_CHECK enum status file_read(struct ambit_handle server, uint64_t number,
                                 uint64_t offset, void *to, size_t bytes,
                                 size_t *got);

/* Writes `bytes` at `offset`; a gap before it becomes zeroes. Large ones are
 * several calls, between which others may be served. Returns OK;
 * INVALID_HANDLE; NO_RIGHTS; TOO_BIG; NO_MEMORY. */
MUST_CHECK enum status file_write(struct ambit_handle server, uint64_t number,
                                  uint64_t offset, const void *from,
                                  size_t bytes);

/* Makes it shorter, or longer by zeroes. Returns as file_write. */
MUST_CHECK enum status file_truncate(struct ambit_handle server,
                                     uint64_t number, uint64_t bytes);

/* Returns OK; INVALID_HANDLE. */
MUST_CHECK enum status file_size(struct ambit_handle server, uint64_t number,
                                 uint64_t *bytes);
MUST_CHECK enum status file_close(struct ambit_handle server, uint64_t number);

#endif
