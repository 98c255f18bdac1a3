/* SPDX-License-Identifier: Apache-2.0 */
/* The tree against the table. */
#include "values.h"

#include <string.h>

static void check_node(struct reader *reader, const struct type *type,
                       struct node *node);

struct found_text {
    char text[80];
};

static struct found_text found(const struct node *node)
{
    struct found_text out;

    if (node->kind == NODE_LIST) {
        snprintf(out.text, sizeof out.text, "not a list");
    } else if (node->kind == NODE_MAP) {
        snprintf(out.text, sizeof out.text, "not a mapping");
    } else if (node_is_null(node)) {
        snprintf(out.text, sizeof out.text, "but there is nothing");
    } else {
        snprintf(out.text, sizeof out.text, "not %s",
                 words_quote(node->text).text);
    }
    return out;
}

void refuse_value(struct reader *reader, const struct type *type,
                  struct node *node, const char *hint)
{
    report_node(reader, node, "%s must be %s, %s%s", node_path(node).text,
                type->what, found(node).text, hint);
}

/* Where there is but one key, whatever stands there was meant to be it. */
static const struct key *meant_key(const struct type *type, const char *best)
{
    if (best) {
        return table_key(type, best);
    }
    return type->keys->name && !type->keys[1].name ? type->keys : NULL;
}

static void unknown_key(struct reader *reader, const struct type *type,
                        struct node *node)
{
    struct guess guess = guess_start(node->key->text);

    for (const struct key *key = type->keys; key->name; key++) {
        guess_offer(&guess, key->name);
    }
    node->bad = true;
    node->meant = meant_key(type, guess.best);
    report_node(reader, node->key, "unknown key %s in %s%s",
                words_quote(node->key->text).text, node_path(node->up).text,
                guess_hint(&guess).text);
}

/* Whether the key is there, or something that was meant to be it. */
static bool has_key(const struct node *map, const char *name)
{
    for (const struct node *node = map->first; node; node = node->next) {
        if (strcmp(node->key->text, name) == 0 ||
            (node->meant && strcmp(node->meant->name, name) == 0)) {
            return true;
        }
    }
    return false;
}

static void check_required(struct reader *reader, const struct type *type,
                           struct node *map)
{
    for (const struct key *key = type->keys; key->name; key++) {
        if (key->required && !has_key(map, key->name)) {
            report(reader, node_name_mark(map),
                   "missing key '%s' in %s (for example '%s: %s')", key->name,
                   node_path(map).text, key->name, key->example);
        }
    }
}

/* any_of and only_one. */
static void check_choice(struct reader *reader, const struct type *type,
                         struct node *map)
{
    struct word_list list = {"", 0};
    bool some = !type->any_of;

    for (const char *const *name = type->any_of; name && *name; name++) {
        word_list_add(&list, *name);
        some = some || has_key(map, *name);
    }
    if (!some && (map->count == 0 || !type->only_one)) {
        report(reader, node_name_mark(map), "%s needs at least one of: %s",
               node_path(map).text, list.text);
    } else if (type->only_one && map->count > 1) {
        report(reader, node_name_mark(map->first->next),
               "%s must have exactly one entry, but has also %s",
               node_path(map).text,
               words_quote(map->first->next->key->text).text);
    }
}

/* One entry of a mapping with known keys. False: what it holds is unread. */
static bool check_entry(struct reader *reader, const struct type *type,
                        struct node *node)
{
    const struct key *key;

    if (node->key->bad) {
        node->bad = true;
        return false;
    }
    key = table_key(type, node->key->text);
    if (!key) {
        unknown_key(reader, type, node);
        return !node->meant;
    }
    check_node(reader, key->type, node);
    return node->type || key->type->kind != TYPE_NAMED;
}

static void check_map(struct reader *reader, const struct type *type,
                      struct node *map)
{
    for (struct node *node = map->first; node; node = node->next) {
        if (!check_entry(reader, type, node) && !map->up) {
            reader->nameless = true;
        }
    }
    check_required(reader, type, map);
    check_choice(reader, type, map);
}

static void check_named(struct reader *reader, const struct type *type,
                        struct node *map)
{
    if (map->count > type->max && !type->only_one) {
        report(reader, node_name_mark(map),
               "%s has %u entries: at most %llu are possible",
               node_path(map).text, map->count, (unsigned long long)type->max);
        reader->nameless = true;
    }
    if ((int64_t)map->count < type->min ||
        (type->only_one && map->count == 0)) {
        report_node(reader, map, "%s is empty: it needs at least one entry",
                    node_path(map).text);
    }
    if (type->only_one) {
        check_choice(reader, type, map);
    }
    for (struct node *node = map->first; node; node = node->next) {
        if (!node->key->bad) {
            check_name(reader, type, node->key);
        }
        if (node->key->bad) {
            node->bad = true;
        }
        check_node(reader, type->item, node);
    }
}

static void check_list(struct reader *reader, const struct type *type,
                       struct node *list)
{
    if ((int64_t)list->count < type->min || list->count > type->max) {
        report_node(reader, list, "%s must be %s, not of %u",
                    node_path(list).text, type->what, list->count);
        return;
    }
    for (struct node *node = list->first; node; node = node->next) {
        check_node(reader, type->item, node);
    }
}

static enum node_kind wanted(const struct type *type)
{
    switch (type->kind) {
    case TYPE_MAP:
    case TYPE_NAMED:
    case TYPE_CHANGES:
        return NODE_MAP;
    case TYPE_LIST:
        return NODE_LIST;
    default:
        return NODE_SCALAR;
    }
}

/* The form meant: by the node's kind, and numbers by how they begin. */
static const struct type *choose(const struct type *type,
                                 const struct node *node)
{
    const struct type *fits = NULL;

    for (const struct type *const *form = type->forms; *form; form++) {
        bool digit = node->kind == NODE_SCALAR &&
                     (node->text[0] == '-' ||
                      (node->text[0] >= '0' && node->text[0] <= '9'));

        if (wanted(*form) != node->kind) {
            continue;
        }
        if (!fits || (fits->kind == TYPE_INTEGER && !digit)) {
            fits = *form;
        }
    }
    return fits;
}

static void check_node(struct reader *reader, const struct type *type,
                       struct node *node)
{
    const struct type *form = type;

    if (node->bad && node->kind == NODE_SCALAR) {
        return;
    }
    if (type->kind == TYPE_EITHER) {
        form = choose(type, node);
    }
    if (!form || wanted(form) != node->kind || node_is_null(node)) {
        refuse_value(reader, type, node, "");
        return;
    }
    node->type = form;
    switch (form->kind) {
    case TYPE_MAP:
        check_map(reader, form, node);
        break;
    case TYPE_NAMED:
        check_named(reader, form, node);
        break;
    case TYPE_LIST:
        check_list(reader, form, node);
        break;
    case TYPE_CHANGES:
        check_changes(reader, form, node);
        break;
    default:
        check_value(reader, form, node);
        break;
    }
}

void check_tree(struct reader *reader)
{
    if (node_is_null(reader->root)) {
        report_node(reader, reader->root,
                    "empty: a config begins with 'ambit: 1'");
        return;
    }
    check_node(reader, &table_config, reader->root);
}
