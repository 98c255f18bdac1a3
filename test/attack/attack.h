/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the attacks have in common. Each entry function is one attack; it exits
 * with 0 only when it was stopped, and for the right reason. Those that end by
 * a fault never return at all: their config expects that fault.
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <abi/layout.h>
#include <ambit/ambit.h>
#include <ambit/syscall.h>

/* Exit code of an attack that succeeded. */
#define ATTACK_SUCCEEDED 1

/* Ends the domain, saying what came, unless the status is the one wanted. */
static inline void attack_expect(const char *what, enum status got,
                                 enum status wanted)
{
    if (got != wanted) {
        ambit_printf("%s: %s; wanted: %s\n", what, ambit_status_text(got),
                     ambit_status_text(wanted));
        ambit_exit(ATTACK_SUCCEEDED);
    }
}

static inline struct ambit_handle attack_capability(const char *name)
{
    struct ambit_handle handle = {0};

    attack_expect(name, ambit_capability(name, &handle), STATUS_OK);
    return handle;
}

/* Ends the domain, saying what came through. */
static inline _Noreturn void attack_succeeded(const char *what)
{
    ambit_printf("%s\n", what);
    ambit_exit(ATTACK_SUCCEEDED);
}

/* First address of a range. */
static inline uint64_t attack_place(const char *name)
{
    uint64_t base = 0, bytes = 0;

    attack_expect(name, ambit_locate(name, &base, &bytes), STATUS_OK);
    return base;
}

/* Waits, or lets a waiter go on: one call over the endpoint `gate`. */
static inline void attack_wait(void)
{
    struct ambit_message message = {0};

    attack_expect("call", ambit_call(attack_capability("gate"), &message),
                  STATUS_OK);
}

static inline void attack_let_one_in(struct ambit_message *message)
{
    attack_expect("receive", ambit_receive(attack_capability("gate"), message),
                  STATUS_OK);
}

static inline void attack_let_it_go(const struct ambit_message *message)
{
    attack_expect("reply", ambit_reply(message), STATUS_OK);
}

#endif
