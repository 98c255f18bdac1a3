/* SPDX-License-Identifier: Apache-2.0 */
#include "sharing.h"

#include <capabilities/cap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct sharing_index sharing_indices[] = {
    {"address", GRAPH_ADDRESS, false},   {"page", GRAPH_PAGE, false},
    {"written", GRAPH_PAGE, true},       {"file", GRAPH_FILE, false},
    {"endpoint", GRAPH_ENDPOINT, false}, {"space", GRAPH_SPACE, false},
    {"quota", GRAPH_QUOTA, false},       {"pool", GRAPH_POOL, false},
    {"table", GRAPH_TABLE, false},       {"handler", GRAPH_HANDLER, false},
    {NULL, GRAPH_DOMAIN, false},
};

static bool fits(const struct graph *graph)
{
    return graph->node_count <= graph->node_room &&
           graph->edge_count <= graph->edge_room;
}

int sharing_fill(struct sharing *sharing,
                 void (*make)(struct sharing *sharing, void *context),
                 void *context)
{
    struct graph *graph = &sharing->graph;
    uint32_t nodes, edges;

    make(sharing, context);
    nodes = graph->node_count;
    edges = graph->edge_count;
    memset(graph, 0, sizeof(*graph));
    graph->nodes = calloc((size_t)nodes + 1, sizeof(*graph->nodes));
    graph->edges = calloc((size_t)edges + 1, sizeof(*graph->edges));
    if (!graph->nodes || !graph->edges) {
        return -1;
    }
    graph->node_room = nodes;
    graph->edge_room = edges;
    make(sharing, context);
    return fits(graph) ? 0 : -1;
}

/* graph_make says that it does not fit while it counts; fits() asks after. */
static void make_graph(struct sharing *sharing, void *context)
{
    enum status status =
        graph_make(sharing->spec, sharing->plan, &sharing->graph);

    (void)context;
    (void)status;
}

int sharing_make(struct sharing *out, const struct spec *spec,
                 const struct plan *plan)
{
    memset(out, 0, sizeof(*out));
    out->spec = spec;
    out->plan = plan;
    return sharing_fill(out, make_graph, NULL) < 0 ? -1 : sharing_measure(out);
}

void sharing_free(struct sharing *sharing)
{
    free(sharing->graph.nodes);
    free(sharing->graph.edges);
    free(sharing->reach);
    free(sharing->links);
    free(sharing->via);
    free(sharing->tcb);
    free(sharing->scratch);
    memset(sharing, 0, sizeof(*sharing));
}

int sharing_measure(struct sharing *s)
{
    size_t domains = s->graph.domains, nodes = s->graph.node_count;

    s->reach = calloc(domains + 1, nodes);
    s->links = calloc(domains * domains + 1, sizeof(*s->links));
    s->via = calloc(domains * domains + 1, sizeof(*s->via));
    s->tcb = calloc(domains + 1, sizeof(*s->tcb));
    s->scratch = calloc(2 * nodes + 1, sizeof(*s->scratch));
    if (!s->reach || !s->links || !s->via || !s->tcb || !s->scratch) {
        return -1;
    }
    for (uint32_t i = 0; i < domains; i++) {
        metrics_reach(&s->graph, i, s->reach + i * nodes);
    }
    for (uint32_t x = 0; x < domains; x++) {
        for (uint32_t y = 0; y < domains; y++) {
            metrics_depends(&s->graph, x, y, sharing_reach(s, x),
                            sharing_reach(s, y), &s->links[x * domains + y]);
        }
    }
    for (uint32_t x = 0; x < domains; x++) {
        s->tcb[x] = metrics_tcb(&s->graph, s->links, x, s->via + x * domains);
    }
    return 0;
}

const uint8_t *sharing_reach(const struct sharing *sharing, uint32_t domain)
{
    return sharing->reach + (size_t)domain * sharing->graph.node_count;
}

static uint32_t via(const struct sharing *sharing, uint32_t x, uint32_t y)
{
    return sharing->via[(size_t)x * sharing->graph.domains + y];
}

bool sharing_trusts(const struct sharing *sharing, uint32_t x, uint32_t y)
{
    return x != y && via(sharing, x, y) != GRAPH_NONE;
}

uint32_t sharing_impact(const struct sharing *sharing, uint32_t x)
{
    uint32_t count = 0;

    for (uint32_t y = 0; y < sharing->graph.domains; y++) {
        count += sharing_trusts(sharing, y, x);
    }
    return count;
}

bool sharing_radius(const struct sharing *sharing, uint32_t a, uint32_t b,
                    struct metrics_radius *out)
{
    return metrics_radius(&sharing->graph, a, b, sharing->scratch, out);
}

void sharing_rsi(const struct sharing *sharing, uint32_t a, uint32_t b,
                 const struct sharing_index *index, struct metrics_rsi *out)
{
    metrics_rsi(&sharing->graph, sharing_reach(sharing, a),
                sharing_reach(sharing, b), index->type, index->written, out);
}

static const char *domain_name(const struct sharing *sharing, uint32_t domain)
{
    return domain < sharing->spec->header->domains.count
               ? spec_string(sharing->spec, sharing->spec->domains[domain].name)
               : "root";
}

/* "public/a/b.txt": its tree's name, then the folders down to it. */
static void file_name(const struct spec *spec, uint32_t node, char *out,
                      size_t bytes)
{
    char tail[256];

    snprintf(out, bytes, "%s", spec_string(spec, spec->nodes[node].name));
    for (uint32_t i = node; i-- > 0;) {
        const struct spec_node *n = &spec->nodes[i];
        if (n->kind != SPEC_NODE_DIRECTORY || node < n->first ||
            node - n->first >= n->count) {
            continue;
        }
        node = i;
        snprintf(tail, sizeof(tail), "%s", out);
        if (*spec_string(spec, n->name)) {
            snprintf(out, bytes, "%s/%s", spec_string(spec, n->name), tail);
        }
    }
    for (uint32_t i = 0; i < spec->header->trees.count; i++) {
        if (spec->trees[i].root == node) {
            snprintf(tail, sizeof(tail), "%s", out);
            snprintf(out, bytes, "%s/%s",
                     spec_string(spec, spec->trees[i].name), tail);
            return;
        }
    }
}

/* A run of pages is named by its range, and its first page but for 0. */
static void pages_name(const struct sharing *sharing,
                       const struct graph_node *node, char *out, size_t bytes)
{
    char range[2 * SPEC_NAME_MAX + 8], from[32] = "";

    if (node->program) {
        snprintf(range, sizeof(range), "program %s",
                 spec_string(sharing->spec,
                             sharing->spec->programs[node->object].name));
    } else {
        plan_range_name(sharing->spec, sharing->plan, node->object, range,
                        sizeof(range));
    }
    if (node->part) {
        snprintf(from, sizeof(from), " from page %u", node->part);
    }
    snprintf(out, bytes, "%s%s%s", node->type == GRAPH_PAGE ? "frames of " : "",
             range, from);
}

void sharing_name(const struct sharing *sharing, uint32_t index, char *out,
                  size_t bytes)
{
    const struct graph_node *node = &sharing->graph.nodes[index];
    const char *domain = domain_name(sharing, node->object);

    switch (node->type) {
    case GRAPH_DOMAIN:
        snprintf(out, bytes, "%s", domain);
        break;
    case GRAPH_ADDRESS:
    case GRAPH_PAGE:
        pages_name(sharing, node, out, bytes);
        break;
    case GRAPH_SPACE:
        snprintf(out, bytes, "space %u", node->object);
        break;
    case GRAPH_TABLE:
        snprintf(out, bytes, "%s of %s",
                 node->part == GRAPH_FILES ? "files" : "caps", domain);
        break;
    case GRAPH_FILE:
        file_name(sharing->spec, node->object, out, bytes);
        break;
    case GRAPH_ENDPOINT:
        snprintf(out, bytes, "%s %s",
                 cap_type_name((enum cap_type)spec_endpoint_type(
                     &sharing->spec->endpoints[node->object])),
                 spec_string(sharing->spec,
                             sharing->spec->endpoints[node->object].name));
        break;
    case GRAPH_HANDLER:
        snprintf(out, bytes, "handler %s",
                 node->object == SPEC_NONE ? "on_fault" : domain);
        break;
    default:
        snprintf(out, bytes, "%s of %s",
                 graph_type_name((enum graph_type)node->type), domain);
    }
}

static void link_text(const struct sharing *sharing, uint32_t x, uint32_t y,
                      char *out, size_t bytes)
{
    const struct metrics_link *link =
        &sharing->links[(size_t)x * sharing->graph.domains + y];
    const char *a = domain_name(sharing, x), *b = domain_name(sharing, y);
    char what[160] = "";

    if (link->node != GRAPH_NONE) {
        sharing_name(sharing, link->node, what, sizeof(what));
    }
    switch (link->why) {
    case METRICS_WRITES:
        snprintf(out, bytes, "%s reads what %s may write: %s", a, b, what);
        break;
    case METRICS_REQUESTS:
        snprintf(out, bytes, "%s requests %s of %s", a,
                 graph_type_name((enum graph_type)link->type), b);
        break;
    case METRICS_CONTROLS:
        snprintf(out, bytes, "%s is controlled by %s", a, b);
        break;
    case METRICS_TABLE:
        snprintf(out, bytes, "%s and %s use one table: %s", a, b, what);
        break;
    default:
        snprintf(out, bytes, "%s", "");
    }
}

void sharing_path(const struct sharing *sharing, uint32_t x, uint32_t y,
                  char *out, size_t bytes)
{
    char rest[512], hop[400];

    *out = '\0';
    if (!sharing_trusts(sharing, x, y)) {
        return;
    }
    /* From the end: each hop is put before what is known. */
    while (y != x) {
        uint32_t before = via(sharing, x, y);
        link_text(sharing, before, y, hop, sizeof(hop));
        snprintf(rest, sizeof(rest), "%s", out);
        snprintf(out, bytes, "%s%s%s", hop, *rest ? "; " : "", rest);
        y = before;
    }
}
