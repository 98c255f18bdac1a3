/* SPDX-License-Identifier: Apache-2.0 */
#include "assert_graph.h"

#include <capabilities/cap.h>
#include <stdio.h>
#include <string.h>

bool assert_graph_any(const struct config *config)
{
    for (uint32_t i = 0; i < config->assert_count; i++) {
        if (assert_of_graph(&config->asserts[i])) {
            return true;
        }
    }
    return false;
}

static bool within(const struct config_assert *assertion, uint32_t domain)
{
    for (uint32_t i = 0; i < assertion->within_count; i++) {
        if (assertion->within[i] == domain) {
            return true;
        }
    }
    return !assertion->within_given;
}

static bool tcb_holds(const struct config_assert *assertion,
                      const struct sharing *sharing, char *witness,
                      size_t bytes)
{
    uint32_t of = assertion->from, last = 0;

    for (uint32_t y = 0; y < sharing->graph.domains; y++) {
        if (!sharing_trusts(sharing, of, y)) {
            continue;
        }
        last = y;
        if (!within(assertion, y)) {
            sharing_path(sharing, of, y, witness, bytes);
            return false;
        }
    }
    if (sharing->tcb[of] > assertion->max) {
        int used = snprintf(witness, bytes, "it trusts %u: ", sharing->tcb[of]);
        sharing_path(sharing, of, last, witness + used, bytes - (size_t)used);
        return false;
    }
    return true;
}

/* The first unit that both have, for a witness. */
static uint32_t common(const struct sharing *sharing, uint32_t a, uint32_t b,
                       const struct sharing_index *index)
{
    const uint8_t *one = sharing_reach(sharing, a);
    const uint8_t *two = sharing_reach(sharing, b);

    for (uint32_t i = 0; i < sharing->graph.node_count; i++) {
        if (sharing->graph.nodes[i].type == index->type && one[i] && two[i] &&
            (!index->written || (one[i] | two[i]) & CAP_WRITE)) {
            return i;
        }
    }
    return GRAPH_NONE;
}

static bool rsi_holds(const struct config_assert *assertion,
                      const struct sharing *sharing, char *witness,
                      size_t bytes)
{
    const struct sharing_index *index = &sharing_indices[assertion->index];
    struct metrics_rsi rsi;
    char name[160] = "";

    sharing_rsi(sharing, assertion->between[0], assertion->between[1], index,
                &rsi);
    if (rsi.shared * CONFIG_FRACTION_ONE <=
        rsi.either * (uint64_t)assertion->max) {
        return true;
    }
    sharing_name(
        sharing,
        common(sharing, assertion->between[0], assertion->between[1], index),
        name, sizeof(name));
    snprintf(witness, bytes, "both reach %llu of %llu (%s), as %s",
             (unsigned long long)rsi.shared, (unsigned long long)rsi.either,
             index->name, name);
    return false;
}

static const char *name_of(const struct sharing *sharing, uint32_t domain,
                           char out[64])
{
    sharing_name(sharing, domain, out, 64);
    return out;
}

/* One direction: what `a` may do to `b`. */
static bool harms(const struct sharing *sharing, uint32_t a, uint32_t b,
                  char *witness, size_t bytes)
{
    const uint8_t *one = sharing_reach(sharing, a);
    const uint8_t *two = sharing_reach(sharing, b);
    char from[64], to[64], what[160];

    for (uint32_t i = 0; i < sharing->graph.node_count; i++) {
        const struct graph_node *node = &sharing->graph.nodes[i];
        bool written = node->type == GRAPH_PAGE && one[i] & CAP_WRITE && two[i];
        bool table = node->type == GRAPH_TABLE && node->part == GRAPH_CAPS &&
                     one[i] && two[i];
        if (written || table) {
            sharing_name(sharing, i, what, sizeof(what));
            snprintf(witness, bytes, "%s %s %s, which %s %s",
                     name_of(sharing, a, from), written ? "may write" : "uses",
                     what, name_of(sharing, b, to),
                     written ? "reaches" : "uses, too");
            return true;
        }
    }
    if (one[b] & CAP_WRITE) {
        snprintf(witness, bytes, "%s may control %s", name_of(sharing, a, from),
                 name_of(sharing, b, to));
        return true;
    }
    return false;
}

bool assert_graph_holds(const struct config_assert *assertion,
                        const struct sharing *sharing, char *witness,
                        size_t bytes)
{
    const uint32_t *between = assertion->between;

    switch (assertion->kind) {
    case ASSERT_TCB:
        return tcb_holds(assertion, sharing, witness, bytes);
    case ASSERT_RSI:
        return rsi_holds(assertion, sharing, witness, bytes);
    default:
        return !harms(sharing, between[0], between[1], witness, bytes) &&
               !harms(sharing, between[1], between[0], witness, bytes);
    }
}
