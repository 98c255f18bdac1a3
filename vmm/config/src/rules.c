/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes sense between domains. The same rules as the validator of
 * domains/spec.h, here with positions and for all domains at once; the
 * validator has the last word.
 */
#include "rules.h"

#include <capabilities/cap.h>
#include <string.h>

/* What a parentless domain is composed from. */
static const struct standing root_standing = {
    .root_files = true,
    .boots = true,
    .space = SPEC_NONE,
    .owner = {MACHINE, MACHINE},
    .table = SPEC_NONE,
    .handler = SPEC_NONE,
};

void rules_refuse(const struct rules *rules, enum pd_class class,
                  const char *why)
{
    const struct config_domain *domain = rules->domain;

    report(rules->reader, domain->classes[class].mark,
           "%s of '%s' cannot be %s: %s", pd_class_name(class),
           domain->name.text, pd_degree_name(domain->classes[class].degree),
           why);
}

static bool is_root(const struct rules *rules)
{
    return rules->domain->parent == SPEC_NONE;
}

static void check_files(struct rules *rules)
{
    const struct standing *parent = rules->parent;

    switch (rules_degree(rules, PD_FILES)) {
    case PD_SAME:
        rules->own->files = parent->files;
        rules->own->root_files = parent->root_files;
        if (!parent->files && !parent->root_files) {
            rules_refuse(rules, PD_FILES, "its parent's files are none");
        }
        break;
    case PD_PART:
        rules->own->files = true;
        if (!parent->files) {
            rules_refuse(rules, PD_FILES,
                         is_root(rules)
                             ? "it has no parent, and the root domain's "
                               "files are empty"
                             : "its parent has no files");
        }
        break;
    case PD_NEW:
        rules->own->files = true;
        break;
    default:
        break;
    }
}

static void check_caps(struct rules *rules)
{
    uint8_t degree = rules_degree(rules, PD_CAPS);
    const struct config_domain *domain = rules->domain;

    rules->own->table = SPEC_NONE;
    if (degree == PD_NONE) {
        if (domain->hold_count != 0) {
            rules_refuse(rules, PD_CAPS, "there is no table for what it holds");
        }
        return;
    }
    rules->own->caps = true;
    rules->own->table = degree == PD_SAME ? rules->parent->table : rules->index;
    if (degree != PD_NEW && !rules->parent->caps) {
        rules_refuse(rules, PD_CAPS,
                     is_root(rules)
                         ? "it has no parent, and the root domain has no table"
                         : "its parent's caps are none");
    }
}

static void check_keeps(struct rules *rules)
{
    const struct config_degree *space = &rules->domain->classes[PD_SPACE];

    for (uint32_t i = 0; i < space->keep_count; i++) {
        const struct config_keep *keep = &space->keeps[i];
        uint64_t bit = keep->what == SPEC_KEEP_RANGE ? 1ull << keep->range : 0;

        rules->own->view |= bit;
        if (keep->what == SPEC_KEEP_HEAP) {
            rules->own->heap = true;
        }
        if (keep->what == SPEC_KEEP_HEAP ? !rules->parent->heap
                                         : (bit & ~rules->parent->view) != 0) {
            report(rules->reader, keep->name.mark,
                   "space of '%s' cannot keep '%s': its parent cannot reach it",
                   rules->domain->name.text, keep->name.text);
        }
    }
}

static void check_space(struct rules *rules)
{
    uint8_t degree = rules_degree(rules, PD_SPACE);
    struct standing *own = rules->own;

    own->heap = rules->domain->heap_bytes != 0;
    own->space = rules->index;
    if (degree == PD_NEW) {
        return;
    }
    if (is_root(rules)) {
        rules_refuse(rules, PD_SPACE,
                     "it has no parent, and the root domain has no space");
        return;
    }
    if (degree == PD_SAME) {
        own->space = rules->parent->space;
    }
    if (degree == PD_PART && rules->domain->classes[PD_SPACE].keep_given) {
        check_keeps(rules);
    } else {
        own->view = rules->parent->view;
        own->heap = own->heap || rules->parent->heap;
    }
}

struct mark rules_value_mark(const struct rules *rules, uint32_t index,
                             const char *key)
{
    const struct node *node = node_get(rules->reader->domain_nodes[index], key);

    return node ? node->mark : rules->config->domains[index].name.mark;
}

static struct mark value_mark(const struct rules *rules, const char *key)
{
    return rules_value_mark(rules, rules->index, key);
}

static void check_handler(struct rules *rules)
{
    if (rules_degree(rules, PD_HANDLER) == PD_NONE) {
        rules->own->handler = SPEC_NONE;
        rules->own->handled = false;
        if (rules->domain->on_fault != SPEC_FAULT_STOP) {
            report(rules->reader, value_mark(rules, "on_fault"),
                   "'%s' has handler: none, so a fault ends it: on_fault can "
                   "only be stop",
                   rules->domain->name.text);
        }
        return;
    }
    rules->own->handler = rules_degree(rules, PD_HANDLER) == PD_NEW
                              ? rules->domain->parent
                              : rules->parent->handler;
    rules->own->handled = rules_degree(rules, PD_HANDLER) == PD_NEW
                              ? !is_root(rules)
                              : rules->parent->handled;
    if (!rules->own->handled && rules->domain->on_fault == SPEC_FAULT_HANDLER) {
        report(rules->reader, value_mark(rules, "on_fault"),
               "'%s' has no handler to wait for: a parentless domain's faults "
               "are the config's (stop or continue)",
               rules->domain->name.text);
    }
}

static void check_start(struct rules *rules)
{
    rules->own->boots = rules->domain->start == SPEC_START_BOOT;
    if (rules->own->boots && !rules->parent->boots) {
        report(rules->reader, value_mark(rules, "start"),
               "'%s' cannot start at boot, because its parent '%s' does not: "
               "write start: manual",
               rules->domain->name.text, rules->domain->parent_name.text);
    }
    if (rules->domain->heap_bytes > rules->config->memory_bytes) {
        report(rules->reader, value_mark(rules, "heap"),
               "heap of '%s' is %s, more than the machine's memory of %s",
               rules->domain->name.text,
               size_text(rules->domain->heap_bytes).text,
               size_text(rules->config->memory_bytes).text);
    }
}

/* Ranges that it holds and can read are in its view. */
static void add_holds(struct rules *rules)
{
    for (uint32_t i = 0; i < rules->domain->hold_count; i++) {
        const struct config_hold *hold = &rules->domain->holds[i];

        if (hold->type == CAP_RANGE && (hold->rights & CAP_READ) != 0) {
            rules->own->view |= 1ull << hold->index;
        }
    }
}

/* A domain with reported errors has everything: no errors follow from it. */
static void excuse(struct rules *rules)
{
    struct standing everything = {true,
                                  true,
                                  true,
                                  true,
                                  true,
                                  true,
                                  UINT64_MAX,
                                  rules->index,
                                  {rules->index, rules->index},
                                  {UINT64_MAX, UINT64_MAX},
                                  SPEC_NONE,
                                  SPEC_NONE};

    *rules->own = everything;
}

static void check_domain(struct rules *rules, uint32_t index)
{
    const struct config_domain *domain = &rules->config->domains[index];

    rules->index = index;
    rules->domain = domain;
    rules->own = &rules->standings[index];
    rules->parent = domain->parent == SPEC_NONE
                        ? &root_standing
                        : &rules->standings[domain->parent];
    if (rules->reader->broken[index]) {
        excuse(rules);
        return;
    }
    check_files(rules);
    check_space(rules);
    rules_shares(rules);
    check_caps(rules);
    check_handler(rules);
    check_start(rules);
    add_holds(rules);
}

void check_rules(struct reader *reader)
{
    struct config *config = reader->config;
    struct rules rules = {.reader = reader, .config = config};

    rules.standings = arena_array(reader->arena, config->domain_count,
                                  sizeof *rules.standings);
    rules.machine_left[0] = config->memory_bytes;
    rules.machine_left[1] = config->memory_bytes;
    for (uint32_t i = 0; i < config->domain_count; i++) {
        check_domain(&rules, i);
    }
    rules_tables(&rules);
    rules_whole(&rules);
}
