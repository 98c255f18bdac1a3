/* SPDX-License-Identifier: Apache-2.0 */
/* Values that only `test` has: exit codes, durations, changes. */
#include "values.h"

#include <stdlib.h>
#include <string.h>

void check_code(struct reader *reader, const struct type *type,
                struct node *node)
{
    for (const char *const *word = type->words; *word; word++) {
        if (strcmp(node->text, *word) == 0 && !node->quoted) {
            node->number = strtoull(node->text, NULL, 10);
            return;
        }
    }
    refuse_value(reader, type, node,
                 node->quoted ? ": numbers have no quotes" : "");
}

void check_duration(struct reader *reader, const struct type *type,
                    struct node *node)
{
    if (node->text[0] == '0' || config_duration(node->text, &node->number)) {
        refuse_value(reader, type, node, "");
    } else if (node->number > type->max) {
        uint64_t hours = type->max / 3600000000000ull;

        report_node(
            reader, node, "duration %s is too long for %s: at most %llu%s",
            words_quote(node->text).text, node_path(node).text,
            (unsigned long long)(hours ? hours : type->max / 1000000000ull),
            hours ? "h" : "s");
    }
}

/* The form of a type that has things beneath it, or null. */
static const struct type *inner(const struct type *type)
{
    if (type->kind == TYPE_EITHER) {
        for (const struct type *const *form = type->forms; *form; form++) {
            if ((*form)->kind == TYPE_MAP || (*form)->kind == TYPE_NAMED) {
                return *form;
            }
        }
        return NULL;
    }
    return type->kind == TYPE_MAP || type->kind == TYPE_NAMED ||
                   type->kind == TYPE_LIST
               ? type
               : NULL;
}

/* Type of what `part` names beneath `type`, or null after a report. */
static const struct type *part_type(struct reader *reader, struct node *key,
                                    const struct type *type, const char *part)
{
    const struct type *form = inner(type);
    struct guess guess = guess_start(part);
    const struct key *row;

    if (form && form->kind != TYPE_MAP) {
        return form->item; /* whether the name is there, the run says */
    }
    row = form ? table_key(form, part) : NULL;
    if (row) {
        return row->type;
    }
    for (row = form ? form->keys : NULL; row && row->name; row++) {
        guess_offer(&guess, row->name);
    }
    report_node(reader, key, "unknown path %s: there is no %s%s",
                words_quote(key->text).text, words_quote(part).text,
                form ? guess_hint(&guess).text : "");
    return NULL;
}

/* A path, part by part against the table. */
static void check_path_of(struct reader *reader, struct node *key)
{
    const struct type *type = &table_config;
    const char *at = key->text;
    char part[64];

    if (strchr(at, '=')) {
        report_node(reader, key, "path %s holds a '='", words_quote(at).text);
        return;
    }
    while (type) {
        size_t length = strcspn(at, ".");

        if (length == 0 || length >= sizeof part) {
            report_node(reader, key, "%s is no path such as domains.app.kind",
                        words_quote(key->text).text);
            return;
        }
        memcpy(part, at, length);
        part[length] = '\0';
        type = part_type(reader, key, type, part);
        if (at[length] == '\0') {
            return;
        }
        at += length + 1;
    }
}

void check_changes(struct reader *reader, const struct type *type,
                   struct node *map)
{
    if (map->count == 0 || map->count > type->max) {
        report_node(reader, map, "%s must have 1 to %llu entries, not %u",
                    node_path(map).text, (unsigned long long)type->max,
                    map->count);
        return;
    }
    for (struct node *node = map->first; node; node = node->next) {
        if (!node->key->bad) {
            check_path_of(reader, node->key);
        }
    }
}
