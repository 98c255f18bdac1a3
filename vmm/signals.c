/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "signals.h"

#include <host/engine.h>
#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t pending;

static void on_signal(int number)
{
    pending = number;
    engine_kick();
}

static void install(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    /* No SA_RESTART: a blocking call must come back to see the flag. */
    sigemptyset(&action.sa_mask);
    (void)sigaction(number, &action, NULL);
}

void signals_install(void)
{
    install(SIGINT, on_signal);
    install(SIGTERM, on_signal);
    install(SIGPIPE, SIG_IGN);
}

void signals_restore(void)
{
    install(SIGINT, SIG_DFL);
    install(SIGTERM, SIG_DFL);
}

int signals_pending(void)
{
    return pending;
}
