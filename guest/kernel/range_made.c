/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges made at run time: objects with addresses of their maker's window. One
 * goes when neither a capability nor an attachment of it is left.
 */
#include "kernel.h"

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
    struct cap_slot *source; /* the pool's capability, or null: the domain's */
    struct pool *pool;       /* out of which, and who pays */
    struct quota *quota;
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
    range->quota = wish->quota;
    range->pool = wish->pool;
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
    enum status status =
        object_make_in(wish->quota, wish->pool, CAP_RANGE, &object);

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

/* The domain's own pool, or one that it may allocate from. */
static enum status source_for(const struct domain *domain, uint64_t handle,
                              struct wish *wish)
{
    enum status status = domain_may_take(domain->index);

    wish->source = NULL;
    wish->quota = domain->is.quota;
    wish->pool = domain->is.pool;
    if (handle && status == STATUS_OK) {
        status = handle_for(domain, handle, CAP_POOL, CAP_USE, &wish->source);
        if (status == STATUS_OK) {
            wish->pool = (struct pool *)(void *)wish->source->object;
            wish->quota = pool_payer(wish->pool, domain->index);
        }
    }
    /* One that has been given back has no addresses. */
    return status == STATUS_OK && !wish->pool->window ? STATUS_CLOSED : status;
}

static enum status wish_take(const struct domain *domain,
                             const struct arch_frame *frame, struct wish *wish)
{
    uint64_t pages = frame->rdi;

    wish->bare = frame->rdx == SYSCALL_RANGE_BARE;
    if (pages == 0 || frame->rdx > SYSCALL_RANGE_BARE ||
        !are_rights(frame->rsi, wish->bare)) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (pages > RUNTIME_GRANULES * ABI_GRANULE_PAGES) {
        return STATUS_OUT_OF_RANGE;
    }
    wish->pages = (uint32_t)pages;
    wish->rights = (uint8_t)frame->rsi;
    return source_for(domain, frame->r10, wish);
}

/* Of a pool that is named: derived from its capability, so that revoking that
 * takes back what was made of it. */
static enum status hand_out(struct cap_table *table, struct range *range,
                            const struct wish *wish, struct cap_ref *ref)
{
    uint8_t rights = wish->rights | CAP_USE;
    enum status status;

    if (wish->source && GUARD_ACT(RANGE_SOURCE)) {
        status = cap_derive_object(wish->source, table, &range->object, rights,
                                   0, wish->pages, ref);
    } else {
        status = cap_insert(table, &range->object, rights, 0, wish->pages, ref);
    }
    if (status != STATUS_OK) {
        range_left(range);
    }
    return status;
}

enum status sys_range_create(struct domain *domain, struct arch_frame *frame)
{
    struct cap_table *table = caps_of(domain->index);
    struct range *range;
    struct cap_ref ref;
    struct wish wish;
    enum status status = wish_take(domain, frame, &wish);

    if (status != STATUS_OK) {
        return status;
    }
    if (!table || cap_table_free(table) == 0) {
        return STATUS_NO_SLOT;
    }
    status = make(domain, &wish, &range);
    if (status == STATUS_OK) {
        status = hand_out(table, range, &wish, &ref);
    }
    if (status == STATUS_OK) {
        frame->rdx = handle_make(ref, false);
    }
    return status;
}
