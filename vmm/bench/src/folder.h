/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of our own for configs, programs and what is printed. */
#ifndef BENCH_FOLDER_H
#define BENCH_FOLDER_H

#include <bench/bench.h>

#define FOLDER_PATH 512u

struct folder {
    char path[FOLDER_PATH];
};

/* Makes `keep`, or (null) one that is temporary, with a folder `files` in it,
 * which guests read. 0, or -1 and *failure. */
int folder_make(struct folder *folder, const char *keep,
                struct failure *failure);
void folder_remove(const struct folder *folder);
/* "<folder>/<name><end>" */
void folder_file(const struct folder *folder, const char *name, const char *end,
                 char out[FOLDER_PATH]);
/* Writes a file there. 0, or -1 and *failure. */
int folder_write(const struct folder *folder, const char *name,
                 const void *bytes, size_t count, unsigned mode,
                 struct failure *failure);

#endif
