/* SPDX-License-Identifier: Apache-2.0 */
#include "graph_write.h"

#include <capabilities/cap.h>

static void quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
        }
        fputc((unsigned char)*text < 0x20 ? '?' : *text, out);
    }
    fputc('"', out);
}

/* Somebody gets to it: the rest is left out of the picture. */
static bool reached(const struct sharing *sharing, uint32_t node)
{
    for (uint32_t i = 0; i < sharing->graph.domains; i++) {
        if (sharing_reach(sharing, i)[node]) {
            return true;
        }
    }
    return false;
}

static bool drawn(const struct sharing *sharing, uint32_t node)
{
    return sharing->graph.nodes[node].type == GRAPH_DOMAIN ||
           reached(sharing, node);
}

static void print_node(const struct sharing *sharing, uint32_t index, FILE *out)
{
    static const char *const shapes[GRAPH_TYPE_COUNT] = {
        [GRAPH_DOMAIN] = "box, style=bold",
        [GRAPH_ADDRESS] = "box",
        [GRAPH_PAGE] = "box3d",
        [GRAPH_SPACE] = "folder",
        [GRAPH_QUOTA] = "diamond",
        [GRAPH_POOL] = "cylinder",
        [GRAPH_FILE] = "note",
        [GRAPH_ENDPOINT] = "cds"};
    const struct graph_node *node = &sharing->graph.nodes[index];
    char name[160], label[200];

    sharing_name(sharing, index, name, sizeof(name));
    if (node->type == GRAPH_ADDRESS || node->type == GRAPH_PAGE) {
        snprintf(label, sizeof(label), "%s (%u)", name, node->weight);
    } else {
        snprintf(label, sizeof(label), "%s", name);
    }
    fprintf(out, "  n%u [shape=%s, label=", index,
            shapes[node->type] ? shapes[node->type] : "ellipse");
    quoted(label, out);
    fputs("];\n", out);
}

static void print_edge(const struct graph_edge *edge, FILE *out)
{
    static const char *const styles[] = {"solid", "dashed",
                                         "bold\", color=\"firebrick", "dotted"};
    char label[16];

    snprintf(
        label, sizeof(label), "%s%s%s%s", edge->rights & CAP_READ ? "r" : "",
        edge->rights & CAP_WRITE ? "w" : "", edge->rights & CAP_EXEC ? "x" : "",
        edge->rights & CAP_USE ? "u" : "");
    if (edge->kind == GRAPH_REQUEST) {
        snprintf(label, sizeof(label), "%s",
                 graph_type_name((enum graph_type)edge->type));
    }
    fprintf(out, "  n%u -> n%u [style=\"%s\", label=\"%s\"];\n", edge->from,
            edge->to, styles[edge->kind], label);
}

void graph_dot(const struct sharing *sharing, FILE *out)
{
    const struct graph *graph = &sharing->graph;

    fputs("// solid: hold, dashed: map, dotted: subset, red: request\n"
          "digraph ambit {\n  rankdir=LR;\n  node [fontname=sans];\n"
          "  edge [fontname=sans, fontsize=10];\n",
          out);
    for (uint32_t i = 0; i < graph->node_count; i++) {
        if (drawn(sharing, i)) {
            print_node(sharing, i, out);
        }
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        if (drawn(sharing, edge->from) && drawn(sharing, edge->to)) {
            print_edge(edge, out);
        }
    }
    fputs("}\n", out);
}
