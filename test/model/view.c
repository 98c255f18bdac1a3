/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"

#include <string.h>

uint8_t nodes[NODES];
uint32_t node_count;

void view_scene(void)
{
    node_count = 0;
    for (uint32_t table = 0; table < TABLES; table++) {
        for (uint32_t i = 1; i <= table_slots(table); i++) {
            nodes[node_count++] = (uint8_t)(table * CAP_CHUNK_SLOTS + i);
        }
    }
}

void view_take(struct view *view)
{
    for (uint32_t i = 0; i < node_count; i++) {
        const struct cap_slot *slot = slot_at(nodes[i]);
        struct node *node = &view->node[nodes[i]];

        *node =
            (struct node){.state = slot->state, .generation = slot->generation};
        if (!in_use(node)) {
            continue;
        }
        node->type = slot->type;
        node->rights = slot->rights;
        node->flags = slot->flags;
        node->thing = (uint8_t)thing_of(slot->object);
        node->position = slot->position;
        node->head = (uint8_t)slot->head;
        node->parent = (uint8_t)node_of(slot->parent);
        node->first = (uint8_t)slot->first;
        node->count = (uint8_t)slot->count;
    }
    for (uint32_t table = 0; table < TABLES; table++) {
        view->cursor[table] = (uint8_t)world.rest.table[table].cursor;
        view->size[table] = (uint8_t)world.rest.table[table].size;
        view->users[table] = (uint8_t)world.rest.table[table].users;
    }
}

bool view_same(const struct view *a, const struct view *b)
{
    for (uint32_t i = 0; i < node_count; i++) {
        if (memcmp(&a->node[nodes[i]], &b->node[nodes[i]],
                   sizeof(struct node)) != 0) {
            return false;
        }
    }
    return memcmp(a->cursor, b->cursor, sizeof a->cursor) == 0 &&
           memcmp(a->size, b->size, sizeof a->size) == 0 &&
           memcmp(a->users, b->users, sizeof a->users) == 0;
}

bool view_below(const struct view *view, uint32_t node, uint32_t above)
{
    for (uint32_t steps = 0; node != 0 && steps < NODES; steps++) {
        node = view->node[node].parent;
        if (node == above) {
            return true;
        }
    }
    return false;
}

bool view_revoking(const struct view *view, uint32_t node)
{
    for (uint32_t steps = 0; node != 0 && steps < NODES; steps++) {
        if ((view->node[node].flags & CAP_REVOKING) != 0) {
            return true;
        }
        node = view->node[node].parent;
    }
    return false;
}

uint32_t view_depth(const struct view *view, uint32_t node)
{
    uint32_t depth = 0;

    while (view->node[node].parent != 0 && depth < NODES) {
        node = view->node[node].parent;
        depth++;
    }
    return depth;
}

uint32_t view_free(const struct view *view, uint32_t table)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < node_count && view->size[table] != 0; i++) {
        count += nodes[i] / CAP_CHUNK_SLOTS == table &&
                 view->node[nodes[i]].state == CAP_FREE;
    }
    return count;
}

bool view_has_child(const struct view *view, uint32_t node)
{
    for (uint32_t i = 0; i < node_count; i++) {
        if (in_use(&view->node[nodes[i]]) &&
            view->node[nodes[i]].parent == node) {
            return true;
        }
    }
    return false;
}

uint32_t view_member(const struct view *view, uint32_t head, uint32_t position)
{
    uint32_t table = head / CAP_CHUNK_SLOTS;

    for (uint32_t i = 0; i < node_count; i++) {
        const struct node *node = &view->node[nodes[i]];

        if (nodes[i] / CAP_CHUNK_SLOTS == table && is_member(node) &&
            node->head == head % CAP_CHUNK_SLOTS &&
            node->position == position) {
            return nodes[i];
        }
    }
    return 0;
}

uint32_t view_atoms(const struct node *node)
{
    uint32_t atoms = 0;

    if (node->type != CAP_RANGE) {
        return node->rights;
    }
    for (uint32_t page = 0; page < 8; page++) {
        if (page >= node->first && page - node->first < node->count) {
            atoms |= (uint32_t)node->rights << 4 * page;
        }
    }
    return atoms;
}

uint32_t view_put(struct view *view, uint32_t table, const struct node *content)
{
    for (uint32_t i = 1; i <= table_slots(table); i++) {
        struct node *node = &view->node[table * CAP_CHUNK_SLOTS + i];

        if (node->state == CAP_FREE) {
            uint32_t generation = node->generation;

            *node = *content;
            node->state = CAP_LIVE;
            node->generation = generation;
            if (i < view->cursor[table]) {
                view->cursor[table] = (uint8_t)i; /* clearing must see it */
            }
            return table * CAP_CHUNK_SLOTS + i;
        }
    }
    return 0;
}

void view_release(struct node *node)
{
    uint32_t generation = node->generation + 1;

    *node =
        (struct node){.state = generation == UINT32_MAX ? (uint8_t)CAP_RETIRED
                                                        : (uint8_t)CAP_FREE,
                      .generation = generation};
}

void view_kill(struct view *view, const bool *set)
{
    bool more = true;

    for (uint32_t i = 0; i < node_count; i++) {
        struct node *node = &view->node[nodes[i]];

        if (set[nodes[i]]) {
            *node = (struct node){.state = CAP_TOMBSTONE,
                                  .parent = node->parent,
                                  .generation = node->generation};
        }
    }
    while (more) {
        more = false;
        for (uint32_t i = 0; i < node_count; i++) {
            struct node *node = &view->node[nodes[i]];

            if (node->state == CAP_TOMBSTONE &&
                !view_has_child(view, nodes[i])) {
                view_release(node);
                more = true;
            }
        }
    }
}
