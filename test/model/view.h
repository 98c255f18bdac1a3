/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tables as plain numbers: what the explorer's own rules are stated over. No
 * pointer, no list: a node has a parent, and that is all the structure.
 */
#ifndef MODEL_VIEW_H
#define MODEL_VIEW_H

#include "world.h"

struct node {
    uint8_t state, type, rights, flags;
    uint8_t thing, position, head, parent;
    uint8_t first, count;
    uint16_t pad;
    uint32_t generation;
};

struct view {
    struct node node[NODES];
    uint8_t cursor[TABLES], size[TABLES], users[TABLES];
};

/* Nodes that the scene uses, ascending. */
extern uint8_t nodes[NODES];
extern uint32_t node_count;

void view_scene(void); /* fills nodes[] */
void view_take(struct view *view);
bool view_same(const struct view *a, const struct view *b);

static inline bool in_use(const struct node *node)
{
    return node->state == CAP_LIVE || node->state == CAP_TOMBSTONE;
}
static inline bool is_member(const struct node *node)
{
    return node->state == CAP_LIVE && (node->flags & CAP_MEMBER) != 0;
}
/* Is `node` a proper descendant of `above`? */
bool view_below(const struct view *view, uint32_t node, uint32_t above);
bool view_revoking(const struct view *view, uint32_t node);
uint32_t view_depth(const struct view *view, uint32_t node);
uint32_t view_free(const struct view *view, uint32_t table);
bool view_has_child(const struct view *view, uint32_t node);
/* The member at this position of a composite, or 0. */
uint32_t view_member(const struct view *view, uint32_t head, uint32_t position);
/* What a capability gives, a bit each page and right; 0: no pages. */
uint32_t view_atoms(const struct node *node);

/* Fills the lowest free slot of a table; 0: none is free. */
uint32_t view_put(struct view *view, uint32_t table,
                  const struct node *content);
/* Empties a slot; its next holder has another generation. */
void view_release(struct node *node);
/*
 * Takes a set of live nodes away: those with something below them stay as
 * tombstones, all others are freed, and tombstones without children with them.
 */
void view_kill(struct view *view, const bool *set);

#endif
