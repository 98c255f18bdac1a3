/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starting and ending the QEMU process. It finds guest memory, kernel and
 * module as descriptors of its own through /proc/self/fd, so nothing has a
 * name in a file system, and it dies with us.
 */
#define _GNU_SOURCE
#include "qemu_internal.h"
#include <abi/hostcall.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 96u
#define TEXT_BYTES 8192u
#define NOT_EXECUTED 126

/* What the child gets; the parent closes its copies of the first three. */
struct ends {
    int bell;
    int qmp;
    int output;
};

/* An argument vector with room for its own words. */
struct args {
    unsigned count;
    size_t used;
    bool full;
    char *word[ARGS_MAX + 1];
    char text[TEXT_BYTES];
};

__attribute__((format(printf, 2, 3))) static void arg(struct args *args,
                                                      const char *format, ...)
{
    size_t room = sizeof(args->text) - args->used;
    va_list list;
    int n;

    va_start(list, format);
    n = vsnprintf(args->text + args->used, room, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= room || args->count == ARGS_MAX) {
        args->full = true;
        return;
    }
    args->word[args->count++] = args->text + args->used;
    args->used += (size_t)n + 1;
}

static void machine_args(struct args *args, const struct engine *engine)
{
    arg(args, "-accel");
    arg(args, "tcg");
    arg(args, "-cpu");
    arg(args, "max");
    arg(args, "-machine");
    arg(args, "microvm,acpi=off,pit=off,pic=off,rtc=off,isa-serial=off,"
              "memory-backend=ram");
    arg(args, "-m");
    arg(args, "%lluM", (unsigned long long)(engine->memory_bytes >> 20));
    arg(args, "-object");
    arg(args,
        "memory-backend-file,id=ram,size=%llu,share=on,"
        "mem-path=/proc/self/fd/%d",
        (unsigned long long)engine->memory_bytes, engine->memory_fd);
    arg(args, "-nodefaults");
    arg(args, "-no-user-config");
    arg(args, "-display");
    arg(args, "none");
    arg(args, "-no-reboot");   /* a reset is a shutdown ... */
    arg(args, "-no-shutdown"); /* ... and that a pause: registers stay */
    arg(args, "-S");
    if (engine->sandbox) {
        arg(args, "-sandbox");
        arg(args, "on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
                  "resourcecontrol=deny");
    }
    if (engine->icount) {
        arg(args, "-icount");
        arg(args, "shift=0,sleep=off");
    }
}

static void device_args(struct args *args, const struct engine *engine,
                        const struct ends *ends)
{
    arg(args, "-device");
    arg(args, "isa-debug-exit,iobase=0x%x,iosize=4", HOSTCALL_EXIT_PORT);
    arg(args, "-chardev");
    arg(args, "socket,id=bell,fd=%d", ends->bell);
    arg(args, "-device");
    arg(args, "isa-debugcon,chardev=bell,iobase=0x%x", HOSTCALL_DOORBELL_PORT);
    arg(args, "-chardev");
    arg(args, "socket,id=qmp,fd=%d", ends->qmp);
    arg(args, "-mon");
    arg(args, "chardev=qmp,mode=control");
    if (engine->gdb_fd) {
        arg(args, "-chardev");
        arg(args, "socket,id=gdb,fd=%d,server=on,wait=off", engine->gdb_fd);
        arg(args, "-gdb");
        arg(args, "chardev:gdb");
    }
    arg(args, "-kernel");
    arg(args, "/proc/self/fd/%d", engine->kernel_fd);
    arg(args, "-initrd");
    arg(args, "/proc/self/fd/%d", engine->module_fd);
}

/* For eyes: AMBIT_QEMU_ARGS, split at blanks, goes last. */
static void user_args(struct args *args)
{
    const char *next = getenv("AMBIT_QEMU_ARGS");

    while (next && *next) {
        size_t bytes = strcspn(next, " ");

        if (bytes > 0) {
            arg(args, "%.*s", (int)bytes, next);
        }
        next += bytes;
        next += strspn(next, " ");
    }
}

static bool inherit(int fd)
{
    return fcntl(fd, F_SETFD, 0) == 0;
}

/* In the child: only async-signal-safe calls from here to exec. */
_Noreturn static void child(const struct engine *engine,
                            const struct ends *ends, const char *path,
                            char *const *words, pid_t parent)
{
    sigset_t none;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    /* Its own group: Ctrl-C is for us, who then end it in good order. */
    (void)setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent ||
        null < 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(ends->output, STDOUT_FILENO) < 0 ||
        dup2(ends->output, STDERR_FILENO) < 0 || !inherit(ends->bell) ||
        !inherit(ends->qmp) || !inherit(engine->memory_fd) ||
        (engine->gdb_fd && !inherit(engine->gdb_fd)) ||
        !inherit(engine->kernel_fd) || !inherit(engine->module_fd)) {
        _exit(NOT_EXECUTED);
    }
    (void)execv(path, words);
    _exit(NOT_EXECUTED);
}

static int make_pairs(struct engine *engine, struct ends *ends)
{
    const int kind = SOCK_STREAM | SOCK_CLOEXEC;
    int bell[2], qmp[2], output[2];

    if (socketpair(AF_UNIX, kind, 0, bell) < 0) {
        return -1;
    }
    engine->bell = bell[0];
    ends->bell = bell[1];
    if (socketpair(AF_UNIX, kind, 0, qmp) < 0) {
        return -1;
    }
    engine->qmp.fd = qmp[0];
    ends->qmp = qmp[1];
    if (pipe2(output, O_CLOEXEC) < 0) {
        return -1;
    }
    engine->output = output[0];
    ends->output = output[1];
    if (fcntl(engine->bell, F_SETFL, O_NONBLOCK) < 0 ||
        fcntl(engine->qmp.fd, F_SETFL, O_NONBLOCK) < 0 ||
        fcntl(engine->output, F_SETFL, O_NONBLOCK) < 0) {
        return -1;
    }
    return 0;
}

static void close_end(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

static int start(struct engine *engine, const char *path, struct args *args,
                 struct ends *ends)
{
    pid_t parent = getpid();
    pid_t pid;

    if (make_pairs(engine, ends) < 0) {
        return -1;
    }
    arg(args, "%s", path);
    machine_args(args, engine);
    device_args(args, engine, ends);
    user_args(args);
    if (args->full) {
        errno = E2BIG;
        return -1;
    }
    pid = fork();
    if (pid == 0) {
        child(engine, ends, path, args->word, parent);
    }
    if (pid < 0) {
        return -1;
    }
    engine->child = pid;
    return 0;
}

int qemu_spawn(struct engine *engine, const char *path, struct failure *failure)
{
    struct ends ends = {-1, -1, -1};
    struct args *args = calloc(1, sizeof(*args));
    int rc = args ? start(engine, path, args, &ends) : -1;

    if (rc < 0) {
        (void)failure_set(failure, EXIT_HOST, "qemu: cannot start %s: %s", path,
                          strerror(errno));
    }
    close_end(ends.bell);
    close_end(ends.qmp);
    close_end(ends.output);
    free(args);
    return rc;
}

void qemu_reap(struct engine *engine, bool kill_it)
{
    if (engine->child == 0) {
        return;
    }
    if (kill_it) {
        (void)kill(engine->child, SIGKILL);
    }
    while (waitpid(engine->child, &engine->status, 0) < 0) {
        if (errno != EINTR) {
            break;
        }
    }
    engine->child = 0;
}
