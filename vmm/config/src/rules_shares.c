/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas and pools: each new one is taken out of another. */
#include "rules.h"

/* How much the owner of a quota (0) or pool (1) has in all, and left. */
static uint64_t *left_of(struct rules *rules, uint32_t owner, int which,
                         uint64_t *all)
{
    static const enum pd_class classes[] = {PD_QUOTA, PD_POOL};

    if (owner == MACHINE) {
        *all = rules->config->memory_bytes;
        return &rules->machine_left[which];
    }
    *all = rules->config->domains[owner].classes[classes[which]].bytes;
    return &rules->standings[owner].left[which];
}

static void refuse_size(struct rules *rules, int which, uint32_t owner,
                        uint64_t left)
{
    const struct config_domain *domain = rules->domain;
    enum pd_class class = which ? PD_POOL : PD_QUOTA;
    uint64_t all;
    struct size_text size = size_text(domain->classes[class].bytes);
    struct quoted_text name = {"the machine"};

    left_of(rules, owner, which, &all);
    if (owner != MACHINE) {
        name = words_quote(rules->config->domains[owner].name.text);
    }
    if (domain->classes[class].bytes > all) {
        report(rules->reader, domain->classes[class].mark,
               "%s of '%s' is %s, more than the %s of %s", pd_class_name(class),
               domain->name.text, size.text, size_text(all).text, name.text);
    } else {
        report(rules->reader, domain->classes[class].mark,
               "%s of '%s' is %s, but of the %s of %s only %s is left: other "
               "domains have the rest",
               pd_class_name(class), domain->name.text, size.text,
               size_text(all).text, name.text, size_text(left).text);
    }
}

/* Quota (0) or pool (1): taken out of the parent's or the machine's. */
static void check_share(struct rules *rules, int which)
{
    enum pd_class class = which ? PD_POOL : PD_QUOTA;
    uint32_t owner = rules->parent->owner[which];
    uint64_t bytes = rules->domain->classes[class].bytes;
    uint64_t all, *left;

    rules->own->owner[which] = owner;
    if (rules_degree(rules, class) != PD_NEW) {
        return;
    }
    left = left_of(rules, owner, which, &all);
    rules->own->owner[which] = rules->index;
    rules->own->left[which] = bytes;
    if (bytes > *left) {
        refuse_size(rules, which, owner, *left);
    } else {
        *left -= bytes;
    }
}

static void check_pool(struct rules *rules)
{
    if (rules_degree(rules, PD_POOL) == PD_NEW &&
        rules_degree(rules, PD_QUOTA) != PD_NEW) {
        rules_refuse(
            rules, PD_POOL,
            "that needs quota: new, else the shared quota shows what the "
            "own pool hides");
    }
    check_share(rules, 1);
}

void rules_shares(struct rules *rules)
{
    check_share(rules, 0);
    check_pool(rules);
}
