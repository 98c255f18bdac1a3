/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PAGE_RIGHTS (CAP_READ | CAP_WRITE | CAP_EXEC)

static bool listed(const struct spec *spec, const struct plan *plan,
                   uint32_t domain, uint32_t range)
{
    const struct spec_domain *s = &spec->domains[domain];
    const struct plan_domain *parent = &plan->domains[s->parent];

    for (uint32_t i = 0; i < s->keep_count; i++) {
        const struct spec_keep *k = &spec->keeps[s->first_keep + i];

        if ((k->what == SPEC_KEEP_IMAGE && parent->image == range) ||
            (k->what == SPEC_KEEP_HEAP && parent->heap == range) ||
            (k->what == SPEC_KEEP_RANGE &&
             plan->ranges[range].kind == PLAN_NAMED &&
             plan->ranges[range].object == k->range)) {
            return true;
        }
    }
    return false;
}

static uint8_t brought(const struct spec *spec, const struct plan *plan,
                       uint32_t domain, uint32_t range)
{
    const struct spec_domain *s = &spec->domains[domain];
    const struct plan_range *r = &plan->ranges[range];
    uint32_t rights = r->owner == domain ? r->rights : 0;

    for (uint32_t i = 0; i < s->hold_count; i++) {
        const struct spec_hold *hold = &spec->holds[s->first_hold + i];

        if (hold->type == CAP_RANGE && r->kind == PLAN_NAMED &&
            hold->object == r->object) {
            rights |= hold->rights & PAGE_RIGHTS;
        }
    }
    return (uint8_t)rights;
}

uint8_t model_view(const struct spec *spec, const struct plan *plan,
                   uint32_t domain, uint32_t range)
{
    uint32_t rights = 0;

    /* Up from the domain; what is above a part counts only if kept. */
    for (uint32_t d = domain;; d = spec->domains[d].parent) {
        const struct spec_domain *s = &spec->domains[d];
        uint8_t degree = s->degree[PD_SPACE];

        rights |= brought(spec, plan, d, range);
        if (degree == PD_NEW || (degree == PD_PART && !s->keep_all &&
                                 !listed(spec, plan, d, range))) {
            return (uint8_t)rights;
        }
    }
}

static uint8_t expected(const struct spec *spec, const struct plan *plan,
                        uint32_t root, uint32_t range)
{
    const struct plan_range *r = &plan->ranges[range];
    uint32_t rights = 0;

    if (r->kind == PLAN_STACK) {
        return plan->domains[r->owner].root == root ? r->rights : 0;
    }
    for (uint32_t d = 0; d < spec->header->domains.count; d++) {
        if (plan->domains[d].root == root) {
            rights |= model_view(spec, plan, d, range);
        }
    }
    return (uint8_t)rights;
}

static uint64_t end_of(const struct plan_range *r)
{
    return r->base + r->granules * ABI_GRANULE_SIZE;
}

static const char *layout_fault(const struct plan *plan)
{
    uint64_t from = ABI_USER_BASE;

    for (uint32_t i = 0; i < plan->range_count; i++) {
        const struct plan_range *r = &plan->ranges[i];
        uint64_t start = plan_range_start(r);

        if (r->base < from || r->base % ABI_GRANULE_SIZE != 0 ||
            end_of(r) > ABI_USER_LIMIT || r->granules == 0 ||
            r->pages > r->granules * ABI_GRANULE_PAGES || start < r->base ||
            start + r->pages * ABI_PAGE_SIZE > end_of(r)) {
            return "I1";
        }
        from = end_of(r);
    }
    return NULL;
}

static const char *attachment_fault(const struct spec *spec,
                                    const struct plan *plan)
{
    for (uint32_t root = 0; root < plan->root_count; root++) {
        for (uint32_t i = 0; i < plan->range_count; i++) {
            const struct plan_range *r = &plan->ranges[i];
            uint8_t has = plan->attached[root][i];

            if (r->kind == PLAN_STACK &&
                (has != 0) != (plan->domains[r->owner].root == root)) {
                return "I2";
            }
            if (has != expected(spec, plan, root, i)) {
                return "I3";
            }
            if ((r->roots >> root & 1) != (has != 0)) {
                return "I4";
            }
        }
    }
    return NULL;
}

/* A page just before the first and just after the last, in every root. */
static const char *edge_fault(const struct spec *spec, const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->range_count; i++) {
        const struct plan_range *r = &plan->ranges[i];
        uint64_t start = plan_range_start(r);
        uint64_t end = start + r->pages * ABI_PAGE_SIZE;
        uint32_t at;

        if (plan_range_at(plan, start) != i ||
            plan_range_at(plan, end - 1) != i ||
            plan_range_at(plan, end_of(r)) == i) {
            return "I5";
        }
        for (uint32_t root = 0; root < plan->root_count; root++) {
            if (plan_view(spec, plan, root, start - 1, &at) != 0 ||
                plan_view(spec, plan, root, end, &at) != 0) {
                return "I6";
            }
            if (plan_view(spec, plan, root, end - 1, &at) !=
                    (plan->attached[root][i] &
                     plan_page_rights(spec, plan, i, r->pages - 1)) ||
                at != i) {
                return "I5";
            }
        }
    }
    return NULL;
}

static bool same_page_rights(const struct spec *spec, const struct plan *plan,
                             uint32_t range)
{
    const struct plan_range *r = &plan->ranges[range];
    uint32_t all = 0, writable = 0;

    for (uint32_t page = 0; page < r->pages; page++) {
        uint8_t rights = plan_page_rights(spec, plan, range, page);

        if ((rights & CAP_WRITE) != 0 && (rights & CAP_EXEC) != 0) {
            return false;
        }
        all |= rights;
        writable += (rights & CAP_WRITE) != 0;
    }
    return all == r->rights &&
           (r->kind == PLAN_HEAP
                ? r->frames == 0 && r->leaves == 1 && r->start_pages == 0
                : r->frames == writable && r->leaves == r->granules &&
                      r->start_pages == r->pages);
}

static const char *range_fault(const struct spec *spec, const struct plan *plan)
{
    for (uint32_t i = 0; i < plan->range_count; i++) {
        char name[SPEC_NAME_MAX + 8];
        uint32_t found;

        if (!same_page_rights(spec, plan, i)) {
            return "I7";
        }
        plan_range_name(spec, plan, i, name, sizeof name);
        if (plan_locate(spec, plan, name, (uint32_t)strlen(name), &found) !=
                STATUS_OK ||
            found != i) {
            return "I8";
        }
    }
    return NULL;
}

static const char *root_fault(const struct plan *plan)
{
    for (uint32_t root = 0; root < plan->root_count; root++) {
        const struct plan_root *r = &plan->roots[root];
        uint64_t touched[8] = {0};
        uint32_t count = 0;

        for (uint32_t i = 0; i < plan->range_count; i++) {
            for (uint32_t g = 0;
                 plan->attached[root][i] != 0 && g < plan->ranges[i].granules;
                 g++) {
                uint64_t at =
                    (plan->ranges[i].base + g * ABI_GRANULE_SIZE) >> 30;

                count += (touched[at / 64] >> at % 64 & 1) == 0;
                touched[at / 64] |= 1ull << at % 64;
            }
        }
        if (count != r->directories ||
            memcmp(touched, r->gibibytes, sizeof touched) != 0 ||
            plan->domains[r->first].root != root) {
            return "I9";
        }
    }
    return NULL;
}

/* Who has the table that this domain uses, by the degrees. */
static uint32_t source(const struct spec *spec, uint32_t domain,
                       enum pd_class class)
{
    while (domain != SPEC_NONE &&
           spec->domains[domain].degree[class] == PD_SAME) {
        domain = spec->domains[domain].parent;
    }
    if (domain == SPEC_NONE || spec->domains[domain].degree[class] == PD_NONE) {
        return PLAN_NONE;
    }
    return domain;
}

/* Who pays for it: who has none is built on the parent's. */
static uint32_t payer(const struct spec *spec, uint32_t domain,
                      enum pd_class class)
{
    while (domain != SPEC_NONE &&
           (spec->domains[domain].degree[class] == PD_SAME ||
            spec->domains[domain].degree[class] == PD_NONE)) {
        domain = spec->domains[domain].parent;
    }
    return domain == SPEC_NONE ? PLAN_NONE : domain;
}

static const char *domain_fault(const struct spec *spec,
                                const struct plan *plan)
{
    for (uint32_t d = 0; d < spec->header->domains.count; d++) {
        const struct plan_domain *p = &plan->domains[d];
        uint32_t handled = source(spec, d, PD_HANDLER);
        uint32_t handler =
            handled == PLAN_NONE ? PLAN_NONE : spec->domains[handled].parent;
        uint32_t home = source(spec, d, PD_SPACE);

        if (home == PLAN_NONE || plan->roots[p->root].first != home ||
            p->caps != source(spec, d, PD_CAPS) ||
            p->files != source(spec, d, PD_FILES) ||
            p->quota != payer(spec, d, PD_QUOTA) ||
            p->pool != payer(spec, d, PD_POOL) || p->handler != handler) {
            return "I10";
        }
        if (plan->attached[p->root][p->image] == 0 ||
            (p->heap != PLAN_NONE && plan->attached[p->root][p->heap] == 0) ||
            plan->ranges[p->image].object != spec->domains[d].program) {
            return "I11";
        }
        for (uint32_t r = 0; r < plan->range_count; r++) {
            bool own = r >= p->own && r <= p->stack;

            if (own != (plan->ranges[r].owner == d)) {
                return "I12";
            }
        }
    }
    return NULL;
}

const char *model_fault(const struct spec *spec, const struct plan *plan)
{
    const char *fault = layout_fault(plan);

    if (fault == NULL) {
        fault = attachment_fault(spec, plan);
    }
    if (fault == NULL) {
        fault = edge_fault(spec, plan);
    }
    if (fault == NULL) {
        fault = range_fault(spec, plan);
    }
    if (fault == NULL) {
        fault = root_fault(plan);
    }
    return fault == NULL ? domain_fault(spec, plan) : fault;
}
