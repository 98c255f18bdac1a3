/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "rows.h"

#include "privileged.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MAX 1000000u

static struct bench_row *add_row(struct bench_table *table)
{
    if (table->count == table->room) {
        uint32_t room = table->room ? 2 * table->room : 64;
        struct bench_row *rows =
            reallocarray(table->rows, room, sizeof(*table->rows));

        if (!rows) {
            return NULL;
        }
        table->rows = rows;
        table->room = room;
    }
    return memset(&table->rows[table->count++], 0, sizeof(*table->rows));
}

static int add(struct bench_table *table, enum bench_place place,
               const struct bench_case *about, const char *subject)
{
    struct bench_row *row = add_row(table);

    if (!row) {
        return -1;
    }
    row->about = about;
    row->place = place;
    snprintf(row->subject, sizeof(row->subject), "%s", subject);
    return 0;
}

static int add_case(struct bench_table *table, enum bench_place place,
                    const struct bench_case *about)
{
    int failed = 0;

    if (about->subjects == SUBJECT_SELF) {
        return add(table, place, about, "self");
    }
    if (about->subjects == SUBJECT_PEER) {
        return add(table, place, about, about->detail);
    }
    for (unsigned i = 0; bench_kinds[i]; i++) {
        failed |= add(table, place, about, bench_kinds[i]);
    }
    return failed;
}

static bool peers_place(enum bench_place place)
{
    return place == BENCH_LINUX || place == BENCH_HOST;
}

int rows_make(struct bench_table *table, const struct bench_options *options)
{
    int failed = 0;

    for (unsigned i = 0; i < bench_case_count; i++) {
        const struct bench_case *about = &bench_cases[i];
        bool peer = about->subjects == SUBJECT_PEER;

        for (unsigned place = 0; place < BENCH_PLACES; place++) {
            if (options->places[place] &&
                bench_wants(options, about->operation) &&
                peer == peers_place((enum bench_place)place)) {
                failed |= add_case(table, (enum bench_place)place, about);
            }
        }
    }
    return failed;
}

static struct bench_row *find(struct bench_table *table, enum bench_place place,
                              const struct bench_case *about,
                              const char *subject)
{
    for (uint32_t i = 0; about && i < table->count; i++) {
        struct bench_row *row = &table->rows[i];

        if (row->place == place && row->about == about &&
            strcmp(row->subject, subject) == 0) {
            return row;
        }
    }
    return NULL;
}

/* What is missing makes all of the place unknown, in the end. */
static void add_window(struct bench_row *row, struct windows *windows)
{
    const double *counts = windows_next(windows);

    for (unsigned i = 0; i < BENCH_PRIVILEGED; i++) {
        row->privileged[row->count][i] = counts ? counts[i] / row->batch : 0;
    }
}

static int add_sample(struct bench_row *row, double value,
                      struct windows *windows)
{
    if (row->count == row->room) {
        uint32_t room = row->room ? 2 * row->room : 128;
        double *samples = reallocarray(row->samples, room, sizeof(*samples));

        if (!samples) {
            return -1;
        }
        row->samples = samples;
        if (windows || row->privileged) {
            void *privileged =
                reallocarray(row->privileged, room, sizeof(*row->privileged));
            if (!privileged) {
                return -1;
            }
            row->privileged = privileged;
        }
        row->room = room;
    }
    if (windows) {
        add_window(row, windows);
    }
    row->samples[row->count++] = value;
    return 0;
}

static int take_values(struct bench_row *row, const char *text,
                       struct windows *windows, struct failure *failure)
{
    while (*text) {
        char *end;
        unsigned long long value;

        errno = 0;
        value = strtoull(text, &end, 10);
        if (end == text || errno || (*end && *end != ' ') ||
            row->count == BENCH_REPEAT_MAX) {
            return failure_set(failure, EXIT_HOST,
                               "bench: samples of %s that are no numbers: "
                               "'%.40s'",
                               row->about->text, text);
        }
        if (add_sample(row, (double)value / row->batch, windows) < 0) {
            return failure_set(failure, EXIT_HOST, "no memory on the host");
        }
        text = end + strspn(end, " ");
    }
    return 0;
}

/* What could not be done there, and why. */
static int take_blank(struct bench_table *table, enum bench_place place,
                      const char *line, struct failure *failure)
{
    char operation[BENCH_WORD], subject[BENCH_WORD], detail[BENCH_WORD];
    struct bench_row *row;
    int used = 0;

    if (sscanf(line, "blank %23s %23s %23s : %n", operation, subject, detail,
               &used) != 3 ||
        used == 0) {
        return failure_set(failure, EXIT_HOST,
                           "bench: a blank that is none: '%.80s'", line);
    }
    row = find(table, place,
               bench_case_find(operation, detail, peers_place(place)), subject);
    if (!row) {
        return failure_set(failure, EXIT_HOST,
                           "bench: a blank that was not asked for: '%.80s'",
                           line);
    }
    snprintf(row->reason, sizeof(row->reason), "%s", line + used);
    return 0;
}

int rows_take_line(struct bench_table *table, enum bench_place place,
                   const char *line, struct windows *windows,
                   struct failure *failure)
{
    char operation[BENCH_WORD], subject[BENCH_WORD], detail[BENCH_WORD];
    const char *found = strstr(line, "sample ");
    struct bench_row *row;
    uint32_t batch;
    int used = 0;

    if (!found) {
        found = strstr(line, "blank ");
        return found ? take_blank(table, place, found, failure) : 0;
    }
    if (sscanf(found, "sample %23s %23s %23s %u :%n", operation, subject,
               detail, &batch, &used) != 4 ||
        used == 0 || batch == 0 || batch > BATCH_MAX) {
        return failure_set(failure, EXIT_HOST,
                           "bench: a line of samples that is none: '%.80s'",
                           found);
    }
    row = find(table, place,
               bench_case_find(operation, detail, peers_place(place)), subject);
    if (!row) {
        return failure_set(failure, EXIT_HOST,
                           "bench: samples of what was not asked for: "
                           "'%.80s'",
                           found);
    }
    row->batch = batch;
    found += used;
    return take_values(row, found + strspn(found, " "), windows, failure);
}

int rows_take_file(struct bench_table *table, enum bench_place place,
                   const char *path, struct windows *windows,
                   struct failure *failure)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    int result = 0;

    if (!file) {
        return failure_set(failure, EXIT_HOST, "cannot read %s: %s", path,
                           strerror(errno));
    }
    while (result == 0 && getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        result = rows_take_line(table, place, line, windows, failure);
    }
    free(line);
    fclose(file);
    return result;
}

void rows_uncount(struct bench_table *table, enum bench_place place)
{
    for (uint32_t i = 0; i < table->count; i++) {
        if (table->rows[i].place == place) {
            free(table->rows[i].privileged);
            table->rows[i].privileged = NULL;
        }
    }
}

void rows_blank(struct bench_table *table, enum bench_place place,
                const char *operation, const char *reason)
{
    for (uint32_t i = 0; i < table->count; i++) {
        struct bench_row *row = &table->rows[i];

        if (row->place == place && row->count == 0 && !*row->reason &&
            (!operation || strcmp(row->about->operation, operation) == 0)) {
            snprintf(row->reason, sizeof(row->reason), "%s", reason);
        }
    }
}

void rows_boundary(struct bench_table *table, enum bench_place place,
                   const char *operation, const char *subject,
                   const char *mechanism)
{
    for (uint32_t i = 0; i < table->count; i++) {
        struct bench_row *row = &table->rows[i];

        if (row->place == place && strcmp(row->subject, subject) == 0 &&
            strcmp(row->about->operation, operation) == 0) {
            snprintf(row->boundary, sizeof(row->boundary), "%s", mechanism);
        }
    }
}

/* Samples keep their order: what is sorted is a copy. */
static int finish(struct bench_row *row, double scale)
{
    double *copy = calloc(row->count ? row->count : 1, sizeof(*copy));

    if (!copy) {
        return -1;
    }
    for (uint32_t i = 0; i < row->count; i++) {
        row->samples[i] *= scale;
        copy[i] = row->samples[i];
    }
    row->stat = bench_stat_of(copy, row->count);
    for (unsigned sort = 0; row->privileged && sort < BENCH_PRIVILEGED;
         sort++) {
        for (uint32_t i = 0; i < row->count; i++) {
            copy[i] = row->privileged[i][sort];
        }
        row->privileged_median[sort] = bench_stat_of(copy, row->count).median;
    }
    free(copy);
    return 0;
}

int rows_finish(struct bench_table *table)
{
    int failed = 0;

    for (uint32_t i = 0; i < table->count; i++) {
        struct bench_row *row = &table->rows[i];
        bool timed = !bench_counts(row->place);

        failed |= finish(
            row, timed && table->tsc_hz ? 1e9 / (double)table->tsc_hz : 1.0);
    }
    return failed;
}

void bench_free(struct bench_table *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        free(table->rows[i].samples);
        free(table->rows[i].privileged);
    }
    for (unsigned i = 0; i < BENCH_PLACES; i++) {
        json_decref(table->sites[i].engine);
        json_decref(table->sites[i].versions);
    }
    free(table->rows);
    *table = (struct bench_table){0};
}
