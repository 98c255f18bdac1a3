/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node tree: a YAML document in which every node knows where it stands.
 */
#ifndef CONFIG_NODE_H
#define CONFIG_NODE_H

#include "arena.h"
#include <config/config.h>

#define NODE_DEPTH_MAX 32u
#define NODE_COUNT_MAX 65536u
#define NODE_ENTRIES_MAX 4096u

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    bool quoted; /* scalar: in quotes, so never null, boolean or number */
    bool bad;    /* an error was reported: nobody reads its value */
    struct mark mark;
    const char *text; /* scalar, NUL-terminated; else "" */
    struct node *key; /* in a mapping: the scalar it is filed under */
    struct node *up;  /* the list or mapping it is in */
    struct node *first, *last, *next; /* entries, in file order */
    uint32_t count;                   /* entries */
    uint32_t index;                   /* list item: position */
    const struct type *type;          /* set by the check: the form that fits */
    const struct key *meant;          /* unknown key: the row it is close to */
    uint64_t number; /* set by the check: value of numbers and words */
};

struct node *node_new(struct arena *arena, enum node_kind kind,
                      struct mark mark);
/* Appends to a list, or to a mapping under `key`. */
void node_append(struct node *up, struct node *key, struct node *node);
void node_remove(struct node *node);
/* Puts `node` in the place of `old`, under the same key. */
void node_replace(struct node *old, struct node *node);
/* The entry of that name, or null; `map` may be null or no mapping. */
struct node *node_get(const struct node *map, const char *name);
/* The same, null also when an error was reported for it. */
struct node *node_good(const struct node *map, const char *name);
/* YAML's null: nothing, ~, null. */
bool node_is_null(const struct node *node);
/* Where an error about an entry as a whole belongs: its key. */
struct mark node_name_mark(const struct node *node);
struct marked node_marked(const struct node *node);     /* a scalar's text */
struct marked node_key_marked(const struct node *node); /* its key's */

struct path_text {
    char text[128];
};
/* "domains.app.args[1]", or "the config" for the document. */
struct path_text node_path(const struct node *node);

#endif
