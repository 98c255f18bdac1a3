/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <host/escape.h>

#include <stdlib.h>
#include <string.h>

#define TEXT (SHARED_NAME * ESCAPE_GROWTH) /* an escaped key or value */
#define COLUMNS_MAX 32u
#define GAP 2u

/* A column: its title on two lines, and which reports fill it. */
struct column {
    char key[SHARED_NAME]; /* "" for the columns that are no report's */
    char line[2][TEXT];
    bool instructions;
    size_t width;
};

struct table {
    const struct run *run;
    struct column columns[COLUMNS_MAX];
    uint32_t count;
    uint32_t create;                 /* position of the create column */
    uint32_t rows[SPEC_MAX_DOMAINS]; /* domains, in declaration order */
    uint32_t row_count;
    uint32_t dropped; /* keys beyond COLUMNS_MAX */
};

enum { COLUMN_DOMAIN, COLUMN_KIND, COLUMN_FIRST_KEY };

/* Columns that a terminal shows: bytes that do not continue a character. */
static size_t text_width(const char *text)
{
    size_t width = 0;

    for (; *text; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

/* Breaks a title where the longer of the two lines is shortest. */
static void wrap(struct column *column, const char *title)
{
    char text[TEXT];
    size_t best = 0, best_width;

    escape_string(title, text, sizeof(text));
    best_width = text_width(text);
    for (size_t i = 1; i < strlen(text); i++) {
        char left[TEXT];
        size_t width;
        if (text[i] != ' ') {
            continue;
        }
        snprintf(left, sizeof(left), "%.*s", (int)i, text);
        width = text_width(left);
        if (text_width(text + i + 1) > width) {
            width = text_width(text + i + 1);
        }
        /* On a tie the first line is the longer one. */
        if (width <= best_width) {
            best = i;
            best_width = width;
        }
    }
    column->line[1][0] = '\0';
    if (best) {
        snprintf(column->line[1], TEXT, "%s", text + best + 1);
        text[best] = '\0';
    }
    snprintf(column->line[0], TEXT, "%s", text);
}

static struct column *add_column(struct table *table, uint32_t at,
                                 const char *title)
{
    struct column *column = &table->columns[at];

    memmove(column + 1, column, (table->count - at) * sizeof(*column));
    memset(column, 0, sizeof(*column));
    wrap(column, title);
    table->count++;
    return column;
}

static void take_key(struct table *table, const struct shared_report *report)
{
    struct column *column;

    for (uint32_t i = COLUMN_FIRST_KEY; i < table->count; i++) {
        if (strcmp(table->columns[i].key, report->key) == 0) {
            return;
        }
    }
    if (table->count + 1 >= COLUMNS_MAX) { /* one is the create column's */
        table->dropped++;
        return;
    }
    column = add_column(table, table->count, report->key);
    snprintf(column->key, sizeof(column->key), "%s", report->key);
    column->instructions = report->kind == REPORT_INSTRUCTIONS;
}

static void add_create_column(struct table *table)
{
    uint32_t at = COLUMN_FIRST_KEY;

    while (at < table->count && !table->columns[at].instructions) {
        at++;
    }
    add_column(table, at, "create instructions")->instructions = true;
    table->create = at;
}

static void collect(struct table *table)
{
    const struct snapshot *snapshot = &table->run->snapshot;
    const struct config *config = table->run->config;
    uint64_t about = 0;

    add_column(table, COLUMN_DOMAIN, "domain");
    add_column(table, COLUMN_KIND, "kind");
    for (uint32_t i = 0; i < snapshot->reports; i++) {
        const struct shared_report *report = &snapshot->shared->reports[i];
        if (report->about < config->domain_count) {
            about |= 1ull << report->about;
            take_key(table, report);
        }
    }
    add_create_column(table);
    for (uint32_t place = 0; place < config->domain_count; place++) {
        for (uint32_t i = 0; i < config->domain_count; i++) {
            if (config->domains[i].declared == place && about >> i & 1) {
                table->rows[table->row_count++] = i;
            }
        }
    }
}

static void number_text(const struct run *run, uint64_t number, char *out)
{
    out[0] = '\0';
    if (run_counts_instructions(run)) {
        snprintf(out, TEXT, "%llu", (unsigned long long)number);
    }
}

/* The last report about this domain under this key. */
static void report_text(const struct table *table, uint32_t domain,
                        const struct column *column, char *out)
{
    const struct snapshot *snapshot = &table->run->snapshot;

    out[0] = '\0';
    for (uint32_t i = 0; i < snapshot->reports; i++) {
        const struct shared_report *report = &snapshot->shared->reports[i];
        if (report->about != domain || strcmp(report->key, column->key) != 0) {
            continue;
        }
        if (report->kind == REPORT_INSTRUCTIONS) {
            number_text(table->run, report->number, out);
        } else {
            escape_string(report->value, out, TEXT);
        }
    }
}

static void cell_text(const struct table *table, uint32_t domain,
                      uint32_t column, char out[TEXT])
{
    const struct config_domain *d = &table->run->config->domains[domain];

    if (column == COLUMN_DOMAIN) {
        snprintf(out, TEXT, "%s", d->name.text);
    } else if (column == COLUMN_KIND) {
        snprintf(out, TEXT, "%s", d->kind_name.text ? d->kind_name.text : "");
    } else if (column == table->create) {
        number_text(table->run,
                    table->run->snapshot.shared->domains[domain].create_ticks,
                    out);
    } else {
        report_text(table, domain, &table->columns[column], out);
    }
}

static void measure(struct table *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        struct column *column = &table->columns[i];
        for (uint32_t line = 0; line < 2; line++) {
            size_t width = text_width(column->line[line]);
            column->width = width > column->width ? width : column->width;
        }
        for (uint32_t row = 0; row < table->row_count; row++) {
            char text[TEXT];
            cell_text(table, table->rows[row], i, text);
            size_t width = text_width(text);
            column->width = width > column->width ? width : column->width;
        }
    }
}

/* A line of cells, without blanks at its end. */
struct line {
    char text[COLUMNS_MAX * (TEXT + GAP) + 1];
    size_t used, width;
};

static void put(struct line *line, const char *text, size_t column_width)
{
    size_t room = sizeof(line->text) - line->used;
    int bytes = snprintf(line->text + line->used, room, "%s%*s", text,
                         (int)(column_width - text_width(text) + GAP), "");

    line->used += (size_t)bytes < room ? (size_t)bytes : room - 1;
}

static void print_line(struct line *line, FILE *out)
{
    while (line->used && line->text[line->used - 1] == ' ') {
        line->used--;
    }
    fprintf(out, "%.*s\n", (int)line->used, line->text);
    line->used = 0;
}

static void print_rows(const struct table *table, FILE *out)
{
    struct line line = {.used = 0};

    for (uint32_t part = 0; part < 2; part++) {
        for (uint32_t i = 0; i < table->count; i++) {
            put(&line, table->columns[i].line[part], table->columns[i].width);
        }
        print_line(&line, out);
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        for (uint32_t i = 0; i < table->count; i++) {
            char text[TEXT];
            cell_text(table, table->rows[row], i, text);
            put(&line, text, table->columns[i].width);
        }
        print_line(&line, out);
    }
}

void table_print(const struct run *run, FILE *out)
{
    struct table *table = calloc(1, sizeof(*table));

    if (!table) {
        fputs("ambit: no memory for the table\n", stderr);
        return;
    }
    table->run = run;
    collect(table);
    if (table->row_count) {
        measure(table);
        print_rows(table, out);
        if (!run_counts_instructions(run)) {
            fputs("instructions: not counted on this substrate; run with "
                  "--engine qemu --icount\n",
                  out);
        }
        if (table->dropped) {
            fprintf(out, "%u reports under further keys are not shown\n",
                    table->dropped);
        }
    }
    free(table);
}
