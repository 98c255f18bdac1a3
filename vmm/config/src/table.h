/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE table: every key of a config, its type, default and meaning. The check,
 * the diagnostics, --set, the JSON Schema and the reference in docs/config.md
 * are all driven by it; nothing else knows which keys there are.
 */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum type_kind {
    TYPE_MAP,      /* the keys of `keys` */
    TYPE_NAMED,    /* names that the user chooses -> item */
    TYPE_LIST,     /* of item, min..max of them */
    TYPE_EITHER,   /* the first of `forms` that fits the node */
    TYPE_INTEGER,  /* min..max */
    TYPE_SIZE,     /* bytes with unit, min..max, a multiple of `multiple` */
    TYPE_WORD,     /* one of words; number: its index */
    TYPE_CODE,     /* one of words, which are numbers; number: its value */
    TYPE_DURATION, /* a number with ms, s, m or h; number: ns, up to max */
    TYPE_CHANGES,  /* paths of the config, once or deeper -> any value */
    TYPE_DEGREE,   /* one of the degrees that class `min` can have */
    TYPE_RIGHTS,   /* letters of rwxu in order, or call, serve; number: mask */
    TYPE_FRACTION, /* 0 to 1; number: in millionths */
    TYPE_ACCESS,   /* letters of rwx in order; number: mask */
    TYPE_NAME,     /* of something the user named, or a kind */
    TYPE_PLACE,    /* a range's name: ring, app.stack */
    TYPE_TEXT,     /* any text, numbers as they are written */
    TYPE_SYMBOL,   /* a C identifier */
    TYPE_PROGRAM,  /* a built-in's name, or a relative path to an ELF file */
    TYPE_FOLDER    /* a relative path */
};

struct type {
    enum type_kind kind;
    const char *what; /* "a size such as 64KiB": after "expected" */
    const char *why;  /* appended when a number is out of bounds, or null */
    const struct key *keys;          /* map: ended by a null name */
    const struct type *item;         /* named, list */
    const struct type *const *forms; /* either: ended by null */
    const char *const *words;        /* word: ended by null */
    int64_t min;
    uint64_t max;
    uint64_t multiple;
    /* map: at least one of these keys must be there; ended by null */
    const char *const *any_of;
    bool only_one; /* map, named: exactly one entry */
    bool kinds;    /* name, named: of kinds, which may hold a + */
};

struct key {
    const char *name;
    const struct type *type;
    bool required;
    const char *initial; /* default, in words for people; null: absent */
    const char *example;
    const char *help; /* one sentence */
};

extern const struct type table_config;
extern const struct type table_test;    /* its part `test` */
extern const struct type table_asserts; /* its part `assert` */
/* The words of `rsi: {type: ..}`, in the order of vmm/sharing.h. */
extern const char *const table_indices[];

/* The words of `on_fault`, `start` and `access` are in the order of
 * enum spec_on_fault, enum spec_start and enum fault_access (less one). */

const struct key *table_key(const struct type *map, const char *name);

#endif
