/* SPDX-License-Identifier: Apache-2.0 */
/* A load from end to end. */
#include "reader.h"

#include <host/sha256.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *folder_of(struct reader *reader)
{
    const char *slash = strrchr(reader->path, '/');

    if (strcmp(reader->path, "-") == 0 || !slash) {
        return arena_text(reader->arena, ".", 1);
    }
    if (slash == reader->path) {
        return arena_text(reader->arena, "/", 1);
    }
    return arena_text(reader->arena, reader->path,
                      (size_t)(slash - reader->path));
}

static void start_config(struct reader *reader)
{
    struct config *config = arena_alloc(reader->arena, sizeof *config);

    config->arena = reader->arena;
    config->path = reader->path;
    config->folder = folder_of(reader);
    sha256(reader->bytes, reader->byte_count, config->sha256);
    reader->config = config;
}

/* The file as a tree, or null after a report. */
static struct node *parse_file(struct reader *reader)
{
    struct mark start = {reader->path, 1, 1};
    const char *text = reader->bytes;
    size_t bytes = reader->byte_count;

    if (bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3; /* a byte order mark says UTF-8, which we know */
        bytes -= 3;
    }
    if (!check_encoding(reader, text, bytes, start)) {
        return NULL;
    }
    return parse_yaml(reader, text, bytes, start);
}

static void load(struct reader *reader)
{
    if (read_bytes(reader) != 0) {
        reader->errors++;
        return;
    }
    start_config(reader);
    reader->root = parse_file(reader);
    if (!reader->root) {
        return;
    }
    apply_overrides(reader);
    check_tree(reader);
    if (reader->root->kind == NODE_MAP && !reader->nameless) {
        read_sections(reader);
    }
}

/* Runs the load; an allocation that fails comes back here. */
static void load_guarded(struct reader *reader)
{
    if (setjmp(reader->arena->out_of_memory) == 0) {
        load(reader);
        return;
    }
    reader->errors++;
    failure_set(reader->failure, EXIT_HOST,
                "out of memory while reading config %s", reader->path);
    failure_remedy(reader->failure, "free some memory and try again");
}

static void release(struct reader *reader)
{
    if (reader->event_live) {
        yaml_event_delete(&reader->event);
    }
    if (reader->parser_live) {
        yaml_parser_delete(&reader->parser);
    }
    if (reader->fd >= 0) {
        close(reader->fd);
    }
    free(reader);
}

static struct config *out_of_memory(struct failure *failure)
{
    failure_set(failure, EXIT_HOST, "out of memory");
    return NULL;
}

struct config *config_load(const char *path,
                           const struct config_override *overrides,
                           size_t override_count,
                           struct diagnostics *diagnostics,
                           struct failure *failure)
{
    struct reader *reader = calloc(1, sizeof *reader);
    struct arena *arena = arena_new();
    struct config *config = NULL;

    if (!reader || !arena) {
        free(reader);
        arena_free(arena);
        return out_of_memory(failure);
    }
    reader->arena = arena;
    reader->path = path;
    reader->overrides = overrides;
    reader->override_count = override_count;
    reader->diagnostics = diagnostics;
    reader->failure = failure;
    reader->fd = -1;
    load_guarded(reader);
    if (reader->errors == 0) {
        config = reader->config;
    } else {
        diagnostics_sort(diagnostics);
        arena_free(arena);
    }
    release(reader);
    return config;
}

void config_free(struct config *config)
{
    if (config) {
        arena_free(config->arena);
    }
}
