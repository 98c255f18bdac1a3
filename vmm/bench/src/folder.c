/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "folder.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_KEPT 380u /* bytes of its path, so that files in it have one */

void folder_file(const struct folder *folder, const char *name, const char *end,
                 char out[FOLDER_PATH])
{
    snprintf(out, FOLDER_PATH, "%.400s/%.40s%.20s", folder->path, name, end);
}

int folder_write(const struct folder *folder, const char *name,
                 const void *bytes, size_t count, unsigned mode,
                 struct failure *failure)
{
    char path[FOLDER_PATH];
    FILE *out;
    bool whole = false;

    folder_file(folder, name, "", path);
    out = fopen(path, "we");
    if (out) {
        whole = fwrite(bytes, 1, count, out) == count;
        whole = fclose(out) == 0 && whole && chmod(path, mode) == 0;
    }
    return whole ? 0
                 : failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                               strerror(errno));
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void folder_remove(const struct folder *folder)
{
    (void)nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The files that guests read: one page. */
static int add_files(const struct folder *folder, struct failure *failure)
{
    char page[4096], path[FOLDER_PATH];

    memset(page, 'x', sizeof(page));
    folder_file(folder, "files", "", path);
    if (mkdir(path, 0700) < 0) {
        return failure_set(failure, EXIT_HOST, "cannot make the folder %s: %s",
                           path, strerror(errno));
    }
    return folder_write(folder, "files/page.bin", page, sizeof(page), 0600,
                        failure);
}

static int make_temporary(struct folder *folder, struct failure *failure)
{
    const char *place = getenv("TMPDIR");

    snprintf(folder->path, sizeof(folder->path), "%.380s/ambit-bench-XXXXXX",
             place && *place ? place : "/tmp");
    if (mkdtemp(folder->path)) {
        return 0;
    }
    failure_set(failure, EXIT_HOST, "cannot make the folder %s: %s",
                folder->path, strerror(errno));
    failure_remedy(failure, "set TMPDIR to a folder that can be written");
    return -1;
}

static int make_kept(struct folder *folder, const char *keep,
                     struct failure *failure)
{
    char path[PATH_MAX];

    if (mkdir(keep, 0777) == 0 && realpath(keep, path) &&
        strlen(path) < FOLDER_KEPT) {
        snprintf(folder->path, sizeof(folder->path), "%.380s", path);
        return 0;
    }
    failure_set(failure, EXIT_HOST, "cannot make the folder %s: %s", keep,
                strerror(errno));
    failure_remedy(failure, "name a new folder where you may write");
    return -1;
}

int folder_make(struct folder *folder, const char *keep,
                struct failure *failure)
{
    int made = keep ? make_kept(folder, keep, failure)
                    : make_temporary(folder, failure);

    if (made < 0) {
        return -1;
    }
    if (add_files(folder, failure) < 0) {
        folder_remove(folder);
        return -1;
    }
    return 0;
}
