/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a caps table has room for what composition puts into it. The kernel
 * gives what fits and goes on without the rest, which nobody would notice
 * before a program misses something.
 */
#include "rules.h"

#include <capabilities/cap.h>

/* What the kernel gives every domain: space, pool, quota, cpu and stack. */
#define STANDARD_SLOTS 5u
/* The composite of four of them, made when a program first asks for it. */
#define COMPOSITE_SLOTS 5u

/* What a table begins with. */
struct load {
    uint64_t slots;
    uint64_t attachments; /* those of the slots that no part copies */
    uint32_t users;
};

static bool handles_faults(const struct rules *rules, uint32_t index)
{
    for (uint32_t i = index + 1; i < rules->config->domain_count; i++) {
        if (rules->standings[i].handler == index) {
            return true;
        }
    }
    return false;
}

/* Named ranges in a space that is a part: its own domain's and those that
 * domains which share the space hold. */
static uint64_t kept_ranges(const struct rules *rules, uint32_t index)
{
    uint64_t view = 0;

    if (rules->config->domains[index].classes[PD_SPACE].degree != PD_PART) {
        return 0;
    }
    for (uint32_t i = index; i < rules->config->domain_count; i++) {
        if (rules->standings[i].space == index && !rules->reader->broken[i]) {
            view |= rules->standings[i].view;
        }
    }
    return view;
}

static bool holds_range(const struct config_domain *domain, uint32_t range)
{
    for (uint32_t i = 0; i < domain->hold_count; i++) {
        if (domain->holds[i].type == CAP_RANGE &&
            domain->holds[i].index == range &&
            (domain->holds[i].rights & CAP_READ) != 0) {
            return true;
        }
    }
    return false;
}

/* The table of the nearest ancestor that holds the range: where the attachment
 * goes when the domain has no table. */
static uint32_t holders_table(const struct rules *rules, uint32_t domain,
                              uint32_t range)
{
    const struct config_domain *domains = rules->config->domains;

    while (domain != SPEC_NONE && !holds_range(&domains[domain], range)) {
        domain = domains[domain].parent;
    }
    return domain == SPEC_NONE ? SPEC_NONE : rules->standings[domain].table;
}

static void add_attachment(struct load *loads, uint32_t table)
{
    if (table != SPEC_NONE) {
        loads[table].slots++;
        loads[table].attachments++;
    }
}

static void add_kept(const struct rules *rules, uint32_t index,
                     struct load *loads)
{
    uint64_t kept = kept_ranges(rules, index);
    uint32_t parent = rules->config->domains[index].parent;
    uint32_t own = rules->standings[index].table;

    for (uint32_t range = 0; range < 64 && kept >> range; range++) {
        if ((kept >> range & 1) != 0) {
            add_attachment(loads, own != SPEC_NONE
                                      ? own
                                      : holders_table(rules, parent, range));
        }
    }
}

static void add_domain(const struct rules *rules, uint32_t index,
                       struct load *loads)
{
    const struct config_domain *domain = &rules->config->domains[index];
    const struct standing *standing = &rules->standings[index];
    struct load *load;

    add_kept(rules, index, loads);
    if (standing->table == SPEC_NONE) {
        return;
    }
    load = &loads[standing->table];
    load->users++;
    load->slots += STANDARD_SLOTS + COMPOSITE_SLOTS + standing->heap +
                   handles_faults(rules, index) + domain->hold_count;
    for (uint32_t i = 0; i < domain->hold_count; i++) {
        if (domain->holds[i].type == CAP_RANGE) {
            add_attachment(loads, standing->table);
        }
    }
}

/* A part begins with copies of what is in the parent's table. */
static void add_copies(const struct rules *rules, uint32_t index,
                       struct load *loads)
{
    const struct config_domain *domain = &rules->config->domains[index];
    uint32_t from = domain->parent == SPEC_NONE
                        ? SPEC_NONE
                        : rules->standings[domain->parent].table;

    if (domain->classes[PD_CAPS].degree == PD_PART && from != SPEC_NONE) {
        loads[index].slots += loads[from].slots - loads[from].attachments;
    }
}

/* A number that was refused is not judged again. */
static bool slots_known(const struct rules *rules, uint32_t index)
{
    const struct node *node =
        node_get(rules->reader->domain_nodes[index], "slots");
    const struct node *caps = node ? node_get(node, "caps") : NULL;

    return !rules->reader->broken[index] && !(node && node->bad) &&
           !(caps && caps->bad);
}

static void judge(struct rules *rules, uint32_t index, const struct load *load)
{
    const struct config_domain *domain = &rules->config->domains[index];
    char others[48] = "";

    if (load->slots < domain->caps_slots || !slots_known(rules, index)) {
        return; /* slot 0 is never used */
    }
    if (load->users == 2) {
        snprintf(others, sizeof others, " and the domain that shares it");
    } else if (load->users > 2) {
        snprintf(others, sizeof others, " and the %u domains that share it",
                 load->users - 1);
    }
    report(rules->reader, rules_value_mark(rules, index, "slots"),
           "the caps table of '%s' has %u slots, one of them unused, but "
           "it%s need%s %llu: %s",
           domain->name.text, domain->caps_slots, others,
           load->users > 1 ? "" : "s", (unsigned long long)load->slots,
           load->slots < CAP_TABLE_MAX
               ? "raise slots"
               : "more than any table has; give some domains caps of their "
                 "own");
}

void rules_tables(struct rules *rules)
{
    uint32_t count = rules->config->domain_count;
    struct load *loads =
        arena_array(rules->reader->arena, count, sizeof *loads);

    for (uint32_t i = 0; i < count; i++) {
        if (!rules->reader->broken[i]) {
            add_domain(rules, i, loads);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (rules->standings[i].table == i) {
            add_copies(rules, i, loads); /* the parent's is complete */
            judge(rules, i, &loads[i]);
        }
    }
}
