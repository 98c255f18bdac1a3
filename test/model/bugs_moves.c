/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes in moving, in badges, and in counting who can use what. */
#include "bugs.h"

static struct cap_slot *made(struct cap_table *table, const struct cap_ref *ref)
{
    return cap_table_slot(table, ref->index);
}

/* What is moved loses its badge. */
static enum status move_plain(struct cap_slot *source, struct cap_table *to,
                              struct cap_ref *out)
{
    enum status status = cap_move(source, to, out);

    if (status == STATUS_OK && source->type != CAP_RANGE &&
        made(to, out)->type != CAP_RANGE) {
        made(to, out)->count = 0;
    }
    return status;
}

/* Moving is deriving: both have it now. */
static enum status move_copies(struct cap_slot *source, struct cap_table *to,
                               struct cap_ref *out)
{
    const struct cap_part part = {.rights = source->rights};

    return cap_derive(source, to, &part, out);
}

/* What was derived of it stays with the place that it left. */
static enum status move_alone(struct cap_slot *source, struct cap_table *to,
                              struct cap_ref *out)
{
    struct cap_slot *child = source->child;
    enum status status = cap_move(source, to, out);

    if (status == STATUS_OK && child != NULL) {
        child->parent = source;
    }
    return status;
}

/* Members go on naming the place where their composite was. */
static enum status move_head(struct cap_slot *source, struct cap_table *to,
                             struct cap_ref *out)
{
    uint32_t index = source->index;
    enum status status = cap_move(source, to, out);

    if (status == STATUS_OK && made(to, out)->member != NULL) {
        made(to, out)->member->head = (uint16_t)index;
    }
    return status;
}

/* What is being revoked can be moved out of the way. */
static enum status move_revoked(struct cap_slot *source, struct cap_table *to,
                                struct cap_ref *out)
{
    uint8_t mark = source->flags & CAP_REVOKING;
    enum status status;

    source->flags &= (uint8_t)~mark;
    status = cap_move(source, to, out);
    if (status == STATUS_OK) {
        made(to, out)->flags |= mark;
    } else {
        source->flags |= mark;
    }
    return status;
}

/* Who can use it is not counted anew in another table. */
static enum status move_uncounted(struct cap_slot *source, struct cap_table *to,
                                  struct cap_ref *out)
{
    struct cap_object *object = source->object;
    uint32_t uses = object != NULL ? object->uses : 0;
    enum status status = cap_move(source, to, out);

    if (object != NULL) {
        object->uses = uses;
    }
    return status;
}

/* Whoever may call may give badges. */
static enum status badge_by_callers(struct cap_slot *source,
                                    struct cap_table *to, uint8_t rights,
                                    uint64_t badge, struct cap_ref *out)
{
    uint8_t before = source->rights;
    enum status status;

    source->rights |= CAP_USE;
    status = cap_derive_badged(source, to, rights, badge, out);
    source->rights = before;
    return status;
}

/* A badge can be given another one. */
static enum status badge_again(struct cap_slot *source, struct cap_table *to,
                               uint8_t rights, uint64_t badge,
                               struct cap_ref *out)
{
    bool badged = source->type == CAP_ENDPOINT && source->count != 0;
    uint64_t before = source->count;
    enum status status;

    source->count = badged ? 0 : before;
    status = cap_derive_badged(source, to, rights, badge, out);
    source->count = before;
    return status;
}

/* Of a badged one, what is derived has none. */
static enum status derive_plain(struct cap_slot *source, struct cap_table *to,
                                const struct cap_part *part,
                                struct cap_ref *out)
{
    bool badged = source->type == CAP_ENDPOINT && source->count != 0;
    enum status status = cap_derive(source, to, part, out);

    if (badged && status == STATUS_OK) {
        made(to, out)->count = 0;
    }
    return status;
}

/* The first who acts by a table makes nothing of it count. */
static void enter_blind(struct cap_table *table)
{
    table->users++;
}

/* With the first of two who leave, nothing of the table counts. */
static bool quit_both(struct cap_table *table)
{
    table->users = 1;
    return cap_table_leave(table);
}

/* What is deleted is still counted as somebody's use. */
static void delete_counted(const struct cap_context *context,
                           struct cap_slot *slot)
{
    struct cap_object *object = slot->object;
    uint32_t uses = object != NULL ? object->uses : 0;

    cap_delete(context, slot);
    if (object != NULL && object->refs != 0) {
        object->uses = uses;
    }
}

const struct bug bugs_moves[] = {
    {"move-plain",
     "what is moved loses its badge",
     "moves",
     {.move = move_plain},
     "M15 effect",
     3},
    {"move-copies",
     "what is moved stays where it was, too",
     "moves",
     {.move = move_copies},
     "M15 effect",
     2},
    {"move-alone",
     "what was derived stays behind",
     "moves",
     {.move = move_alone},
     "M15 effect",
     3},
    {"move-head",
     "members name their composite's old place",
     "moves",
     {.move = move_head},
     "M15 effect",
     3},
    {"move-revoked",
     "what is being revoked gets away",
     "moves",
     {.move = move_revoked},
     "M12 verdict",
     5},
    {"move-uncounted",
     "who can use it is not counted anew",
     "moves",
     {.move = move_uncounted},
     "M1 capabilities",
     3},
    {"badge-by-callers",
     "whoever may call may give badges",
     "moves",
     {.badge = badge_by_callers},
     "M12 verdict",
     3},
    {"badge-again",
     "a badge is given to what has one",
     "moves",
     {.badge = badge_again},
     "M12 verdict",
     3},
    {"derive-plain",
     "what is derived of a badged one has no badge",
     "moves",
     {.derive = derive_plain},
     "M15 effect",
     3},
    {"enter-blind",
     "what the first who acts by a table can use does not count",
     "moves",
     {.enter = enter_blind},
     "M1 capabilities",
     2},
    {"quit-both",
     "one leaves a table, and nobody counts",
     "moves",
     {.quit = quit_both},
     "M15 effect",
     3},
    {"delete-counted",
     "what is deleted still counts as a use",
     "moves",
     {.remove = delete_counted},
     "M1 capabilities",
     4},
};
const uint32_t bugs_moves_count = sizeof bugs_moves / sizeof bugs_moves[0];
