/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sharing graph says about isolation, as numbers. Definitions after
 * OSmosis, as its authors state them, made exact where they leave a choice:
 *
 * Reach(x)   The resources that domain x gets to by its hold edges and then any
 *            number of map edges, with the rights that all of these give.
 * RSI        Resource sharing index of two domains for one type: the Jaccard
 *            similarity |Reach(a) and Reach(b)| / |Reach(a) or Reach(b)|,
 *            in units (pages count as pages). 0: nothing in common, 1: all.
 *            Undefined (`either` is 0) where neither reaches any.
 * Fault radius  Over request edges: for the ancestor that both lead to and that
 *            is nearest to the farther of the two, how many edges that one is
 *            away. An ancestor may be one of the two. Small: a fault has few
 *            hops to the other.
 * TCB(x)     The domains that x depends on, and those that they depend on, and
 *            so on. x depends on y if y may write a page that x may read or
 *            execute, x requests something of y, y may stop or change x, or y
 *            uses x's own table of capabilities. The kernel, the VMM and the
 *            hardware are in every TCB and not counted.
 * Impact boundary(x)  The domains in whose TCB x is: whom it can harm.
 *
 * RSI can be gamed (a private megabyte that nobody uses halves it); print TCB
 * and impact boundary beside it.
 */
#ifndef DOMAINS_METRICS_H
#define DOMAINS_METRICS_H

#include <domains/graph.h>

#define METRICS_REACHED 0x80u /* beside enum cap_rights */

/* `reach`: one byte a node: rights with METRICS_REACHED, or 0. Cost: edges,
 * once for each level of map edges. */
void metrics_reach(const struct graph *graph, uint32_t domain, uint8_t *reach);

struct metrics_rsi {
    uint64_t shared, either; /* units that both, that at least one reaches */
};

/* `written`: of the units that one of the two may write, only. */
void metrics_rsi(const struct graph *graph, const uint8_t *a, const uint8_t *b,
                 enum graph_type type, bool written, struct metrics_rsi *out);

struct metrics_radius {
    uint32_t hops;     /* the greater of the two distances */
    uint32_t ancestor; /* node */
    uint32_t distance[2];
};

/* `scratch`: two words a node. False: no common ancestor. Cost: nodes x
 * request edges at worst; depth x edges as a rule. */
bool metrics_radius(const struct graph *graph, uint32_t a, uint32_t b,
                    uint32_t *scratch, struct metrics_radius *out);

/* Why a domain depends on another: the first that applies. */
enum metrics_why {
    METRICS_NOT,
    METRICS_WRITES,   /* y may write a page that x may read or execute */
    METRICS_REQUESTS, /* x requests `type` of y */
    METRICS_CONTROLS, /* y holds x, or handles its faults, with write */
    METRICS_TABLE     /* y uses x's table of capabilities */
};

struct metrics_link {
    uint8_t why;  /* enum metrics_why */
    uint8_t type; /* enum graph_type */
    uint8_t pad[2];
    uint32_t node; /* the page, the domain, the table */
};

/*
 * Whether x depends on y itself. `x_reach`, `y_reach`: of metrics_reach.
 * Cost: nodes and edges.
 */
void metrics_depends(const struct graph *graph, uint32_t x, uint32_t y,
                     const uint8_t *x_reach, const uint8_t *y_reach,
                     struct metrics_link *out);

/*
 * TCB of x. `links`: graph->domains squared, row x column y: x depends on y.
 * `via`: a word a domain: GRAPH_NONE (not in it), or the domain that it is
 * depended on by, x at the end; via[x] is x. Returns how many are in the TCB,
 * x not counted. Cost: domains squared.
 */
uint32_t metrics_tcb(const struct graph *graph,
                     const struct metrics_link *links, uint32_t x,
                     uint32_t *via);

const char *metrics_why_text(enum metrics_why why);

#endif
