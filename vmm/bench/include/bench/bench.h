/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `ambit bench`: what operations cost, by kind of domain, beside what Linux
 * does in their place. Guests are processes of `ambit run`; what they and the
 * peers print are samples, and the numbers of a row are worked out of these.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <host/failure.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BENCH_REPEAT 100u
#define BENCH_REPEAT_MAX 10000u
#define BENCH_WORD 24u
#define BENCH_REP_STEPS 12u  /* the sort that is not privileged */
#define BENCH_PRIVILEGED 13u /* sorts of instructions counted beside all */

/* Where a row is measured: what it counts or times. */
enum bench_place {
    BENCH_QEMU,  /* Ambit under qemu: executed instructions */
    BENCH_BARE,  /* the same where the processor has no FSGSBASE */
    BENCH_LINUX, /* Linux under the first qemu: the same */
    BENCH_KVM,   /* Ambit under kvm: time */
    BENCH_HOST,  /* Linux, natively: time */
    BENCH_PLACES
};

/* What a row's samples come to. Without any, n is 0. */
struct bench_stat {
    uint32_t n;
    double min, median, p99, max;
};

struct bench_row {
    const struct bench_case *about;
    char subject[BENCH_WORD]; /* a kind, or what Linux does it with */
    enum bench_place place;
    char boundary[BENCH_WORD]; /* mechanism between the two, or "" */
    uint32_t batch;            /* operations a sample; 0: not measured */
    double *samples;           /* each of one operation; in order */
    uint32_t count, room;
    struct bench_stat stat;
    /* What of each sample was privileged, or null: not known. */
    double (*privileged)[BENCH_PRIVILEGED];
    double privileged_median[BENCH_PRIVILEGED];
    char reason[200]; /* why it is blank */
};

/* One place, and what it is worth. */
struct bench_site {
    bool wanted, usable;
    char reason[256], remedy[768]; /* not usable */
    json_t *engine, *versions;     /* as results have them, or null */
    char ring0[16];
    char uncounted[128]; /* why privileged instructions are not known */
};

struct bench_table {
    struct bench_row *rows;
    uint32_t count, room;
    struct bench_site sites[BENCH_PLACES];
    uint64_t tsc_hz; /* of this host; 0: nothing was timed */
    uint32_t repeat;
};

struct bench_options {
    char *const *operations; /* names; none: all */
    int operation_count;
    bool places[BENCH_PLACES];
    uint32_t repeat;
    uint64_t timeout_ns; /* of each guest */
    const void *peers;   /* the program, an ELF file for Linux */
    size_t peers_bytes;
    const void *plugin; /* of QEMU, a shared object: bench/qemu */
    size_t plugin_bytes;
    const char *keep;       /* a folder that is made, and stays; or null */
    const char *linux_file; /* kernel for the peers; null: look in /boot */
    bool no_sandbox;
    int (*interrupted)(void);
    void (*complain)(const struct failure *failure); /* of each that failed */
    void (*progress)(const char *what);              /* may be null */
};

/* Null, or why the operations are not accepted: the first unknown one. */
const char *bench_unknown(char *const *operations, int count);
/* The operations' names, one by one; null after the last. */
const char *bench_operation(unsigned index);

/*
 * Measures everything. The table has a row for each thing that could be known;
 * what was not measured says why. Returns EXIT_MET, or the gravest of what went
 * wrong, each of which was complained of: EXIT_TIMEOUT, EXIT_HOST, EXIT_PANIC,
 * EXIT_VIOLATED, EXIT_INTERRUPTED. Call bench_free.
 */
int bench_run(struct bench_table *table, const struct bench_options *options);
void bench_free(struct bench_table *table);

/* Where a row is from, in words and in one. */
const char *bench_place_text(enum bench_place place);
const char *bench_place_name(enum bench_place place);
const char *bench_unit(enum bench_place place);
/* True if instructions are counted there; else time is taken. */
bool bench_counts(enum bench_place place);

/* What sort of privileged instruction; the order is that of the plugin. */
const char *bench_privileged_name(unsigned sort);

void bench_print(const struct bench_table *table, FILE *out);
void bench_print_csv(const struct bench_table *table, FILE *out);
/* With `about`, what bench_json gave and its user added: argv, ended, env. */
void bench_print_html(const struct bench_table *table, const json_t *about,
                      FILE *out);
/* Null: no memory. */
json_t *bench_json(const struct bench_table *table);

/* ---- pure; for tests ---- */

/* Sorts `samples` and says what they come to. */
struct bench_stat bench_stat_of(double *samples, uint32_t count);

#endif
