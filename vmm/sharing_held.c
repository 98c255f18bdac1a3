/* SPDX-License-Identifier: Apache-2.0 */
#include "sharing_held.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const struct audit_target *target;
    struct sharing_held *held;
};

/* Of one domain: files and folders, endpoints, domains. */
static size_t columns(const struct spec *spec)
{
    return (size_t)spec->header->nodes.count + spec->header->endpoints.count +
           spec->header->domains.count;
}

static size_t column(const struct spec *spec, const struct audit_held *held)
{
    const struct spec_header *header = spec->header;

    switch (held->type) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        return (size_t)header->nodes.count + held->object;
    case CAP_DOMAIN:
        return (size_t)header->nodes.count + header->endpoints.count +
               held->object;
    default:
        return held->object;
    }
}

static void note(void *context, const struct audit_held *held)
{
    const struct reading *reading = context;
    const struct spec *spec = reading->target->spec;
    const struct plan_domain *domains = reading->target->plan->domains;

    for (uint32_t i = 0; i < spec->header->domains.count; i++) {
        uint32_t table = held->files ? domains[i].files : domains[i].caps;

        if (table == held->domain) {
            reading->held->rights[i * columns(spec) + column(spec, held)] |=
                held->rights;
        }
    }
}

static void folders(const struct spec *spec, uint32_t *folder)
{
    memset(folder, 0xff, spec->header->nodes.count * sizeof(*folder));
    for (uint32_t i = 0; i < spec->header->nodes.count; i++) {
        const struct spec_node *node = &spec->nodes[i];

        for (uint32_t c = 0;
             node->kind == SPEC_NODE_DIRECTORY && c < node->count; c++) {
            folder[node->first + c] = i;
        }
    }
}

int sharing_held_read(struct sharing_held *held,
                      const struct audit_target *target)
{
    const struct spec *spec = target->spec;
    struct reading reading = {target, held};

    held->rights = calloc(spec->header->domains.count + 1u, columns(spec) + 1);
    held->folder =
        calloc(spec->header->nodes.count + 1u, sizeof(*held->folder));
    if (!held->rights || !held->folder) {
        return -1;
    }
    folders(spec, held->folder);
    return audit_held(target, note, &reading);
}

void sharing_held_free(struct sharing_held *held)
{
    free(held->rights);
    free(held->folder);
}

/* A directory gives what is beneath it. */
static uint8_t file_rights(const struct sharing_held *held,
                           const uint8_t *rights, uint32_t node)
{
    uint8_t found = rights[node] & (CAP_READ | CAP_EXEC);

    for (uint32_t at = held->folder[node]; at != UINT32_MAX;
         at = held->folder[at]) {
        found |= rights[at] & CAP_READ;
    }
    return found;
}

static void files_add(const struct sharing_held *held, struct sharing *sharing)
{
    const struct spec *spec = sharing->spec;
    uint32_t file = sharing->graph.files;

    for (uint32_t node = 0; node < spec->header->nodes.count; node++) {
        if (spec->nodes[node].kind != SPEC_NODE_FILE) {
            continue;
        }
        for (uint32_t i = 0; i < sharing->graph.domains; i++) {
            uint8_t rights =
                file_rights(held, held->rights + i * columns(spec), node);

            if (rights) {
                graph_edge_add(&sharing->graph, GRAPH_HOLD, GRAPH_FILE, rights,
                               i, file);
            }
        }
        file++;
    }
}

static uint8_t endpoint_rights(const struct sharing_held *held,
                               const struct spec *spec, uint32_t domain,
                               uint32_t endpoint)
{
    return held
        ->rights[domain * columns(spec) + spec->header->nodes.count + endpoint];
}

/* Who may call asks those who serve. */
static void callers_add(const struct sharing_held *held,
                        struct sharing *sharing, uint32_t endpoint)
{
    const struct spec *spec = sharing->spec;
    struct graph *graph = &sharing->graph;

    for (uint32_t a = 0; a < graph->domains; a++) {
        for (uint32_t b = 0; b < graph->domains; b++) {
            if (a != b &&
                endpoint_rights(held, spec, a, endpoint) & CAP_WRITE &&
                endpoint_rights(held, spec, b, endpoint) & CAP_USE) {
                graph_edge_add(graph, GRAPH_REQUEST, GRAPH_ENDPOINT, 0, a, b);
            }
        }
    }
}

static void endpoints_add(const struct sharing_held *held,
                          struct sharing *sharing)
{
    const struct spec *spec = sharing->spec;

    for (uint32_t e = 0; e < spec->header->endpoints.count; e++) {
        for (uint32_t i = 0; i < sharing->graph.domains; i++) {
            uint8_t rights = endpoint_rights(held, spec, i, e);

            if (rights) {
                graph_edge_add(&sharing->graph, GRAPH_HOLD, GRAPH_ENDPOINT,
                               rights, i, sharing->graph.endpoints + e);
            }
        }
        if (spec_endpoint_type(&spec->endpoints[e]) == CAP_ENDPOINT) {
            callers_add(held, sharing, e);
        }
    }
}

/* Beside what tables say: who handles a domain's faults decides about it. */
static void domains_add(const struct sharing_held *held,
                        struct sharing *sharing)
{
    const struct spec *spec = sharing->spec;
    size_t first =
        (size_t)spec->header->nodes.count + spec->header->endpoints.count;

    for (uint32_t a = 0; a < sharing->graph.domains; a++) {
        for (uint32_t b = 0; b < sharing->graph.domains; b++) {
            uint8_t rights = held->rights[a * columns(spec) + first + b];

            rights |= sharing->plan->domains[b].handler == a ? CAP_WRITE : 0;
            if (rights) {
                graph_edge_add(&sharing->graph, GRAPH_HOLD, GRAPH_DOMAIN,
                               rights, a, b);
            }
        }
    }
}

void sharing_held_add(const struct sharing_held *held, struct sharing *sharing)
{
    files_add(held, sharing);
    endpoints_add(held, sharing);
    domains_add(held, sharing);
}
