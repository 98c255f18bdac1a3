/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this process may still do once a guest runs: a guest that breaks out
 * of its virtual machine and takes `ambit` over should find little to do with
 * it. Three layers, each for itself: descriptors that nobody needs are closed,
 * Landlock denies every file, TCP port and other process, and seccomp leaves
 * the system calls of a list.
 *
 * Whoever needs something while the guest runs, or after, says so before:
 * sandbox_keep() a descriptor, sandbox_allow() a system call. Files are opened
 * before; there is no way to open one later (host/late_file.h).
 */
#ifndef HOST_SANDBOX_H
#define HOST_SANDBOX_H

#include <host/failure.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SANDBOX_RULES 128u
#define SANDBOX_KEPT 32u
#define SANDBOX_ARGUMENTS 2u

/* The low 32 bits of argument `index`, masked, have this value. */
struct sandbox_argument {
    unsigned index;
    uint32_t mask;
    uint32_t value;
};

/* One system call, if all of its `count` arguments are so. */
struct sandbox_rule {
    int call;    /* SYS_* */
    bool refuse; /* it fails with EACCES, instead of being allowed */
    unsigned count;
    struct sandbox_argument argument[SANDBOX_ARGUMENTS];
};

struct sandbox {
    bool tell;    /* name a forbidden system call on stderr before dying */
    bool signals; /* processes from before are signalled: no scope for them */
    bool read_files; /* Landlock lets files be read */
    bool full;       /* something did not fit */
    size_t rules;
    struct sandbox_rule rule[SANDBOX_RULES];
    size_t kept;
    int keep[SANDBOX_KEPT];
};

enum sandbox_state {
    SANDBOX_OFF,         /* not asked for */
    SANDBOX_APPLIED,     /* or, of sandbox_probe(): would be */
    SANDBOX_UNAVAILABLE, /* the host does not have it */
};

struct sandbox_layer {
    enum sandbox_state state;
    char detail[160]; /* what it does here, or why it is not there */
};

struct sandbox_report {
    struct sandbox_layer seccomp, landlock, descriptors;
};

/* Nothing but standard input, output and error, and what every run needs. */
void sandbox_init(struct sandbox *sandbox);

/* Keeps a descriptor open; -1: none. */
void sandbox_keep(struct sandbox *sandbox, int fd);

void sandbox_allow(struct sandbox *sandbox, const struct sandbox_rule *rules,
                   size_t count);

/*
 * Applies all layers that the host has, for good. Needs: one thread, nothing
 * of the guest has run. A layer that the host lacks is told in *report and is
 * no failure. 0, or -1 and *failure: then some layers may be in force.
 * Cost: about 0.15 ms.
 */
int sandbox_apply(const struct sandbox *sandbox, struct sandbox_report *report,
                  struct failure *failure);

/* What sandbox_apply() would find here. Changes nothing. */
void sandbox_probe(struct sandbox_report *report);

/* "off", "applied", "unavailable" */
const char *sandbox_state_name(enum sandbox_state state);

#endif
