/* SPDX-License-Identifier: Apache-2.0 */
/* The section `test`: how `ambit test` judges the run. */
#include "reader.h"

#include <abi/guards.h>
#include <string.h>

#define TRIES_BYTES_MAX 160u

static void read_says(struct reader *reader, const struct node *list,
                      struct config_end *end)
{
    struct marked *text;

    if (!list) {
        return;
    }
    text = arena_array(reader->arena, list->count, sizeof *text);
    end->says = text;
    end->says_count = list->count;
    for (struct node *node = list->first; node; node = node->next) {
        *text++ = node_marked(node);
        if (!node->bad && node->kind == NODE_SCALAR && !*node->text) {
            report_node(reader, node, "%s is empty: every output holds that",
                        node_path(node).text);
        }
    }
}

/* Reads `exit` and `says` beneath `map`. */
static void read_end(struct reader *reader, const struct node *map,
                     struct config_end *end)
{
    const struct node *code = node_good(map, "exit");

    end->exit = code ? (int)code->number : EXIT_MET;
    read_says(reader, node_good(map, "says"), end);
}

static void read_tries(struct reader *reader, struct node *node)
{
    struct marked *tries = &reader->config->test.tries;

    if (!node) {
        return;
    }
    *tries = node_marked(node);
    if (!*node->text || strchr(node->text, '\n') ||
        strlen(node->text) > TRIES_BYTES_MAX) {
        report_node(reader, node, "%s must be one line of at most %u bytes",
                    node_path(node).text, TRIES_BYTES_MAX);
    }
}

/* What must end as the run itself does shows nothing. */
static void check_differs(struct reader *reader, struct node *code,
                          const struct node *own)
{
    if (code && (!own || !own->bad) &&
        (int)code->number == reader->config->test.end.exit) {
        report_node(reader, code,
                    "%s is %s, with which the run itself must end: it would "
                    "show nothing",
                    node_path(code).text, code->text);
    }
}

/* Reports a guard that the kernel does not have. */
static void check_guard(struct reader *reader, struct node *key)
{
    static const char *const names[] = {
#define GUARD_NAME(id, name, text) name,
        ABI_GUARDS(GUARD_NAME)
#undef GUARD_NAME
    };
    struct guess guess = guess_start(key->text);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(key->text, names[i]) == 0) {
            return;
        }
        guess_offer(&guess, names[i]);
    }
    report_node(reader, key, "unknown guard %s%s; 'ambit guards' lists them",
                words_quote(key->text).text, guess_hint(&guess).text);
}

static void read_guards(struct reader *reader, const struct node *map,
                        const struct node *own)
{
    struct config_test *test = &reader->config->test;
    struct config_guard *guard;

    test->guard_count = map ? map->count : 0;
    guard = arena_array(reader->arena, test->guard_count, sizeof *guard);
    test->guards = guard;
    for (struct node *node = map ? map->first : NULL; node; node = node->next) {
        guard->name = node_key_marked(node);
        guard->exit = (int)node->number;
        guard++;
        if (!node->key->bad) {
            check_guard(reader, node->key);
        }
        check_differs(reader, node->bad ? NULL : node, own);
    }
}

static void read_changes(struct reader *reader, const struct node *map,
                         struct config_control *control)
{
    struct config_change *change;

    control->change_count = map ? map->count : 0;
    change = arena_array(reader->arena, control->change_count, sizeof *change);
    control->changes = change;
    for (struct node *node = map ? map->first : NULL; node; node = node->next) {
        change->path = node_key_marked(node);
        change->value = node;
        change++;
    }
}

static void read_controls(struct reader *reader, const struct node *map,
                          const struct node *own)
{
    struct config_test *test = &reader->config->test;
    struct config_control *control;

    test->control_count = map ? map->count : 0;
    control = arena_array(reader->arena, test->control_count, sizeof *control);
    test->controls = control;
    for (struct node *node = map ? map->first : NULL; node; node = node->next) {
        control->name = node_key_marked(node);
        read_changes(reader, node_good(node, "set"), control);
        read_end(reader, node, &control->end);
        if (!node_get(node, "says")) {
            check_differs(reader, node_good(node, "exit"), own);
        }
        control++;
    }
}

static uint32_t engine_mask(const struct node *list)
{
    uint32_t mask = 0;

    for (const struct node *node = list ? list->first : NULL; node;
         node = node->next) {
        mask |= 1u << node->number;
    }
    return mask ? mask : CONFIG_ON_KVM | CONFIG_ON_QEMU;
}

void read_test(struct reader *reader)
{
    struct config_test *test = &reader->config->test;
    const struct node *map = node_good(reader->root, "test");
    const struct node *code = node_get(map, "exit");
    const struct node *timeout = node_good(map, "timeout");

    test->given = map != NULL;
    test->engines = engine_mask(node_good(map, "engines"));
    test->guards_on = engine_mask(node_good(map, "guards_on"));
    test->timeout_ns = timeout ? timeout->number : CONFIG_TIMEOUT_DEFAULT;
    read_tries(reader, node_good(map, "tries"));
    read_end(reader, map, &test->end);
    read_guards(reader, node_good(map, "guards"), code);
    read_controls(reader, node_good(map, "controls"), code);
}
