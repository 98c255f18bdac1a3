/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The composition table: resource classes, degrees, and the built-in kinds as
 * rows. A kind is data; nothing anywhere asks which kind a domain is of.
 */
#ifndef DOMAINS_KINDS_H
#define DOMAINS_KINDS_H

#include <stdint.h>

#define PD_CLASS_LIST(X)                                                       \
    X(FILES, "files")                                                          \
    X(CPU, "cpu")                                                              \
    X(SPACE, "space")                                                          \
    X(POOL, "pool")                                                            \
    X(QUOTA, "quota")                                                          \
    X(CAPS, "caps")                                                            \
    X(HANDLER, "handler")

enum pd_class {
#define PD_CLASS_ENUM(name, text) PD_##name,
    PD_CLASS_LIST(PD_CLASS_ENUM)
#undef PD_CLASS_ENUM
        PD_CLASS_COUNT
};

enum pd_degree { PD_SAME, PD_PART, PD_NEW, PD_NONE, PD_DEGREE_COUNT };

struct pd_kind {
    const char *name;
    uint8_t degree[PD_CLASS_COUNT]; /* enum pd_degree */
};

const char *pd_class_name(enum pd_class c);
const char *pd_degree_name(enum pd_degree d);

/* Bit (1 << degree) set: the class can be had to that degree at all. */
uint8_t pd_class_degrees(enum pd_class c);

/* Built-in row by index, null past the end: thread tis tif process pir. */
const struct pd_kind *pd_kind_builtin(uint32_t index);

#endif
