/* SPDX-License-Identifier: Apache-2.0 */
/* A sandbox is for good: each try happens in a child of its own. */
#ifndef TEST_SANDBOX_CHILD_H
#define TEST_SANDBOX_CHILD_H

#include <check.h>
#include <host/sandbox.h>

/* Returns what the child exits with. */
typedef int (*child_fn)(void *argument);

/* Runs `body` in a child, confined if `confined`. Its wait status; what it
 * said on stderr is in child_text. */
int child_run(bool confined, child_fn body, void *argument);
extern char child_text[4096];

/* The status means: exited with that code; killed by that signal. */
bool child_exited(int status, int code);
bool child_killed(int status, int number);

/* One system call that must kill. */
struct forbidden {
    const char *name;
    void (*call)(void);
};

/* forbidden_*.c: what only some builds forbid. Ended by a null name. */
extern const struct forbidden forbidden_here[];
/* How an open() that no filter rule lets through ends there. */
extern const bool opening_is_refused;

Suite *suite_seccomp(void);
Suite *suite_landlock(void);
Suite *suite_sandbox(void);
Suite *suite_late_file(void);

#endif
