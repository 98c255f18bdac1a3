/* SPDX-License-Identifier: Apache-2.0 */
/* The shadow's removals: which ones are right, and which slots they free. */
#include "model.h"

static void doom_nobody(struct model *m)
{
    memset(m->doomed, 0, sizeof(m->doomed));
}

/* A composite takes its members along. */
static void doom_members(struct model *m)
{
    for (int i = 0; i < m->nodes; i++) {
        if (m->node[i].live && m->node[i].head != NOBODY &&
            m->doomed[m->node[i].head]) {
            m->doomed[i] = true;
        }
    }
}

void model_doom_delete(struct model *m, int node)
{
    doom_nobody(m);
    m->doomed[node] = true;
    doom_members(m);
}

void model_doom_revoke(struct model *m, int node)
{
    int above[CAP_COMPOSITE_MAX + 1] = {node};
    uint32_t count = 1;

    for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
        int member = model_member(m, node, p);
        if (member != NOBODY) {
            above[count++] = member;
        }
    }
    doom_nobody(m);
    for (int i = 0; i < m->nodes; i++) {
        for (uint32_t a = 0; a < count && m->node[i].live; a++) {
            m->doomed[i] = m->doomed[i] || model_below(m, i, above[a]);
        }
    }
    doom_members(m);
}

void model_doom_clear(struct model *m, uint32_t table)
{
    for (int i = 0; i < m->nodes; i++) {
        m->doomed[i] = m->node[i].live && m->node[i].table == table;
    }
}

/* Nodes that are dead and have no live descendant give their slots back. */
static void sweep(struct model *m)
{
    bool kept[MODEL_NODES] = {false};

    for (int i = 0; i < m->nodes; i++) {
        if (m->node[i].live) {
            for (int n = i; n != NOBODY && !kept[n]; n = m->node[n].parent) {
                kept[n] = true;
            }
        }
    }
    for (int i = 0; i < m->nodes; i++) {
        struct model_node *n = &m->node[i];
        if (n->exists && !kept[i]) {
            m->at[n->table][n->index] = NOBODY;
            m->generation[n->table][n->index]++;
            memset(n, 0, sizeof(*n));
        }
    }
}

/* The node whose slot this is; it must be live, and its slot say so. */
static int node_of(const struct model *m, const struct removal *r)
{
    ptrdiff_t table = r->slot.table - m->w->table;

    expect(table >= 0 && table < (ptrdiff_t)WORLD_TABLES);
    int node = m->at[table][r->slot.index];
    expect(node != NOBODY);
    expect(r->at == model_slot(m, node));
    expect(m->node[node].live);
    expect(r->slot.type == m->node[node].type);
    expect(r->slot.rights == m->node[node].rights);
    expect(r->slot.first == m->node[node].first);
    expect(r->slot.count == m->node[node].count);
    return node;
}

static bool any_live(const struct model *m, uint8_t type)
{
    for (int i = 0; i < m->nodes; i++) {
        if (m->node[i].live && m->node[i].type == type) {
            return true;
        }
    }
    return false;
}

void model_take_removals(struct model *m, bool all)
{
    for (uint32_t i = 0; i < m->w->removals; i++) {
        const struct removal *r = &m->w->removal[i];
        int node = node_of(m, r);
        uint8_t type = m->node[node].type;

        expect(m->doomed[node]);
        m->node[node].live = false;
        m->node[node].revoking = false;
        m->node[node].head = NOBODY;
        expect(r->last == (type != CAP_COMPOSITE && !any_live(m, type)));
    }
    for (int i = 0; i < m->nodes && all; i++) {
        expect(!m->doomed[i] || !m->node[i].live);
    }
    m->w->removals = 0;
    sweep(m);
}

void model_mark_revoking(struct model *m, int node, bool revoking)
{
    int head = m->node[node].head;

    m->node[node].revoking =
        revoking || (head != NOBODY && m->node[head].revoking);
    for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
        int member = model_member(m, node, p);
        if (member != NOBODY) {
            m->node[member].revoking = revoking;
        }
    }
}
