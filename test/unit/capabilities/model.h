/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A naive shadow of core 1, written from cap.h's words: a list of nodes with
 * parents. It predicts each status, handle and removal, and says who may reach
 * what. A node stays as long as it takes a slot.
 */
#ifndef TEST_CAPABILITIES_MODEL_H
#define TEST_CAPABILITIES_MODEL_H

#include "world.h"

#define MODEL_SLOTS (WORLD_CHUNKS * CAP_CHUNK_SLOTS)
#define MODEL_NODES (WORLD_TABLES * MODEL_SLOTS)
#define NOBODY (-1)

struct model_node {
    bool exists; /* takes a slot: live, or a tombstone */
    bool live;
    bool revoking;
    int parent; /* node, or NOBODY */
    int head;   /* of a member: its composite, else NOBODY */
    uint32_t position;
    uint32_t table;
    uint32_t index;
    uint8_t type; /* also names the object; COMPOSITE has none */
    uint8_t rights;
    uint64_t first;
    uint64_t count;
};

struct model {
    struct world *w;
    uint32_t size; /* slots a table */
    int nodes;     /* in use at most: all tables' slots */
    struct model_node node[MODEL_NODES];
    int at[WORLD_TABLES][MODEL_SLOTS]; /* node in that slot, or NOBODY */
    uint32_t generation[WORLD_TABLES][MODEL_SLOTS];
    bool doomed[MODEL_NODES]; /* what an operation may remove */
};

/* model.c */

void model_new(struct model *m, struct world *w, uint32_t chunks);
/* The slot that holds a node. */
struct cap_slot *model_slot(const struct model *m, int node);
/* The handle that a node has, or the one it would have as no member. */
struct cap_ref model_ref(const struct model *m, int node);
/* What cap_look_up says, and the node that it finds. */
enum status model_look_up(const struct model *m, uint32_t table,
                          struct cap_ref ref, int *node);
/* The live member at a position of a composite, or NOBODY. */
int model_member(const struct model *m, int head, uint32_t position);
uint32_t model_free(const struct model *m, uint32_t table);
/* Is `node` a proper descendant of `above`? */
bool model_below(const struct model *m, int node, int above);
uint32_t model_depth(const struct model *m, int node);
bool model_revoking(const struct model *m, int node);
/* Fails the test unless the core says the same as the model. */
void model_compare(struct model *m);

/* model_derive.c: predicts; when OK, also does it. *made: the new node. */

enum status model_insert(struct model *m, uint32_t table, uint8_t type,
                         const struct cap_part *part, int *made);
enum status model_derive(struct model *m, int source, uint32_t table,
                         const struct cap_part *part, int *made);
enum status model_derive_object(struct model *m, int source, uint32_t table,
                                const struct model_node *wish, int *made);
enum status model_compose(struct model *m, uint32_t table, const int *members,
                          uint32_t count, int *made);

struct model_replacement {
    uint32_t position;
    int by;
    uint8_t rights;
};
enum status model_derive_replaced(struct model *m, int source, uint32_t table,
                                  const struct model_replacement *wish,
                                  int *made);

/* model_remove.c */

/* Before the operation: what it may remove. */
void model_doom_delete(struct model *m, int node);
void model_doom_revoke(struct model *m, int node);
void model_doom_clear(struct model *m, uint32_t table);
/*
 * After it: takes over the world's removals, each of which must be right, and
 * when `all`, complete.
 */
void model_take_removals(struct model *m, bool all);
/* A revocation begins, or goes on, or has come to its end. */
void model_mark_revoking(struct model *m, int node, bool revoking);

#endif
