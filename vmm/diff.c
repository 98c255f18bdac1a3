/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "diff.h"

#include "plan_text.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

static struct diff_fact *add(struct diff_facts *facts, enum diff_kind kind)
{
    if (facts->count == facts->room) {
        size_t room = facts->room ? 2 * facts->room : 64;
        struct diff_fact *list =
            realloc(facts->list, room * sizeof(*facts->list));
        if (!list) {
            facts->failed = true;
            return NULL;
        }
        facts->list = list;
        facts->room = room;
    }
    memset(&facts->list[facts->count], 0, sizeof(*facts->list));
    facts->list[facts->count].kind = kind;
    return &facts->list[facts->count++];
}

/* The class that brings a type of resource. */
static enum pd_class class_of(enum graph_type type)
{
    static const uint8_t classes[GRAPH_TYPE_COUNT] = {
        [GRAPH_ADDRESS] = PD_SPACE,   [GRAPH_PAGE] = PD_SPACE,
        [GRAPH_SPACE] = PD_SPACE,     [GRAPH_QUOTA] = PD_QUOTA,
        [GRAPH_POOL] = PD_POOL,       [GRAPH_TABLE] = PD_CAPS,
        [GRAPH_FILE] = PD_FILES,      [GRAPH_ENDPOINT] = PD_CAPS,
        [GRAPH_HANDLER] = PD_HANDLER, [GRAPH_DOMAIN] = PD_CAPS};

    return (enum pd_class)classes[type];
}

/* Runs of pages differ with the program: told are ranges. Frames follow from
 * addresses, spaces are numbers, to be handled is no authority, and what only
 * it reaches is its own. */
static bool is_fact(const struct sharing *sharing, uint32_t domain,
                    uint32_t node)
{
    const struct graph_node *n = &sharing->graph.nodes[node];

    if (!sharing_reach(sharing, domain)[node] || n->type == GRAPH_PAGE ||
        n->type == GRAPH_SPACE || n->type == GRAPH_CPU ||
        n->type == GRAPH_HANDLER) {
        return false;
    }
    if (n->type == GRAPH_ADDRESS) {
        return sharing->plan->ranges[n->object].owner != domain;
    }
    if (n->type == GRAPH_DOMAIN) { /* to control it is to be trusted by it */
        return n->object != domain &&
               (sharing_reach(sharing, domain)[node] & (CAP_READ | CAP_USE));
    }
    if (n->type == GRAPH_FILE || n->type == GRAPH_ENDPOINT) {
        return true;
    }
    return n->object != domain;
}

static void name_of(const struct sharing *sharing, uint32_t node, char *out,
                    size_t bytes)
{
    const struct graph_node *n = &sharing->graph.nodes[node];

    if (n->type == GRAPH_ADDRESS) {
        plan_range_name(sharing->spec, sharing->plan, n->object, out,
                        (uint32_t)bytes);
    } else if (n->type == GRAPH_DOMAIN) {
        snprintf(out, bytes, "domain ");
        sharing_name(sharing, node, out + strlen(out), bytes - strlen(out));
    } else {
        sharing_name(sharing, node, out, bytes);
    }
}

/* "holds ring (rw); frames of ring", or by which class it came. */
static void way_of(const struct diff_side *side, uint32_t domain, uint32_t node,
                   struct diff_fact *fact)
{
    const struct sharing *sharing = side->sharing;
    const struct graph_node *n = &sharing->graph.nodes[node];
    const struct config_domain *d = &side->run->config->domains[domain];
    enum pd_class class_ = class_of((enum graph_type)n->type);
    char degree[320], rights[8];

    for (uint32_t i = 0; i < d->hold_count; i++) {
        if (strcmp(d->holds[i].object.text, fact->what) == 0 ||
            (n->type == GRAPH_ENDPOINT && d->holds[i].type == CAP_ENDPOINT &&
             d->holds[i].index == n->object)) {
            plan_rights_text((uint8_t)d->holds[i].rights, rights);
            snprintf(fact->why, sizeof(fact->why), "holds %s: %s",
                     d->holds[i].object.text, rights);
            return;
        }
    }
    plan_degree_text(side->run, domain, class_, degree, sizeof(degree));
    snprintf(fact->why, sizeof(fact->why), "%s %s", pd_class_name(class_),
             degree);
}

/* The fact about the range that the last run was of goes on. */
static bool same_as_last(const struct diff_facts *facts, const char *domain,
                         const char *what, uint8_t rights)
{
    struct diff_fact *last =
        facts->count ? &facts->list[facts->count - 1] : NULL;

    if (!last || last->kind != DIFF_REACH || strcmp(last->what, what) != 0 ||
        strcmp(last->domain, domain) != 0) {
        return false;
    }
    last->rights |= rights;
    return true;
}

static void collect_reach(const struct diff_side *side, uint32_t domain,
                          struct diff_facts *out)
{
    const struct sharing *sharing = side->sharing;
    const char *name = side->run->config->domains[domain].name.text;

    for (uint32_t i = 0; i < sharing->graph.node_count; i++) {
        uint8_t rights = sharing_reach(sharing, domain)[i] & CAP_ALL;
        char what[200];
        struct diff_fact *fact;

        if (!is_fact(sharing, domain, i)) {
            continue;
        }
        name_of(sharing, i, what, sizeof(what));
        if (same_as_last(out, name, what, rights)) {
            continue;
        }
        fact = add(out, DIFF_REACH);
        if (fact) {
            snprintf(fact->domain, sizeof(fact->domain), "%s", name);
            snprintf(fact->what, sizeof(fact->what), "%s", what);
            fact->rights = rights;
            way_of(side, domain, i, fact);
        }
    }
}

static void collect_trust(const struct diff_side *side, uint32_t x,
                          struct diff_facts *out)
{
    const struct config_domain *domains = side->run->config->domains;

    for (uint32_t y = 0; y < side->sharing->graph.domains; y++) {
        struct diff_fact *fact =
            sharing_trusts(side->sharing, x, y) ? add(out, DIFF_TRUST) : NULL;
        if (fact) {
            snprintf(fact->domain, sizeof(fact->domain), "%s",
                     domains[x].name.text);
            snprintf(fact->what, sizeof(fact->what), "%s",
                     domains[y].name.text);
            sharing_path(side->sharing, x, y, fact->why, sizeof(fact->why));
        }
    }
}

static void collect_asserts(const struct diff_side *side,
                            struct diff_facts *out)
{
    const struct config *config = side->run->config;

    for (uint32_t i = 0; i < config->assert_count; i++) {
        struct diff_fact *fact = add(out, DIFF_ASSERT);
        FILE *text =
            fact ? fmemopen(fact->what, sizeof(fact->what), "w") : NULL;

        if (text) {
            config_print_assert(config, &config->asserts[i], text);
            fclose(text);
            fact->what[sizeof(fact->what) - 1] = '\0';
            snprintf(fact->domain, sizeof(fact->domain), "%s",
                     config->asserts[i].name.text);
        } else {
            out->failed = true;
        }
    }
}

static int compare(const struct diff_fact *a, const struct diff_fact *b)
{
    int order = (int)a->kind - (int)b->kind;

    order = order ? order : strcmp(a->domain, b->domain);
    return order ? order : strcmp(a->what, b->what);
}

static int compare_any(const void *a, const void *b)
{
    return compare(a, b);
}

void diff_collect(const struct diff_side *side, struct diff_facts *out)
{
    memset(out, 0, sizeof(*out));
    for (uint32_t i = 0; i < side->sharing->graph.domains; i++) {
        collect_reach(side, i, out);
        collect_trust(side, i, out);
    }
    collect_asserts(side, out);
    if (out->count) {
        qsort(out->list, out->count, sizeof(*out->list), compare_any);
    }
}

void diff_free(struct diff_facts *facts)
{
    free(facts->list);
    memset(facts, 0, sizeof(*facts));
}

/* More of an assertion is less of everything else. */
static void judge_change(struct diff_change *change)
{
    const struct diff_fact *some = change->a ? change->a : change->b;
    uint8_t a = change->a ? change->a->rights : 0;
    uint8_t b = change->b ? change->b->rights : 0;

    change->gained = b & (uint8_t)~a;
    change->lost = a & (uint8_t)~b;
    change->weaker = change->gained || !change->a;
    change->stronger = change->lost || !change->b;
    if (some->kind == DIFF_ASSERT) {
        change->weaker = !change->b;
        change->stronger = !change->a;
    }
}

bool diff_next(const struct diff_facts *a, const struct diff_facts *b,
               size_t at[2], struct diff_change *out)
{
    while (at[0] < a->count || at[1] < b->count) {
        const struct diff_fact *one = at[0] < a->count ? &a->list[at[0]] : NULL;
        const struct diff_fact *two = at[1] < b->count ? &b->list[at[1]] : NULL;
        int order = !one ? 1 : !two ? -1 : compare(one, two);

        *out = (struct diff_change){.a = order <= 0 ? one : NULL,
                                    .b = order >= 0 ? two : NULL};
        at[0] += order <= 0;
        at[1] += order >= 0;
        judge_change(out);
        if (out->weaker || out->stronger) {
            return true;
        }
    }
    return false;
}
