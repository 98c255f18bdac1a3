/* SPDX-License-Identifier: Apache-2.0 */
/* Everything but domains: machine, ranges, endpoints, times, boundaries. */
#include "reader.h"

#include <abi/layout.h>
#include <string.h>

static struct node *section(const struct reader *reader, const char *name)
{
    struct node *node = node_get(reader->root, name);

    return node && node->type ? node : NULL; /* checked: a mapping */
}

/* Entries whose errors are reported keep their place: others refer to them. */
static uint32_t entries(const struct node *map)
{
    return map ? map->count : 0;
}

static void read_machine(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *machine = section(reader, "machine");
    const struct node *memory = node_good(machine, "memory");
    const struct node *seed = node_good(reader->root, "seed");
    struct mark nowhere = {reader->path, 0, 0};

    config->seed = seed ? seed->number : CONFIG_SEED_DEFAULT;
    config->seed_mark.mark = nowhere;
    if (seed) {
        config->seed_mark = node_marked(seed);
    }
    config->memory_bytes = memory ? memory->number : CONFIG_MEMORY_DEFAULT;
    if (!memory && node_get(machine, "memory")) {
        config->memory_bytes = ABI_MEMORY_MAX; /* reported: no other errors */
    }
    config->memory_mark.mark = nowhere;
    if (memory) {
        config->memory_mark = node_marked(memory);
    }
    config->cpus = 1; /* the table accepts no other */
}

static void read_ranges(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *map = section(reader, "ranges");
    struct config_range *range;

    config->range_count = entries(map);
    range = arena_array(reader->arena, config->range_count, sizeof *range);
    config->ranges = range;
    for (struct node *node = map ? map->first : NULL; node;
         node = node->next, range++) {
        const struct node *size = node_good(node, "size");

        range->name = node_key_marked(node);
        range->bytes = size ? size->number : 0;
        if (strcmp(range->name.text, "image") == 0 ||
            strcmp(range->name.text, "heap") == 0) {
            report(reader, range->name.mark,
                   "range cannot be named '%s': keep means every domain's by "
                   "that word",
                   range->name.text);
        }
    }
}

/* Notifications are numbered after the endpoints. */
static void read_endpoints(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *endpoints = section(reader, "endpoints");
    const struct node *notifications = section(reader, "notifications");
    uint32_t index = 0;

    config->first_notification = entries(endpoints);
    config->endpoint_count =
        config->first_notification + entries(notifications);
    config->endpoints = arena_array(reader->arena, config->endpoint_count,
                                    sizeof *config->endpoints);
    for (struct node *node = endpoints ? endpoints->first : NULL; node;
         node = node->next) {
        config->endpoints[index++] = node_key_marked(node);
    }
    for (struct node *node = notifications ? notifications->first : NULL; node;
         node = node->next) {
        config->endpoints[index++] = node_key_marked(node);
    }
}

static void read_time(struct reader *reader, struct node *node,
                      struct config_time *time)
{
    const struct node *budget = node_good(node, "budget");
    const struct node *period = node_good(node, "period");
    const struct node *priority = node_good(node, "priority");

    time->name = node_key_marked(node);
    time->budget_ns = budget ? budget->number : 0;
    time->period_ns = period ? period->number : 0;
    time->priority =
        priority ? (uint32_t)priority->number : SPEC_PRIORITY_MIDDLE;
    if (node->kind == NODE_MAP &&
        !node_get(node, "budget") != !node_get(node, "period")) {
        report_node(reader, node->key,
                    "time '%s' needs budget and period, or neither",
                    time->name.text);
    } else if (budget && period && budget->number > period->number) {
        report_node(reader, node_get(node, "budget"),
                    "time '%s' has a budget of %s in a period of %s: it cannot "
                    "be larger",
                    time->name.text, budget->text, period->text);
    }
}

static void read_times(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *map = section(reader, "times");
    struct config_time *time;

    config->time_count = entries(map);
    time = arena_array(reader->arena, config->time_count, sizeof *time);
    config->times = time;
    for (struct node *node = map ? map->first : NULL; node; node = node->next) {
        read_time(reader, node, time++);
    }
}

/* Holds name objects of all sorts: a name must mean one of them. */
static void check_twins(struct reader *reader)
{
    static const char *const sections[] = {"ranges", "endpoints",
                                           "notifications", "times", "domains"};
    static const char *const words[] = {"a range", "an endpoint",
                                        "a notification", "a time", "a domain"};

    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        struct node *map = section(reader, sections[i]);

        for (size_t j = 0; map && j < i; j++) {
            struct node *other = section(reader, sections[j]);

            for (struct node *node = map->first; node; node = node->next) {
                if (!node->key->bad && node_get(other, node->key->text)) {
                    report_node(reader, node->key,
                                "name '%s' is %s already: holds could mean "
                                "either",
                                node->key->text, words[j]);
                }
            }
        }
    }
}

static void read_boundary(struct reader *reader, struct node *node,
                          struct config_boundary *boundary)
{
    struct node *between = node_good(node, "between");
    struct node *mechanism = node_good(node, "mechanism");
    struct node *end = between ? between->first : NULL;

    boundary->name = node_key_marked(node);
    boundary->mechanism.text = "auto";
    boundary->mechanism.mark.file = reader->path;
    if (mechanism) {
        boundary->mechanism = node_marked(mechanism);
    }
    for (uint32_t i = 0; i < 2 && end; i++, end = end->next) {
        boundary->between[i] = find_domain(reader, end);
    }
    if (between && boundary->between[0] != SPEC_NONE &&
        boundary->between[0] == boundary->between[1]) {
        report_node(reader, between->last,
                    "boundary '%s' has '%s' on both sides", boundary->name.text,
                    between->last->text);
    }
}

void read_boundaries(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *map = section(reader, "boundaries");
    struct config_boundary *boundary;

    config->boundary_count = entries(map);
    boundary =
        arena_array(reader->arena, config->boundary_count, sizeof *boundary);
    config->boundaries = boundary;
    for (struct node *node = map ? map->first : NULL; node; node = node->next) {
        read_boundary(reader, node, boundary++);
    }
}

void read_sections(struct reader *reader)
{
    read_machine(reader);
    read_ranges(reader);
    read_endpoints(reader);
    read_times(reader);
    check_twins(reader);
    order_domains(reader);
    read_kinds(reader);
    for (uint32_t i = 0; i < reader->config->domain_count; i++) {
        read_domain(reader, i);
        compose_domain(reader, i);
        read_holds(reader, i);
        read_expect(reader, i);
    }
    fill_sizes(reader);
    read_boundaries(reader);
    read_asserts(reader);
    read_test(reader);
    check_rules(reader);
}
