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

static bool is_ceiling(const struct rules *rules, uint32_t owner)
{
    return rules->config->domains[owner].classes[PD_QUOTA].degree == PD_PART;
}

/* Whose quota a domain's ceiling is on. */
static uint32_t above(const struct rules *rules, uint32_t domain)
{
    uint32_t parent = rules->config->domains[domain].parent;

    return parent == SPEC_NONE ? MACHINE : rules->standings[parent].owner[0];
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

/* What is left of a quota beneath all its ceilings. */
static uint64_t quota_left(struct rules *rules, uint32_t owner)
{
    uint64_t all, left = *left_of(rules, owner, 0, &all);

    while (owner != MACHINE && is_ceiling(rules, owner)) {
        owner = above(rules, owner);
        if (*left_of(rules, owner, 0, &all) < left) {
            left = *left_of(rules, owner, 0, &all);
        }
    }
    return left;
}

static void quota_split(struct rules *rules, uint32_t owner, uint64_t bytes)
{
    uint64_t all;

    *left_of(rules, owner, 0, &all) -= bytes;
    while (owner != MACHINE && is_ceiling(rules, owner)) {
        owner = above(rules, owner);
        *left_of(rules, owner, 0, &all) -= bytes;
    }
}

/* A ceiling sets nothing aside: it only must not be above what it limits. */
static void check_ceiling(struct rules *rules, uint32_t owner)
{
    uint64_t bytes = rules->domain->classes[PD_QUOTA].bytes, all;

    (void)left_of(rules, owner, 0, &all);
    rules->own->owner[0] = rules->index;
    rules->own->left[0] = bytes;
    if (bytes > all) {
        refuse_size(rules, 0, owner, all);
    }
}

/* What nobody has nothing comes out of. */
static bool refuse_none(struct rules *rules, enum pd_class class)
{
    const struct config_domain *domains = rules->config->domains;
    uint32_t parent = rules->domain->parent;

    if (rules_degree(rules, class) == PD_NONE || parent == SPEC_NONE ||
        rules->reader->broken[parent] ||
        domains[parent].classes[class].degree != PD_NONE) {
        return false;
    }
    rules_refuse(rules, class,
                 class == PD_QUOTA ? "its parent's quota is none"
                                   : "its parent's pool is none");
    return true;
}

/* Quota (0) or pool (1): taken out of the parent's or the machine's. */
static void check_share(struct rules *rules, int which)
{
    enum pd_class class = which ? PD_POOL : PD_QUOTA;
    uint32_t owner = rules->parent->owner[which];
    uint64_t bytes = rules->domain->classes[class].bytes;
    uint64_t all, left;

    rules->own->owner[which] = owner;
    if (refuse_none(rules, class)) {
        return;
    }
    if (rules_degree(rules, class) == PD_PART) {
        check_ceiling(rules, owner);
    }
    if (rules_degree(rules, class) != PD_NEW) {
        return;
    }
    left =
        which ? *left_of(rules, owner, which, &all) : quota_left(rules, owner);
    rules->own->owner[which] = rules->index;
    rules->own->left[which] = bytes;
    if (bytes > left) {
        refuse_size(rules, which, owner, left);
    } else if (which) {
        *left_of(rules, owner, which, &all) -= bytes;
    } else {
        quota_split(rules, owner, bytes);
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
