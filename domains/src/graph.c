/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes and edges of the sharing graph, and its memory part. */
#include <domains/graph.h>

#include <capabilities/cap.h>

static const char *const type_names[] = {
#define TYPE_NAME(name, text, osmosis) text,
    GRAPH_TYPE_LIST(TYPE_NAME)
#undef TYPE_NAME
};
static const char *const osmosis_names[] = {
#define TYPE_OSMOSIS(name, text, osmosis) osmosis,
    GRAPH_TYPE_LIST(TYPE_OSMOSIS)
#undef TYPE_OSMOSIS
};

const char *graph_type_name(enum graph_type type)
{
    return type < GRAPH_TYPE_COUNT ? type_names[type] : "unknown";
}

const char *graph_type_osmosis(enum graph_type type)
{
    return type < GRAPH_TYPE_COUNT ? osmosis_names[type] : "NONE";
}

const char *graph_edge_name(enum graph_edge_kind kind)
{
    static const char *const names[] = {"hold", "map", "request", "subset"};

    return kind <= GRAPH_SUBSET ? names[kind] : "unknown";
}

uint32_t graph_node_add(struct graph *graph, const struct graph_node *node)
{
    uint32_t at = graph->node_count++;

    if (at >= graph->node_room) {
        return at; /* counted; whoever uses the number has no room either */
    }
    graph->nodes[at] = *node;
    return at;
}

void graph_edge_add(struct graph *graph, enum graph_edge_kind kind,
                    enum graph_type type, uint8_t rights, uint32_t from,
                    uint32_t to)
{
    uint32_t at = graph->edge_count++;

    if (at < graph->edge_room) {
        graph->edges[at] = (struct graph_edge){.kind = (uint8_t)kind,
                                               .type = (uint8_t)type,
                                               .rights = rights,
                                               .from = from,
                                               .to = to};
    }
}

uint32_t graph_find(const struct graph *graph, enum graph_type type,
                    uint32_t object, uint32_t part)
{
    for (uint32_t i = 0; i < graph->node_count && i < graph->node_room; i++) {
        const struct graph_node *node = &graph->nodes[i];

        if (node->type == type && node->object == object &&
            node->part == part && !node->program) {
            return i;
        }
    }
    return GRAPH_NONE;
}

/* The runs of equal pages that a range consists of. */
static uint32_t run_count(const struct spec *spec, const struct plan_range *r)
{
    return r->kind == PLAN_IMAGE ? spec->programs[r->object].segment_count : 1;
}

static void run_of(const struct spec *spec, const struct plan_range *r,
                   uint32_t run, struct spec_segment *out)
{
    if (r->kind == PLAN_IMAGE) {
        *out = spec->segments[spec->programs[r->object].first_segment + run];
    } else {
        *out = (struct spec_segment){.pages = r->pages, .rights = r->rights};
    }
}

/* Pages of the module, mapped in place by every instance of the program. */
static void program_pages_add(const struct spec *spec, struct graph *graph)
{
    for (uint32_t p = 0; p < spec->header->programs.count; p++) {
        const struct spec_program *program = &spec->programs[p];

        graph->program[p] = graph->node_count;
        for (uint32_t i = 0; i < program->segment_count; i++) {
            const struct spec_segment *segment =
                &spec->segments[program->first_segment + i];
            /* A writable one is copied: its node is there and unreached, so
             * that segment i is node program[p] + i. */
            (void)graph_node_add(
                graph, &(struct graph_node){.type = GRAPH_PAGE,
                                            .program = 1,
                                            .object = p,
                                            .part = segment->page,
                                            .weight = segment->pages});
        }
    }
}

/* What backs one run: pages of its own, or the module's. */
static uint32_t backing_add(struct graph *graph, const struct plan *plan,
                            uint32_t range, uint32_t run,
                            const struct spec_segment *segment)
{
    const struct plan_range *r = &plan->ranges[range];

    if (r->kind == PLAN_IMAGE && !(segment->rights & CAP_WRITE)) {
        return graph->program[r->object] + run;
    }
    return graph_node_add(graph,
                          &(struct graph_node){.type = GRAPH_PAGE,
                                               .object = range,
                                               .part = segment->page,
                                               .weight = segment->pages});
}

static void range_add(const struct spec *spec, const struct plan *plan,
                      struct graph *graph, uint32_t range)
{
    const struct plan_range *r = &plan->ranges[range];
    uint32_t runs = run_count(spec, r);
    struct spec_segment segment;

    graph->address[range] = graph->node_count;
    for (uint32_t i = 0; i < runs; i++) {
        run_of(spec, r, i, &segment);
        (void)graph_node_add(
            graph,
            &(struct graph_node){.type = GRAPH_ADDRESS,
                                 .object = range,
                                 .part = segment.page,
                                 .weight = segment.pages,
                                 .value = plan_range_start(r) +
                                          (uint64_t)segment.page * 4096u});
    }
    for (uint32_t i = 0; i < runs; i++) {
        uint32_t backing;

        run_of(spec, r, i, &segment);
        backing = backing_add(graph, plan, range, i, &segment);
        graph_edge_add(graph, GRAPH_MAP, GRAPH_PAGE, (uint8_t)segment.rights,
                       graph->address[range] + i, backing);
    }
}

/* A domain holds the runs that its root has; they are parts of the root. */
static void view_add(const struct spec *spec, const struct plan *plan,
                     struct graph *graph, uint32_t domain)
{
    uint32_t root = plan->domains[domain].root;

    for (uint32_t range = 0; range < plan->range_count; range++) {
        const struct plan_range *r = &plan->ranges[range];
        uint32_t runs = run_count(spec, r);

        for (uint32_t i = 0; i < runs; i++) {
            struct spec_segment segment;
            uint8_t rights;

            run_of(spec, r, i, &segment);
            rights = plan->attached[root][range] & (uint8_t)segment.rights;
            if (rights) {
                graph_edge_add(graph, GRAPH_HOLD, GRAPH_ADDRESS, rights, domain,
                               graph->address[range] + i);
            }
        }
    }
}

static void spaces_add(const struct spec *spec, const struct plan *plan,
                       struct graph *graph)
{
    for (uint32_t root = 0; root < plan->root_count; root++) {
        uint32_t space = graph_node_add(
            graph, &(struct graph_node){
                       .type = GRAPH_SPACE, .object = root, .weight = 1});

        for (uint32_t i = 0; i < graph->domains; i++) {
            if (plan->domains[i].root == root) {
                graph_edge_add(graph, GRAPH_HOLD, GRAPH_SPACE,
                               CAP_READ | CAP_WRITE | CAP_USE, i, space);
            }
        }
        for (uint32_t range = 0; range < plan->range_count; range++) {
            uint32_t runs = run_count(spec, &plan->ranges[range]);

            for (uint32_t i = 0; plan->attached[root][range] && i < runs; i++) {
                graph_edge_add(graph, GRAPH_SUBSET, GRAPH_ADDRESS, 0,
                               graph->address[range] + i, space);
            }
        }
    }
}

enum status graph_make(const struct spec *spec, const struct plan *plan,
                       struct graph *graph)
{
    graph_add_resources(spec, plan, graph);
    graph_add_held(spec, plan, graph);
    program_pages_add(spec, graph);
    for (uint32_t i = 0; i < plan->range_count; i++) {
        range_add(spec, plan, graph, i);
    }
    for (uint32_t i = 0; i < graph->domains; i++) {
        view_add(spec, plan, graph, i);
    }
    spaces_add(spec, plan, graph);
    return graph->node_count > graph->node_room ||
                   graph->edge_count > graph->edge_room
               ? STATUS_TOO_BIG
               : STATUS_OK;
}
