/* SPDX-License-Identifier: Apache-2.0 */
/* Results as a file that is there whole or not at all. */
#ifndef VMM_JSON_FILE_H
#define VMM_JSON_FILE_H

#include <host/failure.h>
#include <host/late_file.h>
#include <jansson.h>

/*
 * Writes `value` to `path`, or to stdout if that is "-". A file is written
 * beside its final place, flushed to the disk, then renamed (host/late_file.h).
 * 0, or -1 with *failure and nothing left behind.
 */
int json_file_write(const json_t *value, const char *path,
                    struct failure *failure);

/* The same to a file that is open already; to stdout if it is not. */
int json_file_write_late(const json_t *value, struct late_file *file,
                         struct failure *failure);

#endif
