/* SPDX-License-Identifier: Apache-2.0 */
/* Parents, cycles among them, and an order with parents first. */
#include "reader.h"

#include <string.h>

/* A domain as declared. */
struct link {
    struct node *node;
    struct node *parent_node; /* the value of `parent`, or null */
    uint32_t parent;          /* as declared, or SPEC_NONE */
    bool placed, in_cycle;
};

static uint32_t find_link(const struct link *links, uint32_t count,
                          const char *name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(links[i].node->key->text, name) == 0) {
            return i;
        }
    }
    return SPEC_NONE;
}

static void link_parent(struct reader *reader, struct link *links,
                        uint32_t count, struct link *link)
{
    struct node *parent = node_good(link->node, "parent");
    struct guess guess;

    link->parent = SPEC_NONE;
    if (!parent) {
        return;
    }
    link->parent_node = parent;
    link->parent = find_link(links, count, parent->text);
    if (link->parent != SPEC_NONE) {
        return;
    }
    guess = guess_start(parent->text);
    for (uint32_t i = 0; i < count; i++) {
        if (&links[i] != link) {
            guess_offer(&guess, links[i].node->key->text);
        }
    }
    report_node(reader, parent, "unknown parent '%s'%s", parent->text,
                guess_hint(&guess).text);
}

/* Reports the cycle that `start` is in, unless it is in none. */
static void check_cycle(struct reader *reader, struct link *links,
                        uint32_t count, uint32_t start)
{
    char names[160];
    size_t used;
    uint32_t at = start, steps = 0;

    while (at != SPEC_NONE && steps++ <= count) {
        at = links[at].parent;
        if (at == start) {
            break;
        }
    }
    if (at != start || links[start].in_cycle) {
        return;
    }
    used = (size_t)snprintf(names, sizeof names, "%.31s",
                            links[start].node->key->text);
    do {
        links[at].in_cycle = true;
        at = links[at].parent;
        if (used + 40 < sizeof names) {
            used += (size_t)snprintf(names + used, sizeof names - used,
                                     " -> %.31s", links[at].node->key->text);
        }
    } while (at != start);
    report_node(reader, links[start].parent_node,
                "parents go round in a cycle: %s", names);
}

/* The earliest declared domain whose parent has its place, or SPEC_NONE. */
static uint32_t next_link(const struct link *links, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!links[i].placed &&
            (links[i].parent == SPEC_NONE || links[links[i].parent].placed)) {
            return i;
        }
    }
    return SPEC_NONE;
}

static void place(struct reader *reader, struct link *links, uint32_t count)
{
    struct config *config = reader->config;
    uint32_t *position = arena_array(reader->arena, count, sizeof *position);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = next_link(links, count);
        struct config_domain *domain = &config->domains[i];

        links[at].placed = true;
        position[at] = i;
        reader->domain_nodes[i] = links[at].node;
        domain->name = node_key_marked(links[at].node);
        domain->declared = at;
        domain->parent = SPEC_NONE;
        domain->parent_name.mark.file = reader->path;
        if (links[at].parent != SPEC_NONE) {
            domain->parent = position[links[at].parent];
            domain->parent_name = node_marked(links[at].parent_node);
        }
    }
}

void order_domains(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *map = node_get(reader->root, "domains");
    uint32_t count = map && map->type ? map->count : 0;
    struct link *links = arena_array(reader->arena, count, sizeof *links);
    uint32_t index = 0;

    config->domain_count = count;
    config->domains =
        arena_array(reader->arena, count, sizeof *config->domains);
    reader->domain_nodes =
        arena_array(reader->arena, count, sizeof *reader->domain_nodes);
    reader->broken = arena_array(reader->arena, count, sizeof(bool));
    for (struct node *node = count ? map->first : NULL; node;
         node = node->next) {
        links[index++].node = node;
    }
    for (uint32_t i = 0; i < count; i++) {
        link_parent(reader, links, count, &links[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        check_cycle(reader, links, count, i);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (links[i].in_cycle) {
            links[i].parent = SPEC_NONE; /* so that an order exists */
        }
    }
    place(reader, links, count);
}
