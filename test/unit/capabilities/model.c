/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

void model_new(struct model *m, struct world *w, uint32_t chunks)
{
    memset(m, 0, sizeof(*m));
    m->w = w;
    m->size = chunks * CAP_CHUNK_SLOTS;
    m->nodes = (int)(WORLD_TABLES * m->size);
    for (uint32_t t = 0; t < WORLD_TABLES; t++) {
        for (uint32_t i = 0; i < MODEL_SLOTS; i++) {
            m->at[t][i] = NOBODY;
        }
    }
}

struct cap_slot *model_slot(const struct model *m, int node)
{
    const struct model_node *n = &m->node[node];

    return cap_table_slot(&m->w->table[n->table], n->index);
}

struct cap_ref model_ref(const struct model *m, int node)
{
    const struct model_node *n = &m->node[node];

    return (struct cap_ref){n->index, m->generation[n->table][n->index]};
}

enum status model_look_up(const struct model *m, uint32_t table,
                          struct cap_ref ref, int *node)
{
    if (ref.index == 0 || ref.index >= m->size ||
        m->at[table][ref.index] == NOBODY) {
        return STATUS_INVALID_HANDLE;
    }

    const struct model_node *n = &m->node[m->at[table][ref.index]];
    if (!n->live || n->head != NOBODY) {
        return STATUS_INVALID_HANDLE;
    }
    if (ref.generation != m->generation[table][ref.index]) {
        return STATUS_STALE_HANDLE;
    }
    *node = m->at[table][ref.index];
    return STATUS_OK;
}

int model_member(const struct model *m, int head, uint32_t position)
{
    for (int i = 0; i < m->nodes; i++) {
        if (m->node[i].live && m->node[i].head == head &&
            m->node[i].position == position) {
            return i;
        }
    }
    return NOBODY;
}

uint32_t model_free(const struct model *m, uint32_t table)
{
    uint32_t free_slots = 0;

    for (uint32_t i = 1; i < m->size; i++) {
        free_slots += m->at[table][i] == NOBODY;
    }
    return free_slots;
}

bool model_below(const struct model *m, int node, int above)
{
    do {
        node = m->node[node].parent;
    } while (node != NOBODY && node != above);
    return node == above;
}

uint32_t model_depth(const struct model *m, int node)
{
    uint32_t depth = 0;

    while (m->node[node].parent != NOBODY) {
        node = m->node[node].parent;
        depth++;
    }
    return depth;
}

bool model_revoking(const struct model *m, int node)
{
    while (node != NOBODY && !m->node[node].revoking) {
        node = m->node[node].parent;
    }
    return node != NOBODY;
}

/* One slot against what the model has in its place. */
static void compare_slot(const struct model *m, uint32_t table, uint32_t index)
{
    struct cap_slot *slot = cap_table_slot(&m->w->table[table], index);
    int node = m->at[table][index];

    expect(slot->generation == m->generation[table][index]);
    if (node == NOBODY) {
        expect(slot->state == CAP_FREE);
        return;
    }

    const struct model_node *n = &m->node[node];
    expect(slot->state == (n->live ? CAP_LIVE : CAP_TOMBSTONE));
    expect(slot->parent ==
           (n->parent == NOBODY ? NULL : model_slot(m, n->parent)));
    if (!n->live) {
        return;
    }
    expect(slot->type == n->type);
    expect(slot->rights == n->rights);
    expect(slot->first == n->first);
    expect(slot->count == n->count);
    expect(slot->object ==
           (n->type == CAP_COMPOSITE ? NULL : &m->w->object[n->type]));
    expect(((slot->flags & CAP_REVOKING) != 0) == n->revoking);
    expect(((slot->flags & CAP_MEMBER) != 0) == (n->head != NOBODY));
}

/* How often each right to each object can be used by who holds a table. */
struct reach {
    uint32_t of[CAP_TYPE_COUNT][CAP_ALL + 1];
};

static void reach_of_core(const struct model *m, uint32_t table,
                          struct reach *reach)
{
    memset(reach, 0, sizeof(*reach));
    for (uint32_t i = 0; i < m->size; i++) {
        struct cap_ref ref = {i, m->generation[table][i]};
        struct cap_slot *slot = NULL;
        if (cap_look_up(&m->w->table[table], ref, &slot) != STATUS_OK) {
            continue;
        }
        reach->of[slot->type][slot->rights]++;
        for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
            struct cap_slot *member = NULL;
            if (cap_member(slot, p, &member) == STATUS_OK) {
                reach->of[member->type][member->rights]++;
            }
        }
    }
}

static void reach_of_model(const struct model *m, uint32_t table,
                           struct reach *reach)
{
    memset(reach, 0, sizeof(*reach));
    for (int i = 0; i < m->nodes; i++) {
        const struct model_node *n = &m->node[i];
        if (n->live && n->table == table) {
            reach->of[n->type][n->rights]++;
        }
    }
}

void model_compare(struct model *m)
{
    uint32_t refs[CAP_TYPE_COUNT] = {0};
    struct reach core;
    struct reach model;

    for (uint32_t t = 0; t < WORLD_TABLES; t++) {
        for (uint32_t i = 1; i < m->size; i++) {
            compare_slot(m, t, i);
        }
        reach_of_core(m, t, &core);
        reach_of_model(m, t, &model);
        expect(memcmp(&core, &model, sizeof(core)) == 0);
        expect(cap_table_free(&m->w->table[t]) == model_free(m, t));
    }
    for (int i = 0; i < m->nodes; i++) {
        refs[m->node[i].type] += m->node[i].live;
    }
    for (uint32_t type = CAP_FRAME; type < CAP_COMPOSITE; type++) {
        expect(m->w->object[type].refs == refs[type]);
    }
}
