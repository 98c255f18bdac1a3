/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "console.h"

#include <host/escape.h>

#include <abi/layout.h>
#include <abi/shared.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NUMBERS_END 4096u /* of domains that are made at run time */
#define KERNEL_CHUNK 0xffffu
#define CHUNK_WRONG 0xffffffffu

static bool wants_colour(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return out && isatty(fileno(out)) && !(no_color && *no_color) && term &&
           strcmp(term, "dumb") != 0;
}

int console_init(struct console *console, const struct config *config,
                 FILE *out)
{
    memset(console, 0, sizeof(*console));
    console->out = out;
    console->colour = wants_colour(out);
    console->config = config;
    console->count = config->domain_count + 2;
    console->streams = calloc(console->count, sizeof(*console->streams));
    if (!console->streams) {
        return -1;
    }
    for (uint32_t i = 0; i < console->count; i++) {
        sha256_start(&console->streams[i].hash);
    }
    for (uint32_t i = 0; i < config->domain_count; i++) {
        const char *wanted = config->domains[i].expect.output.text;
        if (wanted && match_init(&console->streams[i].match, wanted) < 0) {
            return -1;
        }
    }
    return 0;
}

void console_free(struct console *console)
{
    for (uint32_t i = 0; console->streams && i < console->count; i++) {
        free(console->streams[i].line);
        free(console->streams[i].kept);
        match_free(&console->streams[i].match);
    }
    free(console->streams);
    memset(console, 0, sizeof(*console));
}

static const char *stream_name(const struct console *console, uint32_t index,
                               char *room, size_t bytes)
{
    if (index + 1 == console->count) {
        return "kernel";
    }
    if (index + 2 < console->count) {
        return console->config->domains[index].name.text;
    }
    snprintf(room, bytes, "domain %u", console->streams[index].number);
    return room;
}

static void print_line(struct console *console, uint32_t index)
{
    static const unsigned colours[] = {36, 33, 35, 32, 34, 31};
    struct console_stream *stream = &console->streams[index];
    char room[24];
    const char *name = stream_name(console, index, room, sizeof(room));
    char text[CONSOLE_LINE_MAX * ESCAPE_GROWTH + 1];
    uint32_t bytes = stream->line_bytes;

    if (bytes && stream->line[bytes - 1] == '\r') {
        bytes--;
    }
    stream->line_bytes = 0;
    if (!console->out) {
        return;
    }
    escape_text(stream->line, bytes, text, sizeof(text));
    if (console->colour) {
        fprintf(console->out, "\x1b[%um%s|\x1b[0m %s\n", colours[index % 6],
                name, text);
    } else {
        fprintf(console->out, "%s| %s\n", name, text);
    }
}

static void keep(struct console_stream *stream, char c)
{
    if (!stream->kept) {
        stream->kept = malloc(CONSOLE_KEPT_MAX);
    }
    if (stream->kept && stream->kept_bytes < CONSOLE_KEPT_MAX) {
        stream->kept[stream->kept_bytes++] = c;
    }
}

static void take_byte(struct console *console, uint32_t index, char c)
{
    struct console_stream *stream = &console->streams[index];

    stream->bytes++;
    sha256_take(&stream->hash, &c, 1);
    match_take(&stream->match, &c, 1);
    keep(stream, c);
    if (!stream->line) {
        stream->line = malloc(CONSOLE_LINE_MAX);
    }
    if (!stream->line) {
        return;
    }
    if (c == '\n' || stream->line_bytes == CONSOLE_LINE_MAX) {
        print_line(console, index);
    }
    if (c != '\n') {
        stream->line[stream->line_bytes++] = c;
    }
}

static uint8_t ring_byte(const struct shared *shared, uint32_t position)
{
    return __atomic_load_n(&shared->console[position % SHARED_CONSOLE_BYTES],
                           __ATOMIC_RELAXED);
}

static struct shared_console_chunk read_chunk(const struct shared *shared,
                                              uint32_t position)
{
    struct shared_console_chunk chunk;
    uint8_t bytes[sizeof(chunk)];

    for (uint32_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = ring_byte(shared, position + i);
    }
    memcpy(&chunk, bytes, sizeof(chunk));
    return chunk;
}

/* The stream of a chunk; console->count: there is no such domain. A line of a
 * domain made at run time ends where another one's begins. */
static uint32_t stream_of(struct console *console, uint32_t domain)
{
    uint32_t made = console->count - 2;
    struct console_stream *stream = &console->streams[made];

    if (domain == KERNEL_CHUNK) {
        return console->count - 1;
    }
    if (domain < made) {
        return domain;
    }
    if (domain < SPEC_MAX_DOMAINS || domain >= NUMBERS_END) {
        return console->count;
    }
    if (stream->line_bytes && stream->number != domain) {
        print_line(console, made);
    }
    stream->number = domain;
    return made;
}

/*
 * One chunk of at most `left` bytes. Returns its size, 0 when it is not all
 * there yet (a guest that runs on publishes a header before its body), or
 * CHUNK_WRONG.
 */
static uint32_t take_chunk(struct console *console, const struct shared *shared,
                           uint32_t left)
{
    struct shared_console_chunk chunk;
    uint32_t index;
    uint32_t start = console->taken + (uint32_t)sizeof(chunk);

    if (left < sizeof(chunk)) {
        return 0;
    }
    chunk = read_chunk(shared, console->taken);
    if (chunk.bytes > SHARED_CONSOLE_BYTES - sizeof(chunk)) {
        return CHUNK_WRONG;
    }
    if (chunk.bytes > left - sizeof(chunk)) {
        return 0;
    }
    index = stream_of(console, chunk.domain);
    if (index == console->count) {
        return CHUNK_WRONG;
    }
    for (uint32_t i = 0; i < chunk.bytes; i++) {
        take_byte(console, index, (char)ring_byte(shared, start + i));
    }
    return (uint32_t)sizeof(chunk) + chunk.bytes;
}

void console_drain(struct console *console, void *memory)
{
    struct shared *shared = (struct shared *)((char *)memory + ABI_SHARED_PHYS);
    uint32_t written =
        __atomic_load_n(&shared->console_written, __ATOMIC_ACQUIRE);
    uint32_t left = written - console->taken;

    if (left == 0) {
        return;
    }
    while (left) {
        uint32_t size = left > SHARED_CONSOLE_BYTES
                            ? CHUNK_WRONG
                            : take_chunk(console, shared, left);
        if (size == 0) {
            break;
        }
        if (size == CHUNK_WRONG) {
            /* Go on from where the kernel will write next. */
            console->corrupt++;
            size = left;
        }
        console->taken += size;
        left -= size;
    }
    __atomic_store_n(&shared->console_taken, console->taken, __ATOMIC_RELEASE);
    if (console->out) {
        fflush(console->out);
    }
}

void console_flush(struct console *console)
{
    for (uint32_t i = 0; i < console->count; i++) {
        if (console->streams[i].line_bytes) {
            print_line(console, i);
        }
    }
}
