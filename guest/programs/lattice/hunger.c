/* SPDX-License-Identifier: Apache-2.0 */
/* Memory: who pays, who sees, who starves. */
#include "lattice.h"

#define ROUNDS 12u

uint32_t take_all(struct ambit_handle pool, struct ambit_handle *frames,
                  enum status *why)
{
    uint32_t count = 0;
    uint64_t number;

    *why = STATUS_OK;
    while (count < FRAMES_MAX && *why == STATUS_OK) {
        *why = ambit_allocate(pool, &frames[count], &number);
        count += *why == STATUS_OK;
    }
    return count;
}

void give_all(struct ambit_handle *frames, uint32_t count)
{
    while (count > 0) {
        must(ambit_delete(frames[--count]));
    }
}

/* Its own heap, by its own name for it, by one page. */
enum lattice_finding probe_growth(const struct ambit_handle *clerk)
{
    struct ambit_handle heap;
    uint64_t bytes, before, paid;

    if (!clerk || ambit_capability("heap", &heap) != STATUS_OK) {
        return LATTICE_IS_NONE;
    }
    before = ask(*clerk, WORK_USED, 0, 0);
    if (ambit_grow(heap, 1, &bytes) != STATUS_OK) {
        return LATTICE_IS_NONE;
    }
    paid = ask(*clerk, WORK_USED, 0, 0) - before;
    return paid == 0 ? LATTICE_IS_OWN : LATTICE_IS_PARENT;
}

static uint64_t sum(const struct counters *counters)
{
    struct ambit_info info;
    uint64_t total = 0;

    for (uint32_t i = 0; i < counters->count; i++) {
        if (ambit_inspect(counters->list[i], &info) == STATUS_OK) {
            total = total * 31 + info.first;
        }
    }
    return total;
}

/* The parent allocates or does not, by a coin; does any number move with it? */
enum lattice_finding probe_pool(const struct ambit_handle *clerk,
                                const struct counters *counters)
{
    uint32_t hits = 0, heads = 0, moved = 0;

    if (!clerk || counters->count == 0) {
        return LATTICE_IS_NONE;
    }
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint64_t before = sum(counters);
        bool guess, coin;

        ask(*clerk, WORK_TAKE, 0, 0);
        guess = sum(counters) != before;
        coin = ask(*clerk, WORK_GIVE, 0, 0) != 0;
        moved += guess;
        heads += coin;
        hits += guess == coin;
    }
    if (heads == 0) {
        return LATTICE_IS_UNKNOWN; /* 1 in 4096 */
    }
    if (hits == ROUNDS) {
        return LATTICE_IS_SEEN;
    }
    return moved == 0 ? LATTICE_IS_HIDDEN : LATTICE_IS_UNKNOWN;
}

static bool can_allocate(struct ambit_handle pool)
{
    struct ambit_handle frame;
    uint64_t number;

    if (ambit_allocate(pool, &frame, &number) != STATUS_OK) {
        return false;
    }
    must(ambit_delete(frame));
    return true;
}

/* Any pool that it can name or guess, as long as it gives something. */
static bool find_pool(const struct counters *counters, struct ambit_handle *out)
{
    for (uint32_t i = 0; i < counters->count; i++) {
        if (can_allocate(counters->list[i])) {
            *out = counters->list[i];
            return true;
        }
    }
    return false;
}

enum lattice_finding probe_quota(const struct ambit_handle *clerk,
                                 const struct counters *counters)
{
    struct ambit_handle frames[FRAMES_MAX], pool;
    bool parent_starves, child_starves;
    enum status why;
    uint32_t count;

    if (!clerk || !find_pool(counters, &pool)) {
        return LATTICE_IS_NONE;
    }
    count = take_all(pool, frames, &why);
    parent_starves = ask(*clerk, WORK_CAN, 0, 0) == 0;
    give_all(frames, count);
    if (why != STATUS_NO_QUOTA) {
        return LATTICE_IS_UNKNOWN; /* something else ended it */
    }
    ask(*clerk, WORK_FILL, 0, 0);
    child_starves = !can_allocate(pool);
    ask(*clerk, WORK_EMPTY, 0, 0);
    if (parent_starves) {
        return child_starves ? LATTICE_IS_BOTH : LATTICE_IS_UNKNOWN;
    }
    return child_starves ? LATTICE_IS_CEILING : LATTICE_IS_OWN;
}
