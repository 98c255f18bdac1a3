/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deleting, revoking, clearing, destroying: exactly what may go goes, it is
 * told once, and everything else stays as it was.
 */
#include "judge.h"
#include "life.h"

#include <string.h>

struct removal_set {
    bool node[NODES];
};

/* A composite takes its members along. */
static void add(const struct view *view, struct removal_set *set, uint32_t node)
{
    if (view->node[node].state != CAP_LIVE || set->node[node]) {
        return;
    }
    set->node[node] = true;
    if (view->node[node].type == CAP_COMPOSITE) {
        for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
            uint32_t member = view_member(view, node, i);

            if (member != 0) {
                set->node[member] = true;
            }
        }
    }
}

static void add_below(const struct view *view, struct removal_set *set,
                      uint32_t above)
{
    for (uint32_t i = 0; i < node_count; i++) {
        if (view_below(view, nodes[i], above)) {
            add(view, set, nodes[i]);
        }
    }
}

/* What revoking a node takes: all below it and below its members. */
static void revoked(const struct view *view, struct removal_set *set,
                    uint32_t node)
{
    add_below(view, set, node);
    for (uint32_t i = 0;
         view->node[node].type == CAP_COMPOSITE && i < CAP_COMPOSITE_MAX; i++) {
        uint32_t member = view_member(view, node, i);

        if (member != 0) {
            add_below(view, set, member);
        }
    }
}

/* Destroying takes what is in the tables, and all that came of it. */
static void destroyed(const struct view *view, struct removal_set *set,
                      uint32_t domain)
{
    for (uint32_t i = 0; i < node_count; i++) {
        uint32_t table = nodes[i] / CAP_CHUNK_SLOTS;

        if (table != 0 && table_domain(table) == domain &&
            in_use(&view->node[nodes[i]])) {
            revoked(view, set, nodes[i]);
            add(view, set, nodes[i]);
        }
    }
}

/* What the action may take, when it comes to its end. */
static void permitted(const struct move *m, struct removal_set *set)
{
    const struct action *a = m->action;

    switch (a->act) {
    case ACT_DELETE:
        add(m->before, set, a->node);
        break;
    case ACT_REVOKE:
        revoked(m->before, set, a->node);
        break;
    case ACT_REVOKE_MEMBER:
        revoked(m->before, set, view_member(m->before, a->node, a->position));
        break;
    case ACT_CLEAR:
        for (uint32_t i = 0; i < node_count; i++) {
            if (nodes[i] / CAP_CHUNK_SLOTS == a->to) {
                add(m->before, set, nodes[i]);
            }
        }
        break;
    case ACT_DESTROY:
        if (m->status == STATUS_OK) {
            destroyed(m->before, set, a->domain);
        }
        break;
    default:
        break;
    }
}

static void mark(struct view *view, uint32_t node, bool revoking)
{
    uint8_t flags = view->node[node].flags & (uint8_t)~CAP_REVOKING;

    view->node[node].flags = revoking ? flags | CAP_REVOKING : flags;
}

/* The marks that a revocation sets first, or takes back when it is through. */
static void mark_revoked(struct view *view, uint32_t node, bool begin)
{
    uint32_t table = node - node % CAP_CHUNK_SLOTS;
    bool by_head =
        is_member(&view->node[node]) &&
        (view->node[table + view->node[node].head].flags & CAP_REVOKING) != 0;

    mark(view, node, begin || by_head);
    for (uint32_t i = 0;
         view->node[node].type == CAP_COMPOSITE && i < CAP_COMPOSITE_MAX; i++) {
        uint32_t member = view_member(view, node, i);

        if (member != 0) {
            mark(view, member, begin);
        }
    }
}

static uint32_t revoked_node(const struct move *m)
{
    const struct action *a = m->action;

    return a->act == ACT_REVOKE ? a->node
           : a->act == ACT_REVOKE_MEMBER
               ? view_member(m->before, a->node, a->position)
               : 0;
}

/* Live before, not live after. */
static uint32_t gone(const struct move *m, struct removal_set *set)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < node_count; i++) {
        set->node[nodes[i]] = m->before->node[nodes[i]].state == CAP_LIVE &&
                              m->after->node[nodes[i]].state != CAP_LIVE;
        count += set->node[nodes[i]];
    }
    return count;
}

/* M17: each removal is told once, the last one of a thing as its last. */
static bool told(const struct move *m, const struct removal_set *went,
                 uint32_t count)
{
    bool heard[NODES] = {false};

    if (step.removals != count) {
        return false;
    }
    for (uint32_t i = 0; i < step.removals; i++) {
        const struct removal *r = &step.removal[i];
        bool last = r->thing != THING_NONE;

        if (r->node >= NODES || heard[r->node] || !went->node[r->node] ||
            m->before->node[r->node].thing != r->thing) {
            return false;
        }
        heard[r->node] = true;
        for (uint32_t n = 0; n < node_count; n++) {
            last = last && (m->before->node[nodes[n]].thing != r->thing ||
                            m->before->node[nodes[n]].state != CAP_LIVE ||
                            heard[nodes[n]]);
        }
        if (last != r->last) {
            return false;
        }
    }
    return true;
}

/* Unfinished work has done something, and leaves something to do. */
static bool progress(const struct move *m, const struct removal_set *may,
                     uint32_t count)
{
    if (m->action->act == ACT_CLEAR) {
        return m->after->cursor[m->action->to] >
               m->before->cursor[m->action->to];
    }
    for (uint32_t i = 0; i < node_count; i++) {
        if (may->node[nodes[i]] && m->after->node[nodes[i]].state == CAP_LIVE) {
            return count > 0;
        }
    }
    return false;
}

static void drop_table(struct view *want, uint32_t table)
{
    memset(&want->node[table * CAP_CHUNK_SLOTS], 0,
           CAP_CHUNK_SLOTS * sizeof want->node[0]);
    want->size[table] = 0;
}

static void finish(const struct move *m, struct view *want)
{
    const struct action *a = m->action;

    if (a->act == ACT_END && scene->travel) {
        want->users[caps_table(a->domain)] = 0;
    } else if (a->act == ACT_CLEAR) {
        want->cursor[a->to] = m->after->cursor[a->to];
    } else if (a->act == ACT_DESTROY && m->status == STATUS_OK) {
        drop_table(want, caps_table(a->domain));
        drop_table(want, files_table(a->domain));
    }
}

const char *judge_removal(const struct move *m)
{
    struct removal_set may = {{false}}, went;
    struct view want = *m->before;
    uint32_t node = revoked_node(m);
    uint32_t count = gone(m, &went);

    permitted(m, &may);
    for (uint32_t i = 0; i < node_count; i++) {
        if (went.node[nodes[i]] && !may.node[nodes[i]]) {
            return "M16 removal";
        }
        if (m->status == STATUS_OK && may.node[nodes[i]] &&
            !went.node[nodes[i]]) {
            return "M16 removal";
        }
    }
    if (m->status == STATUS_MORE && !progress(m, &may, count)) {
        return "M16 removal";
    }
    if (!told(m, &went, count)) {
        return "M17 told";
    }
    if (node != 0) {
        mark_revoked(&want, node, true);
    }
    view_kill(&want, went.node);
    if (node != 0 && m->status == STATUS_OK) {
        mark_revoked(&want, node, false);
    }
    finish(m, &want);
    return view_same(&want, m->after) ? NULL : "M15 effect";
}
