/* SPDX-License-Identifier: Apache-2.0 */
/* Capability tables in guest memory, copied slot by slot. */
#ifndef AUDIT_SLOTS_H
#define AUDIT_SLOTS_H

#include "sample.h"

#include <capabilities/cap.h>

#define SLOTS_TABLES                                                           \
    (2u * SPEC_MAX_DOMAINS + 1u) /* and three of each domain                   \
                                    made at run time */

/* One published table. */
struct slots_table {
    struct cap_table table; /* a copy */
    uint64_t physical;      /* where it is */
    uint32_t domain;        /* whose; PLAN_NONE: the root table */
    uint32_t from;          /* the config's domain that it, or who made it, is;
                               PLAN_NONE:          none that is known */
    bool files;
    bool originals; /* of a domain made at run time: known, not judged */
};

/* One look at all of them. */
struct slots {
    struct sample sample; /* for sample_report and records; walks nothing */
    const struct audit_target *target;
    struct shared_objects objects; /* a copy */
    struct slots_table *tables;    /* by `physical` once all are there */
    uint32_t count;
    bool foreign; /* some table is not published: what it lacks may be there */
    uint32_t component[SPEC_MAX_DOMAINS]; /* smallest domain that capabilities
                                             may come from and go to */
    uint32_t made[PLAN_MAX_ROOTS];        /* latest making of each root */
    uint8_t attached[PLAN_MAX_ROOTS][PLAN_MAX_RANGES]; /* by attachments */
};

/* A slot, and where it is. */
struct slots_place {
    const struct slots_table *table;
    uint64_t physical;
    uint32_t index;
};

/* Where a kernel pointer leads to, if `bytes` there lie in RAM. */
bool slots_physical(const struct slots *slots, const void *pointer,
                    uint64_t bytes, uint64_t *out);
/* Copies guest memory; false: it lies outside. */
bool slots_copy(const struct slots *slots, uint64_t physical, void *out,
                uint64_t bytes);
void slots_report(struct slots *slots, const struct slots_place *place,
                  enum audit_kind kind, uint8_t expected, uint8_t found,
                  const char *what);

/* Finds the tables: no memory, false. slots_end in any case. */
bool slots_begin(struct slots *slots, struct audit *audit,
                 const struct audit_target *target);
void slots_collect(struct slots *slots);
void slots_end(struct slots *slots);

/* Who may pass capabilities to whom (closure.c). */
void slots_closure(struct slots *slots);
/* Checks what the config lets the holder have. */
void slots_authority(struct slots *slots, const struct slots_place *place,
                     const struct cap_slot *slot);
/* Number of the object in an array of the kernel's, or PLAN_NONE. */
uint32_t slots_number(const struct slots *slots, const void *object,
                      uint64_t array, uint32_t bytes, uint32_t count);

#endif
