/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capability tables from outside: what each slot says by itself, what it says
 * beside its parent, and whether attachments are what page tables have. Every
 * pointer is a claim: it is turned into a place in RAM or reported, and what it
 * leads to is copied.
 */
#include "slots.h"

#include <abi/layout.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool slots_copy(const struct slots *slots, uint64_t physical, void *out,
                uint64_t bytes)
{
    const struct audit_target *target = slots->target;

    if (bytes > target->memory_bytes ||
        physical > target->memory_bytes - bytes) {
        return false;
    }
    memcpy(out, (const char *)target->memory + physical, bytes);
    return true;
}

bool slots_physical(const struct slots *slots, const void *pointer,
                    uint64_t bytes, uint64_t *out)
{
    uint64_t address = (uint64_t)(uintptr_t)pointer;
    uint64_t memory = slots->target->memory_bytes;

    if (address % 4 || bytes > memory) {
        return false;
    }
    if (address >= ABI_KERNEL_VIRT) {
        *out = address - ABI_KERNEL_OFFSET;
        return address - ABI_KERNEL_VIRT <= ABI_GRANULE_SIZE - bytes &&
               *out <= memory - bytes;
    }
    *out = address - ABI_DIRECT_MAP;
    return address >= ABI_DIRECT_MAP && *out <= memory - bytes;
}

void slots_report(struct slots *slots, const struct slots_place *place,
                  enum audit_kind kind, uint8_t expected, uint8_t found,
                  const char *what)
{
    struct audit_violation violation = {.kind = kind,
                                        .root = PLAN_NONE,
                                        .domain = place->table->domain,
                                        .range = PLAN_NONE,
                                        .address = place->index,
                                        .frame = place->physical,
                                        .expected = expected,
                                        .found = found,
                                        .what = what};

    sample_report(&slots->sample, &violation);
}

/* The object is where objects can be, and is of the slot's type. */
static const char *object_wrong(const struct slots *slots,
                                const struct cap_slot *slot)
{
    struct cap_object object;
    uint64_t physical;

    if (slot->type == CAP_COMPOSITE) {
        return slot->object ? "is a composite with an object" : NULL;
    }
    if (!slots_physical(slots, slot->object, sizeof(object), &physical) ||
        !slots_copy(slots, physical, &object, sizeof(object))) {
        return "refers to no place in RAM";
    }
    return object.type == slot->type ? NULL
                                     : "refers to an object of another type";
}

static void check_alone(struct slots *slots, const struct slots_place *place,
                        const struct cap_slot *slot)
{
    uint8_t most = cap_type_rights((enum cap_type)slot->type);
    const char *wrong;

    if (slot->type == CAP_NONE || slot->type >= CAP_TYPE_COUNT ||
        slot->index != place->index || slot->depth > CAP_DEPTH_MAX) {
        slots_report(slots, place, AUDIT_CAP_FORM, 0, slot->rights,
                     "is of no type, or in no place, that there is");
        return;
    }
    if (slot->rights & ~most) {
        slots_report(slots, place, AUDIT_CAP_RIGHTS, most, slot->rights,
                     "has rights that its type does not have");
    }
    wrong = object_wrong(slots, slot);
    if (wrong) {
        slots_report(slots, place, AUDIT_CAP_FORM, 0, slot->rights, wrong);
    }
}

static bool is_published(const struct slots *slots, const void *table)
{
    uint32_t low = 0, high = slots->count;
    uint64_t physical;

    if (!slots_physical(slots, table, sizeof(struct cap_table), &physical)) {
        return false;
    }
    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (slots->tables[middle].physical < physical) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < slots->count && slots->tables[low].physical == physical;
}

/* Follows a link to another slot. False: it leads nowhere. */
static bool follow(struct slots *slots, const struct cap_slot *link,
                   struct cap_slot *out)
{
    uint64_t physical;

    if (!slots_physical(slots, link, sizeof(*out), &physical) ||
        !slots_copy(slots, physical, out, sizeof(*out))) {
        return false;
    }
    slots->foreign |= !is_published(slots, out->table);
    return true;
}

/* The child has no more than the parent gives: rights of the same object, and
 * of what is made of it. A composite's rights say nothing about its members. */
static void check_parent(struct slots *slots, const struct slots_place *place,
                         const struct cap_slot *slot)
{
    struct cap_slot parent;
    bool narrowed;

    if (!slot->parent) {
        return;
    }
    if (!follow(slots, slot->parent, &parent) ||
        (parent.state != CAP_LIVE && parent.state != CAP_TOMBSTONE)) {
        slots_report(slots, place, AUDIT_CAP_FORM, 0, slot->rights,
                     "was derived from no capability");
        return;
    }
    if (slot->depth != parent.depth + 1) {
        slots_report(slots, place, AUDIT_CAP_FORM, 0, slot->rights,
                     "is at another depth than its parent's child");
    }
    narrowed = parent.state == CAP_LIVE &&
               (parent.object == slot->object || slot->type == CAP_ATTACHMENT);
    if (narrowed && slot->rights & ~parent.rights) {
        slots_report(slots, place, AUDIT_CAP_RIGHTS, parent.rights,
                     slot->rights, "has more rights than its parent");
    }
    if (narrowed && slot->type == CAP_RANGE && parent.type == CAP_RANGE &&
        (slot->first < parent.first || slot->count > parent.count ||
         slot->first - parent.first > parent.count - slot->count)) {
        slots_report(slots, place, AUDIT_CAP_RIGHTS, parent.rights,
                     slot->rights, "is of pages that its parent is not of");
    }
}

/* `first` is the root with, above it, which making of that root it was: what
 * is older is of a root that is no more. Roots and ranges that are made at run
 * time have numbers above the plan's. */
static void note_attachment(struct slots *slots,
                            const struct slots_place *place,
                            const struct cap_slot *slot)
{
    const struct plan *plan = slots->target->plan;
    uint32_t root = (uint32_t)slot->first;
    uint32_t made = (uint32_t)(slot->first >> 32);

    if (root >= PLAN_MAX_ROOTS || slot->count >= PLAN_MAX_RANGES) {
        return;
    }
    if (root >= plan->root_count || slot->count >= plan->range_count) {
        slots_report(slots, place, AUDIT_CAP_ATTACHMENT, 0, slot->rights,
                     "attaches a range or a root that the plan lacks");
        return;
    }
    if (made > slots->made[root]) {
        slots->made[root] = made;
        memset(slots->attached[root], 0, sizeof(slots->attached[root]));
    }
    if (made == slots->made[root]) {
        slots->attached[root][slot->count] |= slot->rights;
    }
}

/* Also tells tables that are not published: each of their slots is a child, or
 * beside one, of somebody. */
static void check_links(struct slots *slots, const struct slots_place *place,
                        const struct cap_slot *slot)
{
    struct cap_slot other;

    if ((slot->child && !follow(slots, slot->child, &other)) ||
        (slot->next && !follow(slots, slot->next, &other))) {
        slots_report(slots, place, AUDIT_CAP_FORM, 0, slot->rights,
                     "has a child or a sibling that is no place in RAM");
    }
}

static void check_slot(struct slots *slots, const struct slots_place *place)
{
    struct cap_slot slot;

    if (!slots_copy(slots, place->physical, &slot, sizeof(slot))) {
        return; /* its chunk was in RAM */
    }
    if (slot.state == CAP_LIVE) {
        slots->sample.audit->capabilities++;
        check_alone(slots, place, &slot);
        check_parent(slots, place, &slot);
        if (slot.type == CAP_ATTACHMENT) {
            note_attachment(slots, place, &slot);
        } else {
            slots_authority(slots, place, &slot);
        }
    } else if (slot.state > CAP_RETIRED) {
        slots_report(slots, place, AUDIT_CAP_FORM, 0, slot.rights,
                     "is in no state that there is");
    } else if (slot.rights || slot.type) {
        slots_report(slots, place, AUDIT_CAP_FORM, 0, slot.rights,
                     "is no capability any more, but has rights or a type");
    }
    if (slot.state == CAP_LIVE || slot.state == CAP_TOMBSTONE) {
        check_links(slots, place, &slot);
    }
}

static void check_table(struct slots *slots, const struct slots_table *table)
{
    struct slots_place place = {.table = table, .physical = table->physical};

    if (table->table.size > CAP_TABLE_MAX ||
        table->table.size % CAP_CHUNK_SLOTS ||
        table->table.used > table->table.size) {
        slots_report(slots, &place, AUDIT_CAP_FORM, 0, 0,
                     "is in a table of no size that there is");
        return;
    }
    for (uint32_t i = 0; i < table->table.size; i++) {
        const struct cap_slot *chunk = table->table.chunks[i / CAP_CHUNK_SLOTS];
        uint64_t physical;

        if (!slots_physical(slots, chunk,
                            CAP_CHUNK_SLOTS * sizeof(struct cap_slot),
                            &physical)) {
            place.index = i;
            slots_report(slots, &place, AUDIT_CAP_FORM, 0, 0,
                         "is in a chunk that is no place in RAM");
            return;
        }
        place.index = i;
        place.physical =
            physical + (i % CAP_CHUNK_SLOTS) * sizeof(struct cap_slot);
        if (i) { /* slot 0 is reserved */
            check_slot(slots, &place);
        }
    }
}

static struct slots_table *add_table(struct slots *slots, uint64_t physical,
                                     uint32_t domain, uint32_t from)
{
    struct slots_table *table = &slots->tables[slots->count];
    struct slots_place place = {.table = table, .physical = physical};

    *table = (struct slots_table){
        .physical = physical, .domain = domain, .from = from};
    if (!physical) {
        return table;
    }
    if (physical % 8 ||
        !slots_copy(slots, physical, &table->table, sizeof(table->table))) {
        slots_report(slots, &place, AUDIT_CAP_FORM, 0, 0,
                     "is in a table that is no place in RAM");
        return table;
    }
    slots->count++;
    return table;
}

static void add_result(struct slots *slots, uint64_t result, uint32_t domain,
                       uint32_t from)
{
    struct shared_domain copy;

    if (slots_copy(slots, result, &copy, sizeof(copy))) {
        add_table(slots, copy.caps, domain, from);
        add_table(slots, copy.files, domain, from)->files = true;
    }
}

static int by_physical(const void *a, const void *b)
{
    const struct slots_table *one = a, *other = b;

    return one->physical < other->physical ? -1
                                           : one->physical > other->physical;
}

void slots_collect(struct slots *slots)
{
    const struct audit_target *target = slots->target;

    add_table(slots, slots->objects.root_table, PLAN_NONE, PLAN_NONE);
    for (uint32_t i = 0; i < target->spec->header->domains.count; i++) {
        add_result(slots,
                   ABI_SHARED_PHYS + offsetof(struct shared, domains) +
                       i * sizeof(struct shared_domain),
                   i, i);
    }
    for (uint32_t i = 0; i < slots->sample.made.count; i++) {
        const struct made_domain *domain = &slots->sample.made.domains[i];
        uint32_t from = made_origin(&slots->sample.made, target, domain);

        add_result(slots, domain->record.result, domain->number, from);
        add_table(slots, domain->record.originals, domain->number, from)
            ->originals = true;
    }
    qsort(slots->tables, slots->count, sizeof(slots->tables[0]), by_physical);
}

static bool made_once(const struct slots *slots, uint32_t root)
{
    uint32_t first = slots->target->plan->roots[root].first;
    struct shared_domain domain;

    return first < SHARED_DOMAINS &&
           slots_copy(slots,
                      ABI_SHARED_PHYS + offsetof(struct shared, domains) +
                          first * sizeof(domain),
                      &domain, sizeof(domain)) &&
           domain.starts <= 1;
}

/* A named range is in a root because of attachments, and with their rights. */
static void check_attached(struct slots *slots, uint32_t root, uint32_t range)
{
    const struct audit_target *target = slots->target;
    struct audit_question question = {.cr3 = audit_root_cr3(target, root),
                                      .range = range};
    const struct slots_table none = {.domain = PLAN_NONE};
    struct slots_place place = {.table = &none};
    uint8_t held = slots->attached[root][range];
    struct audit_reached reached;
    uint8_t found;

    if (!question.cr3) {
        return;
    }
    audit_range(target, &question, &reached);
    found = (uint8_t)((reached.readable ? CAP_READ : 0) |
                      (reached.writable ? CAP_WRITE : 0) |
                      (reached.executable ? CAP_EXEC : 0));
    place.index = range;
    place.physical = question.cr3;
    if (found & ~held && !slots->foreign) {
        slots_report(slots, &place, AUDIT_CAP_ATTACHMENT, held, found,
                     "is a range that page tables have without an attachment");
    }
    /* Whether one of a root that was made again is the new one's is not known.
     */
    if (held & (CAP_READ | CAP_WRITE) & ~found && made_once(slots, root)) {
        slots_report(slots, &place, AUDIT_CAP_ATTACHMENT, held, found,
                     "is a range that is attached, and that page tables lack");
    }
}

static void look(struct slots *slots)
{
    const struct plan *plan = slots->target->plan;

    slots_collect(slots);
    slots_closure(slots);
    for (uint32_t i = 0; i < slots->count; i++) {
        if (!slots->tables[i].originals) {
            check_table(slots, &slots->tables[i]);
        }
    }
    for (uint32_t root = 0; root < plan->root_count; root++) {
        for (uint32_t range = 0; range < plan->range_count; range++) {
            if (plan->ranges[range].kind == PLAN_NAMED) {
                check_attached(slots, root, range);
            }
        }
    }
}

bool slots_begin(struct slots *slots, struct audit *audit,
                 const struct audit_target *target)
{
    slots->sample.audit = audit;
    slots->sample.target = target;
    slots->target = target;
    if (!made_records(&slots->sample.made, target)) {
        return false;
    }
    slots->tables = calloc(SLOTS_TABLES + 3ull * slots->sample.made.count,
                           sizeof(*slots->tables));
    return slots->tables &&
           slots_copy(slots, ABI_SHARED_PHYS + offsetof(struct shared, objects),
                      &slots->objects, sizeof(slots->objects));
}

void slots_end(struct slots *slots)
{
    if (slots) {
        made_free(&slots->sample.made);
        free(slots->tables);
    }
    free(slots);
}

uint64_t audit_capabilities(struct audit *audit,
                            const struct audit_target *target)
{
    struct slots *slots = calloc(1, sizeof(*slots));
    uint64_t before = audit->violation_count;

    if (slots && slots_begin(slots, audit, target)) {
        look(slots);
    } else {
        audit->skipped++;
    }
    slots_end(slots);
    return audit->violation_count - before;
}
