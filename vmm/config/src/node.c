/* SPDX-License-Identifier: Apache-2.0 */
#include "node.h"

#include <string.h>

struct node *node_new(struct arena *arena, enum node_kind kind,
                      struct mark mark)
{
    struct node *node = arena_alloc(arena, sizeof *node);

    node->kind = kind;
    node->mark = mark;
    node->text = ""; /* so that nobody need look at the kind first */
    return node;
}

void node_append(struct node *up, struct node *key, struct node *node)
{
    node->up = up;
    node->key = key;
    node->index = up->count++;
    node->next = NULL;
    if (up->last) {
        up->last->next = node;
    } else {
        up->first = node;
    }
    up->last = node;
}

void node_remove(struct node *node)
{
    struct node *up = node->up;
    struct node *previous = NULL;
    uint32_t index = 0;

    up->last = NULL;
    for (struct node *at = up->first; at; at = at->next) {
        if (at == node) {
            continue;
        }
        if (previous) {
            previous->next = at;
        } else {
            up->first = at;
        }
        at->index = index++;
        previous = at;
    }
    if (previous) {
        previous->next = NULL;
    } else {
        up->first = NULL;
    }
    up->last = previous;
    up->count = index;
}

void node_replace(struct node *old, struct node *node)
{
    struct node *up = old->up;

    for (struct node **link = &up->first; *link; link = &(*link)->next) {
        if (*link == old) {
            *link = node;
            break;
        }
    }
    node->key = old->key;
    node->up = up;
    node->next = old->next;
    node->index = old->index;
    if (up->last == old) {
        up->last = node;
    }
}

struct node *node_get(const struct node *map, const char *name)
{
    if (!map || map->kind != NODE_MAP) {
        return NULL;
    }
    for (struct node *node = map->first; node; node = node->next) {
        if (strcmp(node->key->text, name) == 0) {
            return node;
        }
    }
    return NULL;
}

struct node *node_good(const struct node *map, const char *name)
{
    struct node *node = node_get(map, name);

    return node && !node->bad ? node : NULL;
}

bool node_is_null(const struct node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    if (node->kind != NODE_SCALAR || node->quoted) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(node->text, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

struct mark node_name_mark(const struct node *node)
{
    return node->key ? node->key->mark : node->mark;
}

struct marked node_marked(const struct node *node)
{
    struct marked marked = {NULL, {NULL, 0, 0}};

    if (node && node->kind == NODE_SCALAR) {
        marked.text = node->text;
        marked.mark = node->mark;
    }
    return marked;
}

struct marked node_key_marked(const struct node *node)
{
    return node_marked(node->key);
}

/* Appends one part of a path, cut to size. */
static void add_part(struct path_text *path, const struct node *node)
{
    size_t used = strlen(path->text);
    size_t left = sizeof path->text - used;

    if (!node->key) {
        snprintf(path->text + used, left, "[%u]", node->index);
        return;
    }
    snprintf(path->text + used, left, "%s%.40s", used ? "." : "",
             node->key->text);
}

struct path_text node_path(const struct node *node)
{
    const struct node *parts[NODE_DEPTH_MAX + 2];
    struct path_text path = {""};
    size_t count = 0;

    while (node->up && count < sizeof parts / sizeof parts[0]) {
        parts[count++] = node;
        node = node->up;
    }
    while (count > 0) {
        add_part(&path, parts[--count]);
    }
    if (!path.text[0]) {
        snprintf(path.text, sizeof path.text, "the config");
    }
    return path;
}
