/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `kinds`: what each is based on, and its degrees. */
#include "compose.h"

#include <string.h>

static uint32_t find_row(const struct reader *reader, const char *name)
{
    for (uint32_t i = 0; i < reader->config->kind_count; i++) {
        if (strcmp(reader->config->kinds[i].name.text, name) == 0) {
            return i;
        }
    }
    return SPEC_NONE;
}

static const struct pd_kind *find_builtin(const char *name)
{
    const struct pd_kind *kind;

    for (uint32_t i = 0; (kind = pd_kind_builtin(i)) != NULL; i++) {
        if (strcmp(kind->name, name) == 0) {
            return kind;
        }
    }
    return NULL;
}

bool find_kind(struct reader *reader, struct node *node, uint32_t *row,
               const struct pd_kind **builtin)
{
    const struct pd_kind *kind;
    struct guess guess = guess_start(node->text);

    *builtin = find_builtin(node->text);
    *row = *builtin ? SPEC_NONE : find_row(reader, node->text);
    if (*builtin || *row != SPEC_NONE) {
        return true;
    }
    for (uint32_t i = 0; (kind = pd_kind_builtin(i)) != NULL; i++) {
        guess_offer(&guess, kind->name);
    }
    for (uint32_t i = 0; i < reader->config->kind_count; i++) {
        guess_offer(&guess, reader->config->kinds[i].name.text);
    }
    report_node(reader, node, "unknown kind '%s'%s", node->text,
                guess_hint(&guess).text);
    return false;
}

static void read_base(struct reader *reader, struct kind_row *row)
{
    struct node *base = node_good(row->node, "base");
    struct node *name = row->node->key;

    row->base = SPEC_NONE;
    if (base) {
        find_kind(reader, base, &row->base, &row->builtin);
    }
    if (!name->bad && find_builtin(name->text)) {
        report_node(reader, name, "kind '%s' is built in: choose another name",
                    name->text);
    }
}

/* Reports the cycle of bases that a row is in; breaks it. */
static void check_cycle(struct reader *reader, uint32_t start)
{
    struct kind_row *rows = reader->kinds;
    uint32_t at = rows[start].base, steps = 0;

    while (at != SPEC_NONE && at != start &&
           steps++ < reader->config->kind_count) {
        at = rows[at].base;
    }
    if (at == start) {
        report_node(reader, node_get(rows[start].node, "base"),
                    "base of kind '%s' leads back to itself",
                    reader->config->kinds[start].name.text);
        rows[start].base = SPEC_NONE;
    }
}

static void start_from_builtin(struct config_kind *kind,
                               const struct pd_kind *builtin)
{
    kind->base = builtin->name;
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        kind->classes[i].degree = builtin->degree[i];
    }
}

/* Fills one row whose base is filled; false: not yet, or never. */
static bool fill_row(struct reader *reader, uint32_t index)
{
    struct config_kind *kinds = reader->config->kinds;
    struct kind_row *row = &reader->kinds[index];
    const struct kind_row *base;

    if (kinds[index].base) {
        return false;
    }
    if (row->base == SPEC_NONE) {
        if (!row->builtin) {
            return false;
        }
        start_from_builtin(&kinds[index], row->builtin);
    } else {
        base = &reader->kinds[row->base];
        if (!base->builtin || !kinds[row->base].base) {
            return false;
        }
        row->builtin = base->builtin;
        kinds[index].base = kinds[row->base].base;
        memcpy(kinds[index].classes, kinds[row->base].classes,
               sizeof kinds[index].classes);
    }
    read_classes(reader, row->node, kinds[index].classes);
    return true;
}

void read_kinds(struct reader *reader)
{
    struct config *config = reader->config;
    const struct node *map = node_get(reader->root, "kinds");
    uint32_t count = map && map->type ? map->count : 0;
    uint32_t index = 0;
    bool more = true;

    config->kind_count = count;
    config->kinds = arena_array(reader->arena, count, sizeof *config->kinds);
    reader->kinds = arena_array(reader->arena, count, sizeof *reader->kinds);
    for (struct node *node = count ? map->first : NULL; node;
         node = node->next) {
        config->kinds[index].name = node_key_marked(node);
        reader->kinds[index++].node = node;
    }
    for (uint32_t i = 0; i < count; i++) {
        read_base(reader, &reader->kinds[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        check_cycle(reader, i);
    }
    while (more) { /* each round but the last fills a row */
        more = false;
        for (uint32_t i = 0; i < count; i++) {
            more = fill_row(reader, i) || more;
        }
    }
}
