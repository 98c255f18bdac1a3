/* SPDX-License-Identifier: Apache-2.0 */
/* The sharing graph in each of its forms. */
#ifndef VMM_GRAPH_WRITE_H
#define VMM_GRAPH_WRITE_H

#include "sharing.h"

#include <host/failure.h>
#include <jansson.h>
#include <stdio.h>

/* Metrics for people: pairs, then TCB and impact boundary of each domain. */
void graph_text(const struct sharing *sharing, FILE *out);

/*
 * The columns of OSmosis: NODE_TYPE,NODE_ID,DATA,EDGE_TYPE,EDGE_FROM,EDGE_TO,
 * EXTRA. A row a page: whoever counts rows counts pages.
 */
void graph_csv(const struct sharing *sharing, FILE *out);

/* Graphviz, one node a range. */
void graph_dot(const struct sharing *sharing, FILE *out);

/* Nodes and edges. Null: no memory. */
json_t *graph_json(const struct sharing *sharing);

/* RSI and fault radius of pairs, TCB and impact boundary of domains. */
json_t *graph_metrics_json(const struct sharing *sharing);

/* Runs `dot -Tsvg` over graph_dot(); *svg is malloc'd. 0, or -1 and *failure
 * (EXIT_UNAVAILABLE: there is no dot). */
int graph_svg(const struct sharing *sharing, char **svg, size_t *bytes,
              struct failure *failure);

#endif
