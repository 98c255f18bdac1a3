/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sharing graph of a guest that stands still, from its page tables. Runs of
 * pages are cut wherever rights or frames change in some root, so that each
 * node's pages are reached alike by everybody.
 */
#include "sharing_held.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

/* One range under all roots. */
struct view {
    uint8_t *rights;  /* roots x pages */
    uint64_t *frames; /* roots x pages */
};

struct live {
    const struct audit_target *target;
    uint64_t cr3[PLAN_MAX_ROOTS]; /* 0: none */
    uint64_t frames;              /* of RAM */
    uint8_t *cuts;                /* per frame: a run begins here */
    uint32_t *nodes;              /* per frame that begins a run: its node */
    struct view view;
    struct sharing_held held; /* only while the kernel is at rest */
};

static const struct plan_range *range_of(const struct live *live,
                                         uint32_t range)
{
    return &live->target->plan->ranges[range];
}

static uint8_t rights_at(const struct live *live, uint32_t range, uint32_t root,
                         uint32_t page)
{
    return live->view
        .rights[(size_t)root * range_of(live, range)->pages + page];
}

/* Number of the frame; live->frames: there is none, or not in RAM. */
static uint64_t frame_at(const struct live *live, uint32_t range, uint32_t root,
                         uint32_t page)
{
    uint64_t number =
        live->view.frames[(size_t)root * range_of(live, range)->pages + page] >>
        ABI_PAGE_SHIFT;

    return rights_at(live, range, root, page) && number < live->frames
               ? number
               : live->frames;
}

static void load(struct live *live, uint32_t range)
{
    const struct plan *plan = live->target->plan;
    size_t pages = range_of(live, range)->pages;

    for (uint32_t root = 0; root < plan->root_count; root++) {
        if (live->cr3[root]) {
            audit_pages(live->target, live->cr3[root], range,
                        live->view.rights + root * pages,
                        live->view.frames + root * pages);
        } else {
            memset(live->view.rights + root * pages, 0, pages);
        }
    }
}

/* Whether `page` goes on as the page before it did, in every root. */
static bool goes_on(const struct live *live, uint32_t range, uint32_t page)
{
    for (uint32_t root = 0; root < live->target->plan->root_count; root++) {
        uint64_t now = frame_at(live, range, root, page);
        uint64_t before = frame_at(live, range, root, page - 1);

        if (rights_at(live, range, root, page) !=
                rights_at(live, range, root, page - 1) ||
            (now == live->frames) != (before == live->frames) ||
            (now != live->frames && now != before + 1)) {
            return false;
        }
    }
    return true;
}

static void cut(struct live *live, uint32_t range, uint32_t page, bool after)
{
    for (uint32_t root = 0; root < live->target->plan->root_count; root++) {
        uint64_t frame = frame_at(live, range, root, page);

        if (frame != live->frames) {
            live->cuts[frame + after] = 1;
        }
    }
}

static void cut_range(struct live *live, uint32_t range)
{
    uint32_t pages = range_of(live, range)->pages;

    load(live, range);
    for (uint32_t page = 0; page < pages; page++) {
        if (page == 0 || !goes_on(live, range, page)) {
            cut(live, range, page, false);
        }
        if (page + 1 == pages || !goes_on(live, range, page + 1)) {
            cut(live, range, page, true);
        }
    }
}

static bool begins(const struct live *live, uint32_t range, uint32_t page)
{
    if (page == 0 || !goes_on(live, range, page)) {
        return true;
    }
    for (uint32_t root = 0; root < live->target->plan->root_count; root++) {
        uint64_t frame = frame_at(live, range, root, page);

        if (frame != live->frames && live->cuts[frame]) {
            return true;
        }
    }
    return false;
}

static bool lives(const struct live *live, uint32_t domain)
{
    return live->target->live >> domain & 1 &&
           live->cr3[live->target->plan->domains[domain].root];
}

static uint32_t backing(struct sharing *sharing, struct live *live,
                        const struct graph_node *address, uint64_t frame)
{
    const struct plan_range *r = range_of(live, address->object);
    uint64_t physical = frame << ABI_PAGE_SHIFT;
    bool module =
        physical >= live->target->module_base &&
        physical - live->target->module_base < live->target->module_bytes;

    if (!live->nodes[frame]) {
        live->nodes[frame] = graph_node_add(
            &sharing->graph,
            &(struct graph_node){.type = GRAPH_PAGE,
                                 .program = module && r->kind == PLAN_IMAGE,
                                 .object = module && r->kind == PLAN_IMAGE
                                               ? r->object
                                               : address->object,
                                 .part = address->part,
                                 .weight = address->weight,
                                 .value = physical});
    }
    return live->nodes[frame];
}

/* A run: its node, what backs it in each root, and who holds it. */
static void run_add(struct sharing *sharing, struct live *live,
                    const struct graph_node *address)
{
    const struct plan *plan = live->target->plan;
    uint32_t node = GRAPH_NONE;
    uint64_t first = live->frames;

    for (uint32_t i = 0; i < sharing->graph.domains; i++) {
        uint32_t root = plan->domains[i].root;
        uint8_t rights = rights_at(live, address->object, root, address->part);
        uint64_t frame = frame_at(live, address->object, root, address->part);

        if (!rights || !lives(live, i)) {
            continue;
        }
        if (node == GRAPH_NONE) {
            node = graph_node_add(&sharing->graph, address);
            first = frame;
            if (frame != live->frames) {
                graph_edge_add(&sharing->graph, GRAPH_MAP, GRAPH_PAGE, CAP_ALL,
                               node, backing(sharing, live, address, frame));
            }
        }
        graph_edge_add(&sharing->graph, GRAPH_HOLD, GRAPH_ADDRESS, rights, i,
                       node);
        /* Tables that do not agree: what this root has there, it has. */
        if (frame != first && frame != live->frames) {
            graph_edge_add(&sharing->graph, GRAPH_HOLD, GRAPH_PAGE, rights, i,
                           backing(sharing, live, address, frame));
        }
    }
}

static void range_add(struct sharing *sharing, struct live *live,
                      uint32_t range)
{
    const struct plan_range *r = range_of(live, range);
    uint32_t first = 0;

    load(live, range);
    for (uint32_t page = 1; page <= r->pages; page++) {
        if (page < r->pages && !begins(live, range, page)) {
            continue;
        }
        run_add(sharing, live,
                &(struct graph_node){.type = GRAPH_ADDRESS,
                                     .object = range,
                                     .part = first,
                                     .weight = page - first,
                                     .value = plan_range_start(r) +
                                              first * ABI_PAGE_SIZE});
        first = page;
    }
}

static void spaces_add(struct sharing *sharing, const struct live *live)
{
    const struct plan *plan = live->target->plan;

    for (uint32_t root = 0; root < plan->root_count; root++) {
        uint32_t space = graph_node_add(
            &sharing->graph, &(struct graph_node){.type = GRAPH_SPACE,
                                                  .object = root,
                                                  .weight = 1,
                                                  .value = live->cr3[root]});
        for (uint32_t i = 0; i < sharing->graph.domains; i++) {
            if (plan->domains[i].root == root && lives(live, i)) {
                graph_edge_add(&sharing->graph, GRAPH_HOLD, GRAPH_SPACE,
                               CAP_READ | CAP_WRITE | CAP_USE, i, space);
            }
        }
    }
}

static void make(struct sharing *sharing, void *context)
{
    struct live *live = context;

    memset(live->nodes, 0, live->frames * sizeof(*live->nodes));
    graph_add_resources(sharing->spec, sharing->plan, &sharing->graph);
    if (live->target->at_rest) {
        sharing_held_add(&live->held, sharing);
    } else {
        graph_add_held(sharing->spec, sharing->plan, &sharing->graph);
    }
    for (uint32_t i = 0; i < sharing->plan->range_count; i++) {
        range_add(sharing, live, i);
    }
    spaces_add(sharing, live);
}

static int look(struct sharing *out, struct live *live)
{
    const struct plan *plan = live->target->plan;
    size_t most = 1;

    for (uint32_t i = 0; i < plan->range_count; i++) {
        most = plan->ranges[i].pages > most ? plan->ranges[i].pages : most;
    }
    most *= plan->root_count;
    live->cuts = calloc(live->frames + 1, 1);
    live->nodes = calloc(live->frames + 1, sizeof(*live->nodes));
    live->view.rights = calloc(most, sizeof(*live->view.rights));
    live->view.frames = calloc(most, sizeof(*live->view.frames));
    if (!live->cuts || !live->nodes || !live->view.rights ||
        !live->view.frames ||
        (live->target->at_rest &&
         sharing_held_read(&live->held, live->target) < 0)) {
        return -1;
    }
    for (uint32_t i = 0; i < plan->range_count; i++) {
        cut_range(live, i);
    }
    return sharing_fill(out, make, live) < 0 ? -1 : sharing_measure(out);
}

int sharing_live(struct sharing *out, const struct audit_target *target)
{
    struct live live = {.target = target,
                        .frames = target->memory_bytes >> ABI_PAGE_SHIFT};
    int result;

    memset(out, 0, sizeof(*out));
    out->spec = target->spec;
    out->plan = target->plan;
    for (uint32_t i = 0; i < target->plan->root_count; i++) {
        live.cr3[i] = audit_root_cr3(target, i);
    }
    result = look(out, &live);
    free(live.cuts);
    free(live.nodes);
    free(live.view.rights);
    free(live.view.frames);
    sharing_held_free(&live.held);
    return result;
}
