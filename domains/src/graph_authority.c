/* SPDX-License-Identifier: Apache-2.0 */
/* The sharing graph but for memory: tables and what is in them, quotas, pools,
 * handlers, and who was asked for what. */
#include <domains/graph.h>

#include <capabilities/cap.h>

#define READ_WRITE (CAP_READ | CAP_WRITE)

/* Whose a shared thing is: the domain that brought it, else the root. */
static uint32_t node_of(const struct graph *graph, uint32_t domain)
{
    return domain < graph->domains ? domain : graph->domains;
}

static void domains_add(const struct spec *spec, struct graph *graph)
{
    graph->domains = spec->header->domains.count;
    for (uint32_t i = 0; i <= graph->domains; i++) {
        (void)graph_node_add(
            graph,
            &(struct graph_node){.type = GRAPH_DOMAIN,
                                 .object = i < graph->domains ? i : SPEC_NONE,
                                 .weight = 1});
    }
}

/*
 * One node for each that exists, held by all that use it, and a part of the one
 * it was split off. `first` + i is that of domain i.
 */
struct use {
    enum graph_type type;
    uint32_t part; /* of the node */
    uint8_t rights;
    bool of_root; /* the root domain has one */
};

static uint32_t used_by(const struct plan *plan, const struct use *use,
                        uint32_t domain)
{
    const struct plan_domain *d = &plan->domains[domain];

    switch (use->type) {
    case GRAPH_QUOTA:
        return d->quota;
    case GRAPH_POOL:
        return d->pool;
    case GRAPH_HANDLER:
        return d->handler;
    default:
        return use->part == GRAPH_FILES ? d->files : d->caps;
    }
}

static bool exists(const struct graph *graph, const struct plan *plan,
                   const struct use *use, uint32_t owner)
{
    for (uint32_t i = 0; i < graph->domains; i++) {
        if (used_by(plan, use, i) == owner) {
            return true;
        }
    }
    return false;
}

static void use_one(const struct spec *spec, const struct plan *plan,
                    struct graph *graph, const struct use *use, uint32_t owner)
{
    uint32_t node = graph_node_add(
        graph, &(struct graph_node){
                   .type = (uint8_t)use->type,
                   .object = owner < graph->domains ? owner : SPEC_NONE,
                   .part = use->part,
                   .weight = 1});

    for (uint32_t i = 0; i < graph->domains; i++) {
        uint32_t parent = spec->domains[i].parent;

        if (used_by(plan, use, i) != owner) {
            continue;
        }
        graph_edge_add(graph, GRAPH_HOLD, use->type, use->rights, i, node);
        /* Its own was made out of the parent's; another's is asked for. */
        if (owner != i || use->type == GRAPH_QUOTA || use->type == GRAPH_POOL) {
            graph_edge_add(graph, GRAPH_REQUEST, use->type, 0, i,
                           node_of(graph, owner == i ? parent : owner));
        }
    }
}

static void use_add(const struct spec *spec, const struct plan *plan,
                    struct graph *graph, const struct use *use)
{
    if (use->of_root && exists(graph, plan, use, PLAN_NONE)) {
        use_one(spec, plan, graph, use, PLAN_NONE);
    }
    for (uint32_t i = 0; i < graph->domains; i++) {
        if (exists(graph, plan, use, i)) {
            use_one(spec, plan, graph, use, i);
        }
    }
}

/* Who composed it. */
static void parents_add(const struct spec *spec, struct graph *graph)
{
    for (uint32_t i = 0; i < graph->domains; i++) {
        uint32_t cpu = graph_node_add(
            graph,
            &(struct graph_node){.type = GRAPH_CPU, .object = i, .weight = 1});

        graph_edge_add(graph, GRAPH_HOLD, GRAPH_CPU, READ_WRITE, i, cpu);
        graph_edge_add(graph, GRAPH_REQUEST, GRAPH_DOMAIN, 0, i,
                       node_of(graph, spec->domains[i].parent));
    }
}

/* The node that a domain's files begin at: the root of the tree of the nearest
 * ancestor that brought one, or a folder of that. SPEC_NONE: none. */
static uint32_t files_root(const struct spec *spec, uint32_t domain)
{
    while (domain != SPEC_NONE) {
        const struct spec_domain *d = &spec->domains[domain];

        if (d->degree[PD_FILES] == PD_NEW) {
            return d->tree == SPEC_NONE ? SPEC_NONE : spec->trees[d->tree].root;
        }
        if (d->files_dir) {
            return d->files_dir - 1;
        }
        if (d->degree[PD_FILES] == PD_NONE) {
            return SPEC_NONE;
        }
        domain = d->parent;
    }
    return SPEC_NONE;
}

/* The directory that `node` is in: its children are consecutive and have
 * larger indices than it. SPEC_NONE: it is the root of a tree. */
static uint32_t folder_of(const struct spec *spec, uint32_t node)
{
    for (uint32_t i = node; i-- > 0;) {
        const struct spec_node *n = &spec->nodes[i];

        if (n->kind == SPEC_NODE_DIRECTORY && node >= n->first &&
            node - n->first < n->count) {
            return i;
        }
    }
    return SPEC_NONE;
}

/* Trees that `ambit` packs are not deeper; what lies deeper has no holders. */
#define FOLDERS_MAX 65u

static void file_holders_add(const struct spec *spec, struct graph *graph,
                             uint32_t file, uint32_t node)
{
    uint32_t folders[FOLDERS_MAX], count = 0;
    uint32_t folder = folder_of(spec, file);

    while (folder != SPEC_NONE && count < FOLDERS_MAX) {
        folders[count++] = folder;
        folder = folder_of(spec, folder);
    }
    for (uint32_t i = 0; i < graph->domains; i++) {
        uint32_t root = files_root(spec, i);

        for (uint32_t f = 0; f < count; f++) {
            if (folders[f] == root) {
                graph_edge_add(graph, GRAPH_HOLD, GRAPH_FILE, CAP_READ, i,
                               node);
            }
        }
    }
}

static void files_add(const struct spec *spec, struct graph *graph)
{
    graph->files = graph->node_count;
    for (uint32_t i = 0; i < spec->header->nodes.count; i++) {
        if (spec->nodes[i].kind == SPEC_NODE_FILE) {
            (void)graph_node_add(graph, &(struct graph_node){.type = GRAPH_FILE,
                                                             .object = i,
                                                             .weight = 1});
        }
    }
}

static void held_files_add(const struct spec *spec, struct graph *graph)
{
    uint32_t node = graph->files;

    for (uint32_t i = 0; i < spec->header->nodes.count; i++) {
        if (spec->nodes[i].kind == SPEC_NODE_FILE) {
            file_holders_add(spec, graph, i, node++);
        }
    }
}

/* Rights that a hold of type and object gives `domain`, by its table or by one
 * that its table is a copy of. */
static uint8_t held(const struct spec *spec, const struct plan *plan,
                    uint32_t domain, uint32_t type, uint32_t object)
{
    uint32_t table = plan->domains[domain].caps;
    uint8_t rights = 0;

    while (table != PLAN_NONE) {
        for (uint32_t i = 0; i < spec->header->domains.count; i++) {
            const struct spec_domain *d = &spec->domains[i];

            for (uint32_t h = 0;
                 plan->domains[i].caps == table && h < d->hold_count; h++) {
                const struct spec_hold *hold = &spec->holds[d->first_hold + h];

                if (hold->type == type && hold->object == object) {
                    rights |= (uint8_t)hold->rights;
                }
            }
        }
        if (spec->domains[table].degree[PD_CAPS] != PD_PART) {
            break;
        }
        table = plan->domains[spec->domains[table].parent].caps;
    }
    return rights;
}

/* Who may call asks those who serve. */
static void callers_add(struct graph *graph, const struct spec *spec,
                        const struct plan *plan, uint32_t endpoint)
{
    for (uint32_t a = 0; a < graph->domains; a++) {
        if (!(held(spec, plan, a, CAP_ENDPOINT, endpoint) & CAP_WRITE)) {
            continue;
        }
        for (uint32_t b = 0; b < graph->domains; b++) {
            if (a != b &&
                held(spec, plan, b, CAP_ENDPOINT, endpoint) & CAP_USE) {
                graph_edge_add(graph, GRAPH_REQUEST, GRAPH_ENDPOINT, 0, a, b);
            }
        }
    }
}

static void endpoints_add(const struct spec *spec, struct graph *graph)
{
    graph->endpoints = graph->node_count;
    for (uint32_t e = 0; e < spec->header->endpoints.count; e++) {
        (void)graph_node_add(graph, &(struct graph_node){.type = GRAPH_ENDPOINT,
                                                         .object = e,
                                                         .weight = 1});
    }
}

static void held_endpoints_add(const struct spec *spec, const struct plan *plan,
                               struct graph *graph)
{
    for (uint32_t e = 0; e < spec->header->endpoints.count; e++) {
        for (uint32_t i = 0; i < graph->domains; i++) {
            uint8_t rights =
                held(spec, plan, i, spec_endpoint_type(&spec->endpoints[e]), e);

            if (rights) {
                graph_edge_add(graph, GRAPH_HOLD, GRAPH_ENDPOINT, rights, i,
                               graph->endpoints + e);
            }
        }
        callers_add(graph, spec, plan, e);
    }
}

/* Domains that are held: to stop, to start, to handle. */
static void held_domains_add(const struct spec *spec, const struct plan *plan,
                             struct graph *graph)
{
    for (uint32_t a = 0; a < graph->domains; a++) {
        for (uint32_t b = 0; b < graph->domains; b++) {
            uint8_t rights = held(spec, plan, a, CAP_DOMAIN, b) |
                             held(spec, plan, a, CAP_HANDLER, b);

            if (plan->domains[b].handler == a) {
                rights |= CAP_WRITE; /* decides what its faults lead to */
            }
            if (rights) {
                graph_edge_add(graph, GRAPH_HOLD, GRAPH_DOMAIN, rights, a, b);
            }
        }
    }
}

void graph_add_held(const struct spec *spec, const struct plan *plan,
                    struct graph *graph)
{
    held_files_add(spec, graph);
    held_endpoints_add(spec, plan, graph);
    held_domains_add(spec, plan, graph);
}

void graph_add_resources(const struct spec *spec, const struct plan *plan,
                         struct graph *graph)
{
    static const struct use uses[] = {
        {GRAPH_QUOTA, 0, CAP_READ | CAP_USE, true},
        {GRAPH_POOL, 0, CAP_READ | CAP_USE, true},
        {GRAPH_TABLE, GRAPH_CAPS, READ_WRITE, false},
        {GRAPH_TABLE, GRAPH_FILES, READ_WRITE, false},
        {GRAPH_HANDLER, 0, CAP_USE, true},
    };

    domains_add(spec, graph);
    parents_add(spec, graph);
    for (uint32_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
        use_add(spec, plan, graph, &uses[i]);
    }
    files_add(spec, graph);
    endpoints_add(spec, graph);
}
