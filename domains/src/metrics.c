/* SPDX-License-Identifier: Apache-2.0 */
#include <domains/metrics.h>

#include <capabilities/cap.h>

const char *metrics_why_text(enum metrics_why why)
{
    static const char *const texts[] = {"does not depend on", "reads what",
                                        "requests", "is controlled by",
                                        "shares its capabilities with"};

    return why <= METRICS_TABLE ? texts[why] : "unknown";
}

/* One level of map edges; false: nothing new. */
static bool reach_further(const struct graph *graph, uint8_t *reach)
{
    bool more = false;

    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        uint8_t rights = reach[edge->from] & (edge->rights | METRICS_REACHED);

        if (edge->kind == GRAPH_MAP && rights & ~reach[edge->to]) {
            reach[edge->to] |= rights;
            more = true;
        }
    }
    return more;
}

void metrics_reach(const struct graph *graph, uint32_t domain, uint8_t *reach)
{
    for (uint32_t i = 0; i < graph->node_count; i++) {
        reach[i] = 0;
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];

        if (edge->kind == GRAPH_HOLD && edge->from == domain) {
            reach[edge->to] |= edge->rights | METRICS_REACHED;
        }
    }
    for (uint32_t i = 0; i < graph->node_count; i++) {
        if (!reach_further(graph, reach)) {
            return;
        }
    }
}

void metrics_rsi(const struct graph *graph, const uint8_t *a, const uint8_t *b,
                 enum graph_type type, bool written, struct metrics_rsi *out)
{
    *out = (struct metrics_rsi){0};
    for (uint32_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].type != type || !(a[i] | b[i]) ||
            (written && !((a[i] | b[i]) & CAP_WRITE))) {
            continue;
        }
        out->either += graph->nodes[i].weight;
        if (a[i] && b[i]) {
            out->shared += graph->nodes[i].weight;
        }
    }
}

/* Hops from `from` to each node along request edges; GRAPH_NONE: none. */
static void distances(const struct graph *graph, uint32_t from, uint32_t *out)
{
    bool more = true;

    for (uint32_t i = 0; i < graph->node_count; i++) {
        out[i] = GRAPH_NONE;
    }
    out[from] = 0;
    for (uint32_t round = 0; more && round < graph->node_count; round++) {
        more = false;
        for (uint32_t i = 0; i < graph->edge_count; i++) {
            const struct graph_edge *edge = &graph->edges[i];

            if (edge->kind == GRAPH_REQUEST && out[edge->from] != GRAPH_NONE &&
                out[edge->from] + 1 < out[edge->to]) {
                out[edge->to] = out[edge->from] + 1;
                more = true;
            }
        }
    }
}

bool metrics_radius(const struct graph *graph, uint32_t a, uint32_t b,
                    uint32_t *scratch, struct metrics_radius *out)
{
    uint32_t *from_a = scratch, *from_b = scratch + graph->node_count;
    uint32_t best = GRAPH_NONE;

    distances(graph, a, from_a);
    distances(graph, b, from_b);
    for (uint32_t i = 0; i < graph->node_count; i++) {
        uint32_t hops = from_a[i] > from_b[i] ? from_a[i] : from_b[i];

        if (hops < best) {
            best = hops;
            *out = (struct metrics_radius){hops, i, {from_a[i], from_b[i]}};
        }
    }
    return best != GRAPH_NONE;
}

static bool writes(const struct graph *graph, const uint8_t *x_reach,
                   const uint8_t *y_reach, struct metrics_link *out)
{
    for (uint32_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].type == GRAPH_PAGE && y_reach[i] & CAP_WRITE &&
            x_reach[i] & (CAP_READ | CAP_EXEC)) {
            *out = (struct metrics_link){
                .why = METRICS_WRITES, .type = GRAPH_PAGE, .node = i};
            return true;
        }
    }
    return false;
}

static bool shares_table(const struct graph *graph, const uint8_t *x_reach,
                         const uint8_t *y_reach, struct metrics_link *out)
{
    for (uint32_t i = 0; i < graph->node_count; i++) {
        if (graph->nodes[i].type == GRAPH_TABLE &&
            graph->nodes[i].part == GRAPH_CAPS && x_reach[i] && y_reach[i]) {
            *out = (struct metrics_link){
                .why = METRICS_TABLE, .type = GRAPH_TABLE, .node = i};
            return true;
        }
    }
    return false;
}

static bool requests(const struct graph *graph, uint32_t x, uint32_t y,
                     struct metrics_link *out)
{
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];

        if (edge->kind == GRAPH_REQUEST && edge->from == x && edge->to == y) {
            *out = (struct metrics_link){
                .why = METRICS_REQUESTS, .type = edge->type, .node = y};
            return true;
        }
    }
    return false;
}

void metrics_depends(const struct graph *graph, uint32_t x, uint32_t y,
                     const uint8_t *x_reach, const uint8_t *y_reach,
                     struct metrics_link *out)
{
    *out = (struct metrics_link){.why = METRICS_NOT, .node = GRAPH_NONE};
    if (x == y || writes(graph, x_reach, y_reach, out) ||
        requests(graph, x, y, out)) {
        return;
    }
    if (y_reach[x] & CAP_WRITE) {
        *out = (struct metrics_link){
            .why = METRICS_CONTROLS, .type = GRAPH_DOMAIN, .node = x};
        return;
    }
    (void)shares_table(graph, x_reach, y_reach, out);
}

uint32_t metrics_tcb(const struct graph *graph,
                     const struct metrics_link *links, uint32_t x,
                     uint32_t *via)
{
    uint32_t count = 0, n = graph->domains;
    bool more = true;

    for (uint32_t i = 0; i < n; i++) {
        via[i] = GRAPH_NONE;
    }
    via[x] = x;
    /* A round a hop, so that a chain of `via` is a shortest one: what a round
     * finds (named as n + who) it does not go on from. */
    while (more) {
        more = false;
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t j = 0; via[i] < n && j < n; j++) {
                if (links[(uint64_t)i * n + j].why && via[j] == GRAPH_NONE) {
                    via[j] = n + i;
                    count++;
                    more = true;
                }
            }
        }
        for (uint32_t i = 0; i < n; i++) {
            via[i] -= via[i] != GRAPH_NONE && via[i] >= n ? n : 0;
        }
    }
    return count;
}
