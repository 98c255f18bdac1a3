/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configs as tests: which there are, each run in a process of its own, judged
 * by its exit code, its output and its results, and reported.
 *
 * A *case* is one run: of a config as it is, with a control's changes, or
 * without one of the kernel's guards; on one engine.
 */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

#include <config/config.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SUITE_JOBS_MAX 256u
#define SUITE_FILES_MAX 10000u

enum suite_engine { SUITE_KVM, SUITE_QEMU, SUITE_ENGINES };

/* What is asked for; borrowed for the length of suite_run. */
struct suite_options {
    char *const *operands; /* files and folders */
    int operand_count;
    bool pick_one;       /* the first usable engine; else each of `engines` */
    unsigned engines;    /* bits 1 << enum suite_engine: those asked for */
    unsigned usable;     /* of those, with pick_one: which work here */
    unsigned jobs;       /* 1..SUITE_JOBS_MAX */
    const char *junit;   /* a path, or null */
    const char *tap;     /* a path, "-", or null */
    const char *results; /* a folder, or null */
    const char *filter;  /* a pattern that names must match, or null */
    bool quiet, verbose;
    bool strict;         /* something is required: a skip is no pass */
    uint64_t timeout_ns; /* of each run; 0: as its config says */
    const struct config_override *overrides; /* of every config */
    size_t override_count;
    const char *const *pass;  /* more arguments of every run; ended by null */
    int (*interrupted)(void); /* the signal that asks for an end, or 0 */
};

/*
 * Runs every case and reports on standard output, with messages on standard
 * error. Returns the exit code of the whole (enum exit_code); docs/testing.md
 * says which wins. Children that it started are gone when it returns.
 */
int suite_run(const struct suite_options *options);

#endif
