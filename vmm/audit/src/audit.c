/* SPDX-License-Identifier: Apache-2.0 */
#include <audit/audit.h>

#include "sample.h"

#include <abi/layout.h>
#include <stdlib.h>
#include <string.h>

static void report_table(struct sample *sample, uint64_t address,
                         uint64_t frame, const char *what)
{
    struct audit_violation violation =
        sample_violation(sample, AUDIT_TABLE, address, frame);

    violation.what = what;
    sample_report(sample, &violation);
}

/*
 * First pass: which frames are tables, which are executable somewhere. The
 * first level at which a table is met counts, so every walk ends.
 */
static bool mark_table(void *context, const struct walk_entry *entry)
{
    struct sample *sample = context;
    uint64_t number = entry->frame >> ABI_PAGE_SHIFT;
    uint8_t level = (uint8_t)(entry->level - 1);

    if (number >= sample->frames) {
        report_table(sample, entry->address, entry->frame,
                     "is used as a page table, but lies outside RAM");
        return false;
    }
    if (sample->levels[number] && sample->levels[number] != level) {
        report_table(sample, entry->address, entry->frame,
                     "is used as a page table of two levels: a loop");
        return false;
    }
    sample->levels[number] = level;
    return true;
}

static uint64_t frames_in_ram(const struct sample *sample,
                              const struct walk_entry *entry)
{
    uint64_t first = entry->frame >> ABI_PAGE_SHIFT;

    if (first >= sample->frames) {
        return 0;
    }
    return entry->pages < sample->frames - first ? entry->pages
                                                 : sample->frames - first;
}

static void mark_leaf(void *context, const struct walk_entry *entry)
{
    struct sample *sample = context;
    uint64_t first = entry->frame >> ABI_PAGE_SHIFT;
    uint64_t count = entry->rights.exec ? frames_in_ram(sample, entry) : 0;

    for (uint64_t i = first; i < first + count; i++) {
        sample->exec[i / 64] |= 1ull << (i % 64);
    }
}

/* Second pass: what each page may be. */
static bool compare_table(void *context, const struct walk_entry *entry)
{
    struct sample *sample = context;
    uint64_t number = entry->frame >> ABI_PAGE_SHIFT;

    return number < sample->frames &&
           sample->levels[number] == entry->level - 1;
}

static void compare_writable(struct sample *sample,
                             const struct walk_entry *entry)
{
    uint64_t first = entry->frame >> ABI_PAGE_SHIFT;
    uint64_t count = frames_in_ram(sample, entry);

    for (uint64_t i = first; i < first + count; i++) {
        uint64_t address = entry->address + (i - first) * ABI_PAGE_SIZE;
        if (!(sample->exec[i / 64] >> (i % 64) & 1)) {
            continue;
        }
        struct audit_violation violation = sample_violation(
            sample, AUDIT_W_AND_X, address, i << ABI_PAGE_SHIFT);
        violation.what = entry->rights.user
                             ? "is writable, and executable somewhere"
                             : "is writable by the kernel, and executable "
                               "somewhere";
        sample_report(sample, &violation);
    }
}

static void compare_leaf(void *context, const struct walk_entry *entry)
{
    struct sample *sample = context;
    uint8_t found = walk_user_rights(entry->rights);

    if (entry->rights.write) {
        compare_writable(sample, entry);
    }
    if (!found) {
        return;
    }
    for (uint64_t i = 0; i < entry->pages; i++) {
        uint64_t offset = i * ABI_PAGE_SIZE;
        sample_page(sample, entry->address + offset, entry->frame + offset,
                    found);
        if ((entry->frame + offset) >> ABI_PAGE_SHIFT >= sample->frames) {
            return; /* said once a leaf */
        }
    }
}

static uint64_t shared_word(const struct audit_target *target, size_t offset)
{
    uint64_t word;

    memcpy(&word, (const char *)target->memory + ABI_SHARED_PHYS + offset,
           sizeof(word));
    return word;
}

/* Most domains made at run time that there can be. */
static uint64_t shared_made(const struct audit_target *target)
{
    uint32_t end =
        (uint32_t)shared_word(target, offsetof(struct shared, domain_end));

    return end < MADE_MAX ? end : MADE_MAX;
}

/* What is attached at run time. Each directory is a frame, whatever capability
 * tables say. */
static uint64_t attached_tables(const struct sample *sample)
{
    uint64_t most = sample->frames * TABLE_ENTRIES;

    return sample->made.tables < most ? sample->made.tables : most;
}

/*
 * Entries that an honest kernel's tables can have, three times over. Without
 * such a bound a table whose 512 entries all name one table below, and so on,
 * would keep us for ever.
 */
static uint64_t budget(const struct sample *sample)
{
    const struct plan *plan = sample->target->plan;
    uint64_t tables = 2 * (sample->frames / TABLE_ENTRIES) + 64;

    for (uint32_t root = 0; root < plan->root_count; root++) {
        tables += plan->roots[root].directories + 4;
        for (uint32_t range = 0; range < plan->range_count; range++) {
            if (plan->attached[root][range]) {
                tables += plan->ranges[range].granules;
            }
        }
    }
    /* Of a domain made at run time: a root of its own, three ranges. */
    tables += 16ull * sample->root_count;
    tables += 4 * shared_made(sample->target);
    tables += attached_tables(sample);
    return 3 * tables * TABLE_ENTRIES;
}

/* The kernel's half is common to all roots: each top entry is walked once. */
static void walk_kernel_half(struct sample *sample, struct walker *walker)
{
    uint64_t table[TABLE_ENTRIES];

    if (!walk_copy(sample->target->memory, sample->target->memory_bytes,
                   sample->now->cr3, table)) {
        return;
    }
    for (unsigned i = KERNEL_HALF; i < TABLE_ENTRIES; i++) {
        uint64_t *known = &sample->kernel_half[i - KERNEL_HALF];
        uint64_t now = table[i] & PTE_MEANING;
        if (!sample->kernel_half_known || *known != now) {
            walk_tree(walker, sample->now->cr3, i, i);
        }
        if (!sample->kernel_half_known) {
            *known = now;
        }
    }
    sample->kernel_half_known = true;
}

/* False: it was given up, as tables that are honest can make it where it is not
 * known what is attached. */
static bool walk_all(struct sample *sample, struct walker *walker)
{
    walker->memory = sample->target->memory;
    walker->memory_bytes = sample->target->memory_bytes;
    walker->budget = budget(sample);
    walker->context = sample;
    sample->kernel_half_known = false;
    for (uint32_t i = 0; i < sample->root_count; i++) {
        sample->now = &sample->roots[i];
        if (walk_tree(walker, sample->now->cr3, 0, KERNEL_HALF - 1)) {
            walk_kernel_half(sample, walker);
        }
        if (walker->budget == 0 && !sample->made.whole) {
            return false;
        }
        if (walker->budget == 0) {
            report_table(sample, 0, sample->now->cr3,
                         "is the root of more tables than all views need: "
                         "the walk was given up");
            break;
        }
    }
    return true;
}

static bool add_root(struct sample *sample, uint64_t cr3, uint32_t root)
{
    cr3 &= PTE_FRAME;
    for (uint32_t i = 0; i < sample->root_count; i++) {
        if (sample->roots[i].cr3 == cr3) {
            return false;
        }
    }
    sample->roots[sample->root_count++] =
        (struct sample_root){cr3, root, PLAN_NONE};
    return true;
}

static void report_root(struct sample *sample, uint64_t cr3, uint32_t root,
                        const char *what)
{
    struct sample_root about = {cr3, root, PLAN_NONE};
    struct audit_violation violation;

    sample->now = &about;
    violation = sample_violation(sample, AUDIT_ROOT, 0, cr3);
    sample->now = NULL;
    violation.what = what;
    sample_report(sample, &violation);
}

/* Every domain that lives must have its root published, once all are built. */
static void check_live_roots(struct sample *sample)
{
    const struct audit_target *target = sample->target;

    for (uint32_t i = 0; i < target->plan->root_count; i++) {
        if (sample_root_lives(target, i) && !audit_root_cr3(target, i)) {
            report_root(sample, 0, i, "runs, but no root is published for it");
        }
    }
}

static void collect_published(struct sample *sample)
{
    const struct audit_target *target = sample->target;

    for (uint32_t i = 0; i < SHARED_ROOTS; i++) {
        uint64_t cr3 = audit_root_cr3(target, i);
        bool planned = i < target->plan->root_count;
        if (cr3 && !add_root(sample, cr3, planned ? i : PLAN_NONE)) {
            report_root(sample, cr3, planned ? i : PLAN_NONE,
                        "is published as two roots at once");
        } else if (cr3 && !planned) {
            report_root(sample, cr3, PLAN_NONE,
                        "is published as a root that the plan lacks");
        }
    }
}

/* Roots of domains made at run time, as their records say: not always their
 * own, for threads share one. */
static void collect_made(struct sample *sample)
{
    for (uint32_t i = 0; i < sample->made.count; i++) {
        const struct made_domain *domain = &sample->made.domains[i];

        if (domain->record.cr3 &&
            add_root(sample, domain->record.cr3, PLAN_NONE)) {
            sample->roots[sample->root_count - 1].made = domain->record.root;
        }
    }
}

/* A record that contradicts others, or itself. */
static void check_made(struct sample *sample)
{
    for (uint32_t i = 0; i < sample->made.count; i++) {
        const struct made_domain *domain = &sample->made.domains[i];
        const char *what = made_wrong(&sample->made, sample->target, domain);
        struct sample_root about = {domain->record.cr3, PLAN_NONE,
                                    domain->number};
        struct audit_violation violation;

        if (what) {
            sample->now = &about;
            violation =
                sample_violation(sample, AUDIT_ROOT, 0, domain->record.cr3);
            sample->now = NULL;
            violation.what = what;
            sample_report(sample, &violation);
        }
    }
}

static void collect_roots(struct sample *sample)
{
    const struct audit_target *target = sample->target;
    uint64_t vcpu = target->vcpu_cr3 & PTE_FRAME;
    uint64_t kernel = shared_word(target, offsetof(struct shared, kernel_root));

    sample->kernel_root = kernel & PTE_FRAME;
    sample->probe_frame =
        shared_word(target, offsetof(struct shared, probe_frame));
    collect_published(sample);
    collect_made(sample);
    if (kernel & PTE_FRAME) {
        add_root(sample, kernel, PLAN_NONE);
    }
    if (vcpu && add_root(sample, vcpu, PLAN_NONE)) {
        report_root(sample, vcpu, PLAN_NONE,
                    "is the vCPU's, and is not published");
    }
    if (target->complete) {
        check_live_roots(sample);
    }
    if (sample->made.whole) {
        check_made(sample);
    }
}

static bool allocate(struct sample *sample)
{
    if (!made_read(&sample->made, sample->target)) {
        return false;
    }
    sample->roots = calloc((size_t)SAMPLE_ROOTS + sample->made.count,
                           sizeof(*sample->roots));
    sample->levels = calloc(sample->frames, sizeof(*sample->levels));
    sample->exec = calloc(sample->frames / 64 + 1, sizeof(*sample->exec));
    sample->owners = calloc(sample->frames, sizeof(*sample->owners));
    return sample->roots && sample->levels && sample->exec && sample->owners;
}

static void release(struct sample *sample)
{
    free(sample->roots);
    free(sample->levels);
    free(sample->exec);
    free(sample->owners);
    made_free(&sample->made);
}

uint64_t audit_sample(struct audit *audit, const struct audit_target *target)
{
    struct sample sample = {
        .audit = audit,
        .target = target,
        .frames = target->memory_bytes / ABI_PAGE_SIZE,
    };
    struct walker mark = {.leaf = mark_leaf, .table = mark_table};
    struct walker compare = {.leaf = compare_leaf, .table = compare_table};
    uint64_t before = audit->violation_count;

    if (target->memory_bytes < ABI_SHARED_PHYS + sizeof(struct shared) ||
        !allocate(&sample)) {
        audit->skipped++;
        release(&sample);
        return 0;
    }
    audit->made += sample.made.count;
    collect_roots(&sample);
    if (!walk_all(&sample, &mark) || !walk_all(&sample, &compare)) {
        audit->skipped++;
        release(&sample);
        return audit->violation_count - before;
    }
    if (target->complete) {
        sample_missing(&sample);
    }
    audit->samples++;
    release(&sample);
    return audit->violation_count - before;
}
