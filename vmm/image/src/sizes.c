/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes of new quotas and pools. One that the config does not size gets the
 * default plus what other new ones are made out of it, so that nesting domains
 * needs no numbers.
 */
#include "parts.h"

/* The nearest domain from `domain` upwards that has a new one; SPEC_NONE: the
 * machine's. Parents have smaller indices: the walk ends. */
static uint32_t owner_of(const struct config *config, uint32_t domain,
                         enum pd_class class)
{
    while (domain != SPEC_NONE &&
           config->domains[domain].classes[class].degree != PD_NEW) {
        domain = config->domains[domain].parent;
    }
    return domain;
}

void image__new_pages(const struct config *config, enum pd_class class,
                      uint64_t fallback_bytes, uint32_t pages[])
{
    uint64_t carried[SPEC_MAX_DOMAINS] = {0};
    uint64_t size;

    for (uint32_t i = config->domain_count; i-- > 0;) {
        const struct config_domain *domain = &config->domains[i];
        const struct config_degree *degree = &domain->classes[class];
        uint32_t from = owner_of(config, domain->parent, class);

        if (degree->degree != PD_NEW) {
            pages[i] = 0;
            continue;
        }
        size = degree->bytes ? image__pages(degree->bytes)
                             : image__pages(fallback_bytes) + carried[i];
        pages[i] = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size;
        if (from != SPEC_NONE) {
            carried[from] += size;
        }
    }
}
