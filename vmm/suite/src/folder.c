/* SPDX-License-Identifier: Apache-2.0 */
/* Where the results of runs go. */
#define _GNU_SOURCE
#include "suite_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *path, int error, const char *remedy,
                struct failure *failure)
{
    failure_set(failure, EXIT_HOST, "cannot write results to %s: %s", path,
                strerror(error));
    failure_remedy(failure, "%s", remedy);
    return -1;
}

/* Makes every folder of `path` up to its last slash. */
static int make_folders(char *path)
{
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        int rc;

        *at = '\0';
        rc = mkdir(path, 0777);
        *at = '/';
        if (rc < 0 && errno != EEXIST) {
            return -1;
        }
    }
    return 0;
}

/* A file that is made and removed shows that others can be. */
static int try_folder(const char *folder)
{
    char *path;
    int fd;

    if (asprintf(&path, "%s/.ambit-XXXXXX", folder) < 0) {
        errno = ENOMEM;
        return -1;
    }
    fd = mkostemp(path, O_CLOEXEC);
    if (fd >= 0) {
        unlink(path);
        close(fd);
    }
    free(path);
    return fd < 0 ? -1 : 0;
}

static int open_scratch(struct suite *suite, struct failure *failure)
{
    const char *tmp = getenv("TMPDIR");
    char *path;

    tmp = tmp && *tmp ? tmp : "/tmp";
    if (asprintf(&path, "%s/ambit-test-XXXXXX", tmp) < 0) {
        return failure_set(failure, EXIT_HOST, "out of memory");
    }
    if (!mkdtemp(path)) {
        int error = errno;

        free(path);
        return fail(tmp, error,
                    "set TMPDIR to a folder that you may write to, or give "
                    "--results one",
                    failure);
    }
    suite->folder = path;
    suite->own_folder = true;
    return 0;
}

/* Names with a slash need folders of their own. */
static int make_subfolders(struct suite *suite, struct failure *failure)
{
    for (size_t i = 0; i < suite->count; i++) {
        char *path;
        int rc;

        if (!strchr(suite->cases[i].file_name, '/')) {
            continue;
        }
        if (asprintf(&path, "%s/%s", suite->folder, suite->cases[i].file_name) <
            0) {
            return failure_set(failure, EXIT_HOST, "out of memory");
        }
        rc = make_folders(path);
        free(path);
        if (rc < 0) {
            return fail(suite->folder, errno, "look at what is there", failure);
        }
    }
    return 0;
}

int suite__folder_open(struct suite *suite, struct failure *failure)
{
    const char *path = suite->options->results;
    char *with_slash;
    int rc;

    if (!path) {
        rc = open_scratch(suite, failure);
        return rc < 0 ? rc : make_subfolders(suite, failure);
    }
    suite->folder = strdup(path);
    if (!suite->folder || asprintf(&with_slash, "%s/", path) < 0) {
        return failure_set(failure, EXIT_HOST, "out of memory");
    }
    rc = make_folders(with_slash);
    free(with_slash);
    if (rc < 0 || try_folder(path) < 0) {
        return fail(path, errno,
                    "give --results a folder that you may write to", failure);
    }
    return make_subfolders(suite, failure);
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    (void)remove(path);
    return 0;
}

/* Whatever runs left in a scratch folder goes, deepest first. */
void suite__folder_close(struct suite *suite)
{
    if (suite->own_folder) {
        (void)nftw(suite->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
    free(suite->folder);
    suite->folder = NULL;
    suite->own_folder = false;
}
