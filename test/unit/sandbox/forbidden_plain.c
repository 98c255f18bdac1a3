/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "child.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

const bool opening_is_refused = true;

static void do_execve(void)
{
    char *const words[] = {NULL};

    (void)execve("/nonexistent", words, words);
}

static void do_fork(void)
{
    if (syscall(SYS_fork) == 0) {
        _exit(0);
    }
}

static void do_clone(void)
{
    if (fork() == 0) {
        _exit(0);
    }
}

static void do_ptrace(void)
{
    (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static void do_kill(void)
{
    (void)kill(getppid(), 0);
}

static void do_prctl(void)
{
    (void)prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}

static void do_dup(void)
{
    (void)dup(0);
}

static void do_fcntl(void)
{
    (void)syscall(SYS_fcntl, 0, 0, 0);
}

const struct forbidden forbidden_here[] = {
    {"execve", do_execve}, {"fork", do_fork},   {"clone", do_clone},
    {"ptrace", do_ptrace}, {"kill", do_kill},   {"prctl", do_prctl},
    {"dup", do_dup},       {"fcntl", do_fcntl}, {NULL, NULL}};
