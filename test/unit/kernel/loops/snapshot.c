/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include "loops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct kernel was;
static uint8_t *memory;
static struct arch_frame frame;
static struct shared_domain result;
static bool fast;

void snapshot_take(void)
{
    uint64_t bytes = machine.scene->module;

    if (!memory) {
        memory = malloc(bytes);
        FUZZ_CHECK(memory != NULL);
    }
    memcpy(&was, &kernel, sizeof was);
    memcpy(memory, machine.scene->memory, bytes);
    frame = *machine_frame();
    result = machine_domain()->result;
    fast = machine_domain()->fast;
}

static void forget_pool(struct pool *pool)
{
    memset(pool->extents, 0, sizeof pool->extents);
    pool->extent_count = 0;
    pool->list = 0;
    pool->listed = 0;
}

/* What may differ, out of a copy. */
static void forget(struct kernel *k)
{
    k->since = 0;
    k->entered = 0;
    k->armed = 0;
    k->slice = 0;
    for (uint32_t i = 0; i <= SPEC_MAX_DOMAINS; i++) {
        forget_pool(&k->pools[i]);
        k->quotas[i].peak = 0;
        if (k->quotas[i].limit == 0) { /* there is none */
            memset(&k->quotas[i], 0, sizeof k->quotas[i]);
        }
    }
    for (uint32_t i = 0; i < SPEC_MAX_NODES; i++) {
        k->file_locks[i].object.type = 0;
    }
    k->ipc.lives = 0; /* numbers that nobody has again */
    k->roots_made = 0;
    k->ranges_made = 0;
    k->work = 0;       /* how much has been detached, ever */
    k->domain_end = 0; /* a bound */
}

static bool is_free(uint64_t page)
{
    const struct pool *pool = ROOT_POOL;
    uint64_t at = pool->list;

    for (uint32_t i = 0; i < pool->extent_count; i++) {
        if (page >= pool->extents[i].next && page < pool->extents[i].end) {
            return true;
        }
    }
    for (uint64_t n = 0; n < pool->listed && at != page; n++) {
        at = *(const uint64_t *)arch_physical(at);
    }
    return pool->listed != 0 && at == page;
}

/* A free frame may be another in the list of free ones. */
static bool same_page(uint64_t page)
{
    const uint8_t *before = memory + page, *now = machine.scene->memory + page;

    if (memcmp(before, now, ABI_PAGE_SIZE) == 0) {
        return true;
    }
    return is_free(page) && memcmp(before + 8, now + 8, ABI_PAGE_SIZE - 8) == 0;
}

static void page_tell(uint64_t page)
{
    for (uint32_t i = 0; i < ABI_PAGE_SIZE; i += 8) {
        uint64_t before, now;

        memcpy(&before, memory + page + i, 8);
        memcpy(&now, machine.scene->memory + page + i, 8);
        if (before != now) {
            fprintf(stderr, "%#llx: %#llx, was %#llx\n",
                    (unsigned long long)page + i, (unsigned long long)now,
                    (unsigned long long)before);
        }
    }
}

static bool memory_holds(void)
{
    struct domain *domain = machine_domain();
    struct arch_frame now = domain->frame;
    struct shared_domain now_result = domain->result;
    bool now_fast = domain->fast, same = true;

    domain->frame = frame;
    domain->result = result;
    domain->fast = fast;
    for (uint64_t page = 0; page < machine.scene->module;
         page += ABI_PAGE_SIZE) {
        if (!same_page(page)) {
            page_tell(page);
            same = false;
        }
    }
    domain->frame = now;
    domain->result = now_result;
    domain->fast = now_fast;
    return same;
}

static bool kernel_holds(void)
{
    static struct kernel before, now;
    const uint8_t *a = (const uint8_t *)&before, *b = (const uint8_t *)&now;

    memcpy(&before, &was, sizeof before);
    memcpy(&now, &kernel, sizeof now);
    forget(&before);
    forget(&now);
    for (size_t i = 0; i < sizeof now; i++) {
        if (a[i] != b[i]) {
            fprintf(stderr, "byte %zu of struct kernel has changed\n", i);
            return false;
        }
    }
    return true;
}

bool snapshot_holds(void)
{
    bool good = kernel_holds();

    return memory_holds() && good;
}
