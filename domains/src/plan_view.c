/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to a plan about addresses and pages. */
#include <domains/plan.h>

#include <abi/layout.h>
#include <capabilities/cap.h>

static uint64_t range_end(const struct plan_range *r)
{
    return r->base + ((uint64_t)r->granules << ABI_GRANULE_SHIFT);
}

uint64_t plan_range_start(const struct plan_range *range)
{
    if (range->kind != PLAN_STACK) {
        return range->base;
    }
    /* One guard page above the stack; all the rest of the granule below. */
    return range_end(range) - ((uint64_t)(range->pages + 1) << ABI_PAGE_SHIFT);
}

uint32_t plan_range_at(const struct plan *plan, uint64_t address)
{
    uint32_t low = 0, high = plan->range_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (plan->ranges[middle].base <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0 || address >= range_end(&plan->ranges[low - 1])) {
        return PLAN_NONE;
    }
    return low - 1;
}

static uint8_t image_page_rights(const struct spec *spec, uint32_t program,
                                 uint32_t page)
{
    const struct spec_program *p = &spec->programs[program];
    const struct spec_segment *s = &spec->segments[p->first_segment];

    for (uint32_t i = 0; i < p->segment_count; i++, s++) {
        if (page >= s->page && page - s->page < s->pages) {
            return (uint8_t)s->rights;
        }
    }
    return 0;
}

uint8_t plan_page_rights(const struct spec *spec, const struct plan *plan,
                         uint32_t range, uint32_t page)
{
    const struct plan_range *r = &plan->ranges[range];

    if (page >= r->pages) {
        return 0;
    }
    return r->kind == PLAN_IMAGE ? image_page_rights(spec, r->object, page)
                                 : r->rights;
}

uint8_t plan_view(const struct spec *spec, const struct plan *plan,
                  uint32_t root, uint64_t address, uint32_t *range)
{
    uint32_t at = plan_range_at(plan, address);
    uint64_t start;

    *range = at;
    if (at == PLAN_NONE) {
        return 0;
    }
    start = plan_range_start(&plan->ranges[at]);
    if (address < start) {
        return 0;
    }
    return plan->attached[root][at] &
           plan_page_rights(spec, plan, at,
                            (uint32_t)((address - start) >> ABI_PAGE_SHIFT));
}
