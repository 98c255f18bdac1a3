/* SPDX-License-Identifier: Apache-2.0 */
#include "random.h"

#include <capabilities/cap.h>
#include <stdbool.h>
#include <stdio.h>

/* splitmix64, by its published constants. */
static uint64_t next(struct random *r)
{
    uint64_t x = r->state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

struct random random_from(uint64_t seed)
{
    return (struct random){seed};
}

uint32_t random_below(struct random *r, uint32_t limit)
{
    return (uint32_t)(next(r) >> 33) % limit;
}

static bool chance(struct random *r, uint32_t percent)
{
    return random_below(r, 100) < percent;
}

static uint32_t pick(struct random *r, const uint32_t *from, uint32_t count)
{
    return from[random_below(r, count)];
}

static uint32_t any_pages(struct random *r)
{
    static const uint32_t sizes[] = {1, 16, 511, 512, 513, 1024};

    return pick(r, sizes, 6);
}

static void add_objects(struct maker *m, struct random *r)
{
    char name[24];

    for (uint32_t i = random_below(r, 3); i > 0; i--) {
        snprintf(name, sizeof name, "program%u", i);
        m->programs[maker_program(m, name)].pages =
            chance(r, 50) ? 512 : MAKER_PROGRAM_PAGES;
    }
    for (uint32_t i = random_below(r, 4); i > 0; i--) {
        snprintf(name, sizeof name, "range%u", i);
        maker_range(m, name, any_pages(r));
    }
    for (uint32_t i = random_below(r, 3); i > 0; i--) {
        snprintf(name, sizeof name, "end%u", i);
        maker_endpoint(m, name);
        maker_tree(m, "./files");
    }
}

static void add_keeps(struct maker *m, struct random *r)
{
    for (uint32_t i = random_below(r, 3); i > 0; i--) {
        uint32_t what = random_below(r, 3);

        if (what == SPEC_KEEP_RANGE && m->header.ranges.count == 0) {
            what = SPEC_KEEP_IMAGE;
        }
        maker_keep(m, what,
                   what == SPEC_KEEP_RANGE
                       ? random_below(r, m->header.ranges.count)
                       : 0);
    }
}

static void add_holds(struct maker *m, struct random *r)
{
    for (uint32_t i = random_below(r, 4); i > 0; i--) {
        static const uint32_t rights[] = {CAP_READ, CAP_READ | CAP_WRITE,
                                          CAP_USE, CAP_READ | CAP_USE};

        if (chance(r, 50) && m->header.endpoints.count != 0) {
            maker_hold(m, CAP_ENDPOINT,
                       random_below(r, m->header.endpoints.count),
                       chance(r, 50) ? CAP_USE : CAP_WRITE);
        } else if (m->header.ranges.count != 0) {
            maker_hold(m, CAP_RANGE, random_below(r, m->header.ranges.count),
                       pick(r, rights, 4));
        }
    }
}

static void change_degrees(struct maker *m, struct random *r, uint32_t index)
{
    struct spec_domain *d = &m->domains[index];

    while (chance(r, 50)) {
        enum pd_class class = random_below(r, PD_CLASS_COUNT);
        uint8_t degree = (uint8_t)random_below(r, PD_DEGREE_COUNT);

        if ((pd_class_degrees(class) >> degree & 1) != 0 || chance(r, 3)) {
            d->degree[class] = degree;
        }
    }
    /* Out of nothing comes nothing. */
    if (d->parent != SPEC_NONE && chance(r, 95)) {
        const uint8_t *above = m->domains[d->parent].degree;

        if (above[PD_QUOTA] == PD_NONE) {
            d->degree[PD_QUOTA] = PD_NONE;
        }
        if (above[PD_POOL] == PD_NONE || d->degree[PD_QUOTA] == PD_NONE) {
            d->degree[PD_POOL] = PD_NONE;
        }
    }
    if (d->degree[PD_POOL] == PD_NEW && chance(r, 95)) {
        d->degree[PD_QUOTA] = PD_NEW;
    }
    if (d->parent == SPEC_NONE && chance(r, 90)) {
        d->degree[PD_SPACE] = PD_NEW;
        d->degree[PD_CAPS] = PD_NEW;
        d->degree[PD_FILES] =
            d->degree[PD_FILES] == PD_PART ? PD_NEW : d->degree[PD_FILES];
    }
}

static void add_domain(struct maker *m, struct random *r, uint32_t budget)
{
    static const uint32_t stacks[] = {1, 8, 255, 256};
    uint32_t index = m->header.domains.count;
    uint32_t parent =
        index == 0 || chance(r, 15) ? SPEC_NONE : random_below(r, index);
    struct spec_domain *d = &m->domains[index];
    char name[24];

    snprintf(name, sizeof name, "d%u", index);
    maker_domain(m, name, parent == SPEC_NONE ? PROCESS : random_below(r, 5),
                 parent);
    d->program = parent == SPEC_NONE || chance(r, 15)
                     ? random_below(r, m->header.programs.count)
                     : m->domains[parent].program;
    d->heap_pages = chance(r, 20) ? 0 : any_pages(r);
    d->stack_pages = pick(r, stacks, 4);
    d->quota_pages = 1 + random_below(r, budget);
    d->pool_pages = 1 + random_below(r, budget);
    d->caps_slots = 8 + random_below(r, 150);
    d->files_slots = 8 + random_below(r, 150);
    d->start = parent != SPEC_NONE && m->domains[parent].start ? 1 : 0;
    if (m->header.trees.count != 0 && chance(r, 50)) {
        d->tree = random_below(r, m->header.trees.count);
    }
    if (chance(r, 5)) {
        d->start = SPEC_START_MANUAL;
    }
    change_degrees(m, r, index);
    if (d->degree[PD_SPACE] == PD_PART) {
        d->keep_all = chance(r, 40);
        if (!d->keep_all) {
            add_keeps(m, r);
        }
    }
    if (d->degree[PD_CAPS] != PD_NONE || chance(r, 3)) {
        add_holds(m, r);
    }
}

void random_spec(struct maker *m, struct random *r)
{
    uint32_t domains =
        chance(r, 3) ? SPEC_MAX_DOMAINS : 1 + random_below(r, 10);

    maker_init(m);
    add_objects(m, r);
    for (uint32_t i = 0; i < domains; i++) {
        add_domain(m, r, MAKER_MEMORY_PAGES / (4 * domains));
    }
}
