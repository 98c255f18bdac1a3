/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For developers (--verbose): a forbidden system call is not executed, as
 * without, but raises SIGSYS, whose handler names it before it kills.
 */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALLS 512

/* Made before, since nothing may be allocated in a signal handler. */
static char *names[CALLS];

static void on_forbidden(int number, siginfo_t *info, void *context)
{
    int call = info->si_syscall;
    char text[160];
    int bytes;

    (void)number;
    (void)context;
    bytes = snprintf(
        text, sizeof(text),
        "ambit: sandbox: system call %d (%s) is not on the list\n", call,
        call >= 0 && call < CALLS && names[call] ? names[call] : "unknown");
    if (write(STDERR_FILENO, text, (size_t)bytes) < 0) {
        /* It still ends by SIGSYS, which says enough. */
    }
    /* SA_RESETHAND, and SIGSYS is blocked in here: the next one kills. */
    (void)syscall(call);
    _exit(128 + SIGSYS);
}

void sandbox__trap(void)
{
    struct sigaction action = {.sa_sigaction = on_forbidden,
                               .sa_flags = SA_SIGINFO | (int)SA_RESETHAND};

    for (int i = 0; i < CALLS; i++) {
        if (!names[i]) {
            names[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, i);
        }
    }
    (void)sigaction(SIGSYS, &action, NULL);
}
