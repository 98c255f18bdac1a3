/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does the composition fit? Every quota and pool must hold what its domains
 * and the quotas and pools made of it take at the start, and the machine the
 * rest, the kernel and the module. Domains that start later are not counted:
 * whether they fit is what an experiment may want to see.
 */
#include "parts.h"

#include <capabilities/cap.h>
#include <domains/build.h>

/* The kernel keeps 32 bytes or less for each frame, and this many
 * capabilities of its own beside those to ranges and endpoints. */
#define RECORDS (ABI_PAGE_SIZE / 32)
#define ROOT_SLOTS 2u

/* Frames taken of each domain's own quota or pool; last: the machine's. */
#define MACHINE SPEC_MAX_DOMAINS

struct needs {
    uint64_t quota[SPEC_MAX_DOMAINS + 1];
    uint64_t pool[SPEC_MAX_DOMAINS + 1];
};

static uint32_t slot(uint32_t owner)
{
    return owner < SPEC_MAX_DOMAINS ? owner : MACHINE;
}

static uint32_t parent_slot(const uint32_t *owner_of_parent)
{
    return owner_of_parent == NULL ? MACHINE : slot(*owner_of_parent);
}

/* To a quota, and to what it is a ceiling on. */
static void charge(const struct image *image, struct needs *needs,
                   uint32_t owner, uint64_t pages)
{
    needs->quota[owner] += pages;
    while (owner != MACHINE &&
           image->spec.domains[owner].degree[PD_QUOTA] == PD_PART) {
        uint32_t parent = image->spec.domains[owner].parent;

        owner = parent_slot(
            parent == SPEC_NONE ? NULL : &image->plan->domains[parent].quota);
        needs->quota[owner] += pages;
    }
}

static void count_domain(const struct image *image, uint32_t index,
                         struct needs *needs)
{
    const struct spec_domain *domain = &image->spec.domains[index];
    const struct plan_domain *plan = &image->plan->domains[index];
    const struct plan_domain *parent =
        domain->parent == SPEC_NONE ? NULL
                                    : &image->plan->domains[domain->parent];
    struct pd_needs own;

    pd_count(&image->spec, image->plan, index, &own);
    charge(image, needs, slot(plan->quota), own.total);
    needs->pool[slot(plan->pool)] += own.total;
    if (domain->degree[PD_QUOTA] == PD_NEW) {
        charge(image, needs, parent_slot(parent ? &parent->quota : NULL),
               domain->quota_pages);
    }
    if (plan->pool == index) {
        /* A pool is cut from one that keeps a frame at least. */
        needs->pool[parent_slot(parent ? &parent->pool : NULL)] +=
            domain->pool_pages + 1;
    }
}

/* Named ranges belong to the root domain: their pages and leaf tables. */
static uint64_t count_ranges(const struct image *image)
{
    struct pd_needs ranges = {0};

    for (uint32_t i = 0; i < image->plan->range_count; i++) {
        if (image->plan->ranges[i].kind == PLAN_NAMED) {
            pd_count_range(image->plan, i, &ranges);
        }
    }
    return ranges.total;
}

/* The kernel keeps one page directory for each gibibyte of the layout. */
static uint64_t count_gibibytes(const struct plan *plan)
{
    uint64_t count = 0, next = 0; /* ranges are in address order */

    for (uint32_t i = 0; i < plan->range_count; i++) {
        const struct plan_range *range = &plan->ranges[i];
        uint64_t first = range->base >> 30;
        uint64_t last =
            (range->base + range->granules * ABI_GRANULE_SIZE - 1) >> 30;

        first = first < next ? next : first;
        count += last + 1 > first ? last + 1 - first : 0;
        next = last + 1 > next ? last + 1 : next;
    }
    return count;
}

/* What the root domain pays for before any domain is composed. */
static uint64_t count_root(const struct image *image)
{
    const struct spec_header *header = image->spec.header;
    uint64_t slots = (uint64_t)header->ranges.count + header->endpoints.count +
                     header->times.count + ROOT_SLOTS + CAP_CHUNK_SLOTS;

    return count_ranges(image) + count_gibibytes(image->plan) +
           slots / CAP_CHUNK_SLOTS;
}

static void count(const struct image *image, struct needs *needs)
{
    for (uint32_t i = 0; i < image->spec.header->domains.count; i++) {
        if (image->spec.domains[i].start == SPEC_START_BOOT) {
            count_domain(image, i, needs);
        }
    }
    needs->quota[MACHINE] += count_root(image);
    needs->pool[MACHINE] += count_root(image);
}

static unsigned long long kib(uint64_t pages)
{
    return (unsigned long long)pages * (ABI_PAGE_SIZE / 1024);
}

static int judge_domain(struct making *making, uint32_t index,
                        const struct needs *needs)
{
    const struct config_domain *domain = &making->config->domains[index];
    const struct spec_domain *spec = &making->image->spec.domains[index];
    const struct plan_domain *plan = &making->image->plan->domains[index];

    if (plan->quota == index && needs->quota[index] > spec->quota_pages) {
        diagnostics_add(
            making->diagnostics,
            image__mark(domain->classes[PD_QUOTA].mark, domain->name.mark),
            "domain '%s': its quota of %lluKiB is too small: "
            "composing what it pays for takes %lluKiB",
            domain->name.text, kib(spec->quota_pages),
            kib(needs->quota[index]));
        return -1;
    }
    if (plan->pool == index && needs->pool[index] > spec->pool_pages) {
        diagnostics_add(
            making->diagnostics,
            image__mark(domain->classes[PD_POOL].mark, domain->name.mark),
            "domain '%s': its pool of %lluKiB is too small: "
            "composing what is made of it takes %lluKiB",
            domain->name.text, kib(spec->pool_pages), kib(needs->pool[index]));
        return -1;
    }
    return 0;
}

static unsigned long long mib_up(uint64_t pages)
{
    return (unsigned long long)((pages + 255) / 256);
}

/* Low memory and the kernel have a granule each; the module has its own. The
 * kernel's records grow with the memory: one page for RECORDS of it. */
static int judge_machine(struct making *making, const struct needs *needs)
{
    uint64_t memory = making->config->memory_bytes / ABI_PAGE_SIZE;
    uint64_t module = (uint64_t)making->pages + 1;
    uint64_t frames = needs->pool[MACHINE] > needs->quota[MACHINE]
                          ? needs->pool[MACHINE]
                          : needs->quota[MACHINE];
    uint64_t fixed = 2 * ABI_GRANULE_PAGES + 1;
    uint64_t least = (fixed + module + frames) * RECORDS / (RECORDS - 1) + 1;

    least =
        (least + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES * ABI_GRANULE_PAGES;
    if (least <= memory) {
        return 0;
    }
    diagnostics_add(making->diagnostics, making->config->memory_mark.mark,
                    "machine.memory of %lluMiB is too small: at least %lluMiB "
                    "are needed (programs and files %llu, composition %llu, "
                    "the rest for the kernel)",
                    mib_up(memory), mib_up(least), mib_up(module),
                    mib_up(frames));
    return -1;
}

int image__check_memory(struct making *making)
{
    struct needs needs = {{0}, {0}};
    int result = 0;

    count(making->image, &needs);
    for (uint32_t i = 0; i < making->config->domain_count; i++) {
        if (judge_domain(making, i, &needs) != 0) {
            result = -1;
        }
    }
    return judge_machine(making, &needs) != 0 ? -1 : result;
}
