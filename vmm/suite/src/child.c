/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "child.h"

#include "arguments.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536u
#define PASSING_BYTES 7u /* .XXXXXX, as mkostemp(3) fills it */
/* A run ends itself when its time is up; later than this, it does not. */
#define GRACE_NS 15000000000ull

/* What the kernel was given to execute, where there is no /proc. */
static char *program_of_auxv(void)
{
    const void *name = NULL;
    unsigned long value = getauxval(AT_EXECFN);

    memcpy(&name, &value, sizeof(name));
    return name ? realpath(name, NULL) : NULL;
}

char *child_program(struct failure *failure)
{
    char *path = realpath("/proc/self/exe", NULL);
    int error = errno;

    if (!path) {
        path = program_of_auxv();
    }
    if (path && access(path, X_OK) == 0) {
        return path;
    }
    free(path);
    failure_set(failure, EXIT_HOST,
                "cannot find my own program to run tests "
                "with: /proc/self/exe: %s",
                strerror(error));
    failure_remedy(failure, "mount /proc (mount -t proc proc /proc), and do "
                            "not replace ambit while it runs");
    return NULL;
}

/* In the child: only async-signal-safe calls from here to exec. */
_Noreturn static void become(const char *program, char *const *words,
                             const int *ends, pid_t parent)
{
    static const char message[] = "ambit: cannot execute itself\n";
    sigset_t none;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    /* Its own group: Ctrl-C is for us, who then end it in good order. */
    (void)setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
        dup2(ends[0], STDOUT_FILENO) >= 0 &&
        dup2(ends[1], STDERR_FILENO) >= 0) {
        (void)execv(program, words);
    }
    (void)!write(STDERR_FILENO, message, sizeof(message) - 1);
    _exit(CHILD_NOT_EXECUTED);
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

/* Two pipes; `ends` are the child's. 0, or -1 with errno. */
static int make_pipes(struct child *child, int *ends)
{
    for (int i = 0; i < 2; i++) {
        int pair[2];

        if (pipe2(pair, O_CLOEXEC) < 0) {
            return -1;
        }
        child->fds[i] = pair[0];
        ends[i] = pair[1];
        if (fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0) {
            return -1;
        }
    }
    return 0;
}

static int start(struct child *child, const char *program,
                 struct arguments *arguments)
{
    int ends[2] = {-1, -1};
    pid_t parent = getpid();
    int rc = make_pipes(child, ends);
    int saved;

    if (rc == 0) {
        child->pid = fork();
        if (child->pid == 0) {
            become(program, arguments->list, ends, parent);
        }
        rc = child->pid < 0 ? -1 : 0;
    }
    saved = errno;
    close_fd(&ends[0]);
    close_fd(&ends[1]);
    if (rc == 0) {
        (void)setpgid(child->pid, child->pid); /* whoever comes first */
    }
    errno = saved;
    return rc;
}

static bool passing(int error)
{
    return error == EAGAIN || error == EMFILE || error == ENFILE ||
           error == ENOMEM;
}

/* Where the case's results go, and nothing there yet. */
static char *results_path(const struct suite *suite,
                          const struct suite_case *one)
{
    char *path;

    if (asprintf(&path, "%s/%s", suite->folder, one->file_name) < 0) {
        return NULL;
    }
    (void)unlink(path);
    return path;
}

int child_start(struct child *child, const struct suite *suite,
                const char *program, struct suite_case *one,
                struct failure *failure)
{
    struct arguments arguments = {.full = true};
    int rc = -1;

    memset(child, 0, sizeof(*child));
    child->fds[0] = child->fds[1] = -1;
    child->one = one;
    child->results = results_path(suite, one);
    errno = ENOMEM;
    if (child->results && capture_init(&child->captures[0], &one->end) == 0 &&
        capture_init(&child->captures[1], &one->end) == 0) {
        arguments_make(&arguments, suite, one, child->results);
        errno = E2BIG;
        rc = arguments.full ? -1 : start(child, program, &arguments);
    }
    if (rc < 0) {
        rc = passing(errno) ? 1 : -1;
        failure_set(failure, EXIT_HOST, "cannot start a run: %s",
                    strerror(errno));
        child_close(child);
    } else {
        child->start_ns = suite__now();
        child->kill_ns =
            child->start_ns + arguments_timeout(suite, one) + GRACE_NS;
    }
    arguments_free(&arguments);
    return rc;
}

bool child_read(struct child *child)
{
    static char buffer[READ_BYTES];
    bool more = false;

    for (int i = 0; i < 2; i++) {
        ssize_t got;

        if (child->fds[i] < 0) {
            continue;
        }
        got = read(child->fds[i], buffer, sizeof(buffer));
        if (got > 0) {
            capture_take(&child->captures[i], buffer, (size_t)got);
            more = true;
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            close_fd(&child->fds[i]);
        }
    }
    return more;
}

void child_ask(struct child *child)
{
    child->asked = true;
    if (!child->exited) {
        (void)kill(-child->pid, SIGTERM);
    }
}

void child_kill(struct child *child)
{
    if (!child->exited) {
        (void)kill(-child->pid, SIGKILL);
    }
}

/* A run that was killed leaves its results under a passing name. */
static void remove_remains(struct child *child)
{
    char *slash = child->results ? strrchr(child->results, '/') : NULL;
    size_t bytes = slash ? strlen(slash + 1) : 0;
    DIR *folder;

    if (!slash) {
        return;
    }
    *slash = '\0';
    folder = opendir(child->results);
    for (struct dirent *at = folder ? readdir(folder) : NULL; at;
         at = readdir(folder)) {
        if (strncmp(at->d_name, slash + 1, bytes) == 0 &&
            strlen(at->d_name) == bytes + PASSING_BYTES &&
            at->d_name[bytes] == '.') {
            (void)unlinkat(dirfd(folder), at->d_name, 0);
        }
    }
    if (folder) {
        closedir(folder);
    }
}

void child_close(struct child *child)
{
    close_fd(&child->fds[0]);
    close_fd(&child->fds[1]);
    if (child->exited && WIFSIGNALED(child->status)) {
        remove_remains(child);
    }
    capture_free(&child->captures[0]);
    capture_free(&child->captures[1]);
    free(child->results);
    child->results = NULL;
    child->one = NULL;
}
