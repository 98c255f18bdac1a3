/* SPDX-License-Identifier: Apache-2.0 */
/* The three layers, in an order in which each can still be set up. */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

const char *sandbox_state_name(enum sandbox_state state)
{
    static const char *const names[] = {"off", "applied", "unavailable"};

    return names[state];
}

void sandbox__say(struct sandbox_layer *layer, enum sandbox_state state,
                  const char *format, ...)
{
    va_list list;

    layer->state = state;
    va_start(list, format);
    (void)vsnprintf(layer->detail, sizeof(layer->detail), format, list);
    va_end(list);
}

void sandbox_init(struct sandbox *sandbox)
{
    memset(sandbox, 0, sizeof(*sandbox));
    sandbox_keep(sandbox, STDIN_FILENO);
    sandbox_keep(sandbox, STDOUT_FILENO);
    sandbox_keep(sandbox, STDERR_FILENO);
    sandbox__common(sandbox);
    sandbox__build(sandbox);
}

void sandbox_keep(struct sandbox *sandbox, int fd)
{
    size_t at = sandbox->kept;

    if (fd < 0) {
        return;
    }
    if (sandbox->kept == SANDBOX_KEPT) {
        sandbox->full = true;
        return;
    }
    /* In order: what lies between two of them is closed. */
    for (; at > 0 && sandbox->keep[at - 1] > fd; at--) {
        sandbox->keep[at] = sandbox->keep[at - 1];
    }
    sandbox->keep[at] = fd;
    sandbox->kept++;
}

void sandbox_allow(struct sandbox *sandbox, const struct sandbox_rule *rules,
                   size_t count)
{
    if (count > SANDBOX_RULES - sandbox->rules) {
        sandbox->full = true;
        return;
    }
    memcpy(&sandbox->rule[sandbox->rules], rules, count * sizeof(*rules));
    sandbox->rules += count;
}

int sandbox_apply(const struct sandbox *sandbox, struct sandbox_report *report,
                  struct failure *failure)
{
    if (sandbox->full) {
        return failure_set(failure, EXIT_HOST,
                           "sandbox: more rules or descriptors than fit");
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
        return failure_set(failure, EXIT_HOST,
                           "sandbox: cannot give up new privileges: %s",
                           strerror(errno));
    }
    sandbox__descriptors(sandbox, &report->descriptors);
    if (sandbox__landlock(sandbox, &report->landlock, failure) < 0) {
        return -1;
    }
    return sandbox__seccomp(sandbox, &report->seccomp, failure);
}

void sandbox_probe(struct sandbox_report *report)
{
    sandbox__descriptors_probe(&report->descriptors);
    sandbox__landlock_probe(&report->landlock);
    sandbox__seccomp_probe(&report->seccomp);
}
