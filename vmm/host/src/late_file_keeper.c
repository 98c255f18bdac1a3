/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keeper holds two names and one descriptor, and knows one command, whose
 * bytes it does not look at. When `ambit` closes the socket or dies, it leaves
 * nothing behind.
 */
#define _GNU_SOURCE
#include "late_file_internal.h"
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* The rights that creat() would have given; mkostemp gives 0600. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    (void)umask(mask);
    return 0666 & ~mask;
}

static int commit(int fd, const char *temporary, const char *path)
{
    if (fchmod(fd, usual_mode()) < 0 || fsync(fd) < 0 ||
        rename(temporary, path) < 0) {
        return errno;
    }
    return 0;
}

/* Everything else is closed: nobody shall wait for us to let go of a pipe. */
static void close_others(int fd, int socket)
{
    unsigned low = (unsigned)(fd < socket ? fd : socket);
    unsigned high = (unsigned)(fd < socket ? socket : fd);

    if (low > 0) {
        (void)close_range(0, low - 1, 0);
    }
    if (high > low + 1) {
        (void)close_range(low + 1, high - 1, 0);
    }
    (void)close_range(high + 1, UINT_MAX, 0);
}

_Noreturn static void keeper(int fd, int socket, const char *temporary,
                             const char *path)
{
    /* Ctrl-C is for `ambit`, which then still writes its results. */
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE};
    bool there = true;
    char byte;

    for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++) {
        (void)signal(ignored[i], SIG_IGN);
    }
    close_others(fd, socket);
    while (read(socket, &byte, 1) > 0) {
        int error = there ? commit(fd, temporary, path) : 0;

        there = there && error != 0;
        if (write(socket, &error, sizeof(error)) != sizeof(error)) {
            break;
        }
    }
    if (there) {
        (void)unlink(temporary);
    }
    _exit(0);
}

int late_file__keep(struct late_file *file, const char *temporary)
{
    int ends[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        return -1;
    }
    pid = fork();
    if (pid == 0) {
        keeper(file->fd, ends[1], temporary, file->path);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return -1;
    }
    file->keeper = pid;
    file->keeper_fd = ends[0];
    return 0;
}

int late_file__ask(const struct late_file *file)
{
    int error = EPIPE;
    ssize_t bytes;

    if (write(file->keeper_fd, "c", 1) != 1) {
        return errno;
    }
    do {
        bytes = read(file->keeper_fd, &error, sizeof(error));
    } while (bytes < 0 && errno == EINTR);
    return bytes == sizeof(error) ? error : EPIPE;
}
