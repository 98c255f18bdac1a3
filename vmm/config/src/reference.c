/* SPDX-License-Identifier: Apache-2.0 */
/* The table as Markdown: the generated part of docs/config.md. */
#include "reader.h"

#include <inttypes.h>

struct path {
    char text[96];
};

static struct path beneath(const struct path *path, const char *name)
{
    struct path out;

    snprintf(out.text, sizeof out.text, "%.60s%s%.30s", path->text,
             path->text[0] ? "." : "", name);
    return out;
}

static void print_words(FILE *out, const char *const *words)
{
    for (size_t i = 0; words[i]; i++) {
        fprintf(out, "%s`%s`", i ? ", " : "", words[i]);
    }
}

static void print_degrees(FILE *out, enum pd_class class)
{
    const char *comma = "";

    for (uint32_t i = 0; i < PD_DEGREE_COUNT; i++) {
        if ((pd_class_degrees(class) >> i & 1) != 0) {
            fprintf(out, "%s`%s`", comma, pd_degree_name(i));
            comma = ", ";
        }
    }
}

static void print_integer(FILE *out, const struct type *type)
{
    if (type->min == (int64_t)type->max) {
        fprintf(out, "%" PRId64, type->min);
    } else {
        fprintf(out, "whole number, %" PRId64 " to %" PRIu64, type->min,
                type->max);
    }
}

static void print_type(FILE *out, const struct type *type)
{
    switch (type->kind) {
    case TYPE_EITHER:
        for (const struct type *const *form = type->forms; *form; form++) {
            fprintf(out, "%s", form == type->forms ? "" : "; or ");
            print_type(out, *form);
        }
        break;
    case TYPE_INTEGER:
        print_integer(out, type);
        break;
    case TYPE_SIZE:
        fprintf(out, "size, %s to %s, a multiple of %s",
                size_text((uint64_t)type->min).text, size_text(type->max).text,
                size_text(type->multiple).text);
        break;
    case TYPE_WORD:
        print_words(out, type->words);
        break;
    case TYPE_DEGREE:
        print_degrees(out, (enum pd_class)type->min);
        break;
    case TYPE_MAP:
        fprintf(out, type->what[0] == '{' ? "`%s`" : "%s", type->what);
        break;
    default:
        fprintf(out, "%s", type->what);
        break;
    }
}

static void print_rows(FILE *out, const struct path *path,
                       const struct type *type);

static void print_row(FILE *out, const struct path *path, const struct key *key)
{
    struct path own = beneath(path, key->name);

    fprintf(out, "| `%s` | ", own.text);
    print_type(out, key->type);
    fprintf(out, " | ");
    if (key->required) {
        fprintf(out, "**required**");
    } else {
        fprintf(out, "%s", key->initial ? key->initial : "absent");
    }
    fprintf(out, " | `%s` | %s |\n", key->example, key->help);
    print_rows(out, &own, key->type);
}

/* Rows for everything beneath a value of this type. */
static void print_rows(FILE *out, const struct path *path,
                       const struct type *type)
{
    struct path item;

    switch (type->kind) {
    case TYPE_MAP:
        for (const struct key *key = type->keys; key->name; key++) {
            print_row(out, path, key);
        }
        break;
    case TYPE_NAMED:
        item = beneath(path, "NAME");
        print_rows(out, &item, type->item);
        break;
    case TYPE_LIST:
        item = beneath(path, "N");
        print_rows(out, &item, type->item);
        break;
    case TYPE_EITHER:
        for (const struct type *const *form = type->forms; *form; form++) {
            print_rows(out, path, *form);
        }
        break;
    default:
        break;
    }
}

void config_print_reference(FILE *out)
{
    struct path root = {""};

    for (const struct key *key = table_config.keys; key->name; key++) {
        fprintf(out, "### `%s`\n\n", key->name);
        fprintf(out, "| key | value | default | example | meaning |\n");
        fprintf(out, "|---|---|---|---|---|\n");
        print_row(out, &root, key);
        fputc('\n', out);
    }
}
