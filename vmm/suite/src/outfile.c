/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(struct failure *failure, const char *path, int error,
                const char *option)
{
    failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                strerror(error));
    failure_remedy(failure,
                   error == ENOSPC ? "make room on that disk%s"
                                   : "give --%s a file in a folder that is "
                                     "there and that you may write to",
                   error == ENOSPC ? "" : option);
    return -1;
}

/* The rights that creat() would have given; mkostemp gives 0600. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static int open_fd(struct outfile *file)
{
    struct stat status;
    bool there = stat(file->path, &status) == 0;

    if (there && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    /* Devices and pipes (/dev/stderr) have no place beside them. */
    if (there && !S_ISREG(status.st_mode)) {
        return open(file->path, O_WRONLY | O_CLOEXEC);
    }
    if (asprintf(&file->temporary, "%s.XXXXXX", file->path) < 0) {
        file->temporary = NULL;
        errno = ENOMEM;
        return -1;
    }
    return mkostemp(file->temporary, O_CLOEXEC);
}

int outfile_open(struct outfile *file, const char *path, const char *option,
                 struct failure *failure)
{
    int fd, saved;

    memset(file, 0, sizeof(*file));
    file->path = path;
    fd = open_fd(file);
    saved = errno;
    if (fd < 0) {
        free(file->temporary);
        file->temporary = NULL;
        return fail(failure, path, saved, option);
    }
    file->out = fdopen(fd, "w");
    if (!file->out) {
        saved = errno;
        close(fd);
        outfile_discard(file);
        return fail(failure, path, saved, option);
    }
    return 0;
}

static int settle(struct outfile *file)
{
    int fd = fileno(file->out);

    errno = 0;
    if (fflush(file->out) != 0 || ferror(file->out)) {
        errno = errno ? errno : EIO;
        return -1;
    }
    if (!file->temporary) {
        return 0;
    }
    return fchmod(fd, usual_mode()) == 0 && fsync(fd) == 0 &&
                   rename(file->temporary, file->path) == 0
               ? 0
               : -1;
}

int outfile_commit(struct outfile *file, struct failure *failure)
{
    int rc, saved;

    if (!file->out) {
        return 0;
    }
    rc = settle(file);
    saved = errno;
    if (rc == 0) {
        free(file->temporary);
        file->temporary = NULL;
    }
    outfile_discard(file);
    return rc == 0 ? 0 : fail(failure, file->path, saved, "junit or --tap");
}

void outfile_discard(struct outfile *file)
{
    if (file->temporary) {
        unlink(file->temporary);
        free(file->temporary);
        file->temporary = NULL;
    }
    if (file->out) {
        fclose(file->out);
        file->out = NULL;
    }
}
