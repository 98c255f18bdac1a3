/* SPDX-License-Identifier: Apache-2.0 */
/* The server's files, in its heap. */
#ifndef FILESERVER_STORE_H
#define FILESERVER_STORE_H

#include "protocol.h"
#include <ambit/ambit.h>

struct file {
    char name[FILE_NAME_BYTES]; /* "": there is none */
    char *data;
    uint64_t bytes, room;
};

/* The file of that name, made if `make` says so. Null: there is none, or no
 * place for one. */
struct file *store_find(const char *name, bool make);

/* Sets the length; what is new is zero. Returns OK; TOO_BIG; NO_MEMORY. */
MUST_CHECK enum status store_resize(struct file *file, uint64_t bytes);

#endif
