/* SPDX-License-Identifier: Apache-2.0 */
/* The table as a JSON Schema, draft 2020-12. */
#include "table.h"

#include <config/config.h>
#include <inttypes.h>

#define NAME_PATTERN "[a-z][a-z0-9_-]{0,30}"
#define KIND_PATTERN "[a-z][a-z0-9_+-]{0,30}"

/* A JSON text being written: members are separated and indented here. */
struct json {
    FILE *out;
    int depth;
    bool first; /* nothing written yet at this depth */
};

static void write_string(struct json *json, const char *text)
{
    fputc('"', json->out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', json->out);
        }
        fputc(*text, json->out);
    }
    fputc('"', json->out);
}

static void begin_member(struct json *json, const char *name)
{
    fprintf(json->out, "%s\n%*s", json->first ? "" : ",", json->depth * 2, "");
    json->first = false;
    if (name) {
        write_string(json, name);
        fprintf(json->out, ": ");
    }
}

static void open_value(struct json *json, const char *name, char bracket)
{
    begin_member(json, name);
    fputc(bracket, json->out);
    json->depth++;
    json->first = true;
}

static void close_value(struct json *json, char bracket)
{
    json->depth--;
    if (!json->first) {
        fprintf(json->out, "\n%*s", json->depth * 2, "");
    }
    fputc(bracket, json->out);
    json->first = false;
}

static void put_string(struct json *json, const char *name, const char *value)
{
    begin_member(json, name);
    write_string(json, value);
}

static void put_signed(struct json *json, const char *name, int64_t value)
{
    begin_member(json, name);
    fprintf(json->out, "%" PRId64, value);
}

static void put_unsigned(struct json *json, const char *name, uint64_t value)
{
    begin_member(json, name);
    fprintf(json->out, "%" PRIu64, value);
}

static void put_words(struct json *json, const char *name,
                      const char *const *words)
{
    open_value(json, name, '[');
    for (; *words; words++) {
        put_string(json, NULL, *words);
    }
    close_value(json, ']');
}

static void put_type(struct json *json, const struct type *type);

static void put_pattern(struct json *json, const char *pattern)
{
    put_string(json, "type", "string");
    put_string(json, "pattern", pattern);
}

static void put_name(struct json *json, const struct type *type)
{
    static const char *const taken[] = {"y",     "n",  "yes", "no",   "true",
                                        "false", "on", "off", "null", NULL};

    put_pattern(json,
                type->kinds ? "^" KIND_PATTERN "$" : "^" NAME_PATTERN "$");
    open_value(json, "not", '{');
    put_words(json, "enum", taken);
    close_value(json, '}');
}

static void put_properties(struct json *json, const struct type *type)
{
    bool required = false;

    open_value(json, "properties", '{');
    for (const struct key *key = type->keys; key->name; key++) {
        open_value(json, key->name, '{');
        put_string(json, "description", key->help);
        put_type(json, key->type);
        close_value(json, '}');
        required = required || key->required;
    }
    close_value(json, '}');
    if (!required) {
        return;
    }
    open_value(json, "required", '[');
    for (const struct key *key = type->keys; key->name; key++) {
        if (key->required) {
            put_string(json, NULL, key->name);
        }
    }
    close_value(json, ']');
}

static void put_map(struct json *json, const struct type *type)
{
    put_string(json, "type", "object");
    put_properties(json, type);
    begin_member(json, "additionalProperties");
    fprintf(json->out, "false");
    if (type->only_one) {
        put_unsigned(json, "maxProperties", 1);
    }
    if (!type->any_of) {
        return;
    }
    open_value(json, "anyOf", '[');
    for (const char *const *name = type->any_of; *name; name++) {
        open_value(json, NULL, '{');
        open_value(json, "required", '[');
        put_string(json, NULL, *name);
        close_value(json, ']');
        close_value(json, '}');
    }
    close_value(json, ']');
}

static void put_named(struct json *json, const struct type *type)
{
    put_string(json, "type", "object");
    open_value(json, "propertyNames", '{');
    put_name(json, type);
    close_value(json, '}');
    open_value(json, "additionalProperties", '{');
    put_type(json, type->item);
    close_value(json, '}');
    put_signed(json, "minProperties", type->only_one ? 1 : type->min);
    put_unsigned(json, "maxProperties", type->max);
}

static void put_list(struct json *json, const struct type *type)
{
    put_string(json, "type", "array");
    open_value(json, "items", '{');
    put_type(json, type->item);
    close_value(json, '}');
    put_signed(json, "minItems", type->min);
    put_unsigned(json, "maxItems", type->max);
}

static void put_either(struct json *json, const struct type *type)
{
    open_value(json, "anyOf", '[');
    for (const struct type *const *form = type->forms; *form; form++) {
        open_value(json, NULL, '{');
        put_type(json, *form);
        close_value(json, '}');
    }
    close_value(json, ']');
}

static void put_degrees(struct json *json, enum pd_class class)
{
    open_value(json, "enum", '[');
    for (uint32_t i = 0; i < PD_DEGREE_COUNT; i++) {
        if ((pd_class_degrees(class) >> i & 1) != 0) {
            put_string(json, NULL, pd_degree_name(i));
        }
    }
    close_value(json, ']');
}

static void put_text(struct json *json)
{
    static const char *const types[] = {"string", "number", "boolean", NULL};

    put_words(json, "type", types);
}

static void put_scalar(struct json *json, const struct type *type)
{
    switch (type->kind) {
    case TYPE_INTEGER:
        put_string(json, "type", "integer");
        put_signed(json, "minimum", type->min);
        put_unsigned(json, "maximum", type->max);
        break;
    case TYPE_SIZE:
        put_pattern(json, type->min > 0 ? "^[1-9][0-9]*(KiB|MiB|GiB)$"
                                        : "^(0|[1-9][0-9]*)(KiB|MiB|GiB)$");
        break;
    case TYPE_WORD:
        put_words(json, "enum", type->words);
        break;
    case TYPE_DURATION:
        put_pattern(json, "^[1-9][0-9]*(ms|s|m|h)$");
        break;
    case TYPE_DEGREE:
        put_degrees(json, (enum pd_class)type->min);
        break;
    case TYPE_FRACTION:
        put_string(json, "type", "number");
        put_signed(json, "minimum", 0);
        put_unsigned(json, "maximum", 1);
        break;
    case TYPE_RIGHTS:
        put_pattern(json, "^(call|serve|signal|receive|r?w?x?u?)$");
        put_unsigned(json, "minLength", 1);
        break;
    case TYPE_ACCESS:
        put_pattern(json, "^r?w?x?$");
        put_unsigned(json, "minLength", 1);
        break;
    case TYPE_PLACE:
        put_pattern(json, "^" NAME_PATTERN "(\\.(image|heap|stack))?$");
        break;
    case TYPE_SYMBOL:
        put_pattern(json, "^[A-Za-z_][A-Za-z0-9_]{0,254}$");
        break;
    case TYPE_PROGRAM:
        put_pattern(json, "^(" NAME_PATTERN "|[^/]+/.*[^/]|\\..*[^/])$");
        break;
    case TYPE_FOLDER:
        put_pattern(json, "^[^/]");
        break;
    case TYPE_TEXT:
        put_text(json);
        break;
    default:
        put_name(json, type);
        break;
    }
}

/* Paths to values of any sort: what the path is for decides. */
static void put_changes(struct json *json, const struct type *type)
{
    put_string(json, "type", "object");
    put_unsigned(json, "minProperties", 1);
    put_unsigned(json, "maxProperties", type->max);
}

static void put_codes(struct json *json, const struct type *type)
{
    open_value(json, "enum", '[');
    for (const char *const *word = type->words; *word; word++) {
        begin_member(json, NULL);
        fputs(*word, json->out);
    }
    close_value(json, ']');
}

static void put_type(struct json *json, const struct type *type)
{
    switch (type->kind) {
    case TYPE_MAP:
        put_map(json, type);
        break;
    case TYPE_NAMED:
        put_named(json, type);
        break;
    case TYPE_LIST:
        put_list(json, type);
        break;
    case TYPE_EITHER:
        put_either(json, type);
        break;
    case TYPE_CHANGES:
        put_changes(json, type);
        break;
    case TYPE_CODE:
        put_codes(json, type);
        break;
    default:
        put_scalar(json, type);
        break;
    }
}

void config_print_schema(FILE *out)
{
    struct json json = {out, 1, true};

    fputc('{', out);
    put_string(&json, "$schema",
               "https://json-schema.org/draft/2020-12/schema");
    put_string(&json, "title", "Ambit config, version 1");
    put_type(&json, &table_config);
    fprintf(out, "\n}\n");
}
