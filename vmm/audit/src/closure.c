/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the config lets a domain hold. Capabilities go from domain to domain
 * where these share a table, one's is a copy of the other's, one holds the
 * other or handles it, or both hold an endpoint. Domains that are connected so
 * may have what any of them begins with; nobody may have more. Domains made at
 * run time are connected to who made them.
 */
#include "slots.h"

static uint32_t find(struct slots *slots, uint32_t domain)
{
    while (slots->component[domain] != domain) {
        domain = slots->component[domain];
    }
    return domain;
}

static void join(struct slots *slots, uint32_t a, uint32_t b)
{
    a = find(slots, a);
    b = find(slots, b);
    slots->component[a > b ? a : b] = a > b ? b : a;
}

static void join_holds(struct slots *slots, uint32_t domain)
{
    const struct spec *spec = slots->target->spec;
    const struct spec_domain *d = &spec->domains[domain];
    uint32_t count = spec->header->domains.count;

    for (uint32_t i = 0; i < d->hold_count; i++) {
        const struct spec_hold *hold = &spec->holds[d->first_hold + i];

        if ((hold->type == CAP_DOMAIN || hold->type == CAP_HANDLER) &&
            hold->object < count) {
            join(slots, domain, hold->object);
        }
        for (uint32_t other = 0; hold->type == CAP_ENDPOINT && other < domain;
             other++) {
            const struct spec_domain *o = &spec->domains[other];
            for (uint32_t j = 0; j < o->hold_count; j++) {
                const struct spec_hold *theirs =
                    &spec->holds[o->first_hold + j];
                if (theirs->type == CAP_ENDPOINT &&
                    theirs->object == hold->object) {
                    join(slots, domain, other);
                }
            }
        }
    }
}

void slots_closure(struct slots *slots)
{
    const struct spec *spec = slots->target->spec;
    const struct plan *plan = slots->target->plan;
    uint32_t count = spec->header->domains.count;

    for (uint32_t i = 0; i < count; i++) {
        slots->component[i] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct spec_domain *d = &spec->domains[i];
        bool copies =
            d->degree[PD_CAPS] == PD_SAME || d->degree[PD_CAPS] == PD_PART ||
            d->degree[PD_FILES] == PD_SAME || d->degree[PD_FILES] == PD_PART;

        if (d->parent != SPEC_NONE && copies) {
            join(slots, i, d->parent);
        }
        if (plan->domains[i].handler < count) {
            join(slots, i, plan->domains[i].handler);
        }
        join_holds(slots, i);
    }
}

uint32_t slots_number(const struct slots *slots, const void *object,
                      uint64_t array, uint32_t bytes, uint32_t count)
{
    uint64_t physical;

    if (!bytes || !slots_physical(slots, object, 8, &physical) ||
        physical < array || (physical - array) % bytes ||
        (physical - array) / bytes >= count) {
        return PLAN_NONE;
    }
    return (uint32_t)((physical - array) / bytes);
}

/* Most that a hold of anybody connected to `domain` gives. */
static uint8_t held(struct slots *slots, uint32_t domain, uint32_t type,
                    uint32_t object)
{
    const struct spec *spec = slots->target->spec;
    uint8_t rights = 0;

    for (uint32_t i = 0; i < spec->header->domains.count; i++) {
        const struct spec_domain *d = &spec->domains[i];

        for (uint32_t h = 0;
             find(slots, i) == find(slots, domain) && h < d->hold_count; h++) {
            const struct spec_hold *hold = &spec->holds[d->first_hold + h];
            if (hold->type == type && hold->object == object) {
                rights |= (uint8_t)hold->rights;
            }
        }
    }
    return rights;
}

static uint8_t range_allowed(struct slots *slots, uint32_t domain,
                             uint32_t range)
{
    const struct plan_range *r = &slots->target->plan->ranges[range];

    if (r->kind == PLAN_NAMED) {
        return held(slots, domain, CAP_RANGE, r->object);
    }
    return r->owner < slots->target->spec->header->domains.count &&
                   find(slots, r->owner) == find(slots, domain)
               ? CAP_ALL
               : 0;
}

/* Whether a node is in a tree that somebody connected brings. Children are
 * consecutive and have larger indices than their directory. */
static bool file_allowed(struct slots *slots, uint32_t domain, uint64_t node)
{
    const struct spec *spec = slots->target->spec;

    if (node >= spec->header->nodes.count) {
        return false;
    }
    for (uint64_t i = node; i-- > 0;) {
        const struct spec_node *n = &spec->nodes[i];
        if (n->kind == SPEC_NODE_DIRECTORY && node >= n->first &&
            node - n->first < n->count) {
            node = i;
        }
    }
    for (uint32_t i = 0; i < spec->header->domains.count; i++) {
        const struct spec_domain *d = &spec->domains[i];
        if (find(slots, i) == find(slots, domain) &&
            d->degree[PD_FILES] == PD_NEW && d->tree != SPEC_NONE &&
            spec->trees[d->tree].root == node) {
            return true;
        }
    }
    return false;
}

/* Rights that are allowed; objects made at run time are whoever's has them. */
static uint8_t allowed(struct slots *slots, uint32_t domain,
                       const struct cap_slot *slot)
{
    const struct spec_header *header = slots->target->spec->header;
    const struct shared_objects *objects = &slots->objects;
    uint32_t number;

    switch (slot->type) {
    case CAP_RANGE:
        number = slots_number(slots, slot->object, objects->ranges,
                              objects->range_bytes,
                              slots->target->plan->range_count);
        return number == PLAN_NONE ? CAP_ALL
                                   : range_allowed(slots, domain, number);
    case CAP_ENDPOINT:
        number = slots_number(slots, slot->object, objects->endpoints,
                              objects->endpoint_bytes, header->endpoints.count);
        return number == PLAN_NONE ? CAP_ALL
                                   : held(slots, domain, CAP_ENDPOINT, number);
    case CAP_DOMAIN:
        number = slots_number(slots, slot->object, objects->domains,
                              objects->domain_bytes, header->domains.count);
        return number == PLAN_NONE ? CAP_ALL
                                   : held(slots, domain, CAP_DOMAIN, number);
    case CAP_FILE:
    case CAP_DIRECTORY:
        return file_allowed(slots, domain, slot->first) ? CAP_ALL : 0;
    default:
        return CAP_ALL;
    }
}

void slots_authority(struct slots *slots, const struct slots_place *place,
                     const struct cap_slot *slot)
{
    uint8_t most;

    if (place->table->from == PLAN_NONE) {
        return; /* the root domain's: the originals; or of nobody's making */
    }
    most = allowed(slots, place->table->from, slot);
    if (slot->rights & ~most) {
        slots_report(slots, place, AUDIT_CAP_AUTHORITY, most, slot->rights,
                     "is more than the config lets anybody give it");
    }
}
