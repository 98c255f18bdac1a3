/* SPDX-License-Identifier: Apache-2.0 */
/* YAML to nodes, through libyaml's events. */
#include "reader.h"

#include <string.h>

struct builder {
    struct reader *reader;
    struct mark origin;
    struct node *root;
    struct node *open; /* innermost list or mapping */
    struct node *key;  /* read, its value not yet */
    uint32_t depth, count;
    bool stopped; /* reported something that no tree can be made of */
};

static struct mark place_mark(const struct builder *builder, yaml_mark_t at)
{
    struct mark mark = builder->origin;

    if (mark.line == 0) { /* an override is one line */
        mark.column += (unsigned)at.column;
        return mark;
    }
    mark.line = (unsigned)at.line + 1;
    mark.column = (unsigned)at.column + 1;
    return mark;
}

static void stop(struct builder *builder, struct mark mark, const char *text)
{
    builder->stopped = true;
    report(builder->reader, mark, "%s", text);
}

/* A key of a mapping: kept until its value comes. */
static void take_key(struct builder *builder, struct node *node)
{
    if (node->kind != NODE_SCALAR) {
        stop(builder, node->mark,
             "a key must be a word, not a list or mapping");
        return;
    }
    if (!node->quoted && strcmp(node->text, "<<") == 0) {
        report_node(builder->reader, node,
                    "merge key '<<' is not supported: write the keys out");
    }
    builder->key = node;
}

static void take_entry(struct builder *builder, struct node *node)
{
    const char *name = builder->key->text;
    struct node *twin = node_get(builder->open, name);
    bool reported = builder->key->bad;

    node_append(builder->open, builder->key, node);
    builder->key = NULL;
    if (twin && !reported) {
        char first[32] = "";

        if (twin->key->mark.line != 0) {
            snprintf(first, sizeof first, " (first at line %u)",
                     twin->key->mark.line);
        }
        report_node(builder->reader, node->key, "duplicate key %s in %s%s",
                    words_quote(name).text, node_path(builder->open).text,
                    first);
    }
}

static void take(struct builder *builder, struct node *node)
{
    if (!builder->open) {
        builder->root = node;
    } else if (builder->open->count >= NODE_ENTRIES_MAX) {
        stop(builder, node->mark, "more than 4096 entries in one place");
    } else if (builder->open->kind == NODE_LIST) {
        node_append(builder->open, NULL, node);
    } else if (!builder->key) {
        take_key(builder, node);
    } else {
        take_entry(builder, node);
    }
}

static struct node *start_node(struct builder *builder, enum node_kind kind)
{
    struct mark mark = place_mark(builder, builder->reader->event.start_mark);

    if (++builder->count > NODE_COUNT_MAX) {
        stop(builder, mark, "more than 65536 values in one file");
    }
    return node_new(builder->reader->arena, kind, mark);
}

/* Anchors and tags give a text a meaning that it does not show. */
static void refuse_decoration(struct builder *builder, struct node *node,
                              const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor) {
        report_node(builder->reader, node,
                    "anchor %s is not supported: write the value out where it "
                    "is needed",
                    words_quote((const char *)anchor).text);
    } else if (tag && strcmp((const char *)tag, "!") != 0) {
        static const char standard[] = "tag:yaml.org,2002:";
        size_t skip = sizeof standard - 1;
        const char *name = (const char *)tag;
        bool known = strncmp(name, standard, skip) == 0;

        report_node(builder->reader, node,
                    "tag '%s%.40s' is not supported: write the value alone",
                    known ? "!!" : "", known ? name + skip : name);
    }
}

static void take_scalar(struct builder *builder)
{
    struct node *node = start_node(builder, NODE_SCALAR);
    const yaml_event_t *event = &builder->reader->event;
    const char *text = (const char *)event->data.scalar.value;
    size_t bytes = event->data.scalar.length;

    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = arena_text(builder->reader->arena, text, bytes);
    refuse_decoration(builder, node, event->data.scalar.anchor,
                      event->data.scalar.tag);
    if (memchr(text, '\0', bytes)) {
        report_node(builder->reader, node, "text must not hold a NUL");
    }
    take(builder, node);
}

static void take_alias(struct builder *builder)
{
    struct node *node = start_node(builder, NODE_SCALAR);
    const char *name = (const char *)builder->reader->event.data.alias.anchor;

    node->text = arena_format(builder->reader->arena, "*%s", name);
    report_node(builder->reader, node,
                "alias %s is not supported: write the value out",
                words_quote(node->text).text);
    take(builder, node);
}

static void take_start(struct builder *builder, enum node_kind kind)
{
    struct node *node = start_node(builder, kind);
    const yaml_event_t *event = &builder->reader->event;

    if (kind == NODE_MAP) {
        refuse_decoration(builder, node, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
    } else {
        refuse_decoration(builder, node, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
    }
    if (++builder->depth > NODE_DEPTH_MAX) {
        stop(builder, node->mark, "nested more than 32 levels deep");
        return;
    }
    take(builder, node);
    builder->open = node;
}

static void take_end(struct builder *builder)
{
    builder->depth--;
    builder->open = builder->open->up;
}

/* What usually helps. */
static const char *syntax_hint(const char *problem)
{
    if (strstr(problem, "mapping values are not allowed")) {
        return " (quote a text that holds ': ', or start a new line)";
    }
    if (strstr(problem, "expected key") || strstr(problem, "block end")) {
        return " (is the indentation right?)";
    }
    if (strstr(problem, "unexpected end of stream")) {
        return " (is a quote missing?)";
    }
    return "";
}

/* Turns libyaml's complaint into ours. */
static void refuse_syntax(struct builder *builder)
{
    const yaml_parser_t *parser = &builder->reader->parser;
    struct mark mark = place_mark(builder, parser->problem_mark);
    const char *at = NULL;
    char context[96] = "";

    if (parser->error == YAML_MEMORY_ERROR) {
        longjmp(builder->reader->arena->out_of_memory, 1);
    }
    if (parser->error == YAML_READER_ERROR) {
        report(builder->reader, builder->origin,
               "not a YAML text: %s (byte %zu)", parser->problem,
               parser->problem_offset);
        return;
    }
    if (parser->buffer.pointer &&
        parser->buffer.pointer < parser->buffer.last) {
        at = (const char *)parser->buffer.pointer;
    }
    if (at && *at == '\t') {
        report(builder->reader, mark,
               "tab where YAML allows only spaces: indent with spaces");
        return;
    }
    if (parser->context && mark.line != 0 &&
        parser->context_mark.line != parser->problem_mark.line) {
        snprintf(context, sizeof context, ", %s that began at line %zu",
                 parser->context, parser->context_mark.line + 1);
    } else if (parser->context) {
        snprintf(context, sizeof context, ", %s", parser->context);
    }
    report(builder->reader, mark, "not valid YAML: %s%s%s", parser->problem,
           context, syntax_hint(parser->problem));
}

static void release_event(struct reader *reader)
{
    if (reader->event_live) {
        yaml_event_delete(&reader->event);
        reader->event_live = false;
    }
}

static bool next_event(struct builder *builder)
{
    struct reader *reader = builder->reader;

    release_event(reader);
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        refuse_syntax(builder);
        return false;
    }
    reader->event_live = true;
    return true;
}

static void take_event(struct builder *builder)
{
    switch (builder->reader->event.type) {
    case YAML_SCALAR_EVENT:
        take_scalar(builder);
        break;
    case YAML_ALIAS_EVENT:
        take_alias(builder);
        break;
    case YAML_SEQUENCE_START_EVENT:
        take_start(builder, NODE_LIST);
        break;
    case YAML_MAPPING_START_EVENT:
        take_start(builder, NODE_MAP);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        take_end(builder);
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (builder->root) {
            stop(builder,
                 place_mark(builder, builder->reader->event.start_mark),
                 "a second document begins here: a config is one document");
        }
        break;
    default:
        break;
    }
}

static bool build(struct builder *builder)
{
    do {
        if (!next_event(builder)) {
            return false;
        }
        take_event(builder);
    } while (!builder->stopped &&
             builder->reader->event.type != YAML_STREAM_END_EVENT);
    return !builder->stopped;
}

struct node *parse_yaml(struct reader *reader, const char *text, size_t bytes,
                        struct mark origin)
{
    struct builder builder = {.reader = reader, .origin = origin};
    bool built;

    if (!yaml_parser_initialize(&reader->parser)) {
        longjmp(reader->arena->out_of_memory, 1);
    }
    reader->parser_live = true;
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)text,
                                 bytes);
    built = build(&builder);
    release_event(reader);
    yaml_parser_delete(&reader->parser);
    reader->parser_live = false;
    if (built && !builder.root) {
        report(reader, origin, "empty: a config begins with 'ambit: 1'");
    }
    return built ? builder.root : NULL;
}
