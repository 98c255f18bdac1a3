/* SPDX-License-Identifier: Apache-2.0 */
#include "fake.h"

#include <capabilities/cap.h>
#include <string.h>

enum stage {
    IDLE,
    RESERVED,
    DOMAIN,
    FILES,
    CAPS,
    ROOT,
    RANGE,
    ATTACH,
    STANDARD,
    HOLD
};

static void expect(struct fake *f, bool good, const char *what)
{
    if (!good && f->fault == NULL) {
        f->fault = what;
    }
}

/* An act of this stage may follow one of the same or an earlier stage. */
static void reach(struct fake *f, uint32_t stage, uint32_t frames)
{
    f->acts++;
    expect(f, f->stage <= stage && f->stage != IDLE, "order of the acts");
    expect(f, frames <= f->left, "more frames than reserved");
    f->stage = stage;
    f->left -= frames <= f->left ? frames : f->left;
}

static enum status reserve(void *context, uint32_t domain,
                           const struct pd_needs *needs)
{
    struct fake *f = context;

    (void)domain;
    expect(f, f->stage == IDLE, "reserve comes first, and once");
    expect(f,
           needs->total == needs->control + needs->tables + needs->upper +
                               needs->leaves + needs->pages,
           "total of the needs");
    if (f->reserve == STATUS_OK) {
        f->stage = RESERVED;
        f->left = needs->total;
        f->holds = 0;
    }
    return f->reserve;
}

static void make_domain(void *context, uint32_t domain)
{
    struct fake *f = context;

    expect(f, f->stage == RESERVED && (f->live >> domain & 1) == 0,
           "make_domain once, after reserve");
    reach(f, DOMAIN, 1);
}

static void make_table(void *context, uint32_t domain, enum pd_class table)
{
    struct fake *f = context;
    const struct spec_domain *s = &f->spec->domains[domain];
    uint32_t slots = table == PD_CAPS ? s->caps_slots : s->files_slots;
    uint32_t chunks = 0;

    for (; slots != 0; chunks++) {
        slots -= slots < CAP_CHUNK_SLOTS ? slots : CAP_CHUNK_SLOTS;
    }
    expect(f, s->degree[table] == PD_NEW || s->degree[table] == PD_PART,
           "a table only for new and part");
    reach(f, table == PD_CAPS ? CAPS : FILES, chunks);
}

static void make_root(void *context, uint32_t root)
{
    struct fake *f = context;
    uint64_t touched[8] = {0};
    uint32_t frames = 2;

    for (uint32_t r = 0; r < f->plan->range_count; r++) {
        const struct plan_range *range = &f->plan->ranges[r];

        for (uint32_t g = 0;
             f->plan->attached[root][r] != 0 && g < range->granules; g++) {
            uint64_t at = (range->base + ((uint64_t)g << 21)) >> 30;

            frames += (touched[at / 64] >> at % 64 & 1) == 0;
            touched[at / 64] |= 1ull << at % 64;
        }
    }
    expect(f, (f->roots >> root & 1) == 0, "a root is made once");
    f->roots |= 1ull << root;
    reach(f, ROOT, frames);
}

static void make_range(void *context, uint32_t range)
{
    struct fake *f = context;
    const struct plan_range *r = &f->plan->ranges[range];
    uint32_t frames = r->kind == PLAN_HEAP ? 1 : r->granules;

    for (uint32_t page = 0; page < r->start_pages; page++) {
        frames +=
            (plan_page_rights(f->spec, f->plan, range, page) & CAP_WRITE) != 0;
    }
    expect(f, !f->made[range], "a range is made once");
    f->made[range] = true;
    reach(f, RANGE, frames);
}

static void attach(void *context, uint32_t root, uint32_t range, uint8_t rights)
{
    struct fake *f = context;
    bool named = f->plan->ranges[range].kind == PLAN_NAMED;

    expect(f, (f->roots >> root & 1) != 0, "attach to a root that exists");
    expect(f, named || f->made[range], "attach a range that exists");
    expect(f, f->attached[root][range] == 0, "attach once");
    expect(f, rights != 0 && rights == f->plan->attached[root][range],
           "attach with the planned rights");
    f->attached[root][range] = rights;
    reach(f, ATTACH, 0);
}

static void give_standard(void *context, uint32_t domain)
{
    (void)domain;
    reach(context, STANDARD, 0);
}

static void give_hold(void *context, uint32_t domain, uint32_t hold)
{
    struct fake *f = context;

    expect(f, hold == f->spec->domains[domain].first_hold + f->holds,
           "holds in their order");
    f->holds++;
    reach(f, HOLD, 0);
}

static void finish(void *context, uint32_t domain)
{
    struct fake *f = context;

    expect(f, f->stage == STANDARD || f->stage == HOLD, "finish comes last");
    expect(f, f->holds == f->spec->domains[domain].hold_count, "every hold");
    expect(f, f->left == 0, "fewer frames than reserved");
    f->acts++;
    f->stage = IDLE;
}

const struct pd_ops fake_ops = {reserve,       make_domain, make_table,
                                make_root,     make_range,  attach,
                                give_standard, give_hold,   finish};

void fake_init(struct fake *f, const struct spec *spec, const struct plan *plan)
{
    memset(f, 0, sizeof *f);
    f->spec = spec;
    f->plan = plan;
}

enum status fake_build(struct fake *f, uint32_t domain)
{
    enum status status =
        pd_build(f->spec, f->plan, domain, f->live, &fake_ops, f);

    if (status == STATUS_OK) {
        f->live |= 1ull << domain;
    }
    return status;
}

static bool root_used(const struct fake *f, uint32_t root)
{
    for (uint32_t d = 0; d < f->spec->header->domains.count; d++) {
        if ((f->live >> d & 1) != 0 && f->plan->domains[d].root == root) {
            return true;
        }
    }
    return false;
}

void fake_destroy(struct fake *f, uint32_t domain)
{
    uint32_t root = f->plan->domains[domain].root;

    f->live &= ~(1ull << domain);
    for (uint32_t r = 0; r < f->plan->range_count; r++) {
        if (f->plan->ranges[r].owner == domain) {
            f->made[r] = false;
            for (uint32_t i = 0; i < PLAN_MAX_ROOTS; i++) {
                f->attached[i][r] = 0;
            }
        }
    }
    if (!root_used(f, root)) {
        f->roots &= ~(1ull << root);
        memset(f->attached[root], 0, sizeof f->attached[root]);
    }
}

const char *fake_fault(struct fake *f)
{
    for (uint32_t root = 0; root < f->plan->root_count; root++) {
        bool exists = root_used(f, root);

        expect(f, exists == ((f->roots >> root & 1) != 0), "roots that exist");
        for (uint32_t r = 0; r < f->plan->range_count; r++) {
            const struct plan_range *range = &f->plan->ranges[r];
            bool there = exists && (range->owner == SPEC_NONE ||
                                    (f->live >> range->owner & 1) != 0);

            expect(f,
                   f->attached[root][r] ==
                       (there ? f->plan->attached[root][r] : 0),
                   "every range that exists, in every root that has it");
        }
    }
    return f->fault;
}
