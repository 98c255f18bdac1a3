/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges made at run time: objects with addresses of their maker's window. One
 * goes when neither a capability nor an attachment of it is left.
 */
#include "kernel.h"

#include <capabilities/assert.h>
#include <domains/request.h>

_Static_assert(sizeof(struct range) <= OBJECT_BYTES, "a range is a unit");
_Static_assert(OBJECT_BYTES == ABI_MADE_RANGE_UNIT, "the host reads it, too");
_Static_assert(ABI_MEMORY_MAX / OBJECT_BYTES <= ABI_MADE_RANGES,
               "where it lies is a number");

struct range *range_made_at(uint32_t number)
{
    return arch_physical((uint64_t)(number & ~ABI_MADE_RANGES) * OBJECT_BYTES);
}

/* What is asked for. */
struct wish {
    uint32_t pages;
    uint8_t rights;
    bool bare;
};

static void fill(struct range *range, const struct domain *domain,
                 const struct wish *wish)
{
    uint32_t pages = wish->pages;

    range->kind = PLAN_NAMED;
    range->rights = wish->rights;
    range->bare = wish->bare;
    range->made = ++kernel.ranges_made;
    range->number =
        (uint32_t)(arch_physical_of(range) / OBJECT_BYTES) | ABI_MADE_RANGES;
    range->owner = domain->index;
    range->limit = pages;
    range->start_pages = wish->bare ? 0 : pages;
    range->granules =
        (pages + (uint32_t)ABI_GRANULE_PAGES - 1) / (uint32_t)ABI_GRANULE_PAGES;
    range->quota = domain->is.quota;
    range->pool = domain->is.pool;
}

/* Addresses, then tables and frames: all of it, or nothing. */
static enum status reserve(struct range *range)
{
    uint32_t needs = range_needs(range);
    enum status status =
        span_take(range->pool, pd_span(range->limit), &range->base);

    if (status != STATUS_OK) {
        return status;
    }
    status = pages_reserve(range->quota, range->pool,
                           GUARD_ACT(RANGE_CHARGE) ? needs : 0, needs);
    if (status != STATUS_OK) {
        span_give(range->pool, range->base, pd_span(range->limit));
    }
    return status;
}

static enum status make(const struct domain *domain, const struct wish *wish,
                        struct range **out)
{
    struct cap_object *object;
    enum status status = object_make(domain->index, CAP_RANGE, &object);

    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct range *)(void *)object;
    fill(*out, domain, wish);
    status = reserve(*out);
    if (status != STATUS_OK) {
        object_drop(object);
        return status;
    }
    /* point of no return */
    address_range_set(*out);
    range_make(*out);
    return STATUS_OK;
}

/* Nobody can reach it any more, in a table or in a space. */
void range_left(struct range *range)
{
    if (object_made(&range->object) && range->object.refs == 0 &&
        !range->attached) {
        range_drop(range);
        span_give(range->pool, range->base, pd_span(range->limit));
        object_drop(&range->object);
    }
}

void range_removed(void *context, const struct cap_slot *slot, bool last)
{
    (void)context;
    (void)last; /* always: cap_ops.quiet */
    range_left(slot_range(slot));
}

/* Frames that come with a range are never executed. What may be done with those
 * mapped into a bare one their own capabilities say; write is to map. */
static bool are_rights(uint64_t rights, bool bare)
{
    if (bare) {
        return (rights | CAP_EXEC) == (CAP_READ | CAP_WRITE | CAP_EXEC);
    }
    return (rights & CAP_READ) && !(rights & ~(uint64_t)(CAP_READ | CAP_WRITE));
}

enum status sys_range_create(struct domain *domain, struct arch_frame *frame)
{
    struct cap_table *table = caps_of(domain->index);
    uint64_t pages = frame->rdi;
    bool bare = frame->rdx == SYSCALL_RANGE_BARE;
    struct wish wish;
    struct range *range;
    struct cap_ref ref;
    enum status status;

    if (pages == 0 || frame->rdx > SYSCALL_RANGE_BARE ||
        !are_rights(frame->rsi, bare)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (pages > RUNTIME_GRANULES * ABI_GRANULE_PAGES) {
        return STATUS_OUT_OF_RANGE;
    }
    if (!table || cap_table_free(table) == 0) {
        return STATUS_NO_SLOT;
    }
    wish = (struct wish){(uint32_t)pages, (uint8_t)frame->rsi, bare};
    status = make(domain, &wish, &range);
    if (status != STATUS_OK) {
        return status;
    }
    status = cap_insert(table, &range->object, (uint8_t)(frame->rsi | CAP_USE),
                        0, pages, &ref);
    core_assert(status == STATUS_OK); /* there is a slot */
    frame->rdx = handle_make(ref, false);
    return STATUS_OK;
}
