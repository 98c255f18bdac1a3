/* SPDX-License-Identifier: Apache-2.0 */
/* Deriving: the same or fewer rights, to the same or a smaller resource. */
#include "internal.h"

/* OK, or OUT_OF_RANGE when first/count does not lie within `whole` pages. */
static enum status cap__within(uint64_t first, uint64_t count, uint64_t whole)
{
    return GUARD(DERIVE_PART, first <= whole && count <= whole - first)
               ? STATUS_OK
               : STATUS_OUT_OF_RANGE;
}

static enum status cap__part_check(const struct cap_slot *source,
                                   const struct cap_part *part)
{
    if (!GUARD(DERIVE_RIGHTS, (part->rights & ~source->rights) == 0)) {
        return STATUS_NO_RIGHTS;
    }
    if (!part->narrow) {
        return STATUS_OK;
    }
    if (!GUARD(DERIVE_NARROW, source->type == CAP_RANGE)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (part->count == 0) {
        return STATUS_OUT_OF_RANGE;
    }
    return cap__within(part->first, part->count, source->count);
}

/* The last checks, and the only ones that need `to`; then the commit. */
static enum status cap__derive_slot(struct cap_slot *source,
                                    struct cap_table *to,
                                    const struct cap__content *content,
                                    struct cap_ref *out)
{
    if (!GUARD(DERIVE_DEPTH, source->depth < CAP_DEPTH_MAX)) {
        return STATUS_TOO_BIG;
    }
    if (!GUARD(TABLE_SLOTS, cap_table_free(to) != 0)) {
        return STATUS_NO_SLOT;
    }

    /* point of no return */
    *out = cap_ref_of(cap__put(to, source, content));
    return STATUS_OK;
}

enum status cap_derive(struct cap_slot *source, struct cap_table *to,
                       const struct cap_part *part, struct cap_ref *out)
{
    core_assert(source->state == CAP_LIVE);
    if (source->type == CAP_COMPOSITE) {
        return cap__derive_composite(source, to, part, out);
    }
    if (!GUARD(REVOKE_MARK, !cap__revoking(source))) {
        return STATUS_REVOKING;
    }

    enum status status = cap__part_check(source, part);
    if (status != STATUS_OK) {
        return status;
    }

    struct cap__content content = {
        .object = source->object,
        .type = source->type,
        .rights = part->rights,
        .first = source->first + (part->narrow ? part->first : 0),
        .count = part->narrow ? part->count : source->count,
    };
    return cap__derive_slot(source, to, &content, out);
}

/* A child to the source's own object may not have more than the source. */
static enum status cap__same_object_check(const struct cap_slot *source,
                                          const struct cap__content *content)
{
    if (content->object != source->object) {
        return STATUS_OK;
    }
    if (!GUARD(DERIVE_RIGHTS, (content->rights & ~source->rights) == 0)) {
        return STATUS_NO_RIGHTS;
    }
    if (content->type != CAP_RANGE) {
        return STATUS_OK;
    }
    if (content->first < source->first) {
        return STATUS_OUT_OF_RANGE;
    }
    return cap__within(content->first - source->first, content->count,
                       source->count);
}

enum status cap_derive_object(struct cap_slot *source, struct cap_table *to,
                              struct cap_object *object, uint8_t rights,
                              uint64_t first, uint64_t count,
                              struct cap_ref *out)
{
    struct cap__content content = {
        .object = object,
        .type = object == NULL ? (uint8_t)CAP_NONE : object->type,
        .rights = rights,
        .first = first,
        .count = count,
    };

    core_assert(source->state == CAP_LIVE);
    if (!GUARD(REVOKE_MARK, !cap__revoking(source))) {
        return STATUS_REVOKING;
    }

    enum status status = cap__content_check(&content);
    if (status == STATUS_OK) {
        status = cap__same_object_check(source, &content);
    }
    if (status != STATUS_OK) {
        return status;
    }
    return cap__derive_slot(source, to, &content, out);
}
