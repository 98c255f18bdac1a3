/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "late_file_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(struct late_file *file, struct failure *failure, int error)
{
    (void)failure_set(failure, EXIT_HOST, "cannot write %s: %s", file->path,
                      strerror(error));
    failure_remedy(failure, "%s",
                   error == ENOSPC ? "make room on that disk"
                                   : "name a file in a folder that you may "
                                     "write to");
    late_file_drop(file);
    return -1;
}

/* Opens the file beside `path`, and starts its keeper. */
static int open_beside(struct late_file *file)
{
    char *temporary;
    int result = -1, saved;

    if (asprintf(&temporary, "%s.XXXXXX", file->path) < 0) {
        errno = ENOMEM;
        return -1;
    }
    file->fd = mkostemp(temporary, O_CLOEXEC);
    if (file->fd >= 0) {
        result = late_file__keep(file, temporary);
        saved = errno;
        if (result < 0) {
            (void)unlink(temporary);
        }
        errno = saved;
    }
    saved = errno;
    free(temporary);
    errno = saved;
    return result;
}

int late_file_open(struct late_file *file, const char *path,
                   struct failure *failure)
{
    struct stat status;
    bool there = stat(path, &status) == 0;
    int result;

    *file = (struct late_file){.path = path, .fd = -1, .keeper_fd = -1};
    if (there && S_ISDIR(status.st_mode)) {
        return fail(file, failure, EISDIR);
    }
    if (there && !S_ISREG(status.st_mode)) {
        /* Devices and pipes (/dev/stderr, /dev/full) have nothing beside. */
        file->fd = open(path, O_WRONLY | O_CLOEXEC);
        result = file->fd < 0 ? -1 : 0;
    } else {
        result = open_beside(file);
    }
    return result < 0 ? fail(file, failure, errno) : 0;
}

void late_file_confine(const struct late_file *file, struct sandbox *sandbox)
{
    const struct sandbox_rule reap = {
        .call = SYS_wait4,
        .count = 1,
        .argument = {{0, ~0u, (uint32_t)file->keeper}}};

    if (!file->path) {
        return;
    }
    sandbox_keep(sandbox, file->fd);
    sandbox_keep(sandbox, file->keeper_fd);
    if (file->keeper > 0) {
        sandbox_allow(sandbox, &reap, 1);
    }
}

int late_file_write(struct late_file *file, const void *bytes, size_t count,
                    struct failure *failure)
{
    const char *from = bytes;

    while (count > 0) {
        ssize_t done = write(file->fd, from, count);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return fail(file, failure, done < 0 ? errno : EIO);
        }
        from += done;
        count -= (size_t)done;
    }
    return 0;
}

int late_file_commit(struct late_file *file, struct failure *failure)
{
    int error = file->keeper_fd >= 0 ? late_file__ask(file) : 0;
    int fd = file->fd;

    file->fd = -1;
    if (close(fd) < 0 && !error) {
        error = errno; /* where some file systems tell that a disk is full */
    }
    if (error) {
        return fail(file, failure, error);
    }
    late_file_drop(file);
    return 0;
}

void late_file_drop(struct late_file *file)
{
    if (!file->path) {
        return;
    }
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    if (file->keeper_fd >= 0) {
        (void)close(file->keeper_fd); /* the keeper sees the end */
        while (waitpid(file->keeper, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    *file = (struct late_file){.fd = -1, .keeper_fd = -1};
}
