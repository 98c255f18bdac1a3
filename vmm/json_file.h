/* SPDX-License-Identifier: Apache-2.0 */
/* Results as a file that is there whole or not at all. */
#ifndef VMM_JSON_FILE_H
#define VMM_JSON_FILE_H

#include <host/failure.h>
#include <jansson.h>

/*
 * Writes `value` to `path`, or to stdout if that is "-". A file is written
 * beside its final place, flushed to the disk, then renamed. 0, or -1 with
 * *failure and nothing left behind.
 */
int json_file_write(const json_t *value, const char *path,
                    struct failure *failure);

#endif
