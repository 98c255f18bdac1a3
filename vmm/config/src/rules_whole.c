/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about the config as a whole. */
#include "rules.h"

#include <string.h>

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

/* A spec has room for so many, of all domains together. */
static void check_totals(struct rules *rules)
{
    uint32_t holds = 0, keeps = 0;

    for (uint32_t i = 0; i < rules->config->domain_count; i++) {
        const struct config_domain *domain = &rules->config->domains[i];
        bool held = holds <= SPEC_MAX_HOLDS, kept = keeps <= SPEC_MAX_KEEPS;

        holds += domain->hold_count;
        keeps += domain->classes[PD_SPACE].keep_count;
        if (held && holds > SPEC_MAX_HOLDS) {
            report(rules->reader, domain->name.mark,
                   "with '%s', domains hold more than %u capabilities",
                   domain->name.text, SPEC_MAX_HOLDS);
        }
        if (kept && keeps > SPEC_MAX_KEEPS) {
            report(rules->reader, domain->name.mark,
                   "with '%s', domains keep more than %u ranges",
                   domain->name.text, SPEC_MAX_KEEPS);
        }
    }
}

void rules_whole(struct rules *rules)
{
    check_ranges(rules);
    check_boundaries(rules);
    check_places(rules);
    check_totals(rules);
}
