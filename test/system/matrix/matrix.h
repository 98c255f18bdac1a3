/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Table 1 of the model as a test: every right of every type, held and not
 * held. A table of cells is a file; matrix.c goes through all of them, and
 * through what the kernel says that the types' rights are: a right without a
 * cell fails.
 */
#ifndef MATRIX_H
#define MATRIX_H

#include <ambit/ambit.h>

/*
 * One right and one operation that needs it. It is tried twice on a capability
 * that `make` gives: with every right that has but `right`, it must return
 * `without`, and nothing may have changed; with `right` and `beside` alone it
 * must work.
 */
struct cell {
    enum ambit_type type;
    uint32_t right;  /* one of enum ambit_rights */
    uint32_t beside; /* others that the operation needs, too */
    const char *operation;
    /* OK: the call returns all the same, but sets matrix_told only with the
     * right. */
    enum status without;
    /* A capability with all rights that one can have, and what is needed
     * beside it. */
    struct ambit_handle (*make)(void);
    enum status (*act)(struct ambit_handle handle);
    /* What the operation changes, as a number: another one after it worked.
     * Null: `act` looks itself whether it has worked. */
    uint64_t (*look)(void);
    void (*undo)(void); /* what worked; may be null */
    void (*drop)(void); /* the reverse of make; may be null */
};

struct cell_table {
    const struct cell *cells;
    uint32_t count;
};
extern const struct cell_table memory_cells, other_cells, parts_cells;

/* What must be there before the cells of that table. */
void parts_prepare(void);

/* Set by an `act` that is told something. */
extern uint64_t matrix_told;

/* Ends the program with a line that says what was wanted. */
void matrix_must(const char *what, enum status status);
struct ambit_handle matrix_held(const char *name); /* by its local name */

#endif
