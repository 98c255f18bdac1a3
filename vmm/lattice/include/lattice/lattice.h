/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `ambit lattice`: all points of the composition table, judged, named, counted
 * and printed. What a point means is the core's business (domains/lattice.h).
 */
#ifndef LATTICE_LATTICE_H
#define LATTICE_LATTICE_H

#include <config/config.h>
#include <domains/lattice.h>
#include <host/failure.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum lattice_show { LATTICE_SUMMARY, LATTICE_ONLY_VALID, LATTICE_ALL };

enum lattice_tried {
    LATTICE_NOT_TRIED,
    LATTICE_MET,     /* found as predicted, in every probe */
    LATTICE_MISMATCH /* not so, or the domain told nothing */
};

/* One point of the table. */
struct lattice_row {
    struct lattice_judgement judgement;
    bool selected;                 /* the filter lets it through */
    uint8_t tried;                 /* enum lattice_tried */
    uint8_t found[LATTICE_PROBES]; /* enum lattice_finding */
    char note[48];                 /* what else was wrong; "" */
};

/* A point that has a name. */
struct lattice_name {
    const char *name;
    const char *source;  /* "built-in", "recommended", "config" */
    const char *base;    /* or null */
    const char *purpose; /* or null */
    uint32_t point;
};

/* Why points are refused: one of the validator's sentences. */
struct lattice_reason {
    const char *what;
    uint32_t pd_class; /* PD_CLASS_COUNT: none in particular */
    enum lattice_verdict verdict;
    uint32_t count;
};

struct lattice_table {
    struct lattice_row rows[LATTICE_POINTS];
    struct lattice_name *names;
    uint32_t name_count;
    struct lattice_reason reasons[64];
    uint32_t reason_count;
    uint32_t selected;
    uint32_t by_verdict[LATTICE_VALID + 1]; /* of the selected */
    uint32_t tried, mismatches;
    uint32_t refused_tried, refused_wrong; /* at run time */
    uint32_t leaks;                        /* at run time */
    const char *engine; /* where points were tried, or null */
};

/*
 * Judges every point. `config` (may be null) gives its kinds; it must outlive
 * the table. `filter` is "class=degree,..." or null. Returns null with
 * *failure (EXIT_USAGE, EXIT_HOST).
 */
struct lattice_table *lattice_table_make(const struct config *config,
                                         const char *filter,
                                         struct failure *failure);
void lattice_table_free(struct lattice_table *table);

/* The next name of a point after `after` (null: the first), or null. */
const struct lattice_name *lattice_name_of(const struct lattice_table *table,
                                           uint32_t point,
                                           const struct lattice_name *after);

/* How points are tried: guests of `ambit run`, many points in each. */
struct lattice_boot {
    const char *engine;  /* auto, kvm or qemu */
    uint32_t sample;     /* so many valid points; 0: all */
    uint64_t seed;       /* of the sample */
    unsigned jobs;       /* guests at a time */
    uint64_t timeout_ns; /* of each guest */
    bool no_sandbox;
    bool at_run_time; /* a domain composes them, and what is refused, too */
    const char *without_guard; /* in a kernel that does without it; or null */
    int (*interrupted)(void);
};

/*
 * Boots the selected valid points and fills `tried`, `found` and `note` of
 * their rows. Returns EXIT_MET; EXIT_VIOLATED (some point is otherwise than
 * predicted); the gravest exit code of a guest that did not end as it must,
 * with *failure filled; EXIT_HOST, EXIT_INTERRUPTED likewise.
 */
int lattice_boot_all(struct lattice_table *table,
                     const struct lattice_boot *boot, struct failure *failure);

void lattice_print(const struct lattice_table *table, enum lattice_show show,
                   FILE *out);
void lattice_print_csv(const struct lattice_table *table,
                       enum lattice_show show, FILE *out);
/* Null: no memory. */
json_t *lattice_json(const struct lattice_table *table, enum lattice_show show);

#endif
