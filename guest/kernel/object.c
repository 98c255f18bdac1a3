/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel objects that are made at run time. They lie in slabs: frames of their
 * maker's pool, charged to its quota, that hold objects of this quota and pool
 * alone. So neither where an object lies nor whether there is room for it tells
 * anything about objects that others have made.
 */
#include "kernel.h"

#include <capabilities/assert.h>

void *memset(void *to, int byte, size_t count);

#define UNITS (ABI_PAGE_SIZE / OBJECT_BYTES)
#define ALL_FREE 0xfffffffeu /* unit 0 is the slab's own */

/* Slabs that are looked at for room: more matter only where one quota is used
 * with as many pools. */
#define LOOK 4u

/* First unit of a slab. In its quota's list while it has room. */
struct slab {
    struct quota *quota;
    struct pool *pool;
    struct slab *next, *previous;
    uint32_t free;    /* bitmap of units */
    uint32_t charged; /* pages: 1 */
};
_Static_assert(sizeof(struct slab) <= OBJECT_BYTES, "one unit");
_Static_assert(UNITS == 32, "a bitmap of units is 32 bits");

static uint32_t units_of(enum cap_type type)
{
    return type == CAP_POOL ? 4 : 1;
}

_Static_assert(sizeof(struct quota) <= OBJECT_BYTES, "a quota is a unit");
_Static_assert(sizeof(struct pool_split) <= 4 * OBJECT_BYTES, "a pool is four");

static uint32_t bits_of(uint32_t units)
{
    return (1u << units) - 1;
}

/* First of `units` free ones in a row; 0: there are none. */
static uint32_t room_for(const struct slab *slab, uint32_t units)
{
    uint32_t starts = slab->free;

    for (uint32_t i = 1; i < units; i++) {
        starts &= slab->free >> i;
    }
    return starts ? (uint32_t)__builtin_ctz(starts) : 0;
}

static void list_remove(struct slab *slab)
{
    if (slab->next) {
        slab->next->previous = slab->previous;
    }
    if (slab->previous) {
        slab->previous->next = slab->next;
    } else {
        slab->quota->slabs = slab->next;
    }
}

static void list_add(struct slab *slab)
{
    struct slab *first = slab->quota->slabs;

    slab->previous = NULL;
    slab->next = first;
    if (first) {
        first->previous = slab;
    }
    slab->quota->slabs = slab;
}

static struct slab *slab_found(const struct quota *quota,
                               const struct pool *pool, uint32_t units)
{
    struct slab *slab = quota->slabs;

    for (uint32_t i = 0; slab && i < LOOK; i++, slab = slab->next) {
        if (slab->pool == pool && room_for(slab, units)) {
            return slab;
        }
    }
    return NULL;
}

static enum status slab_make(struct quota *quota, struct pool *pool,
                             struct slab **out)
{
    uint32_t charged = GUARD_ACT(OBJECT_CHARGE) ? 1 : 0;
    struct slab *slab;
    enum status status = pages_reserve(quota, pool, charged, 1);

    if (status != STATUS_OK) {
        return status;
    }
    /* point of no return */
    slab = arch_physical(frame_take(pool));
    slab->quota = quota;
    slab->pool = pool;
    slab->free = ALL_FREE;
    slab->charged = charged;
    list_add(slab);
    quota->slab_count++;
    pool->slab_count++;
    *out = slab;
    return STATUS_OK;
}

enum status object_make_in(struct quota *quota, struct pool *pool,
                           enum cap_type type, struct cap_object **out)
{
    uint32_t units = units_of(type), at;
    struct slab *slab = slab_found(quota, pool, units);
    struct cap_object *object;
    enum status status = STATUS_OK;

    if (!slab) {
        status = slab_make(quota, pool, &slab);
    }
    if (status != STATUS_OK) {
        return status;
    }
    at = room_for(slab, units);
    slab->free &= ~(bits_of(units) << at);
    if (slab->free == 0) {
        list_remove(slab);
    }
    object = (struct cap_object *)(void *)((uint8_t *)slab + at * OBJECT_BYTES);
    object->type = (uint8_t)type;
    object->owner = OBJECT_MADE;
    *out = object;
    return STATUS_OK;
}

enum status object_make(uint32_t domain, enum cap_type type,
                        struct cap_object **out)
{
    enum status status = domain_may_take(domain);

    return status == STATUS_OK
               ? object_make_in(quota_of(domain), pool_of(domain), type, out)
               : status;
}

static void slab_drop(struct slab *slab)
{
    struct quota *quota = slab->quota;
    struct pool *pool = slab->pool;

    list_remove(slab);
    quota->slab_count--;
    pool->slab_count--;
    quota_uncharge(quota, slab->charged);
    frame_give(pool, arch_physical_of(slab));
}

static struct slab *slab_of(const struct cap_object *object)
{
    return (struct slab *)((uintptr_t)object & ~(uintptr_t)(ABI_PAGE_SIZE - 1));
}

void object_drop(struct cap_object *object)
{
    struct slab *slab = slab_of(object);
    uint32_t at = (uint32_t)((uintptr_t)object % ABI_PAGE_SIZE / OBJECT_BYTES);
    uint32_t units = units_of((enum cap_type)object->type);

    core_assert(object->owner != 0 && object->refs == 0);
    memset(object, 0, (size_t)units * OBJECT_BYTES);
    if (slab->free == 0) {
        list_add(slab);
    }
    slab->free |= bits_of(units) << at;
    if (slab->free == ALL_FREE) {
        slab_drop(slab);
    }
}

struct quota *object_quota(const struct cap_object *object)
{
    return object->owner ? slab_of(object)->quota : NULL;
}

struct pool *object_pool(const struct cap_object *object)
{
    return object->owner ? slab_of(object)->pool : NULL;
}
