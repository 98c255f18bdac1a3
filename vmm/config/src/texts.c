/* SPDX-License-Identifier: Apache-2.0 */
/* Scalars that are names or paths. */
#define _POSIX_C_SOURCE 200809L
#include "values.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define PATH_BYTES_MAX 1024u
#define SYMBOL_BYTES_MAX 255u

/* `more`: what may follow the first letter beyond the usual. */
static bool is_name(const char *text, size_t bytes, const char *more)
{
    if (bytes == 0 || bytes > SPEC_NAME_MAX || text[0] < 'a' || text[0] > 'z') {
        return false;
    }
    for (size_t i = 0; i < bytes; i++) {
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", text[i]) &&
            !strchr(more, text[i])) {
            return false;
        }
    }
    return true;
}

/* What YAML 1.1 takes a plain word for, or null when it is text. */
static const char *read_by_yaml_as(const char *text)
{
    static const char *const booleans[] = {"y",  "n",    "yes",   "no",
                                           "on", "true", "false", "off"};

    for (size_t i = 0; i < sizeof booleans / sizeof booleans[0]; i++) {
        if (strcasecmp(text, booleans[i]) == 0) {
            return "a boolean";
        }
    }
    if (!*text || strcmp(text, "~") == 0 || strcasecmp(text, "null") == 0) {
        return "null";
    }
    if (isdigit((unsigned char)text[strspn(text, "+-.")]) &&
        strspn(text, "+-.0123456789_:xabcdefABCDEF") == strlen(text)) {
        return "a number";
    }
    return NULL;
}

void check_name(struct reader *reader, const struct type *type,
                struct node *node)
{
    const char *text = node->text;
    const char *other = read_by_yaml_as(text);
    const char *more = type->kinds ? "+" : "";
    char lower[SPEC_NAME_MAX + 1] = "", hint[SPEC_NAME_MAX + 24] = "";
    size_t length = strlen(text);

    if (other) {
        report_node(reader, node,
                    "name %s is read by YAML as %s: choose another",
                    words_quote(text).text, other);
        return;
    }
    if (is_name(text, length, more)) {
        return;
    }
    if (length > SPEC_NAME_MAX) {
        report_node(reader, node,
                    "name %s has %zu letters: at most 31 are possible",
                    words_quote(text).text, length);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        lower[i] = text[i] == ' ' || text[i] == '.'
                       ? '_'
                       : (char)tolower((unsigned char)text[i]);
    }
    if (is_name(lower, length, more)) {
        snprintf(hint, sizeof hint, " (did you mean '%s'?)", lower);
    }
    report_node(reader, node,
                "name %s must be a lower-case letter, then a-z, 0-9, _%s or "
                "-%s",
                words_quote(text).text, type->kinds ? ", +" : "", hint);
}

static void check_place_form(struct reader *reader, const struct type *type,
                             struct node *node)
{
    static const char *const parts[] = {"image", "heap", "stack"};
    const char *dot = strchr(node->text, '.');
    char places[3][SPEC_NAME_MAX + 8];
    struct guess guess = guess_start(node->text);

    if (!dot) {
        check_name(reader, type, node);
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(dot + 1, parts[i]) == 0 &&
            is_name(node->text, (size_t)(dot - node->text), "")) {
            return;
        }
        snprintf(places[i], sizeof places[i], "%.*s.%s",
                 (int)(dot - node->text < SPEC_NAME_MAX ? dot - node->text
                                                        : SPEC_NAME_MAX),
                 node->text, parts[i]);
        guess_offer(&guess, places[i]);
    }
    report_node(reader, node,
                "%s must be a range such as ring, app.image, app.heap or "
                "app.stack, not %s%s",
                node_path(node).text, words_quote(node->text).text,
                guess.best ? guess_hint(&guess).text : "");
}

static void check_symbol(struct reader *reader, const struct type *type,
                         struct node *node)
{
    const char *text = node->text;
    size_t length = strlen(text);

    if (length == 0 || length > SYMBOL_BYTES_MAX ||
        isdigit((unsigned char)text[0])) {
        length = 0;
    }
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)text[i]) && text[i] != '_') {
            length = 0;
        }
    }
    if (length == 0) {
        refuse_value(reader, type, node, "");
    }
}

/* Whether `..` leads above the start at some point. */
static bool escapes(const char *path)
{
    int depth = 0;

    while (*path) {
        size_t length = strcspn(path, "/");

        if (length == 2 && strncmp(path, "..", 2) == 0) {
            depth--;
        } else if (length > 0 && !(length == 1 && *path == '.')) {
            depth++;
        }
        if (depth < 0) {
            return true;
        }
        path += length;
        path += *path == '/';
    }
    return false;
}

static void check_path(struct reader *reader, struct node *node)
{
    const char *text = node->text;

    if (!*text) {
        report_node(reader, node, "path for %s is empty", node_path(node).text);
    } else if (strlen(text) > PATH_BYTES_MAX) {
        report_node(reader, node, "path %s is longer than 1024 bytes",
                    words_quote(text).text);
    } else if (*text == '/') {
        report_node(reader, node,
                    "path %s is absolute: write it relative to the config's "
                    "folder, such as './%.20s'",
                    words_quote(text).text, strrchr(text, '/') + 1);
    } else if (escapes(text)) {
        report_node(reader, node,
                    "path %s leaves the config's folder: only what is beneath "
                    "it can be used",
                    words_quote(text).text);
    }
}

static void check_program(struct reader *reader, const struct type *type,
                          struct node *node)
{
    const char *text = node->text;
    size_t length = strlen(text);

    if (strchr(text, '/') || text[0] == '.') {
        check_path(reader, node);
        if (!node->bad && text[length - 1] == '/') {
            report_node(reader, node, "program %s is a folder's path",
                        words_quote(text).text);
        }
        return;
    }
    if (strchr(text, '.')) {
        report_node(reader, node,
                    "program %s is neither a built-in's name nor a path: "
                    "write './%.24s' for a file",
                    words_quote(text).text, text);
        return;
    }
    check_name(reader, type, node);
}

void check_text(struct reader *reader, const struct type *type,
                struct node *node)
{
    switch (type->kind) {
    case TYPE_NAME:
        check_name(reader, type, node);
        break;
    case TYPE_PLACE:
        check_place_form(reader, type, node);
        break;
    case TYPE_SYMBOL:
        check_symbol(reader, type, node);
        break;
    case TYPE_PROGRAM:
        check_program(reader, type, node);
        break;
    case TYPE_FOLDER:
        check_path(reader, node);
        break;
    default:
        break;
    }
}
