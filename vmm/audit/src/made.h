/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains made at run time: their records, and what these, with the
 * attachments in capability tables, let each root show. Copies; every number
 * in them is a claim, compared before it is used.
 */
#ifndef AUDIT_MADE_H
#define AUDIT_MADE_H

#include <abi/shared.h>
#include <audit/audit.h>
#include <capabilities/cap.h>

#define MADE_MAX 4096u /* numbers of domains */

struct made_domain {
    uint32_t number;
    struct shared_pd record;
};

/* Addresses of a domain's own range, or of one that a program has made. */
struct made_range {
    uint32_t granule, granules;
    uint32_t number;
    uint32_t limit; /* pages */
    uint64_t made;  /* of a program's: which making of ranges it was */
    bool bare;      /* likewise: its pages are what is mapped there */
};

/* A frame in a page of a program's range. */
struct made_mapping {
    uint64_t page; /* address / 4 KiB */
    uint64_t made; /* which making of ranges it was */
    uint64_t frame;
    uint8_t rights;
};

/* Rights on a range in a root. */
struct made_grant {
    uint32_t root, range;
    uint32_t made; /* an attachment's: which making of the root; else 0 */
    uint8_t rights;
    uint32_t first, granules; /* of an attached part; both 0: the whole range */
};

struct made {
    bool whole; /* the kernel was at rest, and all of it was read */
    uint32_t count;
    struct made_domain *domains; /* by number */
    uint32_t range_count, range_room;
    struct made_range *ranges; /* by granule */
    uint32_t grant_count, grant_room;
    struct made_grant *grants; /* by root and range */
    uint64_t tables;           /* that all grants need: one a granule */
    uint32_t mapping_count, mapping_room;
    struct made_mapping *mappings; /* by page and making */
    struct shared_objects objects; /* a copy */
};

/* What one page of one root may be. */
struct made_page {
    uint32_t range; /* that it is in, or PLAN_NONE */
    uint8_t rights;
    uint64_t frame; /* that must be there; 0: none in particular */
};

/* Reads the records, or these and all that views need. False: no memory.
 * made_free in any case. */
bool made_records(struct made *made, const struct audit_target *target);
bool made_read(struct made *made, const struct audit_target *target);
void made_free(struct made *made);

const struct made_domain *made_find(const struct made *made, uint32_t number);

/* The config's domain that it was made by, directly or not; PLAN_NONE: none. */
uint32_t made_origin(const struct made *made, const struct audit_target *target,
                     const struct made_domain *domain);

/* Why a record can't be true beside the others, or null. */
const char *made_wrong(const struct made *made,
                       const struct audit_target *target,
                       const struct made_domain *domain);

/* What `root` (a plan root's number, or that of the domain that a root was
 * made for) may show at an address. */
struct made_page made_view(const struct made *made,
                           const struct audit_target *target, uint32_t root,
                           uint64_t address);

/* Copies guest memory; false: it lies outside. */
bool made_copy(const struct audit_target *target, uint64_t from, void *to,
               uint64_t bytes);

/* False: no memory. */
bool made_range_add(struct made *made, struct made_range range);

/* made_map.c. False: no memory. */
bool made_is_mapping(const struct cap_slot *slot); /* needs: an attachment */
bool made_mapping_add(struct made *made, const struct cap_slot *slot);
void made_mappings_sort(struct made *made);
const struct made_mapping *made_mapping_at(const struct made *made,
                                           uint64_t page, uint64_t making);

/* Attachments and mappings in all capability tables that are published, then
 * all grants in order (made_grant.c). False: no memory. */
bool made_grants(struct made *made, const struct audit_target *target);

#endif
