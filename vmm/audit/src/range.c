/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stddef.h>
#include <string.h>

/*
 * The leaf table that maps `address`, copied, and the rights above it. A large
 * page is spread out into `out` as if it had a leaf table. False: none.
 */
static bool leaf_table(const struct audit_target *target, uint64_t cr3,
                       uint64_t address, struct walk_rights *rights,
                       uint64_t out[TABLE_ENTRIES])
{
    uint64_t frame = cr3 & PTE_FRAME;

    *rights = (struct walk_rights){true, true, true};
    for (unsigned level = TOP_LEVEL; level > 1; level--) {
        unsigned shift = ABI_PAGE_SHIFT + 9u * (level - 1u);
        uint64_t entry;
        if (!walk_copy(target->memory, target->memory_bytes, frame, out)) {
            return false;
        }
        entry = out[address >> shift & (TABLE_ENTRIES - 1)];
        if (!(entry & PTE_PRESENT)) {
            return false;
        }
        *rights = walk_narrow(*rights, entry);
        frame = entry & PTE_FRAME;
        if (level < TOP_LEVEL && (entry & PTE_LARGE)) {
            frame &= ~((1ull << shift) - 1);
            frame |= address & ((1ull << shift) - 1) & ~(ABI_GRANULE_SIZE - 1);
            for (uint64_t i = 0; i < TABLE_ENTRIES; i++) {
                out[i] = (frame + i * ABI_PAGE_SIZE) |
                         (entry & ~(PTE_FRAME | PTE_LARGE));
            }
            return true;
        }
    }
    return walk_copy(target->memory, target->memory_bytes, frame, out);
}

static void answer_page(struct audit_reached *out,
                        const struct audit_question *question, uint64_t address,
                        uint8_t found)
{
    out->pages += found != 0;
    out->readable += (found & CAP_READ) != 0;
    out->writable += (found & CAP_WRITE) != 0;
    out->executable += (found & CAP_EXEC) != 0;
    if (!out->any && (found & question->wanted)) {
        out->any = true;
        out->with = address;
        out->with_rights = found;
    }
}

static void answer_need(struct audit_reached *out,
                        const struct audit_question *question, uint64_t address,
                        uint8_t found)
{
    if (!out->lacking && (found & question->wanted) != question->wanted) {
        out->lacking = true;
        out->without = address;
        out->without_rights = found;
    }
}

void audit_range(const struct audit_target *target,
                 const struct audit_question *question,
                 struct audit_reached *out)
{
    const struct plan_range *range = &target->plan->ranges[question->range];
    uint64_t start = plan_range_start(range);
    uint64_t table[TABLE_ENTRIES];
    struct walk_rights above = {false, false, false};
    bool mapped = false;
    uint64_t end =
        question->pages ? question->first + question->pages : range->pages;

    memset(out, 0, sizeof(*out));
    for (uint64_t i = question->first; i < end && i < range->pages; i++) {
        uint64_t address = start + i * ABI_PAGE_SIZE;
        uint64_t slot = address >> ABI_PAGE_SHIFT & (TABLE_ENTRIES - 1);
        uint8_t found = 0;
        if (i == question->first || slot == 0) {
            mapped = leaf_table(target, question->cr3, address, &above, table);
        }
        if (mapped && (table[slot] & PTE_PRESENT)) {
            found = walk_user_rights(walk_narrow(above, table[slot]));
        }
        answer_page(out, question, address, found);
        if (i < question->need) {
            answer_need(out, question, address, found);
        }
    }
}

void audit_pages(const struct audit_target *target, uint64_t cr3,
                 uint32_t range, uint8_t *rights, uint64_t *frames)
{
    const struct plan_range *r = &target->plan->ranges[range];
    uint64_t start = plan_range_start(r);
    uint64_t table[TABLE_ENTRIES];
    struct walk_rights above = {false, false, false};
    bool mapped = false;

    for (uint64_t i = 0; i < r->pages; i++) {
        uint64_t address = start + i * ABI_PAGE_SIZE;
        uint64_t slot = address >> ABI_PAGE_SHIFT & (TABLE_ENTRIES - 1);
        if (i == 0 || slot == 0) {
            mapped = leaf_table(target, cr3, address, &above, table);
        }
        rights[i] = 0;
        if (mapped && (table[slot] & PTE_PRESENT)) {
            rights[i] = walk_user_rights(walk_narrow(above, table[slot]));
        }
        frames[i] = rights[i] ? table[slot] & PTE_FRAME : 0;
    }
}

uint64_t audit_root_cr3(const struct audit_target *target, uint32_t root)
{
    struct shared_root published;

    if (root >= SHARED_ROOTS) {
        return 0;
    }
    memcpy(&published,
           (const char *)target->memory + ABI_SHARED_PHYS +
               offsetof(struct shared, roots) + root * sizeof(published),
           sizeof(published));
    return published.cr3 & PTE_FRAME;
}

bool sample_root_lives(const struct audit_target *target, uint32_t root)
{
    for (uint32_t i = 0; i < target->spec->header->domains.count; i++) {
        if (target->plan->domains[i].root == root && target->live >> i & 1) {
            return true;
        }
    }
    return false;
}

static void report_missing(struct sample *sample, uint64_t address,
                           uint8_t expected, uint8_t found)
{
    struct audit_violation violation =
        sample_violation(sample, AUDIT_MISSING, address, 0);

    violation.expected = expected;
    violation.found = found;
    sample_report(sample, &violation);
}

/* Each start page of the range that lacks rights it should have. */
static void missing_in(struct sample *sample, uint32_t range)
{
    const struct audit_target *target = sample->target;
    const struct plan *plan = target->plan;
    const struct plan_range *r = &plan->ranges[range];
    uint64_t start = plan_range_start(r);
    uint64_t table[TABLE_ENTRIES];
    struct walk_rights above = {false, false, false};
    bool mapped = false;

    for (uint32_t page = 0; page < r->start_pages; page++) {
        uint64_t address = start + (uint64_t)page * ABI_PAGE_SIZE;
        uint64_t slot = address >> ABI_PAGE_SHIFT & (TABLE_ENTRIES - 1);
        uint8_t expected = plan_page_rights(target->spec, plan, range, page) &
                           plan->attached[sample->now->root][range];
        uint8_t found = 0;
        if (page == 0 || slot == 0) {
            mapped =
                leaf_table(target, sample->now->cr3, address, &above, table);
        }
        if (mapped && (table[slot] & PTE_PRESENT)) {
            found = walk_user_rights(walk_narrow(above, table[slot]));
        }
        if (expected & ~found) {
            report_missing(sample, address, expected, found);
        }
    }
}

/*
 * A named range is attached by capability, and a program may give that up or
 * revoke it, or attach a part: then nothing of the rest is reachable, and that
 * is no violation. But what is attached is whole granules.
 */
static void missing_in_named(struct sample *sample, uint32_t range)
{
    const struct audit_target *target = sample->target;
    struct audit_question question = {
        .cr3 = sample->now->cr3,
        .range = range,
        .wanted = CAP_READ,
        .need = target->plan->ranges[range].start_pages,
    };
    struct audit_reached reached;

    question.pages = ABI_GRANULE_PAGES;
    while (question.first < question.need) {
        audit_range(target, &question, &reached);
        if (reached.any && reached.lacking) {
            report_missing(sample, reached.without, CAP_READ,
                           reached.without_rights);
        }
        question.first += ABI_GRANULE_PAGES;
    }
}

/* True if whoever the range belongs to exists, so that it must be there. */
static bool range_lives(const struct audit_target *target, uint32_t range)
{
    uint32_t owner = target->plan->ranges[range].owner;

    return owner == SPEC_NONE ||
           (owner < SPEC_MAX_DOMAINS && (target->live >> owner & 1));
}

static void missing_in_root(struct sample *sample)
{
    const struct audit_target *target = sample->target;
    const struct plan *plan = target->plan;

    for (uint32_t range = 0; range < plan->range_count; range++) {
        if (!plan->attached[sample->now->root][range] ||
            !range_lives(target, range)) {
            continue;
        }
        if (plan->ranges[range].kind == PLAN_NAMED) {
            missing_in_named(sample, range);
        } else {
            missing_in(sample, range);
        }
    }
}

void sample_missing(struct sample *sample)
{
    for (uint32_t i = 0; i < sample->root_count; i++) {
        sample->now = &sample->roots[i];
        if (sample->now->root != PLAN_NONE &&
            sample_root_lives(sample->target, sample->now->root)) {
            missing_in_root(sample);
        }
    }
}
