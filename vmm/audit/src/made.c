/* SPDX-License-Identifier: Apache-2.0 */
#include "made.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool made_copy(const struct audit_target *target, uint64_t from, void *to,
               uint64_t bytes)
{
    if (bytes > target->memory_bytes || from > target->memory_bytes - bytes) {
        return false;
    }
    memcpy(to, (const char *)target->memory + from, bytes);
    return true;
}

const struct made_domain *made_find(const struct made *made, uint32_t number)
{
    uint32_t low = 0, high = made->count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (made->domains[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < made->count && made->domains[low].number == number
               ? &made->domains[low]
               : NULL;
}

/* Room for each number that there can be below the end that is said. */
bool made_records(struct made *made, const struct audit_target *target)
{
    uint64_t table = 0, block;
    uint32_t end = 0;

    made_copy(target, ABI_SHARED_PHYS + offsetof(struct shared, domain_table),
              &table, sizeof(table));
    made_copy(target, ABI_SHARED_PHYS + offsetof(struct shared, domain_end),
              &end, sizeof(end));
    end = end < MADE_MAX ? end : MADE_MAX;
    made->domains = calloc(end + 1u, sizeof(*made->domains));
    for (uint32_t i = SHARED_DOMAINS; made->domains && i < end; i++) {
        struct made_domain *domain = &made->domains[made->count];

        if (made_copy(target, table + i * 8ull, &block, sizeof(block)) &&
            block > ABI_DIRECT_MAP &&
            made_copy(target,
                      block - ABI_DIRECT_MAP + sizeof(struct shared_registers),
                      &domain->record, sizeof(domain->record)) &&
            domain->record.cr3) {
            domain->number = i;
            made->count++;
        }
    }
    return made->domains != NULL;
}

bool made_range_add(struct made *made, struct made_range range)
{
    if (made->range_count == made->range_room) {
        uint32_t room = 2 * made->range_room + 16;
        struct made_range *ranges =
            realloc(made->ranges, room * sizeof(*ranges));

        if (!ranges) {
            return false;
        }
        made->ranges = ranges;
        made->range_room = room;
    }
    made->ranges[made->range_count++] = range;
    return true;
}

static int by_granule(const void *a, const void *b)
{
    const struct made_range *one = a, *other = b;

    if (one->granule != other->granule) {
        return one->granule < other->granule ? -1 : 1;
    }
    return one->number < other->number ? -1 : one->number > other->number;
}

static bool own_ranges(struct made *made, const struct made_domain *domain)
{
    uint32_t first = ABI_RUNTIME_RANGES + domain->number * 4;
    bool room = true;

    for (uint32_t kind = 0; kind < 3 && room; kind++) {
        const struct shared_pd_range *own = &domain->record.own[kind];

        if (own->limit) {
            room = made_range_add(
                made, (struct made_range){
                          .granule = own->granule,
                          .granules = (own->limit - 1) / ABI_GRANULE_PAGES + 1,
                          .number = first + kind,
                          .limit = own->limit,
                      });
        }
    }
    return room;
}

bool made_read(struct made *made, const struct audit_target *target)
{
    if (!made_records(made, target)) {
        return false;
    }
    if (!target->at_rest) {
        return true;
    }
    for (uint32_t i = 0; i < made->count; i++) {
        if (!own_ranges(made, &made->domains[i])) {
            return false;
        }
    }
    if (!made_grants(made, target)) {
        return false;
    }
    if (made->range_count) {
        qsort(made->ranges, made->range_count, sizeof(made->ranges[0]),
              by_granule);
    }
    made->whole = true;
    return true;
}

void made_free(struct made *made)
{
    free(made->domains);
    free(made->ranges);
    free(made->grants);
    free(made->mappings);
}

uint32_t made_origin(const struct made *made, const struct audit_target *target,
                     const struct made_domain *domain)
{
    for (uint32_t steps = 0; domain && steps < MADE_MAX; steps++) {
        uint32_t parent = domain->record.parent;

        if (parent < target->spec->header->domains.count) {
            return parent;
        }
        domain = made_find(made, parent);
    }
    return PLAN_NONE;
}

/* The last that begins no later than this granule, or null. */
static const struct made_range *range_from(const struct made *made,
                                           uint64_t granule)
{
    uint32_t low = 0, high = made->range_count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (made->ranges[middle].granule <= granule) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low ? &made->ranges[low - 1] : NULL;
}

static const struct made_range *range_at(const struct made *made,
                                         uint64_t address)
{
    uint64_t granule = address >> ABI_GRANULE_SHIFT;
    const struct made_range *range = range_from(made, granule);

    return range && granule - range->granule < range->granules ? range : NULL;
}

/* An own range lies where those of run time lie, and in no other's. */
static const char *range_wrong(const struct made *made,
                               const struct shared_pd_range *own,
                               uint32_t number)
{
    const struct made_range *range = range_from(made, own->granule);
    uint64_t end =
        (uint64_t)own->granule + (own->limit - 1) / ABI_GRANULE_PAGES + 1;

    if (own->granule < ABI_RUNTIME_BASE >> ABI_GRANULE_SHIFT ||
        end > ABI_USER_LIMIT >> ABI_GRANULE_SHIFT) {
        return "has a range where none of run time can be";
    }
    if (!range || range->number != number ||
        (range + 1 < made->ranges + made->range_count &&
         range[1].granule < end)) {
        return "has a range that overlaps another";
    }
    return NULL;
}

static const char *ranges_wrong(const struct made *made,
                                const struct made_domain *domain)
{
    const char *wrong = NULL;

    for (uint32_t kind = 0; kind < 3 && !wrong; kind++) {
        const struct shared_pd_range *own = &domain->record.own[kind];

        if (own->limit) {
            wrong = range_wrong(made, own,
                                ABI_RUNTIME_RANGES + domain->number * 4 + kind);
        }
    }
    return wrong;
}

/* Root, image and handler of whoever it was composed from; false: nobody. */
struct above {
    uint32_t root, image, heap;
};
static bool above_of(const struct made *made, const struct audit_target *target,
                     uint32_t parent, struct above *out)
{
    const struct made_domain *up = made_find(made, parent);

    if (parent < target->spec->header->domains.count) {
        const struct plan_domain *d = &target->plan->domains[parent];
        *out = (struct above){d->root, d->image, d->heap};
        return true;
    }
    if (up) {
        *out =
            (struct above){up->record.root, up->record.image, up->record.heap};
    }
    return up != NULL;
}

static uint64_t root_of(const struct made *made,
                        const struct audit_target *target, uint32_t root)
{
    const struct made_domain *of = made_find(made, root);

    if (root < target->plan->root_count) {
        return audit_root_cr3(target, root);
    }
    return of && of->record.root == root ? of->record.cr3 : 0;
}

const char *made_wrong(const struct made *made,
                       const struct audit_target *target,
                       const struct made_domain *domain)
{
    const struct shared_pd *record = &domain->record;
    uint32_t own = ABI_RUNTIME_RANGES + domain->number * 4;
    struct above above;

    if (record->number != domain->number) {
        return "has a record of another number";
    }
    if (!above_of(made, target, record->parent, &above)) {
        return "was made by nobody who exists";
    }
    if (record->root !=
        (record->degree[PD_SPACE] == PD_SAME ? above.root : domain->number)) {
        return "runs in another root than its degree of space says";
    }
    if (root_of(made, target, record->root) != record->cr3) {
        return "runs under another CR3 than its root's";
    }
    if (record->image != own + PLAN_IMAGE &&
        (record->degree[PD_SPACE] == PD_NEW || record->image != above.image)) {
        return "has another image than its own or its creator's";
    }
    if (record->heap != SHARED_NO_RANGE && record->heap != own + PLAN_HEAP &&
        (record->degree[PD_SPACE] == PD_NEW || record->heap != above.heap)) {
        return "has another heap than its own or its creator's";
    }
    return ranges_wrong(made, domain);
}

/* ---- views ---- */

/* Some program of the config that has so many pages gives this page these. */
static uint8_t image_rights(const struct audit_target *target, uint32_t limit,
                            uint64_t page)
{
    const struct spec *spec = target->spec;
    uint32_t rights = 0;

    for (uint32_t i = 0; i < spec->header->programs.count; i++) {
        const struct spec_program *program = &spec->programs[i];

        for (uint32_t s = 0;
             program->pages == limit && s < program->segment_count; s++) {
            const struct spec_segment *segment =
                &spec->segments[program->first_segment + s];
            if (page >= segment->page &&
                page - segment->page < segment->pages) {
                rights |= segment->rights;
            }
        }
    }
    return (uint8_t)rights;
}

/* Pages of a stack end one below the end of its granules. */
static uint8_t own_rights(const struct audit_target *target,
                          const struct made_range *range, uint64_t page)
{
    uint64_t end = (uint64_t)range->granules * ABI_GRANULE_PAGES - 1;

    switch (range->number < ABI_MADE_RANGES ? range->number % 4 : PLAN_NAMED) {
    case PLAN_IMAGE:
        return image_rights(target, range->limit, page);
    case PLAN_STACK:
        return page < end && page + range->limit >= end ? CAP_READ | CAP_WRITE
                                                        : 0;
    default:
        return page < range->limit ? CAP_READ | CAP_WRITE : 0;
    }
}

static void own_page(const struct made *made, const struct audit_target *target,
                     const struct made_range *range, uint64_t address,
                     struct made_page *out)
{
    uint64_t page = address >> ABI_PAGE_SHIFT;

    if (range->bare) {
        const struct made_mapping *mapping =
            made_mapping_at(made, page, range->made);

        out->rights = mapping ? mapping->rights : 0;
        out->frame = mapping ? mapping->frame : 0;
    } else {
        out->rights = own_rights(
            target, range, page - (uint64_t)range->granule * ABI_GRANULE_PAGES);
    }
}

static uint8_t planned_rights(const struct audit_target *target,
                              uint64_t address, uint32_t range)
{
    uint64_t start = plan_range_start(&target->plan->ranges[range]);

    return address < start ? 0
                           : plan_page_rights(target->spec, target->plan, range,
                                              (uint32_t)((address - start) >>
                                                         ABI_PAGE_SHIFT));
}

/* `granule`: of the range. */
static uint8_t granted(const struct made *made, uint32_t root, uint32_t range,
                       uint32_t granule)
{
    uint32_t low = 0, high = made->grant_count;
    uint8_t rights = 0;

    while (low < high) {
        uint32_t middle = (low + high) / 2;
        const struct made_grant *g = &made->grants[middle];

        if (g->root < root || (g->root == root && g->range < range)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < made->grant_count && made->grants[low].root == root &&
           made->grants[low].range == range;
         low++) {
        const struct made_grant *g = &made->grants[low];

        if (g->granules == 0 || granule - g->first < g->granules) {
            rights |= g->rights;
        }
    }
    return rights;
}

struct made_page made_view(const struct made *made,
                           const struct audit_target *target, uint32_t root,
                           uint64_t address)
{
    struct made_page page = {.range = PLAN_NONE};
    uint64_t base = 0;

    if (address < ABI_RUNTIME_BASE) {
        page.range = plan_range_at(target->plan, address);
        page.rights = page.range == PLAN_NONE
                          ? 0
                          : planned_rights(target, address, page.range);
        base =
            page.range == PLAN_NONE ? 0 : target->plan->ranges[page.range].base;
    } else {
        const struct made_range *own = range_at(made, address);

        if (own) {
            page.range = own->number;
            base = (uint64_t)own->granule << ABI_GRANULE_SHIFT;
            own_page(made, target, own, address, &page);
        }
    }
    if (page.range != PLAN_NONE) {
        page.rights &= granted(made, root, page.range,
                               (uint32_t)((address >> ABI_GRANULE_SHIFT) -
                                          (base >> ABI_GRANULE_SHIFT)));
    }
    return page;
}

struct audit_made *audit_made_read(const struct audit_target *target,
                                   uint32_t *count)
{
    struct made made = {0};
    struct audit_made *out = NULL;

    if (made_records(&made, target)) {
        out = calloc(made.count + 1u, sizeof(*out));
    }
    *count = out ? made.count : 0;
    for (uint32_t i = 0; i < *count; i++) {
        struct shared_pd *record = &out[i].record;

        out[i].number = made.domains[i].number;
        *record = made.domains[i].record;
        record->name[sizeof(record->name) - 1] = '\0';
        for (uint32_t c = 0; c < PD_CLASS_COUNT; c++) {
            record->degree[c] %= PD_DEGREE_COUNT;
        }
        made_copy(target, record->result, &out[i].result,
                  sizeof(out[i].result));
    }
    made_free(&made);
    return out;
}
