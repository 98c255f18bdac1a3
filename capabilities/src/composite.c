/* SPDX-License-Identifier: Apache-2.0 */
/* Composites: capabilities made of others. */
#include "internal.h"

/* What shall become the member at each position; no source: a gap. */
struct cap__plan {
    struct cap_slot *source[CAP_COMPOSITE_MAX];
    uint8_t rights[CAP_COMPOSITE_MAX];
};

/* Slots that the plan takes, the head included. */
static uint32_t cap__plan_slots(const struct cap__plan *plan)
{
    uint32_t slots = 1;

    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        slots += plan->source[i] != NULL;
    }
    return slots;
}

static bool cap__plan_revoking(const struct cap__plan *plan)
{
    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        if (cap__revoking(plan->source[i])) {
            return true;
        }
    }
    return false;
}

/* OK, TOO_BIG or NO_SLOT. */
static enum status cap__plan_space(const struct cap__plan *plan,
                                   const struct cap_slot *parent,
                                   const struct cap_table *to)
{
    if (parent != NULL && !GUARD(DERIVE_DEPTH, parent->depth < CAP_DEPTH_MAX)) {
        return STATUS_TOO_BIG;
    }
    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        if (plan->source[i] != NULL &&
            !GUARD(DERIVE_DEPTH, plan->source[i]->depth < CAP_DEPTH_MAX)) {
            return STATUS_TOO_BIG;
        }
    }
    return GUARD(TABLE_SLOTS, cap_table_free(to) >= cap__plan_slots(plan))
               ? STATUS_OK
               : STATUS_NO_SLOT;
}

/* Cannot fail: the plan was checked. */
static struct cap_ref cap__plan_commit(const struct cap__plan *plan,
                                       struct cap_slot *parent,
                                       struct cap_table *to, uint8_t rights)
{
    const struct cap__content head = {.type = CAP_COMPOSITE, .rights = rights};
    struct cap_slot *composite = cap__put(to, parent, &head);
    struct cap_slot **link = &composite->member;

    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        struct cap_slot *source = plan->source[i];
        if (source == NULL) {
            continue;
        }
        const struct cap__content content = {
            .object = source->object,
            .type = source->type,
            .rights = plan->rights[i],
            .first = source->first,
            .count = source->count,
        };
        struct cap_slot *member = cap__put(to, source, &content);
        member->flags = CAP_MEMBER;
        member->position = (uint8_t)i;
        member->head = (uint16_t)composite->index;
        *link = member;
        link = &member->member;
    }
    return cap_ref_of(composite);
}

/* A plan that shares every member of `source`. */
static void cap__plan_share(struct cap__plan *plan, struct cap_slot *source,
                            uint8_t rights)
{
    *plan = (struct cap__plan){0};
    for (struct cap_slot *m = source->member; m != NULL; m = m->member) {
        plan->source[m->position] = m;
        plan->rights[m->position] =
            GUARD_ACT(MEMBER_RIGHTS) ? m->rights & rights : m->rights;
    }
}

enum status cap_compose(struct cap_table *table,
                        struct cap_slot *const *members, uint32_t count,
                        struct cap_ref *out)
{
    struct cap__plan plan = {0};

    if (!GUARD(COMPOSE_COUNT, count != 0 && count <= CAP_COMPOSITE_MAX)) {
        return STATUS_INVALID_ARGUMENT;
    }
    for (uint32_t i = 0; i < count; i++) {
        core_assert(members[i]->state == CAP_LIVE);
        if (!GUARD(COMPOSE_NESTED, members[i]->type != CAP_COMPOSITE)) {
            return STATUS_INVALID_ARGUMENT;
        }
        plan.source[i] = members[i];
        plan.rights[i] = members[i]->rights;
    }
    if (!GUARD(REVOKE_MARK, !cap__plan_revoking(&plan))) {
        return STATUS_REVOKING;
    }

    enum status status = cap__plan_space(&plan, NULL, table);
    if (status != STATUS_OK) {
        return status;
    }

    /* point of no return */
    *out = cap__plan_commit(&plan, NULL, table, CAP_ALL);
    return STATUS_OK;
}

enum status cap__derive_composite(struct cap_slot *source, struct cap_table *to,
                                  const struct cap_part *part,
                                  struct cap_ref *out)
{
    struct cap__plan plan;

    cap__plan_share(&plan, source, part->rights);
    if (!GUARD(REVOKE_MARK,
               !cap__revoking(source) && !cap__plan_revoking(&plan))) {
        return STATUS_REVOKING;
    }
    if (!GUARD(DERIVE_RIGHTS, (part->rights & ~source->rights) == 0)) {
        return STATUS_NO_RIGHTS;
    }
    if (part->narrow) {
        return STATUS_INVALID_ARGUMENT;
    }

    enum status status = cap__plan_space(&plan, source, to);
    if (status != STATUS_OK) {
        return status;
    }

    /* point of no return */
    *out = cap__plan_commit(&plan, source, to, part->rights);
    return STATUS_OK;
}

enum status cap_derive_replaced(struct cap_slot *source, struct cap_table *to,
                                uint32_t index, struct cap_slot *replacement,
                                uint8_t rights, struct cap_ref *out)
{
    struct cap_slot *member = NULL;
    struct cap__plan plan;
    enum status status = cap_member(source, index, &member);

    core_assert(replacement->state == CAP_LIVE);
    if (status != STATUS_OK) {
        return status;
    }
    if (!GUARD(MEMBER_TYPE, replacement->type == member->type)) {
        return STATUS_WRONG_TYPE;
    }
    cap__plan_share(&plan, source, rights);
    plan.source[index] = replacement;
    plan.rights[index] = replacement->rights;
    if (!GUARD(REVOKE_MARK,
               !cap__revoking(source) && !cap__plan_revoking(&plan))) {
        return STATUS_REVOKING;
    }
    status = cap__plan_space(&plan, source, to);
    if (status != STATUS_OK) {
        return status;
    }

    /* point of no return */
    *out = cap__plan_commit(&plan, source, to, source->rights & rights);
    return STATUS_OK;
}

enum status cap_member(struct cap_slot *composite, uint32_t index,
                       struct cap_slot **out)
{
    core_assert(composite->state == CAP_LIVE);
    if (composite->type != CAP_COMPOSITE) {
        return STATUS_WRONG_TYPE;
    }
    for (struct cap_slot *m = composite->member; m != NULL; m = m->member) {
        if (m->position == index) {
            *out = m;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

void cap__leave_composite(struct cap_slot *member)
{
    struct cap_slot *composite = cap_table_slot(member->table, member->head);
    struct cap_slot **link = &composite->member;

    while (*link != NULL && *link != member) {
        link = &(*link)->member;
    }
    core_assert(*link == member);
    *link = member->member;
    member->member = NULL;
}
