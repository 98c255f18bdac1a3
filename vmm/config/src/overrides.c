/* SPDX-License-Identifier: Apache-2.0 */
/* --set PATH=VALUE: changes the tree before anything looks at it. */
#include "reader.h"

#include <string.h>

/* One override on its way down the tree. */
struct walk {
    struct reader *reader;
    const char *whole; /* PATH=VALUE */
    struct node *value;
    struct node *at;         /* the node that the parts so far name */
    const struct type *type; /* what may stand there */
    char part[64];           /* the next part of the path */
    const char *rest;        /* behind it */
    struct mark mark;        /* of the part */
};

static bool at_end(const struct walk *walk)
{
    return *walk->rest == '=';
}

/* Takes the next part of the path; false after a report. */
static bool next_part(struct walk *walk)
{
    size_t length = strcspn(walk->rest, ".=");

    walk->mark.file = walk->whole;
    walk->mark.line = 0;
    walk->mark.column = (unsigned)(walk->rest - walk->whole) + 1;
    if (length == 0 || length >= sizeof walk->part) {
        report(
            walk->reader, walk->mark, "expected a key or name in %s, found %s",
            node_path(walk->at).text, length ? "a very long word" : "nothing");
        return false;
    }
    memcpy(walk->part, walk->rest, length);
    walk->part[length] = '\0';
    walk->rest += length;
    if (*walk->rest == '.') {
        walk->rest++;
        if (at_end(walk)) {
            report(walk->reader, walk->mark, "path ends with a dot");
            return false;
        }
    }
    return true;
}

static void refuse_part(struct walk *walk, struct guess *guess)
{
    report(walk->reader, walk->mark, "unknown path: %s has no %s%s",
           node_path(walk->at).text, words_quote(walk->part).text,
           guess_hint(guess).text);
}

/* The form of a type that has things beneath it, or null. */
static const struct type *inner_form(const struct type *type)
{
    if (type->kind == TYPE_EITHER) {
        for (const struct type *const *form = type->forms; *form; form++) {
            if (inner_form(*form)) {
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

/* Type beneath the part, or null after a report. */
static const struct type *type_beneath(struct walk *walk,
                                       const struct type *form,
                                       const struct node *child)
{
    struct guess guess = guess_start(walk->part);
    const struct key *key;
    char index[16];

    if (form->kind == TYPE_MAP) {
        key = table_key(form, walk->part);
        if (key) {
            return key->type;
        }
        for (key = form->keys; key->name; key++) {
            guess_offer(&guess, key->name);
        }
        refuse_part(walk, &guess);
        return NULL;
    }
    /* a new name can be given a whole value, nothing can be beneath it */
    if (child || (form->kind == TYPE_NAMED && at_end(walk) &&
                  !node_is_null(walk->value))) {
        return form->item;
    }
    for (child = walk->at->first; child; child = child->next) {
        snprintf(index, sizeof index, "%u", child->index);
        guess_offer(&guess, child->key ? child->key->text : index);
    }
    refuse_part(walk, &guess);
    return NULL;
}

static struct node *list_item(const struct node *list, const char *part)
{
    char digits[16];

    for (struct node *node = list->first; node; node = node->next) {
        snprintf(digits, sizeof digits, "%u", node->index);
        if (strcmp(digits, part) == 0) {
            return node;
        }
    }
    return NULL;
}

static struct node *new_map(struct walk *walk)
{
    return node_new(walk->reader->arena, NODE_MAP, walk->mark);
}

/* Puts `node` where the part points. */
static void put(struct walk *walk, struct node *child, struct node *node)
{
    struct node *key = NULL;

    if (child) {
        node_replace(child, node);
        return;
    }
    if (walk->at->kind == NODE_MAP) {
        key = node_new(walk->reader->arena, NODE_SCALAR, walk->mark);
        key->text =
            arena_text(walk->reader->arena, walk->part, strlen(walk->part));
    }
    node_append(walk->at, key, node);
}

/* Where a word stands for what the path goes into, a mapping replaces it. */
static bool open_value(struct walk *walk, const struct type *form)
{
    enum node_kind kind = form->kind == TYPE_LIST ? NODE_LIST : NODE_MAP;
    struct node *map;

    if (walk->at->kind == kind) {
        return true;
    }
    if (walk->type->kind != TYPE_EITHER || kind != NODE_MAP || !walk->at->up) {
        return false; /* the check will report what stands there */
    }
    map = new_map(walk);
    node_replace(walk->at, map);
    walk->at = map;
    return true;
}

/* Goes one part down, making what is missing on the way. False: done. */
static bool step(struct walk *walk)
{
    const struct type *form = inner_form(walk->type);
    const struct type *beneath;
    struct node *child;

    if (!next_part(walk)) {
        return false;
    }
    if (!open_value(walk, form)) {
        return false;
    }
    child = walk->at->kind == NODE_LIST ? list_item(walk->at, walk->part)
                                        : node_get(walk->at, walk->part);
    beneath = type_beneath(walk, form, child);
    if (!beneath) {
        return false;
    }
    if (!at_end(walk) && !inner_form(beneath)) {
        report(walk->reader, walk->mark,
               "unknown path: '%s' is a value, with nothing beneath it",
               walk->part);
        return false;
    }
    if (!at_end(walk)) {
        if (!child) {
            child = new_map(walk);
            put(walk, NULL, child);
        }
        walk->at = child;
        walk->type = beneath;
        return true;
    }
    if (!node_is_null(walk->value)) {
        put(walk, child, walk->value);
    } else if (child) {
        node_remove(child);
    }
    return false;
}

static void apply(struct reader *reader, const char *whole)
{
    struct walk walk = {.reader = reader,
                        .whole = whole,
                        .at = reader->root,
                        .type = &table_config,
                        .rest = whole};
    const char *equals = strchr(whole, '=');
    struct mark mark = {whole, 0, 1};

    if (!equals) {
        report(reader, mark,
               "expected PATH=VALUE, such as "
               "machine.memory=128MiB");
        return;
    }
    if (!check_encoding(reader, whole, strlen(whole), mark)) {
        return;
    }
    mark.column = (unsigned)(equals - whole) + 2;
    if (equals[1 + strspn(equals + 1, " ")] == '\0') {
        report(reader, mark, "no value after '=': write null to delete");
        return;
    }
    walk.value = parse_yaml(reader, equals + 1, strlen(equals + 1), mark);
    if (!walk.value) {
        return;
    }
    while (step(&walk)) {
    }
}

void apply_overrides(struct reader *reader)
{
    for (size_t i = 0; i < reader->override_count; i++) {
        if (reader->root->kind == NODE_MAP) {
            apply(reader, reader->overrides[i].path_and_value);
        }
    }
}
