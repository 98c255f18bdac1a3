/* SPDX-License-Identifier: Apache-2.0 */
/* The shadow's insertions and derivations. */
#include "model.h"

static int add(struct model *m, uint32_t table, const struct model_node *wish)
{
    uint32_t index = 1;
    int node = 0;

    while (m->at[table][index] != NOBODY) {
        index++;
    }
    expect(index < m->size);
    while (m->node[node].exists) {
        node++;
    }
    m->node[node] = *wish;
    m->node[node].exists = true;
    m->node[node].live = true;
    m->node[node].revoking = false;
    m->node[node].table = table;
    m->node[node].index = index;
    m->at[table][index] = node;
    return node;
}

enum status model_insert(struct model *m, uint32_t table, uint8_t type,
                         const struct cap_part *part, int *made)
{
    const struct model_node wish = {.parent = NOBODY,
                                    .head = NOBODY,
                                    .type = type,
                                    .rights = part->rights,
                                    .first = part->first,
                                    .count = part->count};

    if (type == CAP_NONE || type >= CAP_COMPOSITE ||
        (part->rights | cap_type_rights((enum cap_type)type)) !=
            cap_type_rights((enum cap_type)type)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (type == CAP_RANGE && part->first + part->count < part->first) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (model_free(m, table) < 1) {
        return STATUS_NO_SLOT;
    }
    *made = add(m, table, &wish);
    return STATUS_OK;
}

static enum status one_more(struct model *m, uint32_t table,
                            const struct model_node *wish, int *made)
{
    if (model_depth(m, wish->parent) + 1 > CAP_DEPTH_MAX) {
        return STATUS_TOO_BIG;
    }
    if (model_free(m, table) < 1) {
        return STATUS_NO_SLOT;
    }
    *made = add(m, table, wish);
    return STATUS_OK;
}

/*
 * A composite below `parent` (or NOBODY), whose member at each position comes
 * from source[position] (or NOBODY) with those rights.
 */
struct recipe {
    int parent;
    uint8_t head_rights;
    int source[CAP_COMPOSITE_MAX];
    uint8_t rights[CAP_COMPOSITE_MAX];
};

static bool recipe_revoking(const struct model *m, const struct recipe *r)
{
    bool revoking = model_revoking(m, r->parent);

    for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
        revoking = revoking || model_revoking(m, r->source[p]);
    }
    return revoking;
}

static enum status cook(struct model *m, const struct recipe *r, uint32_t table,
                        int *made)
{
    uint32_t slots = 1;
    bool deep =
        r->parent != NOBODY && model_depth(m, r->parent) + 1 > CAP_DEPTH_MAX;

    for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
        if (r->source[p] != NOBODY) {
            slots++;
            deep = deep || model_depth(m, r->source[p]) + 1 > CAP_DEPTH_MAX;
        }
    }
    if (deep) {
        return STATUS_TOO_BIG;
    }
    if (model_free(m, table) < slots) {
        return STATUS_NO_SLOT;
    }

    const struct model_node head = {.parent = r->parent,
                                    .head = NOBODY,
                                    .type = CAP_COMPOSITE,
                                    .rights = r->head_rights};
    *made = add(m, table, &head);
    for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
        if (r->source[p] != NOBODY) {
            struct model_node member = m->node[r->source[p]];
            member.parent = r->source[p];
            member.head = *made;
            member.position = p;
            member.rights = r->rights[p];
            (void)add(m, table, &member);
        }
    }
    return STATUS_OK;
}

static struct recipe share(const struct model *m, int source, uint8_t rights)
{
    struct recipe r = {.parent = source, .head_rights = rights};

    for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
        r.source[p] = m->node[source].type == CAP_COMPOSITE
                          ? model_member(m, source, p)
                          : NOBODY;
        if (r.source[p] != NOBODY) {
            r.rights[p] = m->node[r.source[p]].rights & rights;
        }
    }
    return r;
}

enum status model_derive(struct model *m, int source, uint32_t table,
                         const struct cap_part *part, int *made)
{
    struct model_node wish = m->node[source];
    bool composite = wish.type == CAP_COMPOSITE;
    struct recipe r = share(m, source, part->rights);

    if (composite ? recipe_revoking(m, &r) : model_revoking(m, source)) {
        return STATUS_REVOKING;
    }
    if ((part->rights | wish.rights) != wish.rights) {
        return STATUS_NO_RIGHTS;
    }
    if (part->narrow && wish.type != CAP_RANGE) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (composite) {
        return cook(m, &r, table, made);
    }
    if (part->narrow) {
        /* Small numbers only: nothing overflows here. */
        if (part->count == 0 || part->first + part->count > wish.count) {
            return STATUS_OUT_OF_RANGE;
        }
        wish.first += part->first;
        wish.count = part->count;
    }
    wish.parent = source;
    wish.head = NOBODY;
    wish.rights = part->rights;
    return one_more(m, table, &wish, made);
}

enum status model_derive_object(struct model *m, int source, uint32_t table,
                                const struct model_node *wish, int *made)
{
    const struct model_node *from = &m->node[source];
    struct model_node child = *wish;

    if (model_revoking(m, source)) {
        return STATUS_REVOKING;
    }
    if (wish->type == CAP_NONE || wish->type >= CAP_COMPOSITE ||
        (wish->rights | cap_type_rights((enum cap_type)wish->type)) !=
            cap_type_rights((enum cap_type)wish->type)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (from->type == wish->type) {
        if ((wish->rights | from->rights) != from->rights) {
            return STATUS_NO_RIGHTS;
        }
        if (wish->type == CAP_RANGE &&
            (wish->first < from->first ||
             wish->first + wish->count > from->first + from->count)) {
            return STATUS_OUT_OF_RANGE;
        }
    }
    child.parent = source;
    child.head = NOBODY;
    return one_more(m, table, &child, made);
}

enum status model_compose(struct model *m, uint32_t table, const int *members,
                          uint32_t count, int *made)
{
    struct recipe r = {.parent = NOBODY, .head_rights = CAP_ALL};

    if (count == 0 || count > CAP_COMPOSITE_MAX) {
        return STATUS_INVALID_ARGUMENT;
    }
    for (uint32_t p = 0; p < CAP_COMPOSITE_MAX; p++) {
        r.source[p] = p < count ? members[p] : NOBODY;
        if (p < count) {
            r.rights[p] = m->node[members[p]].rights;
            if (m->node[members[p]].type == CAP_COMPOSITE) {
                return STATUS_INVALID_ARGUMENT;
            }
        }
    }
    return recipe_revoking(m, &r) ? STATUS_REVOKING : cook(m, &r, table, made);
}

enum status model_derive_replaced(struct model *m, int source, uint32_t table,
                                  const struct model_replacement *wish,
                                  int *made)
{
    if (m->node[source].type != CAP_COMPOSITE) {
        return STATUS_WRONG_TYPE;
    }

    int old = model_member(m, source, wish->position);
    if (old == NOBODY) {
        return STATUS_NOT_FOUND;
    }
    if (m->node[old].type != m->node[wish->by].type) {
        return STATUS_WRONG_TYPE;
    }
    struct recipe r = share(m, source, wish->rights);
    r.head_rights = m->node[source].rights & wish->rights;
    r.source[wish->position] = wish->by;
    r.rights[wish->position] = m->node[wish->by].rights;
    return recipe_revoking(m, &r) ? STATUS_REVOKING : cook(m, &r, table, made);
}
