/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes in giving: deriving and composing. */
#include "bugs.h"

static struct cap_slot *made(struct cap_table *table, struct cap_ref ref)
{
    return cap_table_slot(table, ref.index);
}

/* The rights asked for are given, whatever the source has. */
static enum status derive_any_rights(struct cap_slot *source,
                                     struct cap_table *to,
                                     const struct cap_part *part,
                                     struct cap_ref *out)
{
    struct cap_part less = *part;
    enum status status;

    less.rights &= source->rights;
    status = cap_derive(source, to, &less, out);
    if (status == STATUS_OK) {
        made(to, *out)->rights = part->rights;
    }
    return status;
}

/* A part may end one page past its whole. */
static enum status derive_one_past(struct cap_slot *source,
                                   struct cap_table *to,
                                   const struct cap_part *part,
                                   struct cap_ref *out)
{
    enum status status;

    if (source->type != CAP_RANGE || !part->narrow || part->count == 0 ||
        part->first + part->count != source->count + 1) {
        return cap_derive(source, to, part, out);
    }
    source->count++;
    status = cap_derive(source, to, part, out);
    source->count--;
    return status;
}

/* A part's first page is taken for a page of the object. */
static enum status derive_absolute(struct cap_slot *source,
                                   struct cap_table *to,
                                   const struct cap_part *part,
                                   struct cap_ref *out)
{
    enum status status = cap_derive(source, to, part, out);

    if (status == STATUS_OK && part->narrow) {
        made(to, *out)->first = part->first;
    }
    return status;
}

/* Only the source's own mark is looked at, not its ancestors'. */
static enum status derive_own_mark(struct cap_slot *source,
                                   struct cap_table *to,
                                   const struct cap_part *part,
                                   struct cap_ref *out)
{
    struct cap_slot *marked[CAP_DEPTH_MAX];
    uint32_t count = 0;
    enum status status;

    for (struct cap_slot *up = source->parent; up != NULL; up = up->parent) {
        if ((up->flags & CAP_REVOKING) != 0) {
            up->flags &= (uint8_t)~CAP_REVOKING;
            marked[count++] = up;
        }
    }
    status = cap_derive(source, to, part, out);
    while (count > 0) {
        marked[--count]->flags |= CAP_REVOKING;
    }
    return status;
}

/* The first free slot behind the source, not the lowest. */
static enum status derive_not_lowest(struct cap_slot *source,
                                     struct cap_table *to,
                                     const struct cap_part *part,
                                     struct cap_ref *out)
{
    uint32_t first = to->first;
    enum status status;

    if (source->table == to &&
        cap_table_slot(to, source->index + 1)->state == CAP_FREE) {
        to->first = source->index + 1;
    }
    status = cap_derive(source, to, part, out);
    if (status != STATUS_OK || first < out->index) {
        to->first = first;
    }
    return status;
}

static void orphan(struct cap_slot *slot)
{
    if (slot->next != NULL) {
        slot->next->previous = NULL;
    }
    slot->parent->child = slot->next;
    slot->parent = NULL;
    slot->next = NULL;
    slot->depth = 0;
}

/* Members are no children of what they were made of. */
static enum status compose_unlinked(struct cap_table *table,
                                    struct cap_slot *const *members,
                                    uint32_t count, struct cap_ref *out)
{
    enum status status = cap_compose(table, members, count, out);

    if (status == STATUS_OK) {
        for (struct cap_slot *m = made(table, *out)->member; m != NULL;
             m = m->member) {
            orphan(m);
        }
    }
    return status;
}

/* The rights of the shared members are not masked. */
static enum status replace_unmasked(struct cap_slot *source,
                                    struct cap_table *to, uint32_t index,
                                    struct cap_slot *by, uint8_t rights,
                                    struct cap_ref *out)
{
    enum status status =
        cap_derive_replaced(source, to, index, by, rights, out);

    if (status == STATUS_OK) {
        for (struct cap_slot *m = made(to, *out)->member; m != NULL;
             m = m->member) {
            m->rights = m->parent->rights;
        }
    }
    return status;
}

/* Space is checked for the head alone, and members are left out. */
static enum status compose_short(struct cap_table *table,
                                 struct cap_slot *const *members,
                                 uint32_t count, struct cap_ref *out)
{
    uint32_t room = cap_table_free(table);

    return cap_compose(table, members,
                       room > 1 && room <= count ? room - 1 : count, out);
}

/* Refused for lack of room, but the head and some members are there. */
static enum status compose_half(struct cap_table *table,
                                struct cap_slot *const *members, uint32_t count,
                                struct cap_ref *out)
{
    enum status status = cap_compose(table, members, count, out);

    if (status == STATUS_NO_SLOT && cap_table_free(table) > 1) {
        (void)!cap_compose(table, members, 1, out);
    }
    return status;
}

const struct bug bugs_derive[] = {
    {"derive-any-rights",
     "derive gives rights that the source lacks",
     "derive",
     {.derive = derive_any_rights},
     "M14 growth",
     3},
    {"derive-one-past",
     "a part may end one page past its whole",
     "derive",
     {.derive = derive_one_past},
     "M14 growth",
     2},
    {"derive-absolute",
     "a part of a part starts at the object's page",
     "derive",
     {.derive = derive_absolute},
     "M15 effect",
     2},
    {"derive-own-mark",
     "derive below a slot whose ancestor is being revoked",
     "derive",
     {.derive = derive_own_mark},
     "M12 verdict",
     5},
    {"derive-not-lowest",
     "derive fills a free slot, but not the lowest",
     "compose",
     {.derive = derive_not_lowest},
     "M15 effect",
     4},
    {"compose-unlinked",
     "members are not derived from what they are made of",
     "compose",
     {.compose = compose_unlinked},
     "M15 effect",
     2},
    {"compose-short",
     "a composite drops members that do not fit",
     "compose",
     {.compose = compose_short},
     "M12 verdict",
     3},
    {"compose-half",
     "a composite that does not fit is half made",
     "compose",
     {.compose = compose_half},
     "M13 refusal",
     3},
    {"replace-unmasked",
     "a derived composite's shared members keep all rights",
     "compose",
     {.replace = replace_unmasked},
     "M15 effect",
     3},
};
const uint32_t bugs_derive_count = sizeof bugs_derive / sizeof bugs_derive[0];
