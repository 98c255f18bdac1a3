/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes of new quotas and pools, and ceilings of parts. One that the config
 * does not size gets the default plus what other new ones are made out of it,
 * so that nesting domains needs no numbers.
 */
#include "reader.h"

/* It has a quota or pool of its own, be it a ceiling on another. */
static bool is_own(const struct config_domain *domain, enum pd_class class)
{
    return domain->classes[class].degree == PD_NEW ||
           domain->classes[class].degree == PD_PART;
}

/* The nearest domain from `domain` upwards that has one; SPEC_NONE: the
 * machine's. A broken domain counts as one that has: nobody knows. */
static uint32_t owner_of(const struct reader *reader, uint32_t domain,
                         enum pd_class class)
{
    const struct config_domain *domains = reader->config->domains;

    while (domain != SPEC_NONE && !reader->broken[domain] &&
           !is_own(&domains[domain], class)) {
        domain = domains[domain].parent;
    }
    return domain;
}

/* Children stand behind their parents: from the last to the first, all that is
 * made out of a domain's has its size before the domain's own is filled. */
static void fill(struct reader *reader, enum pd_class class, uint64_t standard)
{
    uint32_t count = reader->config->domain_count;
    uint64_t *carried = arena_array(reader->arena, count, sizeof *carried);

    for (uint32_t i = count; i-- > 0;) {
        struct config_domain *domain = &reader->config->domains[i];
        struct config_degree *degree = &domain->classes[class];
        uint32_t from;

        if (reader->broken[i] || !is_own(domain, class)) {
            continue;
        }
        if (degree->bytes == 0) {
            degree->bytes = standard + carried[i];
        }
        from = owner_of(reader, domain->parent, class);
        if (from != SPEC_NONE) {
            carried[from] += degree->bytes;
        }
    }
}

void fill_sizes(struct reader *reader)
{
    fill(reader, PD_QUOTA, CONFIG_QUOTA_DEFAULT);
    fill(reader, PD_POOL, CONFIG_POOL_DEFAULT);
}
