/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a child tries of its parent and what may come of it: the words that
 * `ambit lattice` predicts in and that the program `lattice` reports in.
 */
#ifndef ABI_LATTICE_H
#define ABI_LATTICE_H

#include <stdint.h>

/* What is predicted, and tried: id, name, meaning. */
#define LATTICE_PROBE_LIST(X)                                                  \
    X(HEAP, "parent.heap", "the child reads and writes its parent's heap")     \
    X(STACK, "parent.stack", "the same with its parent's stack")               \
    X(CHILD_STACK, "own stack from parent",                                    \
      "the parent reads and writes the child's stack")                         \
    X(FILES, "files", "what the child reaches of its parent's files")          \
    X(CAPS, "caps", "what the child reaches of its parent's capabilities")     \
    X(POOL, "allocator", "whether the child sees its parent allocate")         \
    X(QUOTA, "quota", "whom the child starves that allocates all it can")      \
    X(GROWTH, "heap growth", "whose quota pays when the child's heap grows")   \
    X(FAULTS, "faults", "who handles the child's faults")

enum lattice_probe {
#define LATTICE_PROBE_ENUM(id, name, text) LATTICE_##id,
    LATTICE_PROBE_LIST(LATTICE_PROBE_ENUM)
#undef LATTICE_PROBE_ENUM
        LATTICE_PROBES
};

/* What a probe may find: id, a letter for compact reports, text. */
#define LATTICE_FINDING_LIST(X)                                                \
    X(UNKNOWN, '?', "unknown")                                                 \
    X(RW, 'w', "rw")                                                           \
    X(READ, 'r', "r")                                                          \
    X(FAULT, 'f', "fault")                                                     \
    X(SHARED, 's', "shared")   /* the parent's table, later additions too */   \
    X(COPY, 'c', "copy")       /* what the parent had */                       \
    X(OWN, 'o', "own")         /* nothing of the parent's */                   \
    X(NONE, '-', "none")       /* it has no such thing at all */               \
    X(SEEN, 'v', "seen")       /* the parent's allocations show */             \
    X(HIDDEN, 'h', "hidden")   /* they do not */                               \
    X(BOTH, 'b', "both")       /* it starves the parent, and is starved */     \
    X(CEILING, 'l', "limited") /* it is starved, and starves nobody */         \
    X(PARENT, 'p', "parent")   /* the parent handles, or pays */               \
    X(ABOVE, 'a', "parent's")  /* who handles the parent's, handles */         \
    X(NOBODY, 'n', "nobody")   /* the fault ends the domain */

enum lattice_finding {
#define LATTICE_FINDING_ENUM(id, letter, text) LATTICE_IS_##id,
    LATTICE_FINDING_LIST(LATTICE_FINDING_ENUM)
#undef LATTICE_FINDING_ENUM
        LATTICE_FINDINGS
};

/* What a domain that composes points at run time is to do with each: a file
 * of these, in the order of the points. */
enum lattice_ask { LATTICE_SKIP, LATTICE_REFUSE, LATTICE_TRY };

struct lattice_record {
    uint8_t ask;      /* enum lattice_ask */
    uint8_t pd_class; /* REFUSE: what the validator says */
    uint8_t status;   /* enum status, likewise */
    uint8_t faults;   /* TRY: enum lattice_finding, who will handle faults */
    uint32_t refusal; /* enum abi_refusal */
};
_Static_assert(sizeof(struct lattice_record) == 8, "lattice_record");

#endif
