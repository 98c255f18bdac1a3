/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <abi/layout.h>
#include <capabilities/cap.h>

#define OWNER_PAGE_BITS 19u /* pages of the largest machine */
_Static_assert((ABI_MEMORY_MAX >> ABI_PAGE_SHIFT) <= 1u << OWNER_PAGE_BITS,
               "a page number fits");
_Static_assert(PLAN_MAX_RANGES < 1u << (32 - OWNER_PAGE_BITS),
               "a range number fits");

static bool in_module(const struct audit_target *target, uint64_t frame)
{
    return frame >= target->module_base &&
           frame - target->module_base < target->module_bytes;
}

/* The module frame that must back this page; 0: no frame in particular. */
static uint64_t fixed_frame(const struct audit_target *target, uint32_t range,
                            uint64_t page)
{
    const struct spec *spec = target->spec;
    const struct plan_range *r = &target->plan->ranges[range];
    const struct spec_program *program;

    if (r->kind != PLAN_IMAGE) {
        return 0;
    }
    program = &spec->programs[r->object];
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct spec_segment *segment =
            &spec->segments[program->first_segment + i];
        if (!(segment->rights & CAP_WRITE) && page >= segment->page &&
            page - segment->page < segment->pages) {
            return target->module_base +
                   (segment->source + page - segment->page) * ABI_PAGE_SIZE;
        }
    }
    return 0;
}

/* Why this frame must not back this page of this range, or null. */
static const char *wrong_owner(struct sample *sample, uint32_t range,
                               uint64_t page, uint64_t frame)
{
    const struct audit_target *target = sample->target;
    uint64_t number = frame >> ABI_PAGE_SHIFT;
    uint64_t fixed = fixed_frame(target, range, page);
    uint32_t key = 1u + (range << OWNER_PAGE_BITS | (uint32_t)page);

    if (fixed || in_module(target, frame)) {
        return fixed == frame ? NULL
                              : "is not the module's page that belongs there";
    }
    if (sample->owners[number] && sample->owners[number] != key) {
        return "backs two pages";
    }
    sample->owners[number] = key;
    return NULL;
}

static const char *forbidden_frame(const struct sample *sample, uint64_t frame)
{
    if (sample->levels[frame >> ABI_PAGE_SHIFT]) {
        return "is a page table, reachable from ring 3";
    }
    if (frame - ABI_KERNEL_PHYS < ABI_GRANULE_SIZE) {
        return "is the kernel's, reachable from ring 3";
    }
    return NULL;
}

static void check_owner(struct sample *sample, uint32_t range, uint64_t address,
                        uint64_t frame)
{
    const struct plan *plan = sample->target->plan;
    const char *what = forbidden_frame(sample, frame);

    if (!what && range < plan->range_count) {
        uint64_t start = plan_range_start(&plan->ranges[range]);
        uint64_t page = (address - start) >> ABI_PAGE_SHIFT;
        if (address >= start && page < plan->ranges[range].pages) {
            what = wrong_owner(sample, range, page, frame);
        }
    }
    if (what) {
        struct audit_violation violation =
            sample_violation(sample, AUDIT_OWNER, address, frame);
        violation.what = what;
        sample_report(sample, &violation);
    }
}

/* The kernel's own root lends ring 3 one page (ABI_PROBE_ADDRESS). */
static bool is_probe_page(const struct sample *sample, uint64_t address,
                          uint64_t frame, uint8_t found)
{
    return sample->now->root == PLAN_NONE &&
           sample->now->cr3 == sample->kernel_root &&
           address == ABI_PROBE_ADDRESS && frame == sample->probe_frame &&
           frame - ABI_KERNEL_PHYS < ABI_GRANULE_SIZE &&
           found == (CAP_READ | CAP_EXEC);
}

/* What is made at run time is no part of the plan. */
static bool is_made(const struct sample *sample, uint64_t address)
{
    return address < ABI_USER_LIMIT &&
           (sample->now->made != PLAN_NONE ||
            (sample->now->root != PLAN_NONE && address >= ABI_RUNTIME_BASE));
}

static void check_made_page(struct sample *sample, uint64_t address,
                            uint64_t frame, uint8_t found)
{
    uint32_t root =
        sample->now->made == PLAN_NONE ? sample->now->root : sample->now->made;
    struct audit_violation violation;
    struct made_page page;

    if (!sample->made.whole) {
        sample->audit->unchecked++; /* its frame is judged all the same */
        return;
    }
    page = made_view(&sample->made, sample->target, root, address);
    if (found & ~page.rights) {
        violation = sample_violation(
            sample, page.rights ? AUDIT_RIGHTS : AUDIT_EXTRA, address, frame);
        violation.range = page.range;
        violation.expected = page.rights;
        violation.found = found;
        sample_report(sample, &violation);
    } else if (page.frame && page.frame != frame) {
        violation = sample_violation(sample, AUDIT_OWNER, address, frame);
        violation.range = page.range;
        violation.what = "is not the frame that is mapped there";
        sample_report(sample, &violation);
    }
}

void sample_page(struct sample *sample, uint64_t address, uint64_t frame,
                 uint8_t found)
{
    const struct audit_target *target = sample->target;
    struct audit_violation violation;
    uint32_t range = PLAN_NONE;
    uint8_t expected = 0;

    sample->audit->pages++;
    if (is_probe_page(sample, address, frame, found)) {
        return;
    }
    if (sample->now->root != PLAN_NONE && address < ABI_USER_LIMIT) {
        expected = plan_view(target->spec, target->plan, sample->now->root,
                             address, &range);
    }
    if (frame >> ABI_PAGE_SHIFT >= sample->frames) {
        violation = sample_violation(sample, AUDIT_TABLE, address, frame);
        violation.what = "is reachable from ring 3, but lies outside RAM";
        sample_report(sample, &violation);
        return;
    }
    if (is_made(sample, address)) {
        check_made_page(sample, address, frame, found);
    } else if (found & ~expected) {
        violation = sample_violation(
            sample, expected ? AUDIT_RIGHTS : AUDIT_EXTRA, address, frame);
        violation.expected = expected;
        violation.found = found;
        sample_report(sample, &violation);
    }
    check_owner(sample, range, address, frame);
}
