/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "child.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_CONFINED 99

char child_text[4096];

static void confine(void)
{
    struct sandbox_report report;
    struct failure failure;
    struct sandbox sandbox;

    sandbox_init(&sandbox);
    if (sandbox_apply(&sandbox, &report, &failure) < 0) {
        fprintf(stderr, "%s\n", failure.text);
        _exit(NOT_CONFINED);
    }
}

static void read_all(int fd)
{
    size_t used = 0;
    ssize_t n;

    while ((n = read(fd, child_text + used, sizeof(child_text) - 1 - used)) >
           0) {
        used += (size_t)n;
    }
    child_text[used] = '\0';
    close(fd);
}

int child_run(bool confined, child_fn body, void *argument)
{
    int status, text[2];
    pid_t pid;

    ck_assert_int_eq(pipe(text), 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        dup2(text[1], STDERR_FILENO);
        close(text[0]);
        close(text[1]);
        if (confined) {
            confine();
        }
        _exit(body(argument));
    }
    close(text[1]);
    read_all(text[0]);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(!child_exited(status, NOT_CONFINED), "%s", child_text);
    return status;
}

bool child_exited(int status, int code)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == code;
}

bool child_killed(int status, int number)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == number;
}
