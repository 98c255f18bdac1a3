/* SPDX-License-Identifier: Apache-2.0 */
/* The command line, parsed: one struct for every subcommand. */
#ifndef VMM_OPTIONS_H
#define VMM_OPTIONS_H

#include <config/config.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OPTIONS_OVERRIDES 64u
#define OPTIONS_REQUIREMENTS 16u
#define OPTIONS_TIMEOUT_NS CONFIG_TIMEOUT_DEFAULT
#define OPTIONS_SAMPLES 8u

/* Which commands take an option; a command has one bit. */
enum command_flag {
    FOR_RUN = 1,
    FOR_CHECK = 2,
    FOR_PLAN = 4,
    FOR_AUDIT = 8,
    FOR_DOCTOR = 16,
    FOR_SCHEMA = 32,
    FOR_HELP = 64,
    FOR_GUARDS = 128,
    FOR_TEST = 256,
    FOR_NEW = 1 << 16,
    FOR_LATTICE = 4096,
    FOR_GRAPH = 512,
    FOR_DIFF = 1 << 17,
    FOR_BENCH = 1 << 18,
    FOR_TRACE = 1 << 19,
    FOR_GUEST = FOR_RUN | FOR_AUDIT, /* those that boot one */
    FOR_GUESTS = FOR_GUEST | FOR_TEST,
    FOR_CONFIG = FOR_GUEST | FOR_CHECK | FOR_PLAN | FOR_GRAPH,
    FOR_CONFIGS = FOR_CONFIG | FOR_TEST
};

enum engine_choice { CHOOSE_AUTO, CHOOSE_KVM, CHOOSE_QEMU, CHOOSE_ALL };

/* Of `graph`. */
enum graph_format {
    FORMAT_TEXT,
    FORMAT_DOT,
    FORMAT_JSON,
    FORMAT_CSV,
    FORMAT_SVG
};

/* --require KEY=VALUE; both point into storage of the options. */
struct requirement {
    char key[16];
    char value[32];
};

/* Of `lattice` alone. */
struct lattice_options {
    bool all, valid, boot, at_run_time, seed_given;
    uint32_t sample;    /* 0: every valid point */
    uint64_t seed;      /* of the sample */
    const char *config; /* whose kinds are named; null: none */
    const char *csv;    /* null, a path, or "-" */
};

/* Of `bench` alone. */
struct bench_words {
    uint32_t repeat;        /* 0: not given */
    const char *keep;       /* null or a path */
    const char *html;       /* null or a path */
    const char *linux_file; /* null or a path */
    bool no_peers;
};

struct options {
    const struct command *command;
    const char *config; /* or the topic of `help`, or the folder of `new`; null:
                           none given */
    char *const *args;  /* after `--` */
    int arg_count;
    char *const *argv; /* all of it, for the results */
    int argc;
    enum engine_choice engine;
    bool icount, quiet, verbose, resolved, no_sandbox;
    const char *json;       /* null, a path, or "-" */
    uint32_t without_guard; /* enum abi_guard; GUARD_NONE: all are there */
    const char *kernel;     /* null: the built-in one */
    const char *dump;       /* null: none */
    const char *symbols;    /* null: none */
    const char *trace;      /* null: none; of `run` */
    const char *chrome;     /* null: none; of `trace` */
    bool gdb;
    uint16_t gdb_port; /* 0: any */
    uint64_t timeout_ns;
    bool timeout_given;
    uint32_t samples; /* random pauses */
    bool samples_given;
    struct config_override overrides[OPTIONS_OVERRIDES];
    size_t override_count;
    struct requirement requirements[OPTIONS_REQUIREMENTS];
    size_t requirement_count;
    char *const *operands; /* of `test`: files and folders; of `bench`: what */
    int operand_count;
    unsigned jobs; /* 0: as many as there are CPUs */
    const char *junit, *tap, *results, *filter; /* null: not given */
    struct lattice_options lattice;
    struct bench_words bench;
    enum graph_format format;
    const char *out; /* null or "-": standard output */
    bool live, fail_if_weaker;
    char seed[40]; /* "seed=N", what --seed N is short for */
};

/*
 * Parses what follows the command's name. Returns EXIT_MET, or EXIT_USAGE
 * after one message on stderr. `out` borrows argv, whose order may change.
 */
int options_parse(const struct command *command, int argc, char **argv,
                  struct options *out);

/* Writes one line an option that the command takes. */
void options_describe(const struct command *command, FILE *out);

/* True when stdout belongs to --json. */
bool options_json_only(const struct options *options);

#endif
