/* SPDX-License-Identifier: Apache-2.0 */
/* Degrees of the classes: from the kind, replaced by compose. */
#include "compose.h"

#include <string.h>

static bool read_keep(struct reader *reader, struct node *node,
                      struct config_keep *keep)
{
    keep->name = node_marked(node);
    keep->range = SPEC_NONE;
    for (const struct node *twin = node->up->first; twin != node;
         twin = twin->next) {
        if (strcmp(twin->text, node->text) == 0) {
            report_node(reader, node, "keep names '%s' twice", node->text);
            return false;
        }
    }
    if (strcmp(node->text, "image") == 0) {
        keep->what = SPEC_KEEP_IMAGE;
    } else if (strcmp(node->text, "heap") == 0) {
        keep->what = SPEC_KEEP_HEAP;
    } else if (strcmp(node->text, "stack") == 0) {
        report_node(reader, node,
                    "keep cannot name a stack: no space has one but its own "
                    "domains'");
        return false;
    } else {
        keep->what = SPEC_KEEP_RANGE;
        keep->range = find_range(reader, node);
        return keep->range != SPEC_NONE;
    }
    return true;
}

static bool read_keeps(struct reader *reader, const struct node *part,
                       struct config_degree *out)
{
    const struct node *list = node_good(part, "keep");
    struct config_keep *keep;
    bool good = list && list->kind == NODE_LIST;

    if (!good) {
        return false;
    }
    keep = arena_array(reader->arena, list->count, sizeof *keep);
    out->keep_given = true;
    out->keeps = keep;
    out->keep_count = list->count;
    for (struct node *node = list->first; node; node = node->next) {
        good = !node->bad && read_keep(reader, node, keep++) && good;
    }
    return good;
}

/* The described forms: {new: SIZE}, {part: SIZE}, {new: {host: DIR}},
 * {part: {dir: PATH}}, {part: {keep: ..}}. */
static bool read_described(struct reader *reader, const struct node *map,
                           struct config_degree *out)
{
    const struct node *fresh = node_good(map, "new");
    const struct node *part = node_good(map, "part");

    if (part) {
        out->degree = PD_PART;
        if (part->kind == NODE_SCALAR) {
            out->bytes = part->number;
            return true;
        }
        if (node_get(part, "dir")) {
            out->dir = node_marked(node_good(part, "dir"));
            return out->dir.text != NULL;
        }
        return read_keeps(reader, part, out);
    }
    if (!fresh) {
        return false;
    }
    out->degree = PD_NEW;
    if (fresh->kind == NODE_SCALAR) {
        out->bytes = fresh->number;
        return true;
    }
    out->host = node_marked(node_good(fresh, "host"));
    return out->host.text != NULL;
}

static bool read_degree(struct reader *reader, const struct node *node,
                        struct config_degree *out)
{
    struct config_degree degree = {.mark = node->mark};
    bool good = true;

    if (node->bad) {
        return false;
    }
    degree.host.mark.file = reader->path;
    degree.dir.mark.file = reader->path;
    if (node->kind == NODE_SCALAR) {
        degree.degree = (uint8_t)node->number;
    } else {
        good = read_described(reader, node, &degree);
    }
    if (good) {
        *out = degree;
    }
    return good;
}

bool read_classes(struct reader *reader, const struct node *map,
                  struct config_degree *classes)
{
    bool good = true;

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        const struct node *node = node_get(map, pd_class_name(i));

        if (node) {
            good = read_degree(reader, node, &classes[i]) && good;
        }
    }
    return good;
}

/* The kind's row; false after a report. */
static bool copy_kind(struct reader *reader, struct node *kind,
                      struct config_domain *domain)
{
    const struct config_kind *kinds = reader->config->kinds;
    const struct pd_kind *builtin;
    uint32_t row;

    if (!find_kind(reader, kind, &row, &builtin)) {
        return false;
    }
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        if (builtin) {
            domain->classes[i].degree = builtin->degree[i];
        } else {
            domain->classes[i] = kinds[row].classes[i];
        }
        domain->classes[i].mark = kind->mark;
    }
    return builtin || kinds[row].base;
}

void compose_domain(struct reader *reader, uint32_t index)
{
    struct config_domain *domain = &reader->config->domains[index];
    const struct node *node = reader->domain_nodes[index];
    struct node *given = node_get(node, "kind");
    const struct node *compose = node_get(node, "compose");
    struct node standard = {.text = "process", .mark = domain->name.mark};
    struct node *kind = given ? given : &standard;

    domain->kind_name.text = kind->text;
    domain->kind_name.mark.file = reader->path;
    if (given) {
        domain->kind_name.mark = kind->mark;
    }
    if (kind->bad || !copy_kind(reader, kind, domain)) {
        reader->broken[index] = true;
        return;
    }
    if (compose &&
        (compose->bad || !read_classes(reader, compose, domain->classes))) {
        reader->broken[index] = true;
    }
}
