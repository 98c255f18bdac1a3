/* SPDX-License-Identifier: Apache-2.0 */
#include "graph_write.h"

#include "results_parts.h"

static json_t *name_json(const struct sharing *sharing, uint32_t node)
{
    char name[160];

    sharing_name(sharing, node, name, sizeof(name));
    return results_text(name);
}

static json_t *make_node(struct results *results, const struct sharing *sharing,
                         uint32_t index)
{
    const struct graph_node *node = &sharing->graph.nodes[index];
    json_t *out = json_object();

    results_set(results, out, "id", json_integer(index));
    results_set(results, out, "type",
                json_string(graph_type_name((enum graph_type)node->type)));
    results_set(results, out, "name", name_json(sharing, index));
    results_set(results, out, "units", json_integer(node->weight));
    if (node->type == GRAPH_ADDRESS || node->value) {
        results_set(results, out, "address", results_hex(node->value));
    }
    return out;
}

static json_t *make_edge(struct results *results, const struct graph_edge *edge)
{
    json_t *out = json_object();

    results_set(results, out, "kind",
                json_string(graph_edge_name((enum graph_edge_kind)edge->kind)));
    results_set(results, out, "type",
                json_string(graph_type_name((enum graph_type)edge->type)));
    results_set(results, out, "from", json_integer(edge->from));
    results_set(results, out, "to", json_integer(edge->to));
    if (edge->rights) {
        results_set(results, out, "rights", results_rights(edge->rights));
    }
    return out;
}

json_t *graph_json(const struct sharing *sharing)
{
    struct results results = {0};
    json_t *out = json_object(), *nodes = json_array(), *edges = json_array();

    for (uint32_t i = 0; i < sharing->graph.node_count; i++) {
        results_append(&results, nodes, make_node(&results, sharing, i));
    }
    for (uint32_t i = 0; i < sharing->graph.edge_count; i++) {
        results_append(&results, edges,
                       make_edge(&results, &sharing->graph.edges[i]));
    }
    results_set(&results, out, "nodes", nodes);
    results_set(&results, out, "edges", edges);
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *make_rsi(struct results *results, const struct sharing *sharing,
                        uint32_t a, uint32_t b)
{
    json_t *out = json_object();

    for (const struct sharing_index *i = sharing_indices; i->name; i++) {
        json_t *one = json_object();
        struct metrics_rsi rsi;

        sharing_rsi(sharing, a, b, i, &rsi);
        results_set(results, one, "shared",
                    json_integer((json_int_t)rsi.shared));
        results_set(results, one, "either",
                    json_integer((json_int_t)rsi.either));
        if (rsi.either) {
            results_set(results, one, "value",
                        json_real((double)rsi.shared / (double)rsi.either));
        } else {
            results_lack(results, one, "value", "neither reaches any");
        }
        results_set(results, out, i->name, one);
    }
    return out;
}

static void set_radius(struct results *results, const struct sharing *sharing,
                       uint32_t a, uint32_t b, json_t *out)
{
    struct metrics_radius radius;
    json_t *one;

    if (!sharing_radius(sharing, a, b, &radius)) {
        results_lack(results, out, "fault_radius", "no common ancestor");
        return;
    }
    one = json_object();
    results_set(results, one, "hops", json_integer(radius.hops));
    results_set(results, one, "ancestor", name_json(sharing, radius.ancestor));
    results_set(
        results, one, "distances",
        json_pack("[i,i]", (int)radius.distance[0], (int)radius.distance[1]));
    results_set(results, out, "fault_radius", one);
}

static json_t *make_pair(struct results *results, const struct sharing *sharing,
                         uint32_t a, uint32_t b)
{
    json_t *out = json_object(), *between = json_array();

    results_append(results, between, name_json(sharing, a));
    results_append(results, between, name_json(sharing, b));
    results_set(results, out, "between", between);
    results_set(results, out, "rsi", make_rsi(results, sharing, a, b));
    set_radius(results, sharing, a, b, out);
    return out;
}

static json_t *make_trusted(struct results *results,
                            const struct sharing *sharing, uint32_t x)
{
    json_t *out = json_array();
    char path[512];

    for (uint32_t y = 0; y < sharing->graph.domains; y++) {
        if (sharing_trusts(sharing, x, y)) {
            json_t *one = json_object();
            sharing_path(sharing, x, y, path, sizeof(path));
            results_set(results, one, "domain", name_json(sharing, y));
            results_set(results, one, "because", results_text(path));
            results_append(results, out, one);
        }
    }
    return out;
}

static json_t *make_domain(struct results *results,
                           const struct sharing *sharing, uint32_t x)
{
    json_t *out = json_object(), *impact = json_array();

    for (uint32_t y = 0; y < sharing->graph.domains; y++) {
        if (sharing_trusts(sharing, y, x)) {
            results_append(results, impact, name_json(sharing, y));
        }
    }
    results_set(results, out, "name", name_json(sharing, x));
    results_set(results, out, "tcb", make_trusted(results, sharing, x));
    results_set(results, out, "impact", impact);
    return out;
}

json_t *graph_metrics_json(const struct sharing *sharing)
{
    struct results results = {0};
    json_t *out = json_object(), *pairs = json_array();
    json_t *domains = json_array();

    for (uint32_t a = 0; a < sharing->graph.domains; a++) {
        for (uint32_t b = a + 1; b < sharing->graph.domains; b++) {
            results_append(&results, pairs, make_pair(&results, sharing, a, b));
        }
        results_append(&results, domains, make_domain(&results, sharing, a));
    }
    results_set(&results, out, "pairs", pairs);
    results_set(&results, out, "domains", domains);
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}
