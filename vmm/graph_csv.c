/* SPDX-License-Identifier: Apache-2.0 */
#include "graph_write.h"

#include <abi/layout.h>
#include <capabilities/cap.h>

/* "VMR_3_12": type, node, page. Others have no page. */
static void node_id(const struct sharing *sharing, uint32_t index,
                    uint32_t page, FILE *out)
{
    const struct graph_node *node = &sharing->graph.nodes[index];
    const char *type = graph_type_osmosis((enum graph_type)node->type);

    if (node->type == GRAPH_DOMAIN) {
        /* As there: the first is whoever everything comes from. */
        fprintf(out, "%s_%u", type,
                index == sharing->graph.domains ? 0 : index + 1);
    } else if (node->type == GRAPH_ADDRESS || node->type == GRAPH_PAGE) {
        fprintf(out, "%s_%u_%u", type, index, page);
    } else {
        fprintf(out, "%s_%u", type, index);
    }
}

/* A field in quotes; `text` is a name, a path, or our own JSON. */
static void quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc((unsigned char)*text < 0x20 ? '?' : *text, out);
    }
    fputc('"', out);
}

static void extra(const struct graph_node *node, uint32_t page, FILE *out)
{
    uint64_t value = node->value + (uint64_t)page * ABI_PAGE_SIZE;
    char text[96] = "";

    if (node->type == GRAPH_ADDRESS) {
        snprintf(text, sizeof(text),
                 "{\"va\": \"0x%llx\", \"num_pages\": "
                 "\"1\"}",
                 (unsigned long long)value);
    } else if (node->type == GRAPH_PAGE && node->value) {
        snprintf(text, sizeof(text),
                 "{\"pa\": \"0x%llx\", \"num_pages\": "
                 "\"1\"}",
                 (unsigned long long)value);
    }
    if (*text) {
        quoted(text, out);
    }
}

static bool is_space(const struct graph_node *node)
{
    return node->type == GRAPH_SPACE || node->type == GRAPH_POOL;
}

static void node_row(const struct sharing *sharing, uint32_t index,
                     uint32_t page, FILE *out)
{
    const struct graph_node *node = &sharing->graph.nodes[index];
    char name[160];

    sharing_name(sharing, index, name, sizeof(name));
    fputs(node->type == GRAPH_DOMAIN ? "PD,"
          : is_space(node)           ? "RESOURCE_SPACE,"
                                     : "RESOURCE,",
          out);
    node_id(sharing, index, page, out);
    fputc(',', out);
    if (node->type == GRAPH_DOMAIN || node->type == GRAPH_FILE ||
        is_space(node)) {
        quoted(name, out);
    } else if (node->type == GRAPH_TABLE) {
        fputs(node->part == GRAPH_FILES ? "FILES" : "CAPS", out);
    } else {
        fputs(graph_type_osmosis((enum graph_type)node->type), out);
    }
    fputs(",,,,", out);
    extra(node, page, out);
    fputc('\n', out);
}

static void edge_row(const struct sharing *sharing,
                     const struct graph_edge *edge, uint32_t page, FILE *out)
{
    static const char *const kinds[] = {"HOLD", "MAP", "REQUEST", "SUBSET"};
    char rights[5];

    snprintf(
        rights, sizeof(rights), "%s%s%s%s", edge->rights & CAP_READ ? "r" : "",
        edge->rights & CAP_WRITE ? "w" : "", edge->rights & CAP_EXEC ? "x" : "",
        edge->rights & CAP_USE ? "u" : "");
    fprintf(out, ",,%s,%s,", graph_type_osmosis((enum graph_type)edge->type),
            kinds[edge->kind]);
    node_id(sharing, edge->from, page, out);
    fputc(',', out);
    node_id(sharing, edge->to, page, out);
    fprintf(out, ",%s\n", rights);
}

/* A run of pages is as many edges as it has pages. */
static uint32_t edge_pages(const struct sharing *sharing,
                           const struct graph_edge *edge)
{
    const struct graph_node *from = &sharing->graph.nodes[edge->from];
    const struct graph_node *to = &sharing->graph.nodes[edge->to];

    return from->weight > to->weight ? from->weight : to->weight;
}

void graph_csv(const struct sharing *sharing, FILE *out)
{
    const struct graph *graph = &sharing->graph;

    fputs("NODE_TYPE,NODE_ID,DATA,EDGE_TYPE,EDGE_FROM,EDGE_TO,EXTRA\n", out);
    for (uint32_t i = 0; i < graph->node_count; i++) {
        for (uint32_t page = 0; page < graph->nodes[i].weight; page++) {
            node_row(sharing, i, page, out);
        }
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        uint32_t pages = edge_pages(sharing, &graph->edges[i]);
        for (uint32_t page = 0; page < pages; page++) {
            edge_row(sharing, &graph->edges[i], page, out);
        }
    }
}
