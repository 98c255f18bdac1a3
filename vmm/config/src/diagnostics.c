/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* An override's mark has line 0 and a column. */
static bool is_override(const struct mark *mark)
{
    return mark->line == 0 && mark->column != 0;
}

/* Whether a belongs before b. Overrides come last, in the order reported. */
static bool precedes(const struct mark *a, const struct mark *b)
{
    if (is_override(a) || is_override(b)) {
        return !is_override(a) && is_override(b);
    }
    return a->line != b->line ? a->line < b->line : a->column < b->column;
}

/* Room for one more; null, and noted, when memory has run out. */
static struct diagnostic *append(struct diagnostics *diagnostics)
{
    struct diagnostic *list = diagnostics->list;
    uint32_t count = diagnostics->count;

    /* room doubles at each power of two */
    if ((count & (count - 1)) == 0) {
        list = realloc(list, (count ? (size_t)count * 2 : 1) * sizeof *list);
        if (!list) {
            diagnostics->lost = true;
            return NULL;
        }
        diagnostics->list = list;
    }
    diagnostics->count++;
    return &list[count];
}

/* Names in messages come from the file: no control character of theirs, nor
 * half of one cut off at the end, reaches a terminal. */
static void make_plain(char *text)
{
    size_t end = strlen(text);

    while (end > 0 && ((unsigned char)text[end - 1] & 0xc0) == 0x80) {
        end--;
    }
    if (end > 0 && (unsigned char)text[end - 1] >= 0xc0 &&
        strlen(text) + 1 == sizeof((struct diagnostic *)0)->text) {
        text[end - 1] = '\0';
    }
    for (; *text; text++) {
        unsigned char byte = (unsigned char)text[0];

        if (byte < 0x20 || byte == 0x7f) {
            *text = '?';
        } else if (byte == 0xc2 && (unsigned char)text[1] < 0xa0) {
            text[0] = '?'; /* C1 control characters take two bytes */
            text[1] = text[1] ? '?' : '\0';
        }
    }
}

static void add(struct diagnostics *diagnostics, struct mark mark,
                const char *format, va_list arguments)
{
    struct diagnostic *last = append(diagnostics);

    if (last) {
        last->mark = mark;
        vsnprintf(last->text, sizeof last->text, format, arguments);
        make_plain(last->text);
    }
}

void diagnostics_add(struct diagnostics *diagnostics, struct mark mark,
                     const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add(diagnostics, mark, format, arguments);
    va_end(arguments);
    diagnostics_sort(diagnostics);
}

/* Merges two sorted neighbours into `out`, the first one's equals first. */
static void merge(const struct diagnostic *list, size_t first, size_t second,
                  struct diagnostic *out)
{
    const struct diagnostic *a = list, *b = list + first;
    const struct diagnostic *a_end = b, *b_end = b + second;

    while (a < a_end || b < b_end) {
        if (b == b_end || (a < a_end && !precedes(&b->mark, &a->mark))) {
            *out++ = *a++;
        } else {
            *out++ = *b++;
        }
    }
}

static size_t at_most(size_t value, size_t most)
{
    return value < most ? value : most;
}

/* Bottom-up merge sort, because qsort does not keep the order of equals. */
void diagnostics_sort(struct diagnostics *diagnostics)
{
    size_t count = diagnostics->count, room = 1;
    struct diagnostic *other, *list = diagnostics->list;

    while (room < count) {
        room *= 2;
    }
    other = count > 1 ? malloc(room * sizeof *other) : NULL;
    if (!other) {
        return; /* nothing to sort, or no memory: all are there all the same */
    }
    for (size_t width = 1; width < count; width *= 2) {
        struct diagnostic *swap = list;

        for (size_t at = 0; at < count; at += 2 * width) {
            size_t first = at_most(width, count - at);

            merge(list + at, first, at_most(width, count - at - first),
                  other + at);
        }
        list = other;
        other = swap;
    }
    diagnostics->list = list;
    free(other);
}

void diagnostics_print(const struct diagnostics *diagnostics, FILE *out)
{
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *one = &diagnostics->list[i];
        const char *file = one->mark.file ? one->mark.file : "config";

        if (is_override(&one->mark)) {
            fprintf(out, "--set %s: %s\n", file, one->text);
        } else if (one->mark.line == 0) {
            fprintf(out, "%s: %s\n", file, one->text);
        } else {
            fprintf(out, "%s:%u:%u: %s\n", file, one->mark.line,
                    one->mark.column, one->text);
        }
    }
    if (diagnostics->lost) {
        fprintf(out, "ambit: out of memory: some errors are missing above\n");
    }
}

void diagnostics_free(struct diagnostics *diagnostics)
{
    free(diagnostics->list);
    memset(diagnostics, 0, sizeof *diagnostics);
}

void report(struct reader *reader, struct mark mark, const char *format, ...)
{
    va_list arguments;

    reader->errors++;
    va_start(arguments, format);
    add(reader->diagnostics, mark, format, arguments);
    va_end(arguments);
}

void report_node(struct reader *reader, struct node *node, const char *format,
                 ...)
{
    va_list arguments;

    node->bad = true;
    reader->errors++;
    va_start(arguments, format);
    add(reader->diagnostics, node->mark, format, arguments);
    va_end(arguments);
}
