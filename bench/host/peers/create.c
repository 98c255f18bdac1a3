/* SPDX-License-Identifier: Apache-2.0 */
/* Lives: begun, ended by itself, waited for. */
#define _GNU_SOURCE
#include "peers.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_BYTES 65536u

extern char **environ;

static void reap(pid_t pid)
{
    int status;

    MUST(pid > 0 && waitpid(pid, &status, 0) == pid);
    MUST(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void *ends(void *argument)
{
    return argument;
}

static void one_thread(void)
{
    pthread_t thread;

    MUST(pthread_create(&thread, NULL, ends, NULL) == 0);
    MUST(pthread_join(thread, NULL) == 0);
}

static const char *threads(struct peers *peers)
{
    SAMPLES(peers, one_thread());
    return NULL;
}

static int returns(void *argument)
{
    (void)argument;
    return 0;
}

/* Memory is shared; the table of files is a copy. */
static const char *clones(struct peers *peers)
{
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(stack != MAP_FAILED);
    SAMPLES(peers, reap(clone(returns, stack + STACK_BYTES, CLONE_VM | SIGCHLD,
                              NULL)));
    MUST(munmap(stack, STACK_BYTES) == 0);
    return NULL;
}

static void one_fork(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(0);
    }
    reap(pid);
}

static const char *forks(struct peers *peers)
{
    SAMPLES(peers, one_fork());
    return NULL;
}

static void one_vfork(char *self)
{
    static char nothing[] = NOTHING;
    char *words[] = {self, nothing, NULL};
    pid_t pid = vfork();

    if (pid == 0) {
        (void)execve(self, words, environ);
        _exit(1);
    }
    reap(pid);
}

static const char *vforks(struct peers *peers)
{
    SAMPLES(peers, one_vfork(peers->self));
    return NULL;
}

static void one_spawn(char *self)
{
    static char nothing[] = NOTHING;
    char *words[] = {self, nothing, NULL};
    pid_t pid = 0;

    MUST(posix_spawn(&pid, self, NULL, NULL, words, environ) == 0);
    reap(pid);
}

static const char *spawns(struct peers *peers)
{
    SAMPLES(peers, one_spawn(peers->self));
    return NULL;
}

const struct peer peers_create[] = {
    {"create", "pthread", 1, threads},    {"create", "clone-vm", 1, clones},
    {"create", "fork", 1, forks},         {"create", "vfork-exec", 1, vforks},
    {"create", "posix-spawn", 1, spawns}, {NULL, NULL, 0, NULL},
};
