/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share. */
#ifndef SUITE_INTERNAL_H
#define SUITE_INTERNAL_H

#include <suite/suite.h>

#include <host/failure.h>
#include <sys/types.h>

/* One config file. */
struct suite_file {
    char *path;            /* as it is opened */
    char *name;            /* beneath its operand, without .yaml; raw bytes */
    char *folder;          /* printable */
    struct config *config; /* or null: `refused` says why */
    char *refused;         /* or null */
    int refused_code;      /* enum exit_code */
};

struct suite_files {
    struct suite_file *list; /* by name */
    size_t count, room;
};

enum case_kind { CASE_RUN, CASE_CONTROL, CASE_GUARD };
enum case_outcome {
    CASE_WAITING,
    CASE_RUNNING,
    CASE_PASSED,
    CASE_FAILED,
    CASE_SKIPPED,
    CASE_INTERRUPTED /* or never started */
};

struct suite_case {
    const struct suite_file *file;
    enum suite_engine engine;
    enum case_kind kind;
    const struct config_control *control; /* CASE_CONTROL */
    const struct config_guard *guard;     /* CASE_GUARD */
    struct config_end end;                /* what it must end with and print */
    char *name;      /* printable, unique: "tis.kvm control open" */
    char *file_name; /* of its results, relative: "tis.kvm.json" */
    enum case_outcome outcome;
    int exit_code; /* what a failure is, enum exit_code */
    char why[320]; /* of a failure or skip: printable, one line */
    char *output;  /* printable lines of what it printed, or null */
    uint64_t ns;   /* how long it took */
};

struct suite {
    const struct suite_options *options;
    struct suite_files files;
    struct suite_case *cases;
    size_t count;
    uint64_t started_ns; /* CLOCK_MONOTONIC */
    int64_t started_s;   /* the calendar's */
    uint64_t kept;       /* bytes of output that all cases keep */
    int interrupted;     /* the signal, or 0 */
    char *folder;        /* where results go */
    bool own_folder;     /* made for this run, removed after it */
};

struct suite_tally {
    size_t passed, failed, skipped, interrupted;
    int exit_code;
};

/* Files (collect.c): from operands, sorted by name. 0, or -1 with *failure. */
int suite__collect(const struct suite_options *options,
                   struct suite_files *files, struct failure *failure);
void suite__files_free(struct suite_files *files);

/* Cases (plan.c): every case of every file. 0, or -1 with *failure. */
int suite__plan(struct suite *suite, struct failure *failure);
void suite__cases_free(struct suite *suite);

/* Whether a name is meant: by a pattern of the shell, or as a part of it. */
bool suite__matches(const char *filter, const char *name);

/* tally.c */
struct suite_tally suite__tally(const struct suite *suite);
/* The graver of two exit codes. */
int suite__graver(int a, int b);
/* As --engine takes it. */
const char *suite__engine_name(enum suite_engine engine);
/* "guest kernel panic", for people. */
const char *suite__code_text(int exit_code);

/* text.c: printable text, lines kept; to free, or null: no memory. */
char *suite__printable(const char *text, size_t bytes, bool lines);
void suite__put_xml(FILE *out, const char *text);
uint64_t suite__now(void);

/* The folder of results (folder.c): that of --results, or a scratch one. */
int suite__folder_open(struct suite *suite, struct failure *failure);
void suite__folder_close(struct suite *suite);

/* For people (show.c). */
struct show {
    const struct suite *suite;
    FILE *out;        /* standard output, or error with --tap - */
    bool terminal;    /* a line that is rewritten shows progress */
    bool drawn;       /* it stands there now */
    uint64_t last_ns; /* when it was drawn */
    size_t finished, failed;
};
void show_start(struct show *show, const struct suite *suite);
void show_case(struct show *show, const struct suite_case *one);
/* Redraws progress, at most ten times a second. */
void show_progress(struct show *show);
/* The last lines, the tally alone on the last one. */
void show_end(struct show *show, const struct suite_tally *tally);

/* Runs all cases (loop.c); `report` is called for each, in their order, once
 * it and all before it have ended. 0, or -1 with *failure. */
struct loop_calls {
    void (*report)(void *context, const struct suite_case *one, size_t number);
    void (*idle)(void *context);
    void *context;
};
int suite__loop(struct suite *suite, const struct loop_calls *calls,
                struct failure *failure);

/* Reports on files: junit.c, tap.c. */
void suite__junit(const struct suite *suite, FILE *out);
void suite__tap_start(size_t count, FILE *out);
void suite__tap_case(const struct suite_case *one, size_t number, FILE *out);
void suite__tap_end(const struct suite *suite, FILE *out);

#endif
