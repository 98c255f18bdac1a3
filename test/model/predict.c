/* SPDX-License-Identifier: Apache-2.0 */
/* What deriving and composing must come to: statuses in the order of cap.h,
 * and the whole next view. */
#include "judge.h"

struct plan_of {
    uint32_t source[CAP_COMPOSITE_MAX]; /* node; 0: a gap */
    uint8_t rights[CAP_COMPOSITE_MAX];
};

static struct node child_of(const struct view *view, uint32_t source,
                            uint8_t rights)
{
    const struct node *n = &view->node[source];

    return (struct node){.type = n->type,
                         .rights = rights,
                         .thing = n->thing,
                         .parent = (uint8_t)source,
                         .first = n->first,
                         .count = n->count};
}

static enum status room(const struct view *view, uint32_t source, uint32_t to,
                        uint32_t slots)
{
    if (source != 0 && view_depth(view, source) >= CAP_DEPTH_MAX) {
        return STATUS_TOO_BIG;
    }
    return view_free(view, to) < slots ? STATUS_NO_SLOT : STATUS_OK;
}

static enum status plan_room(const struct view *view, const struct plan_of *p,
                             uint32_t parent, uint32_t to)
{
    uint32_t slots = 1;
    enum status status = room(view, parent, to, 0);

    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        slots += p->source[i] != 0;
        if (p->source[i] != 0 && room(view, p->source[i], to, 0) != STATUS_OK) {
            status = STATUS_TOO_BIG;
        }
    }
    return status != STATUS_OK ? status : room(view, 0, to, slots);
}

static bool plan_revoking(const struct view *view, const struct plan_of *p)
{
    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        if (view_revoking(view, p->source[i])) {
            return true;
        }
    }
    return false;
}

static void plan_put(const struct view *before, struct view *want,
                     const struct plan_of *p, uint32_t to,
                     const struct node *head)
{
    uint32_t at = view_put(want, to, head);

    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        if (p->source[i] != 0) {
            struct node m = child_of(before, p->source[i], p->rights[i]);

            m.flags = CAP_MEMBER;
            m.position = (uint8_t)i;
            m.head = (uint8_t)(at % CAP_CHUNK_SLOTS);
            (void)view_put(want, to, &m);
        }
    }
}

static void plan_share(const struct view *view, struct plan_of *p,
                       uint32_t source, uint8_t rights)
{
    for (uint32_t i = 0; i < CAP_COMPOSITE_MAX; i++) {
        p->source[i] = view_member(view, source, i);
        p->rights[i] = view->node[p->source[i]].rights & rights;
    }
}

static enum status composite(const struct view *before, struct view *want,
                             uint32_t source, uint32_t to,
                             const struct cap_part *part)
{
    struct node head = {.type = CAP_COMPOSITE,
                        .rights = part->rights,
                        .parent = (uint8_t)source};
    struct plan_of p;
    enum status status;

    plan_share(before, &p, source, part->rights);
    if (view_revoking(before, source) || plan_revoking(before, &p)) {
        return STATUS_REVOKING;
    }
    if ((part->rights & ~before->node[source].rights) != 0) {
        return STATUS_NO_RIGHTS;
    }
    if (part->narrow) {
        return STATUS_INVALID_ARGUMENT;
    }
    status = plan_room(before, &p, source, to);
    if (status == STATUS_OK) {
        plan_put(before, want, &p, to, &head);
    }
    return status;
}

static enum status derive(const struct view *before, struct view *want,
                          uint32_t source, uint32_t to,
                          const struct cap_part *part)
{
    const struct node *n = &before->node[source];
    struct node child = child_of(before, source, part->rights);
    enum status status;

    if (n->type == CAP_COMPOSITE) {
        return composite(before, want, source, to, part);
    }
    if (view_revoking(before, source)) {
        return STATUS_REVOKING;
    }
    if ((part->rights & ~n->rights) != 0) {
        return STATUS_NO_RIGHTS;
    }
    if (part->narrow) {
        if (n->type != CAP_RANGE) {
            return STATUS_INVALID_ARGUMENT;
        }
        if (part->count == 0 || part->first + part->count > n->count) {
            return STATUS_OUT_OF_RANGE;
        }
        child.first = (uint8_t)(n->first + part->first);
        child.count = (uint8_t)part->count;
    }
    status = room(before, source, to, 1);
    if (status == STATUS_OK) {
        (void)view_put(want, to, &child);
    }
    return status;
}

enum status predict_object(const struct view *before, struct view *want,
                           uint32_t source, uint32_t to,
                           const struct node *content)
{
    struct node child = *content;
    enum status status;

    if (view_revoking(before, source)) {
        return STATUS_REVOKING;
    }
    status = room(before, source, to, 1);
    if (status == STATUS_OK) {
        child.parent = (uint8_t)source;
        (void)view_put(want, to, &child);
    }
    return status;
}

static enum status compose(const struct view *before, struct view *want,
                           const struct action *a)
{
    struct node head = {.type = CAP_COMPOSITE, .rights = CAP_ALL};
    struct plan_of p = {.source = {a->node, a->other}};
    enum status status;

    for (uint32_t i = 0; i < 2; i++) {
        if (before->node[p.source[i]].type == CAP_COMPOSITE) {
            return STATUS_INVALID_ARGUMENT;
        }
        p.rights[i] = before->node[p.source[i]].rights;
    }
    if (plan_revoking(before, &p)) {
        return STATUS_REVOKING;
    }
    status = plan_room(before, &p, 0, a->to);
    if (status == STATUS_OK) {
        plan_put(before, want, &p, a->to, &head);
    }
    return status;
}

static enum status replace(const struct view *before, struct view *want,
                           const struct action *a)
{
    const struct node *n = &before->node[a->node];
    uint8_t rights = wishes[a->wish].rights;
    struct node head = {
        .type = CAP_COMPOSITE, .rights = n->rights & rights, .parent = a->node};
    uint32_t member = view_member(before, a->node, a->position);
    struct plan_of p;
    enum status status;

    if (member == 0) {
        return STATUS_NOT_FOUND;
    }
    if (before->node[member].type != before->node[a->other].type) {
        return STATUS_WRONG_TYPE;
    }
    plan_share(before, &p, a->node, rights);
    p.source[a->position] = a->other;
    p.rights[a->position] = before->node[a->other].rights;
    if (view_revoking(before, a->node) || plan_revoking(before, &p)) {
        return STATUS_REVOKING;
    }
    status = plan_room(before, &p, a->node, a->to);
    if (status == STATUS_OK) {
        plan_put(before, want, &p, a->to, &head);
    }
    return status;
}

/* Everything in its new place before the old ones are free. */
static enum status moved(const struct view *before, struct view *want,
                         const struct action *a)
{
    uint32_t old[1 + CAP_COMPOSITE_MAX] = {a->node}, new[1 + CAP_COMPOSITE_MAX];
    uint32_t count = 1;

    for (uint32_t i = 0;
         before->node[a->node].type == CAP_COMPOSITE && i < CAP_COMPOSITE_MAX;
         i++) {
        old[count] = view_member(before, a->node, i);
        count += old[count] != 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (view_revoking(before, old[i])) {
            return STATUS_REVOKING;
        }
    }
    if (view_free(before, a->to) < count) {
        return STATUS_NO_SLOT;
    }
    for (uint32_t i = 0; i < count; i++) {
        new[i] = view_put(want, a->to, &before->node[old[i]]);
        want->node[new[i]].head =
            (uint8_t)(i == 0 ? 0 : new[0] % CAP_CHUNK_SLOTS);
    }
    for (uint32_t i = 0; i < count; i++) {
        view_release(&want->node[old[i]]);
        for (uint32_t n = 0; n < node_count; n++) {
            if (want->node[nodes[n]].parent == old[i]) {
                want->node[nodes[n]].parent = (uint8_t) new[i];
            }
        }
    }
    return STATUS_OK;
}

static enum status badge(const struct view *before, struct view *want,
                         const struct action *a, uint8_t rights)
{
    const struct node *n = &before->node[a->node];
    struct node child = child_of(before, a->node, rights);

    child.first = 0;
    child.count = (uint8_t)action_badge(a, n->type);
    if (n->type != CAP_ENDPOINT && n->type != CAP_NOTIFICATION) {
        return STATUS_WRONG_TYPE;
    }
    if ((n->rights & CAP_USE) == 0) {
        return STATUS_NO_RIGHTS;
    }
    if (child.count == 0) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (n->count != 0) {
        return STATUS_EXISTS;
    }
    if ((rights & ~n->rights) != 0 && !view_revoking(before, a->node)) {
        return STATUS_NO_RIGHTS;
    }
    return predict_object(before, want, a->node, a->to, &child);
}

enum status predict_pass(struct view *want, uint32_t node, enum pass how,
                         uint32_t to)
{
    const struct view before = *want;
    const struct action move = {.node = (uint8_t)node, .to = (uint8_t)to};
    const struct cap_part part = {.rights = pass_rights(how)};

    return how == PASS_MOVE ? moved(&before, want, &move)
                            : derive(&before, want, node, to, &part);
}

static enum status insert(const struct view *before, struct view *want,
                          const struct action *a)
{
    bool range = a->thing < THING_FRAME;
    uint8_t type = thing_at(a->thing)->type;
    const struct node node = {.type = type,
                              .rights = cap_type_rights((enum cap_type)type),
                              .thing = a->thing,
                              .first = range ? RANGE_FIRST : 0,
                              .count = range ? RANGE_PAGES : 0};
    uint32_t to = caps_table(a->domain);
    enum status status = room(before, 0, to, 1);

    if (status == STATUS_OK) {
        (void)view_put(want, to, &node);
    }
    return status;
}

bool predict(const struct move *move, struct view *want, enum status *status)
{
    const struct view *before = move->before;
    const struct action *a = move->action;
    uint32_t source = a->act == ACT_MEMBER
                          ? view_member(before, a->node, a->position)
                          : a->node;
    const struct cap_part part = wish_part(a, before->node[source].type);
    const struct node attachment = {.type = CAP_ATTACHMENT,
                                    .rights = wishes[a->wish].rights,
                                    .thing = THING_ATTACHMENT};
    const struct node file = {
        .type = CAP_FILE, .rights = CAP_READ, .thing = THING_FILE, .first = 1};

    switch (a->act) {
    case ACT_INSERT:
        *status = insert(before, want, a);
        return true;
    case ACT_DERIVE:
    case ACT_MEMBER:
        *status = source == 0 ? STATUS_NOT_FOUND
                              : derive(before, want, source, a->to, &part);
        return true;
    case ACT_ATTACH:
        *status = predict_object(before, want, source, a->to, &attachment);
        return true;
    case ACT_OPEN:
        *status = predict_object(before, want, source, a->to, &file);
        return true;
    case ACT_MOVE:
        *status = moved(before, want, a);
        return true;
    case ACT_BADGE:
        *status = badge(before, want, a, part.rights);
        return true;
    case ACT_ENTER:
    case ACT_QUIT:
        want->users[a->to] =
            (uint8_t)(want->users[a->to] + (a->act == ACT_ENTER ? 1 : -1));
        *status = STATUS_OK;
        return true;
    case ACT_COMPOSE:
        *status = compose(before, want, a);
        return true;
    case ACT_REPLACE:
        *status = replace(before, want, a);
        return true;
    default:
        return false;
    }
}
