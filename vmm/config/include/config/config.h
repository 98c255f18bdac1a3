/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A config, version 1: YAML read into these structs, every value with the mark
 * of where it was written. One table drives the parser, the diagnostics and
 * the JSON Schema. Pure of KVM and of guest memory.
 *
 * Everything that can be judged without opening programs and folders is judged
 * here; `config_load` reports all errors of a file at once.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <domains/kinds.h>
#include <domains/spec.h>
#include <host/failure.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Where something was written: 1-based. Line and column 0: nowhere (a
 * default). Line 0 with a column: in an override. `file` is the config_load
 * argument itself (path, or path_and_value): it lives as long as that does.
 */
struct mark {
    const char *file; /* as the user named it; an override's PATH=VALUE */
    unsigned line, column;
};

/* A string with its mark; text is null when the key was not given. */
struct marked {
    const char *text;
    struct mark mark;
};

struct node; /* of the file, private to this room */

struct config_keep {
    struct marked name; /* as written: "image", "heap", a range */
    uint32_t what;      /* enum spec_keep_what */
    uint32_t range;     /* SPEC_KEEP_RANGE: index in ranges */
};

/* One class's value, resolved from kind and compose. */
struct config_degree {
    uint8_t degree;     /* enum pd_degree */
    struct mark mark;   /* compose's value, else the kind's */
    uint64_t bytes;     /* quota, pool: size of a new one, ceiling of a part;
                            0: in a row of kinds that gives none */
    struct marked host; /* files: new {host: DIR} */
    struct marked dir;  /* files: part {dir: PATH} */
    bool keep_given;    /* space: part {keep: [..]} was written */
    struct config_keep *keeps;
    uint32_t keep_count;
};

struct config_hold {
    struct marked name;   /* local */
    struct marked object; /* global */
    uint32_t type;   /* CAP_RANGE, CAP_ENDPOINT, CAP_NOTIFICATION, CAP_TIME,
                        CAP_DOMAIN */
    uint32_t index;  /* in ranges, endpoints, times or domains */
    uint32_t rights; /* enum cap_rights */
};

/* An expected fault: {access: r, to: app.stack}. */
struct config_fault {
    struct mark mark;
    uint32_t access;  /* enum fault_access of abi/shared.h; 0: any */
    struct marked to; /* range name, or null: anywhere */
};

struct config_expect {
    bool given;
    struct mark mark;
    bool exit_given;
    int32_t exit;
    bool fault_outcome;          /* `exit: fault`: its end is a fault */
    struct config_fault *faults; /* that must occur, in this order */
    uint32_t fault_count;
    struct marked output; /* a substring its console output must hold */
};

struct config_domain {
    struct marked name, parent_name, kind_name, program, entry;
    uint32_t parent; /* index (parents come first), or SPEC_NONE */
    struct config_degree classes[PD_CLASS_COUNT];
    struct marked *args;
    uint32_t arg_count;
    struct config_hold *holds;
    uint32_t hold_count;
    uint32_t on_fault;                /* enum spec_on_fault */
    uint32_t start;                   /* enum spec_start */
    uint32_t time;                    /* 1 + index in times; 0: the parent's */
    uint64_t stack_bytes, heap_bytes; /* defaults filled in */
    uint32_t caps_slots, files_slots; /* defaults filled in */
    struct config_expect expect;
    uint32_t declared; /* position in the file, for reports */
};

/* A row of `kinds`, its base already applied. */
struct config_kind {
    struct marked name;
    const char *base; /* the built-in row it comes from */
    struct config_degree classes[PD_CLASS_COUNT];
};

struct config_range {
    struct marked name;
    uint64_t bytes;
};

struct config_time {
    struct marked name;
    uint64_t budget_ns, period_ns; /* both 0: no budget */
    uint32_t priority;
};

struct config_boundary {
    struct marked name;
    uint32_t between[2];     /* domains */
    struct marked mechanism; /* "auto" or "pages" */
};

enum config_assert_kind {
    ASSERT_DENY,
    ASSERT_ALLOW,
    ASSERT_TCB,
    ASSERT_RSI,
    ASSERT_ISOLATED
};

#define CONFIG_FRACTION_ONE 1000000u

struct config_assert {
    struct marked name;
    enum config_assert_kind kind;
    uint32_t from;     /* deny, allow: domain; tcb: of which domain */
    struct marked to;  /* deny, allow: range name; else null */
    uint32_t rights;   /* deny, allow: CAP_READ | CAP_WRITE | CAP_EXEC */
    uint32_t max;      /* tcb: domains, SPEC_NONE: any number; rsi: in
                          millionths */
    bool within_given; /* tcb: only these */
    uint32_t *within;  /* domains */
    uint32_t within_count;
    uint32_t between[2]; /* rsi, isolated: domains */
    uint32_t index;      /* rsi: which, as in vmm/sharing.h */
};

/* A value changed as by --set. */
struct config_change {
    struct marked path;
    const struct node *value; /* for config_print_change */
};

/* What the run must end with and print. */
struct config_end {
    int exit; /* enum exit_code */
    struct marked *says;
    uint32_t says_count;
};

/* The run with something changed. */
struct config_control {
    struct marked name;
    struct config_change *changes;
    uint32_t change_count;
    struct config_end end;
};

/* The run with one of the kernel's checks left out. */
struct config_guard {
    struct marked name;
    int exit; /* enum exit_code */
};

enum config_engines { CONFIG_ON_KVM = 1, CONFIG_ON_QEMU = 2 };

/* How `ambit test` judges; `given` or not, everything has its default. */
struct config_test {
    bool given;
    struct marked tries;
    struct config_end end;
    uint32_t engines;   /* enum config_engines */
    uint32_t guards_on; /* likewise: where guards are left out */
    uint64_t timeout_ns;
    struct config_control *controls;
    uint32_t control_count;
    struct config_guard *guards;
    uint32_t guard_count;
};

struct config {
    const char *path;   /* as given; "-" for standard input */
    char *folder;       /* what relative paths stand beneath */
    uint8_t sha256[32]; /* of the bytes read */
    uint64_t seed;
    uint64_t memory_bytes;
    uint32_t cpus;
    struct marked seed_mark, memory_mark;
    struct config_domain *domains; /* parents first */
    uint32_t domain_count;
    struct config_kind *kinds; /* those of the file */
    uint32_t kind_count;
    struct config_range *ranges;
    uint32_t range_count;
    struct marked *endpoints; /* names; then those of notifications */
    uint32_t endpoint_count;  /* of both */
    uint32_t first_notification;
    struct config_time *times;
    uint32_t time_count;
    struct config_boundary *boundaries;
    uint32_t boundary_count;
    struct config_assert *asserts;
    uint32_t assert_count;
    struct config_test test;
    void *arena; /* owns every string and array above */
};

/* Defaults, in bytes. */
#define CONFIG_MEMORY_DEFAULT (64ull << 20)
#define CONFIG_STACK_DEFAULT (32ull << 10)
#define CONFIG_HEAP_DEFAULT (1ull << 20)
/* Plus what other domains' new ones are made out of it. */
#define CONFIG_QUOTA_DEFAULT (4ull << 20)
#define CONFIG_POOL_DEFAULT (4ull << 20)
#define CONFIG_SLOTS_DEFAULT 138u      /* caps: several domains share one */
#define CONFIG_FILES_SLOTS_DEFAULT 46u /* a directory and what is opened */
#define CONFIG_SEED_DEFAULT 1u
#define CONFIG_TIMEOUT_DEFAULT (60ull * 1000000000ull) /* ns */
#define CONFIG_DURATION_MAX (24ull * 3600 * 1000000000ull)
#define CONFIG_CHANGES_MAX 32u

/* One error: "x.yaml:3:9: unknown key 'sise' in ranges.ring (did you mean
 * 'size'?)". */
struct diagnostic {
    struct mark mark;
    char text[256];
};

struct diagnostics {
    struct diagnostic *list; /* in file order */
    uint32_t count;
    bool lost; /* memory ran out: there were more */
};

/* --set PATH=VALUE: values are YAML, null deletes, unknown paths are errors. */
struct config_override {
    const char *path_and_value;
};

/*
 * Reads and checks a config. Returns it, or null with `diagnostics` (config
 * errors: exit 2) or `failure` (unreadable file and the like) filled.
 * Free with config_free; diagnostics with diagnostics_free.
 */
struct config *config_load(const char *path,
                           const struct config_override *overrides,
                           size_t override_count,
                           struct diagnostics *diagnostics,
                           struct failure *failure);
void config_free(struct config *config);

__attribute__((format(printf, 3, 4))) void
diagnostics_add(struct diagnostics *diagnostics, struct mark mark,
                const char *format, ...);
void diagnostics_print(const struct diagnostics *diagnostics, FILE *out);
void diagnostics_free(struct diagnostics *diagnostics);

/* Writes a config that reloads identically, every default spelled out. */
void config_print_resolved(const struct config *config, FILE *out);
/* PATH=VALUE, as --set takes it. */
void config_print_change(const struct config_change *change, FILE *out);
/* "deny: {from: a, to: b.stack, access: rw}", as in `assert`. */
void config_print_assert(const struct config *config,
                         const struct config_assert *assertion, FILE *out);
/* "10s", "500ms", "2m", "1h" into nanoseconds. 0, or -1: no such, or 0. */
int config_duration(const char *text, uint64_t *ns);
/* The published JSON Schema, from the table that drives the parser. */
void config_print_schema(FILE *out);
/* The key by key part of docs/config.md, from the same table. */
void config_print_reference(FILE *out);

#endif
