/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "json_file.h"

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT (JSON_INDENT(2) | JSON_PRESERVE_ORDER)

static int fail(struct failure *failure, const char *path, int error)
{
    failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                strerror(error));
    failure_remedy(failure, error == ENOSPC
                                ? "make room on that disk"
                                : "give --json a file in a folder that you "
                                  "may write to");
    return -1;
}

static int write_stdout(const json_t *value, struct failure *failure)
{
    int error;

    errno = 0;
    if (json_dumpf(value, stdout, FORMAT) == 0 && fputc('\n', stdout) >= 0 &&
        fflush(stdout) == 0) {
        return 0;
    }
    error = errno ? errno : EIO;
    if (output_reader_left()) {
        return 0;
    }
    /* Said here, so that nobody says it again. */
    __fpurge(stdout);
    clearerr(stdout);
    return fail(failure, "standard output", error);
}

static int write_all(int fd, const char *text, size_t bytes)
{
    while (bytes) {
        ssize_t done = write(fd, text, bytes);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return -1;
        }
        text += done;
        bytes -= (size_t)done;
    }
    return 0;
}

/* The rights that creat() would have given; mkostemp gives 0600. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

static int write_beside(const char *text, char *temporary)
{
    int fd = mkostemp(temporary, O_CLOEXEC);
    int saved;

    if (fd < 0) {
        return -1;
    }
    if (write_all(fd, text, strlen(text)) == 0 && write_all(fd, "\n", 1) == 0 &&
        fchmod(fd, usual_mode()) == 0 && fsync(fd) == 0) {
        if (close(fd) == 0) {
            return 0;
        }
        fd = -1;
    }
    saved = errno;
    if (fd >= 0) {
        close(fd);
    }
    unlink(temporary);
    errno = saved;
    return -1;
}

/* Devices and pipes (/dev/stderr, /dev/full) have no place beside them. */
static int write_through(const char *text, const char *path)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int result = -1;

    if (fd >= 0) {
        result = write_all(fd, text, strlen(text));
        result = result == 0 ? write_all(fd, "\n", 1) : result;
        if (close(fd) < 0) {
            result = -1;
        }
    }
    return result;
}

static int write_file(const char *text, const char *path)
{
    struct stat status;
    char *temporary;
    int result, saved;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) &&
        !S_ISDIR(status.st_mode)) {
        return write_through(text, path);
    }
    if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
        errno = ENOMEM;
        return -1;
    }
    result = write_beside(text, temporary);
    if (result == 0 && rename(temporary, path) < 0) {
        saved = errno;
        unlink(temporary);
        errno = saved;
        result = -1;
    }
    saved = errno;
    free(temporary);
    errno = saved;
    return result;
}

int json_file_write(const json_t *value, const char *path,
                    struct failure *failure)
{
    char *text;
    int result;

    if (strcmp(path, "-") == 0) {
        return write_stdout(value, failure);
    }
    text = json_dumps(value, FORMAT);
    if (!text) {
        return fail(failure, path, ENOMEM);
    }
    result = write_file(text, path);
    if (result < 0) {
        fail(failure, path, errno);
    }
    free(text);
    return result;
}
