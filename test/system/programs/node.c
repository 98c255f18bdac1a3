/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One domain of a test: looks at things, starts others, and waits for them, as
 * its arguments say, one after another:
 *
 *     RANGE=RIGHTS   tries the range's first word: rw, r, w or -
 *     ?NAME=yes|no   is there a capability of that name?
 *     /PATH=R        reads a file: r, or the status that refused it
 *     *BYTES         takes that much heap and fills it
 *     fill:RANGE     writes a word into each of its pages
 *     find:RANGE     finds these words there
 *     NAME           starts that domain, waits for it, and wants its exit 0
 *     +NAME  -NAME   only starts it; only waits
 *
 * Every observation is reported, so that two runs can be compared. Exits with
 * the number of differences.
 */
#include "tools.h"
#include <abi/layout.h>

#define FILL_WORD 0x9e3779b97f4a7c15ull

static const char *look_memory(const char *name)
{
    uint64_t base, bytes, value = 0;
    struct ambit_fault fault;

    if (ambit_locate(name, &base, &bytes) != STATUS_OK) {
        return "nowhere";
    }
    bool read = ambit_try_read(base, &value, &fault);
    bool written = ambit_try_write(base, value, &fault);
    return read ? (written ? "rw" : "r") : (written ? "w" : "-");
}

static const char *look_file(const char *path)
{
    struct ambit_handle files, file;
    char byte;
    size_t got = 0;
    enum status status = ambit_capability("files", &files);

    if (status != STATUS_OK) {
        return "no files";
    }
    status = ambit_open(files, path, &file);
    if (status != STATUS_OK) {
        return ambit_status_text(status);
    }
    must(ambit_read(file, 0, &byte, 1, &got));
    must(ambit_delete(file));
    return got == 1 ? "r" : "empty";
}

static const char *look(const char *what)
{
    struct ambit_handle handle;

    if (*what == '?') {
        return ambit_capability(what + 1, &handle) == STATUS_OK ? "yes" : "no";
    }
    return *what == '/' ? look_file(what + 1) : look_memory(what);
}

/* Cuts "WHAT=WANTED" into two. */
static int observe(const char *argument, size_t equals)
{
    char what[64];

    ambit_assert(equals < sizeof what);
    memcpy(what, argument, equals);
    what[equals] = '\0';
    const char *found = look(what);
    ambit_report(what, found);
    if (strcmp(found, argument + equals + 1) == 0) {
        return 0;
    }
    ambit_printf("%s: found %s\n", argument, found);
    return 1;
}

static int start(const char *name)
{
    enum status status = ambit_spawn(held(name));

    if (status != STATUS_OK) {
        ambit_printf("%s does not start: %s\n", name,
                     ambit_status_text(status));
    }
    return status != STATUS_OK;
}

static int finish(const char *name)
{
    struct ambit_outcome outcome = {0};

    must(ambit_wait(held(name), &outcome));
    if (outcome.kind != OUTCOME_EXIT || outcome.code != 0) {
        ambit_printf("%s ended otherwise: %d, %d\n", name, (int)outcome.kind,
                     (int)outcome.code);
        return 1;
    }
    return 0;
}

static int take_heap(const char *text)
{
    uint64_t bytes = number(text);
    unsigned char *block = ambit_malloc(bytes);

    if (block == 0) {
        ambit_printf("no %lu bytes of heap\n", bytes);
        return 1;
    }
    memset(block, 0x3c, bytes);
    return 0;
}

static int each_page(const char *name, bool fill)
{
    uint64_t base, bytes;
    int wrong = 0;

    must(ambit_locate(name, &base, &bytes));
    for (uint64_t at = base; at < base + bytes; at += ABI_PAGE_SIZE) {
        volatile uint64_t *word = (volatile uint64_t *)at;
        if (fill) {
            *word = at * FILL_WORD;
        }
        wrong += *word != at * FILL_WORD;
    }
    return wrong;
}

static size_t find_equals(const char *text)
{
    size_t at = 0;

    while (text[at] != '\0' && text[at] != '=') {
        at++;
    }
    return at;
}

static int act(const char *argument)
{
    size_t equals = find_equals(argument);

    if (argument[equals] == '=') {
        return observe(argument, equals);
    }
    if (strncmp(argument, "fill:", 5) == 0 ||
        strncmp(argument, "find:", 5) == 0) {
        return each_page(argument + 5, argument[2] == 'l');
    }
    switch (*argument) {
    case '*':
        return take_heap(argument + 1);
    case '+':
        return start(argument + 1);
    case '-':
        return finish(argument + 1);
    default:
        return start(argument) || finish(argument);
    }
}

AMBIT_ENTRY(node_main)
{
    int wrong = 0;

    for (int i = 1; i < argc; i++) {
        wrong += act(argv[i]);
    }
    return wrong;
}
