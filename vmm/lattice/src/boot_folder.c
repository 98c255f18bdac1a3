/* SPDX-License-Identifier: Apache-2.0 */
/* The folder in which guests find files and leave results. */
#define _GNU_SOURCE
#include "boot.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void boot_path(const struct boot_folder *folder, const char *stem,
               uint32_t number, const char *end, char out[BOOT_PATH])
{
    snprintf(out, BOOT_PATH, "%.400s/%s%u%s", folder->path, stem, number, end);
}

/* A file that holds its own name. */
static int write_name(const char *folder, const char *beneath, const char *name)
{
    char path[BOOT_PATH];
    FILE *out;

    snprintf(path, sizeof(path), "%.400s/%s/%s", folder, beneath, name);
    out = fopen(path, "we");
    if (!out) {
        return -1;
    }
    fputs(name, out);
    return fclose(out);
}

static int fill(const char *folder)
{
    static const char *const beneath[] = {"parent", "child"};
    char path[BOOT_PATH], name[24];

    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%.400s/%s", folder, beneath[i]);
        if (mkdir(path, 0700) < 0) {
            return -1;
        }
    }
    for (uint32_t i = 0; i < BOOT_CHILDREN; i++) {
        snprintf(name, sizeof(name), "late-c%u", i);
        if (write_name(folder, "parent", name) < 0) {
            return -1;
        }
    }
    return write_name(folder, "child", "own.txt");
}

int boot_folder_add(const char *path)
{
    return mkdir(path, 0700) < 0 ? -1 : write_name(path, ".", "late-c0");
}

int boot_folder_make(struct boot_folder *folder, struct failure *failure)
{
    const char *place = getenv("TMPDIR");

    snprintf(folder->path, sizeof(folder->path), "%.380s/ambit-lattice-XXXXXX",
             place && *place ? place : "/tmp");
    if (!mkdtemp(folder->path)) {
        failure_set(failure, EXIT_HOST, "cannot make the folder %s: %s",
                    folder->path, strerror(errno));
        failure_remedy(failure, "set TMPDIR to a folder that can be written");
        return -1;
    }
    if (fill(folder->path) < 0) {
        failure_set(failure, EXIT_HOST, "cannot write in %s: %s", folder->path,
                    strerror(errno));
        boot_folder_remove(folder);
        return -1;
    }
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void boot_folder_remove(const struct boot_folder *folder)
{
    (void)nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
