/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules between domains share. */
#ifndef CONFIG_RULES_H
#define CONFIG_RULES_H

#include "reader.h"

#define MACHINE SPEC_NONE /* as owner of a quota or pool */

/* What a domain has, for its children to share. */
struct standing {
    bool caps, files, root_files, heap, handled, boots;
    uint64_t view;     /* named ranges in its space */
    uint32_t space;    /* the domain that it shares the space of, or itself */
    uint32_t owner[2]; /* of its quota, of its pool */
    uint64_t left[2];  /* of its own quota, of its own pool */
    uint32_t table;    /* the domain whose caps table it uses, or SPEC_NONE */
    uint32_t handler;  /* the domain that handles its faults, or SPEC_NONE */
};

struct rules {
    struct reader *reader;
    struct config *config;
    struct standing *standings;
    uint64_t machine_left[2];
    uint32_t index; /* of the domain being judged */
    const struct config_domain *domain;
    const struct standing *parent;
    struct standing *own;
};

/* Reports that a class of the domain cannot be had to its degree. */
void rules_refuse(const struct rules *rules, enum pd_class class,
                  const char *why);
/* Quota and pool: taken out of the parent's or the machine's. */
void rules_shares(struct rules *rules);
/* Whether caps tables hold what composition puts into them. */
void rules_tables(struct rules *rules);
/* Of a domain's key; of the domain's name where the key is not given. */
struct mark rules_value_mark(const struct rules *rules, uint32_t index,
                             const char *key);
/* What concerns no single domain: ranges, boundaries, places, totals. */
void rules_whole(struct rules *rules);

static inline uint8_t rules_degree(const struct rules *rules,
                                   enum pd_class class)
{
    return rules->domain->classes[class].degree;
}

#endif
