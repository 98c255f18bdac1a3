/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heap range as memory for heap_list. Its first bytes are the struct heap
 * with the lock, so whoever shares the range shares the allocator, whatever
 * else it shares.
 */
#include "heap_list.h"
#include "internal.h"
#include <abi/layout.h>
#include <ambit/ambit.h>

static void take_lock(struct heap *heap)
{
    while (__atomic_exchange_n(&heap->lock, 1, __ATOMIC_ACQUIRE) != 0) {
        ambit_yield();
    }
}

static void drop_lock(struct heap *heap)
{
    __atomic_store_n(&heap->lock, 0, __ATOMIC_RELEASE);
}

/*
 * Fills in the domain's heap fields. A heap starts without a page; two domains
 * may both give it its first one here, which does no harm.
 */
static bool find_heap(struct ambit__domain *domain)
{
    char name[sizeof ambit_self()->name + sizeof ".heap"];
    uint64_t base, limit, bytes;

    ambit_snprintf(name, sizeof name, "%s.heap", ambit_self()->name);
    if (ambit_capability("heap", &domain->heap_handle) != STATUS_OK ||
        ambit_locate(name, &base, &limit) != STATUS_OK ||
        ambit_grow(domain->heap_handle, 0, &bytes) != STATUS_OK) {
        return false;
    }
    if (bytes == 0 && ambit_grow(domain->heap_handle, 1, &bytes) != STATUS_OK) {
        return false;
    }
    domain->heap = (struct heap *)base;
    return true;
}

/* Under the lock: the pages that have come since, by whomever. */
static void see_growth(const struct ambit__domain *domain)
{
    struct heap *heap = domain->heap;
    uint64_t bytes;

    if (ambit_grow(domain->heap_handle, 0, &bytes) != STATUS_OK) {
        return;
    }
    if (heap->ready == 0) {
        heap_init(heap, bytes);
    } else {
        heap_extend(heap, bytes);
    }
}

static void *take_or_grow(const struct ambit__domain *domain, uint64_t bytes)
{
    struct heap *heap = domain->heap;

    if (heap->ready == 0) {
        see_growth(domain);
    }
    void *memory = heap_take(heap, bytes);
    uint64_t lacks = heap_lacks(bytes);
    if (memory == 0 && lacks != 0) {
        uint64_t pages = (lacks + ABI_PAGE_SIZE - 1) / ABI_PAGE_SIZE;
        uint64_t now;
        if (ambit_grow(domain->heap_handle, pages, &now) == STATUS_OK) {
            see_growth(domain);
            memory = heap_take(heap, bytes);
        }
    }
    return memory;
}

void *ambit_malloc(size_t bytes)
{
    struct ambit__domain *domain = ambit__domain();

    if (bytes == 0 || (domain->heap == 0 && !find_heap(domain))) {
        return 0;
    }
    take_lock(domain->heap);
    void *memory = take_or_grow(domain, bytes);
    drop_lock(domain->heap);
    return memory;
}

void ambit_free(void *block)
{
    struct ambit__domain *domain = ambit__domain();

    if (block == 0) {
        return;
    }
    ambit_assert(domain->heap != 0 || find_heap(domain));
    take_lock(domain->heap);
    bool live = heap_give(domain->heap, block);
    drop_lock(domain->heap);
    ambit_assert(live);
}
