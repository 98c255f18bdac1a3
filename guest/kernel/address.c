/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses: the master view, which says of every granule where its leaf table
 * is and, at the addresses of run time, whose it is; and windows, out of which
 * granules and numbers are given.
 */
#include "kernel.h"

#include <capabilities/assert.h>

#define WORD_BITS 64u
#define FULL UINT64_MAX
#define RUNTIME_GRANULE (ABI_RUNTIME_BASE >> ABI_GRANULE_SHIFT)

_Static_assert(ABI_MEMORY_MAX <= 1ull << 32, "an address fits half an entry");

static void owner_set(uint64_t base, uint32_t granules, uint64_t owner)
{
    for (uint32_t i = 0; i < granules; i++) {
        uint64_t *entry = address_entry(base + i * ABI_GRANULE_SIZE);

        *entry = (*entry & ADDRESS_LEAF) | owner << 32;
    }
}

void address_range_set(struct range *range)
{
    owner_set(range->base, range->granules, arch_physical_of(range));
}

struct range *address_range(uint64_t address)
{
    uint32_t planned;
    const uint64_t *entry;

    if (address >= ABI_RUNTIME_BASE && address < ABI_USER_LIMIT) {
        entry = address_entry(address);
        return entry && *entry >> 32 ? arch_physical(*entry >> 32) : NULL;
    }
    planned = plan_range_at(&kernel.plan, address);
    return planned == PLAN_NONE ? NULL : &kernel.ranges[planned];
}

/* ---- directories of the master view: the machine's, while they are used ----
 */

static enum status directory_use(uint64_t gibibyte)
{
    if (!kernel.directories[gibibyte]) {
        enum status status = pages_reserve(ROOT_QUOTA, ROOT_POOL, 1, 1);

        if (status != STATUS_OK) {
            return status;
        }
        kernel.directories[gibibyte] = arch_physical(frame_take(ROOT_POOL));
    }
    kernel.directory_uses[gibibyte]++;
    return STATUS_OK;
}

static void directory_leave(uint64_t gibibyte)
{
    if (--kernel.directory_uses[gibibyte] == 0) {
        frame_give_words(ROOT_POOL,
                         arch_physical_of(kernel.directories[gibibyte]), 0, 0);
        quota_uncharge(ROOT_QUOTA, 1);
        kernel.directories[gibibyte] = NULL;
    }
}

static enum status directories_use(uint64_t base, uint32_t granules)
{
    uint64_t first = base >> 30;
    uint64_t last = (base + granules * ABI_GRANULE_SIZE - 1) >> 30;

    for (uint64_t at = first; at <= last; at++) {
        enum status status = directory_use(at);

        if (status != STATUS_OK) {
            while (at-- > first) {
                directory_leave(at);
            }
            return status;
        }
    }
    return STATUS_OK;
}

static void directories_leave(uint64_t base, uint32_t granules)
{
    uint64_t last = (base + granules * ABI_GRANULE_SIZE - 1) >> 30;

    for (uint64_t at = base >> 30; at <= last; at++) {
        directory_leave(at);
    }
}

/* ---- windows ---- */

/* First of `count` (at most 64) zero bits in a row; WORD_BITS: none. */
static uint32_t run_in(uint64_t word, uint32_t count)
{
    uint64_t starts = ~word, have = 1;

    while (have < count) {
        uint64_t more = have < count - have ? have : count - have;

        starts &= starts >> more;
        have += more;
    }
    return starts ? (uint32_t)__builtin_ctzll(starts) : WORD_BITS;
}

static uint64_t mask_of(uint32_t count)
{
    return count >= WORD_BITS ? FULL : (1ull << count) - 1;
}

/* Whole words, for runs that are longer than one. UINT32_MAX: none. */
static uint32_t words_free(const struct bitmap *map, uint32_t words)
{
    uint32_t run = 0;

    for (uint32_t i = map->hint; i < map->words; i++) {
        run = map->used[i] ? 0 : run + 1;
        if (run == words) {
            return (i + 1 - words) * WORD_BITS;
        }
    }
    return UINT32_MAX;
}

/* Lowest run of `count` in one word, or of whole words. UINT32_MAX: none. */
static uint32_t bits_find(const struct bitmap *map, uint32_t count)
{
    if (count > WORD_BITS) {
        return words_free(map, (count + WORD_BITS - 1) / WORD_BITS);
    }
    for (uint32_t i = map->hint; i < map->words; i++) {
        uint32_t at = run_in(map->used[i], count);

        if (at + count <= WORD_BITS) {
            return i * WORD_BITS + at;
        }
    }
    return UINT32_MAX;
}

/* What bits_find gives: no more than one word has, or whole ones. */
static void bits_take(struct bitmap *map, uint32_t first, uint32_t count)
{
    uint32_t word = first / WORD_BITS;

    for (; count > WORD_BITS; count -= WORD_BITS) {
        map->used[word++] = FULL;
    }
    map->used[word] |= mask_of(count) << (first % WORD_BITS);
    while (map->hint < map->words && map->used[map->hint] == FULL) {
        map->hint++;
    }
}

static void bits_give(struct bitmap *map, uint32_t first, uint32_t count)
{
    uint32_t word = first / WORD_BITS;

    if (word < map->hint) {
        map->hint = word;
    }
    for (; count > WORD_BITS; count -= WORD_BITS) {
        map->used[word++] = 0;
    }
    map->used[word] &= ~(mask_of(count) << (first % WORD_BITS));
}

enum status span_take(struct pool *pool, uint32_t granules, uint64_t *base)
{
    struct window *w = pool->window;
    uint32_t at = bits_find(&w->granules, granules);
    enum status status;
    uint64_t address;

    if (at == UINT32_MAX) {
        return STATUS_OUT_OF_RANGE;
    }
    address = (w->first + at) << ABI_GRANULE_SHIFT;
    status = directories_use(address, granules);
    if (status == STATUS_OK) {
        bits_take(&w->granules, at, granules);
        *base = address;
    }
    return status;
}

void span_give(struct pool *pool, uint64_t base, uint32_t granules)
{
    struct window *w = pool->window;
    uint64_t at = (base >> ABI_GRANULE_SHIFT) - w->first;

    owner_set(base, granules, 0);
    bits_give(&w->granules, (uint32_t)at, granules);
    directories_leave(base, granules);
}

uint32_t number_take(struct pool *pool)
{
    struct window *w = pool->window;
    uint32_t at = bits_find(&w->numbers, 1);

    if (at == UINT32_MAX) {
        return NO_DOMAIN;
    }
    bits_take(&w->numbers, at, 1);
    return w->first_number + at;
}

void number_give(struct pool *pool, uint32_t number)
{
    struct window *w = pool->window;

    bits_give(&w->numbers, number - w->first_number, 1);
}

/* The first windows are generous; those in them share what one has. */
static uint32_t share_of(uint32_t all, uint32_t most)
{
    return all / 4 < most ? all / 4 : most;
}

static enum status window_take(struct window *w, struct pool *from,
                               uint32_t granules, uint32_t numbers)
{
    struct window *outer = from->window;
    uint32_t number = numbers ? bits_find(&outer->numbers, numbers) : 0;
    uint64_t base;
    enum status status;

    if (number == UINT32_MAX) {
        return STATUS_OUT_OF_RANGE;
    }
    status = span_take(from, granules, &base);
    if (status != STATUS_OK) {
        return status;
    }
    if (numbers) {
        bits_take(&outer->numbers, number, numbers);
    }
    *w = (struct window){
        .outer = outer,
        .first = base >> ABI_GRANULE_SHIFT,
        .granule_count = granules,
        .first_number = outer->first_number + number,
        .number_count = numbers,
        .granules = {.used = w->granule_words,
                     .words = (granules + WORD_BITS - 1) / WORD_BITS},
        .numbers = {.used = &w->number_word, .words = 1},
    };
    if (granules < WORD_BITS) {
        w->granule_words[0] = ~mask_of(granules);
    }
    w->number_word = ~mask_of(numbers);
    return STATUS_OK;
}

enum status window_make(struct window *w, struct pool *from)
{
    uint32_t granules = share_of(from->window->granule_count, WINDOW_GRANULES);
    uint32_t numbers = share_of(from->window->number_count, WORD_BITS);

    return granules && numbers ? window_take(w, from, granules, numbers)
                               : STATUS_OUT_OF_RANGE;
}

/* For ranges alone, by the frames that there are for them. */
enum status window_split(struct window *w, struct pool *from, uint64_t pages)
{
    uint32_t most = share_of(from->window->granule_count, WINDOW_GRANULES);
    uint32_t granules = pages <= 16     ? 4
                        : pages <= 512  ? 16
                        : pages <= 4096 ? 64
                                        : WINDOW_GRANULES;

    most = most ? most : 1;
    return window_take(w, from, granules < most ? granules : most, 0);
}

/* Needs: nothing is taken in it. */
void window_drop(struct window *w, struct pool *from)
{
    if (w->number_count) {
        bits_give(&w->outer->numbers, w->first_number - w->outer->first_number,
                  w->number_count);
    }
    span_give(from, w->first << ABI_GRANULE_SHIFT, w->granule_count);
}

/* ---- boot ---- */

static void range_init(uint32_t number)
{
    const struct plan_range *from = &kernel.plan.ranges[number];
    struct range *range = &kernel.ranges[number];
    const struct plan_domain *owner =
        from->owner == SPEC_NONE ? NULL : &kernel.plan.domains[from->owner];

    range->object.type = CAP_RANGE;
    range->kind = from->kind;
    range->rights = from->rights;
    range->number = number;
    range->owner = from->owner;
    range->program = from->object;
    range->granules = from->granules;
    range->limit = from->pages;
    range->start_pages = from->start_pages;
    range->base = from->base;
    range->quota = planned_quota(owner ? owner->quota : PLAN_NONE);
    range->pool = planned_pool(owner ? owner->pool : PLAN_NONE);
}

static enum status range_place(struct range *range)
{
    enum status status = directories_use(range->base, range->granules);
    uint64_t need;

    if (status != STATUS_OK || range->kind != PLAN_NAMED) {
        return status;
    }
    need = range->limit + range_start_granules(range);
    status = pages_reserve(ROOT_QUOTA, ROOT_POOL, need, need);
    if (status == STATUS_OK) {
        range_make(range);
    }
    return status;
}

static void machine_window(void)
{
    struct window *w = &kernel.window;

    w->first = RUNTIME_GRANULE;
    w->granule_count = RUNTIME_GRANULES;
    w->granules = (struct bitmap){.used = kernel.granules_used,
                                  .words = RUNTIME_GRANULES / WORD_BITS};
    w->number_count = DOMAIN_MAX;
    w->numbers = (struct bitmap){.used = kernel.numbers_used,
                                 .words = DOMAIN_MAX / WORD_BITS};
    bits_take(&w->numbers, 0, SPEC_MAX_DOMAINS);
    ROOT_POOL->window = w;
}

/* Pools of the config have theirs from the start: who is built when tells
 * nothing. */
static enum status planned_window(uint32_t domain)
{
    const struct plan_domain *plan = &kernel.plan.domains[domain];
    uint32_t parent = kernel.spec.domains[domain].parent;

    if (plan->pool != domain) {
        return STATUS_OK;
    }
    kernel.pools[domain].window = &kernel.windows[domain];
    return window_make(&kernel.windows[domain],
                       planned_pool(parent == SPEC_NONE
                                        ? PLAN_NONE
                                        : kernel.plan.domains[parent].pool));
}

enum status address_init(void)
{
    enum status status = STATUS_OK;

    machine_window();
    for (uint32_t i = 0;
         status == STATUS_OK && i < kernel.spec.header->domains.count; i++) {
        status = planned_window(i);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < kernel.plan.range_count;
         i++) {
        range_init(i);
        status = range_place(&kernel.ranges[i]);
    }
    return status;
}
