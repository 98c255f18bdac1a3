/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes sense between domains. The same rules as the validator of
 * domains/spec.h, here with positions and for all domains at once; the
 * validator has the last word.
 */
#include "reader.h"

#include <capabilities/cap.h>
#include <string.h>

#define MACHINE SPEC_NONE /* as owner of a quota or pool */

/* What a domain has, for its children to share. */
struct standing {
    bool caps, files, root_files, heap, handled, boots;
    uint64_t view;     /* named ranges in its space */
    uint32_t space;    /* the domain that it shares the space of, or itself */
    uint32_t owner[2]; /* of its quota, of its pool */
    uint64_t left[2];  /* of its own quota, of its own pool */
};

/* What a parentless domain is composed from. */
static const struct standing root_standing = {
    .root_files = true,
    .boots = true,
    .space = SPEC_NONE,
    .owner = {MACHINE, MACHINE},
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

static uint8_t degree_of(const struct rules *rules, enum pd_class class)
{
    return rules->domain->classes[class].degree;
}

static void refuse(struct rules *rules, enum pd_class class, const char *why)
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

    switch (degree_of(rules, PD_FILES)) {
    case PD_SAME:
        rules->own->files = parent->files;
        rules->own->root_files = parent->root_files;
        if (!parent->files && !parent->root_files) {
            refuse(rules, PD_FILES, "its parent's files are none");
        }
        break;
    case PD_PART:
        rules->own->files = true;
        if (!parent->files) {
            refuse(rules, PD_FILES,
                   is_root(rules) ? "it has no parent, and the root domain's "
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
    uint8_t degree = degree_of(rules, PD_CAPS);
    const struct config_domain *domain = rules->domain;

    if (degree == PD_NONE) {
        if (domain->hold_count != 0) {
            refuse(rules, PD_CAPS, "there is no table for what it holds");
        }
        return;
    }
    rules->own->caps = true;
    if (degree != PD_NEW && !rules->parent->caps) {
        refuse(rules, PD_CAPS,
               is_root(rules)
                   ? "it has no parent, and the root domain has no table"
                   : "its parent's caps are none");
    }
    if (degree != PD_SAME && domain->hold_count + 1 > domain->caps_slots) {
        report(rules->reader, domain->name.mark,
               "'%s' holds %u capabilities, but has only %u slots: give it "
               "more with slots",
               domain->name.text, domain->hold_count, domain->caps_slots);
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
    uint8_t degree = degree_of(rules, PD_SPACE);
    struct standing *own = rules->own;

    own->heap = rules->domain->heap_bytes != 0;
    own->space = rules->index;
    if (degree == PD_NEW) {
        return;
    }
    if (is_root(rules)) {
        refuse(rules, PD_SPACE,
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
    const char *name = "the machine";

    left_of(rules, owner, which, &all);
    if (owner != MACHINE) {
        name = rules->config->domains[owner].name.text;
    }
    if (domain->classes[class].bytes > all) {
        report(rules->reader, domain->classes[class].mark,
               "%s of '%s' is %s, more than the %s of %s", pd_class_name(class),
               domain->name.text, size.text, size_text(all).text, name);
    } else {
        report(rules->reader, domain->classes[class].mark,
               "%s of '%s' is %s, but of the %s of %s only %s are left: other "
               "domains have the rest",
               pd_class_name(class), domain->name.text, size.text,
               size_text(all).text, name, size_text(left).text);
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
    if (degree_of(rules, class) != PD_NEW) {
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
    if (degree_of(rules, PD_POOL) == PD_NEW &&
        degree_of(rules, PD_QUOTA) != PD_NEW) {
        refuse(rules, PD_POOL,
               "that needs quota: new, else the shared quota shows what the "
               "own pool hides");
    }
    check_share(rules, 1);
}

static struct mark value_mark(const struct rules *rules, const char *key)
{
    const struct node *node =
        node_get(rules->reader->domain_nodes[rules->index], key);

    return node ? node->mark : rules->domain->name.mark;
}

static void check_handler(struct rules *rules)
{
    rules->own->handled = degree_of(rules, PD_HANDLER) == PD_NEW
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
                                  {UINT64_MAX, UINT64_MAX}};

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
    check_share(rules, 0);
    check_pool(rules);
    check_caps(rules);
    check_handler(rules);
    check_start(rules);
    add_holds(rules);
}

static void check_ranges(struct rules *rules)
{
    const struct config *config = rules->config;
    uint64_t total = 0;

    for (uint32_t i = 0; i < config->range_count; i++) {
        total += config->ranges[i].bytes;
        if (total > config->memory_bytes) {
            report(rules->reader, config->ranges[i].name.mark,
                   "ranges up to '%s' take %s together, more than the "
                   "machine's memory of %s",
                   config->ranges[i].name.text, size_text(total).text,
                   size_text(config->memory_bytes).text);
            return;
        }
    }
}

/* Page tables separate only what has tables of its own. */
static void check_boundaries(struct rules *rules)
{
    for (uint32_t i = 0; i < rules->config->boundary_count; i++) {
        const struct config_boundary *boundary = &rules->config->boundaries[i];
        uint32_t a = boundary->between[0], b = boundary->between[1];

        if (a == SPEC_NONE || b == SPEC_NONE || a == b ||
            rules->standings[a].space != rules->standings[b].space ||
            !boundary->mechanism.text ||
            strcmp(boundary->mechanism.text, "pages") != 0) {
            continue;
        }
        report(rules->reader, boundary->mechanism.mark,
               "pages cannot separate '%s' and '%s': they share one space",
               rules->config->domains[a].name.text,
               rules->config->domains[b].name.text);
    }
}

/* `to: app.heap` when app has none. */
static void check_place_exists(struct rules *rules, const struct marked *to)
{
    const char *dot = to->text ? strchr(to->text, '.') : NULL;

    if (!dot || strcmp(dot, ".heap") != 0) {
        return;
    }
    for (uint32_t i = 0; i < rules->config->domain_count; i++) {
        const struct config_domain *domain = &rules->config->domains[i];
        size_t bytes = (size_t)(dot - to->text);

        if (strlen(domain->name.text) == bytes &&
            memcmp(domain->name.text, to->text, bytes) == 0 &&
            domain->heap_bytes == 0) {
            report(rules->reader, to->mark,
                   "'%s' does not exist: its heap is 0KiB", to->text);
        }
    }
}

static void check_places(struct rules *rules)
{
    for (uint32_t i = 0; i < rules->config->domain_count; i++) {
        const struct config_expect *expect = &rules->config->domains[i].expect;

        for (uint32_t j = 0; j < expect->fault_count; j++) {
            check_place_exists(rules, &expect->faults[j].to);
        }
    }
    for (uint32_t i = 0; i < rules->config->assert_count; i++) {
        check_place_exists(rules, &rules->config->asserts[i].to);
    }
}

void check_rules(struct reader *reader)
{
    struct config *config = reader->config;
    struct rules rules = {.reader = reader, .config = config};

    rules.standings = arena_array(reader->arena, config->domain_count,
                                  sizeof *rules.standings);
    rules.machine_left[0] = config->memory_bytes;
    rules.machine_left[1] = config->memory_bytes;
    check_ranges(&rules);
    for (uint32_t i = 0; i < config->domain_count; i++) {
        check_domain(&rules, i);
    }
    check_boundaries(&rules);
    check_places(&rules);
}
