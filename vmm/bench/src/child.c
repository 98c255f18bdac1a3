/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOT_EXECUTED 126
#define POLL_NS 2000000
#define ENDING_NS 5000000000ull
#define NS_PER_S 1000000000ull

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* In the child: only async-signal-safe calls from here to exec. */
_Noreturn static void become(const struct child *child, char *const *variables,
                             pid_t parent)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int out = open(child->out, flags, 0600);
    int err = open(child->err, flags, 0600);
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setpgid(0, 0); /* Ctrl-C is for us, who then end it */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        null >= 0 && out >= 0 && err >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0) {
        (void)execve(child->program, child->words, variables);
    }
    _exit(NOT_EXECUTED);
}

/* Our environment and one more; the caller frees the list alone. */
static char **environment(const struct child *child)
{
    size_t count = 0, used = 0;
    char **list;

    while (environ[count]) {
        count++;
    }
    list = calloc(count + 2, sizeof(*list));
    if (list && child->variable) {
        list[used++] = (char *)(uintptr_t)child->variable;
    }
    for (size_t i = 0; list && i < count; i++) {
        size_t name = strcspn(environ[i], "=") + 1;

        if (!child->variable || strncmp(environ[i], child->variable, name)) {
            list[used++] = environ[i];
        }
    }
    return list;
}

static bool over(pid_t pid, int *status)
{
    pid_t got = waitpid(pid, status, WNOHANG);

    return got == pid || (got < 0 && errno != EINTR);
}

/* Asks it to end, and sees to it. */
static void end(pid_t pid, int *status)
{
    const struct timespec pause = {0, POLL_NS};
    uint64_t until = now_ns() + ENDING_NS;

    (void)kill(pid, SIGTERM);
    while (!over(pid, status)) {
        if (now_ns() > until) {
            (void)kill(pid, SIGKILL);
        }
        (void)nanosleep(&pause, NULL);
    }
}

static int wait_for(const struct child *child, pid_t pid,
                    struct failure *failure)
{
    const struct timespec pause = {0, POLL_NS};
    uint64_t until = now_ns() + child->timeout_ns;
    int status = 0;

    while (!over(pid, &status)) {
        if (child->interrupted && child->interrupted()) {
            end(pid, &status);
            failure_set(failure, EXIT_INTERRUPTED, "interrupted");
            return EXIT_INTERRUPTED;
        }
        if (now_ns() > until) {
            end(pid, &status);
            failure_set(failure, EXIT_TIMEOUT, "not done in %llu s",
                        (unsigned long long)(child->timeout_ns / NS_PER_S));
            return EXIT_TIMEOUT;
        }
        (void)nanosleep(&pause, NULL);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) != NOT_EXECUTED) {
        return WEXITSTATUS(status);
    }
    failure_set(failure, EXIT_HOST, "%s %s", child->program,
                WIFEXITED(status) ? "cannot be executed" : "was killed");
    return EXIT_HOST;
}

int child_run(const struct child *child, struct failure *failure)
{
    char **variables = environment(child);
    pid_t parent = getpid(), pid;

    if (!variables) {
        failure_set(failure, EXIT_HOST, "no memory on the host");
        return EXIT_HOST;
    }
    pid = fork();
    if (pid == 0) {
        become(child, variables, parent);
    }
    free(variables);
    if (pid < 0) {
        failure_set(failure, EXIT_HOST, "cannot start %s: %s", child->program,
                    strerror(errno));
        return EXIT_HOST;
    }
    return wait_for(child, pid, failure);
}

void child_tail(const char *path, char *out, size_t bytes)
{
    FILE *file = fopen(path, "re");
    size_t got = 0;

    if (file) {
        if (fseek(file, -(long)(bytes - 1), SEEK_END) < 0) {
            rewind(file);
        }
        got = fread(out, 1, bytes - 1, file);
        fclose(file);
    }
    while (got && (out[got - 1] == '\n' || out[got - 1] == '\r')) {
        got--;
    }
    out[got] = '\0';
}
