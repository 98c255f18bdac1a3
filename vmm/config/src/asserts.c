/* SPDX-License-Identifier: Apache-2.0 */
/* The section `assert`: names to indices. */
#include "values.h"

#include "arena.h"

#include <config/config.h>
#include <string.h>

#define FRACTION_DIGITS 6u

/* "0", "0.25", "1": in millionths. */
void check_fraction(struct reader *reader, const struct type *type,
                    struct node *node)
{
    const char *digit = node->text + 2;
    uint64_t number = node->text[0] == '1' ? CONFIG_FRACTION_ONE : 0;
    uint64_t place = CONFIG_FRACTION_ONE / 10;

    if (node->quoted || (node->text[0] != '0' && node->text[0] != '1') ||
        (node->text[1] && (node->text[1] != '.' || !*digit))) {
        refuse_value(reader, type, node,
                     node->quoted ? ": numbers have no quotes" : "");
        return;
    }
    for (; node->text[1] && *digit >= '0' && *digit <= '9'; digit++) {
        number += place * (uint64_t)(*digit - '0');
        place /= 10;
    }
    if ((node->text[1] && *digit) || number > CONFIG_FRACTION_ONE) {
        refuse_value(reader, type, node, "");
    } else if (node->text[1] && digit - node->text > 2 + FRACTION_DIGITS) {
        refuse_value(reader, type, node, ": at most 6 digits");
    }
    node->number = number;
}

static uint32_t domain_of(struct reader *reader, struct node *node)
{
    return node ? find_domain(reader, node) : SPEC_NONE;
}

static void read_reach(struct reader *reader, struct node *reach,
                       struct config_assert *out)
{
    struct node *to = node_good(reach, "to");
    struct node *access = node_good(reach, "access");

    out->from = domain_of(reader, node_good(reach, "from"));
    if (to && check_place(reader, to)) {
        out->to = node_marked(to);
    }
    out->rights = access ? (uint32_t)access->number : 0;
}

static void read_tcb(struct reader *reader, struct node *tcb,
                     struct config_assert *out)
{
    struct node *max = node_good(tcb, "max");
    struct node *within = node_good(tcb, "within");

    out->from = domain_of(reader, node_good(tcb, "of"));
    out->max = max ? (uint32_t)max->number : SPEC_NONE;
    out->within_given = within != NULL;
    if (within) {
        out->within =
            arena_array(reader->arena, within->count, sizeof *out->within);
        for (struct node *one = within->first; one; one = one->next) {
            out->within[out->within_count++] = find_domain(reader, one);
        }
    }
}

static void read_between(struct reader *reader, struct node *pair,
                         struct config_assert *out)
{
    struct node *between = node_good(pair, "between");
    struct node *end = between ? between->first : NULL;
    struct node *type = node_good(pair, "type");
    struct node *max = node_good(pair, "max");

    for (uint32_t i = 0; i < 2 && end; i++, end = end->next) {
        out->between[i] = find_domain(reader, end);
    }
    if (between && out->between[0] != SPEC_NONE &&
        out->between[0] == out->between[1]) {
        report_node(reader, between->last,
                    "assertion '%s' has '%s' on both sides", out->name.text,
                    between->last->text);
    }
    out->index = type ? (uint32_t)type->number : 0;
    out->max = max ? (uint32_t)max->number : 0;
}

static void read_assert(struct reader *reader, const struct node *node,
                        struct config_assert *out)
{
    static const char *const names[] = {"deny", "allow", "tcb", "rsi",
                                        "isolated"};

    out->name = node_key_marked(node);
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct node *of = node_good(node, names[i]);

        if (!of) {
            continue;
        }
        out->kind = (enum config_assert_kind)i;
        if (out->kind <= ASSERT_ALLOW) {
            read_reach(reader, of, out);
        } else if (out->kind == ASSERT_TCB) {
            read_tcb(reader, of, out);
        } else {
            read_between(reader, of, out);
        }
        return;
    }
}

void read_asserts(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *map = node_get(reader->root, "assert");
    struct config_assert *assertion;

    map = map && map->type ? map : NULL; /* checked: a mapping */
    config->assert_count = map ? map->count : 0;
    assertion =
        arena_array(reader->arena, config->assert_count, sizeof *assertion);
    config->asserts = assertion;
    for (struct node *node = map ? map->first : NULL; node; node = node->next) {
        read_assert(reader, node, assertion++);
    }
}

static void print_names(const struct config *config, const uint32_t *domains,
                        uint32_t count, FILE *out)
{
    fputc('[', out);
    for (uint32_t i = 0; i < count; i++) {
        fprintf(out, "%s%s", i ? ", " : "",
                config->domains[domains[i]].name.text);
    }
    fputc(']', out);
}

static void print_reach(const struct config *config,
                        const struct config_assert *one, FILE *out)
{
    fprintf(out, "%s: {from: %s, to: %s, access: %s%s%s}",
            one->kind == ASSERT_DENY ? "deny" : "allow",
            config->domains[one->from].name.text, one->to.text,
            one->rights & 1 ? "r" : "", one->rights & 2 ? "w" : "",
            one->rights & 4 ? "x" : "");
}

static void print_tcb(const struct config *config,
                      const struct config_assert *one, FILE *out)
{
    fprintf(out, "tcb: {of: %s", config->domains[one->from].name.text);
    if (one->max != SPEC_NONE) {
        fprintf(out, ", max: %u", one->max);
    }
    if (one->within_given) {
        fputs(", within: ", out);
        print_names(config, one->within, one->within_count, out);
    }
    fputc('}', out);
}

void config_print_assert(const struct config *config,
                         const struct config_assert *one, FILE *out)
{
    switch (one->kind) {
    case ASSERT_DENY:
    case ASSERT_ALLOW:
        print_reach(config, one, out);
        break;
    case ASSERT_TCB:
        print_tcb(config, one, out);
        break;
    case ASSERT_RSI:
        fputs("rsi: {between: ", out);
        print_names(config, one->between, 2, out);
        fprintf(out, ", type: %s, max: %u.%06u}", table_indices[one->index],
                one->max / CONFIG_FRACTION_ONE, one->max % CONFIG_FRACTION_ONE);
        break;
    case ASSERT_ISOLATED:
        fputs("isolated: {between: ", out);
        print_names(config, one->between, 2, out);
        fputc('}', out);
        break;
    }
}
