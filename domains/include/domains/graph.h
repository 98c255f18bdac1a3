/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sharing graph: who holds what, what it is backed by, and who was asked
 * for it. The model is OSmosis's (the follow-ups of "Deja vu in OS isolation"):
 * nodes are protection domains, resources, and the spaces resources are parts
 * of; edges say hold (domain -> resource), map (resource -> what backs it),
 * subset (resource -> the space it is a part of) and request (domain -> the
 * domain that it got a kind of resource from).
 *
 * A node stands for `weight` equal units: a run of pages that all domains reach
 * alike is one node. Nothing here allocates: the caller gives the arrays.
 */
#ifndef DOMAINS_GRAPH_H
#define DOMAINS_GRAPH_H

#include <domains/plan.h>
#include <stdbool.h>

/* Type of a node: ours, and the word that OSmosis's scripts know it by. */
#define GRAPH_TYPE_LIST(X)                                                     \
    X(DOMAIN, "domain", "PD")                                                  \
    X(ADDRESS, "address", "VMR")                                               \
    X(PAGE, "page", "MO")                                                      \
    X(SPACE, "space", "ADS")                                                   \
    X(QUOTA, "quota", "QUOTA")                                                 \
    X(POOL, "pool", "POOL")                                                    \
    X(TABLE, "table", "TABLE")                                                 \
    X(FILE, "file", "FILE")                                                    \
    X(ENDPOINT, "endpoint", "EP")                                              \
    X(HANDLER, "handler", "HANDLER")                                           \
    X(CPU, "cpu", "CPU")                                                       \
    X(NOTIFICATION, "notification", "NOTIFICATION")                            \
    X(TIME, "time", "TIME")

enum graph_type {
#define GRAPH_TYPE_ENUM(name, text, osmosis) GRAPH_##name,
    GRAPH_TYPE_LIST(GRAPH_TYPE_ENUM)
#undef GRAPH_TYPE_ENUM
        GRAPH_TYPE_COUNT
};

enum graph_edge_kind { GRAPH_HOLD, GRAPH_MAP, GRAPH_REQUEST, GRAPH_SUBSET };

#define GRAPH_NONE 0xffffffffu

/* Tables: `part` of a node. */
enum graph_table { GRAPH_CAPS, GRAPH_FILES };

struct graph_node {
    uint8_t type;    /* enum graph_type */
    uint8_t program; /* PAGE: the module's pages, shared by all instances of the
                        program `object` */
    uint16_t reserved;
    uint32_t object; /* DOMAIN, QUOTA, POOL, TABLE, HANDLER, CPU, TIME: a
                        domain, SPEC_NONE: the root domain; ADDRESS, PAGE: plan
                        range; SPACE: plan root; FILE: spec node; ENDPOINT,
                        NOTIFICATION: number */
    uint32_t part;   /* ADDRESS, PAGE: first page; TABLE: enum graph_table */
    uint32_t weight; /* units: ADDRESS, PAGE: pages; else 1 */
    uint64_t value;  /* ADDRESS: first virtual address; PAGE: first physical
                        one, where that is known, else 0 */
};

struct graph_edge {
    uint8_t kind;   /* enum graph_edge_kind */
    uint8_t type;   /* enum graph_type of what it is about */
    uint8_t rights; /* enum cap_rights: hold, map; 0: else */
    uint8_t reserved;
    uint32_t from, to; /* nodes */
};

/*
 * `rooms` are the caller's; counts go on past them, so that a first run over
 * no room tells how much is needed.
 */
struct graph {
    struct graph_node *nodes;
    struct graph_edge *edges;
    uint32_t node_room, edge_room;
    uint32_t node_count, edge_count;
    uint32_t domains; /* nodes 0 .. domains-1 are domains, `domains` is the
                         root domain: the kernel and the config */
    uint32_t address[PLAN_MAX_RANGES];   /* first node of each plan range */
    uint32_t program[SPEC_MAX_PROGRAMS]; /* first PAGE node of each program */
    uint32_t files;     /* first FILE node; one for each file, in their order */
    uint32_t endpoints; /* first ENDPOINT node; one for each, in their order */
};

/* Adds one; GRAPH_NONE past the room (counted all the same). */
uint32_t graph_node_add(struct graph *graph, const struct graph_node *node);
void graph_edge_add(struct graph *graph, enum graph_edge_kind kind,
                    enum graph_type type, uint8_t rights, uint32_t from,
                    uint32_t to);

/* The node, or GRAPH_NONE. Cost: the nodes. */
uint32_t graph_find(const struct graph *graph, enum graph_type type,
                    uint32_t object, uint32_t part);

/*
 * The graph that a config allows: every page a range can ever have, every
 * capability a domain can begin with. Needs: arrays and rooms set, the rest
 * zero. Returns OK, or TOO_BIG: node_count and edge_count say what is needed.
 * Cost: domains x (ranges + files + holds).
 */
MUST_CHECK enum status graph_make(const struct spec *spec,
                                  const struct plan *plan, struct graph *graph);

/* Domains, quotas, pools, tables and handlers with who uses them and who was
 * asked; files and endpoints alone. The nodes of domains come first. */
void graph_add_resources(const struct spec *spec, const struct plan *plan,
                         struct graph *graph);
/* Who holds files, endpoints and domains as a config gives them, and who asks
 * whom by an endpoint. Needs: graph_add_resources. */
void graph_add_held(const struct spec *spec, const struct plan *plan,
                    struct graph *graph);

const char *graph_type_name(enum graph_type type);
const char *graph_type_osmosis(enum graph_type type);
const char *graph_edge_name(enum graph_edge_kind kind);

#endif
