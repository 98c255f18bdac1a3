/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain made at run time needs, set aside piece by piece: the last
 * that fails gives back those before it. */
#include "create.h"

static enum status lacking(struct creation *c, enum status status,
                           enum pd_class class, uint32_t refusal)
{
    return status == STATUS_OK ? STATUS_OK
                               : pd_refuse(&c->why, status, class, refusal);
}

static enum status quota_take(struct creation *c)
{
    struct quota *from = c->creator->is.quota;

    c->pays = from;
    if (!c->shape.own_quota) {
        return STATUS_OK;
    }
    c->quota = (struct quota){0};
    c->pays = &c->quota;
    if (c->d.degree[PD_QUOTA] == PD_PART) {
        pd_quota_part(from, &c->quota, c->d.quota_pages);
        return STATUS_OK;
    }
    return lacking(c, pd_quota_split(from, &c->quota, c->d.quota_pages),
                   PD_QUOTA, REFUSAL_QUOTA_LEFT);
}

static void quota_untake(struct creation *c)
{
    if (c->shape.own_quota) {
        quota_merge(&c->quota);
    }
}

static enum status block_fill(struct creation *c, struct pool *from)
{
    enum status status;

    c->block = arch_physical(frame_take(from));
    status = lacking(c, window_make(&c->block->window, from), PD_POOL,
                     REFUSAL_WINDOW);
    if (status != STATUS_OK) {
        return status;
    }
    c->block->pool.window = &c->block->window;
    status = lacking(c, pool_carve(&c->block->pool, from, c->d.pool_pages),
                     PD_POOL, REFUSAL_POOL_LEFT);
    if (status != STATUS_OK) {
        window_drop(&c->block->window, from);
    }
    return status;
}

static enum status pool_take(struct creation *c)
{
    const struct composition *is = &c->creator->is;
    enum status status;

    c->pool = is->pool;
    c->block = NULL;
    if (!c->shape.own_pool) {
        return STATUS_OK;
    }
    status = lacking(c, pages_reserve(is->quota, is->pool, 1, 1), PD_POOL,
                     REFUSAL_POOL_LEFT);
    if (status != STATUS_OK) {
        return status;
    }
    status = block_fill(c, is->pool);
    if (status != STATUS_OK) {
        frame_give(is->pool, arch_physical_of(c->block));
        quota_uncharge(is->quota, 1);
        return status;
    }
    c->pool = &c->block->pool;
    return STATUS_OK;
}

void pool_block_drop(struct pool_block *block, struct pool *from,
                     struct quota *charged)
{
    pool_return(&block->pool);
    window_drop(&block->window, from);
    frame_give(from, arch_physical_of(block));
    quota_uncharge(charged, 1);
}

static void pool_untake(struct creation *c)
{
    if (c->block) {
        pool_block_drop(c->block, c->creator->is.pool, c->creator->is.quota);
    }
}

/* Pages that each of its own ranges may have; 0: it is another's, or none. */
static uint32_t pages_of(const struct creation *c, uint32_t kind)
{
    switch (kind) {
    case PLAN_IMAGE:
        return c->shape.own_image ? kernel.spec.programs[c->d.program].pages
                                  : 0;
    case PLAN_HEAP:
        return c->shape.own_heap ? c->d.heap_pages : 0;
    default:
        return c->d.stack_pages;
    }
}

static void spans_untake(struct creation *c, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (pages_of(c, i)) {
            span_give(c->pool, c->bases[i], pd_span(pages_of(c, i)));
        }
    }
}

static enum status spans_take(struct creation *c)
{
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t pages = pages_of(c, i);
        enum status status =
            pages ? span_take(c->pool, pd_span(pages), &c->bases[i])
                  : STATUS_OK;

        if (status != STATUS_OK) {
            spans_untake(c, i);
            return lacking(c, status, PD_SPACE, REFUSAL_WINDOW);
        }
    }
    return STATUS_OK;
}

static enum status pages_take(struct creation *c)
{
    enum status status;

    pd_count_request(&kernel.spec, &c->d, &c->shape, &c->needs);
    status = lacking(c, quota_charge(c->pays, c->needs.total), PD_QUOTA,
                     REFUSAL_QUOTA_BUILD);
    if (status == STATUS_OK) {
        status = lacking(c, pool_reserve(c->pool, c->needs.total), PD_POOL,
                         REFUSAL_POOL_BUILD);
        if (status != STATUS_OK) {
            quota_uncharge(c->pays, c->needs.total);
        }
    }
    return status;
}

static enum status number_reserve(struct creation *c)
{
    c->number = number_take(c->pool);
    return lacking(c, c->number == NO_DOMAIN ? STATUS_OUT_OF_RANGE : STATUS_OK,
                   PD_CLASS_COUNT, REFUSAL_NUMBERS);
}

/* In the order in which it is undone from the end. */
enum status create_reserve(struct creation *c)
{
    enum status status = quota_take(c);

    if (status != STATUS_OK) {
        return status;
    }
    status = pool_take(c);
    if (status == STATUS_OK) {
        status = number_reserve(c);
        if (status == STATUS_OK) {
            status = spans_take(c);
            if (status == STATUS_OK) {
                status = pages_take(c);
                if (status == STATUS_OK) {
                    return STATUS_OK;
                }
                spans_untake(c, 3);
            }
            number_give(c->pool, c->number);
        }
        pool_untake(c);
    }
    quota_untake(c);
    return status;
}
