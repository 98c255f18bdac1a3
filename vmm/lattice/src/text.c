/* SPDX-License-Identifier: Apache-2.0 */
/* The table for people. */
#include <lattice/lattice.h>

#include <string.h>

#define COLUMN_CLASS 8
#define COLUMN_NAME 12

static void print_class_heads(FILE *out)
{
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        fprintf(out, "%-*s", COLUMN_CLASS, pd_class_name(i));
    }
}

static void print_degrees(const uint8_t *degree, FILE *out)
{
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        fprintf(out, "%-*s", COLUMN_CLASS, pd_degree_name(degree[i]));
    }
}

/* Wide enough for the head and for what was found instead of predicted. */
static int probe_width(const struct lattice_table *table, uint32_t probe)
{
    int width = (int)strlen(lattice_probe_name(probe));

    if (width < (table->tried ? 17 : 8)) {
        width = table->tried ? 17 : 8;
    }
    return width + 2;
}

static void print_probe_heads(const struct lattice_table *table, FILE *out)
{
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        fprintf(out, "%-*s", i + 1 < LATTICE_PROBES ? probe_width(table, i) : 0,
                lattice_probe_name(i));
    }
    fputs("\n", out);
}

/* "rw", or "rw, not fault" where a try found something else. */
static void print_findings(const struct lattice_table *table,
                           const struct lattice_row *row, FILE *out)
{
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        uint8_t predicted = row->judgement.predicted[i];
        char text[40];

        snprintf(text, sizeof(text), "%s", lattice_finding_text(predicted));
        if (row->tried != LATTICE_NOT_TRIED && row->found[i] != predicted) {
            snprintf(text, sizeof(text), "%s, not %s",
                     lattice_finding_text(row->found[i]),
                     lattice_finding_text(predicted));
        }
        fprintf(out, "%-*s", i + 1 < LATTICE_PROBES ? probe_width(table, i) : 0,
                text);
    }
    fputs("\n", out);
}

static void print_totals(const struct lattice_table *table, FILE *out)
{
    fprintf(
        out,
        "%u of the %u ways to write a degree for each class:\n"
        "  %6u ruled out by the class table\n"
        "  %6u refused by the validator\n"
        "  %6u valid\n",
        table->selected, LATTICE_POINTS, table->by_verdict[LATTICE_NO_DEGREE],
        table->by_verdict[LATTICE_REFUSED], table->by_verdict[LATTICE_VALID]);
}

static void print_reasons(const struct lattice_table *table, FILE *out)
{
    if (!table->reason_count) {
        return;
    }
    fputs("\nWhy not (the first reason of each point):\n", out);
    for (uint32_t i = 0; i < table->reason_count; i++) {
        fprintf(out, "  %6u %s\n", table->reasons[i].count,
                table->reasons[i].what);
    }
}

static void print_named(const struct lattice_table *table, const char *source,
                        const char *title, FILE *out)
{
    bool first = true;

    for (uint32_t i = 0; i < table->name_count; i++) {
        const struct lattice_name *name = &table->names[i];
        const struct lattice_row *row = &table->rows[name->point];

        if (strcmp(name->source, source) != 0 || !row->selected) {
            continue;
        }
        if (first) {
            fprintf(out, "\n%s\n  %-*s", title, COLUMN_NAME, "kind");
            print_class_heads(out);
            fputs("\n", out);
            first = false;
        }
        fprintf(out, "  %-*s", COLUMN_NAME, name->name);
        print_degrees(row->judgement.degree, out);
        if (row->judgement.verdict != LATTICE_VALID) {
            fprintf(out, "refused: %s", row->judgement.error.what);
        } else if (name->purpose) {
            fputs(name->purpose, out);
        }
        fputs("\n", out);
    }
}

static void print_isolation(const struct lattice_table *table, FILE *out)
{
    fprintf(out, "\nWhat they isolate, %s\n  %-*s",
            table->tried ? "as predicted and as found" : "as predicted",
            COLUMN_NAME, "kind");
    print_probe_heads(table, out);
    for (uint32_t i = 0; i < table->name_count; i++) {
        const struct lattice_name *name = &table->names[i];
        const struct lattice_row *row = &table->rows[name->point];

        if (row->selected && row->judgement.verdict == LATTICE_VALID) {
            fprintf(out, "  %-*s", COLUMN_NAME, name->name);
            print_findings(table, row, out);
        }
    }
}

/* How many valid points have which finding. */
static void print_spread(const struct lattice_table *table, FILE *out)
{
    fputs("\nOver all valid points\n", out);
    for (uint32_t probe = 0; probe < LATTICE_PROBES; probe++) {
        uint32_t counts[LATTICE_FINDINGS] = {0};

        for (uint32_t i = 0; i < LATTICE_POINTS; i++) {
            const struct lattice_row *row = &table->rows[i];

            if (row->selected && row->judgement.verdict == LATTICE_VALID) {
                counts[row->judgement.predicted[probe]]++;
            }
        }
        fprintf(out, "  %-22s", lattice_probe_name(probe));
        for (uint32_t i = 0; i < LATTICE_FINDINGS; i++) {
            if (counts[i]) {
                fprintf(out, " %s %u", lattice_finding_text(i), counts[i]);
            }
        }
        fprintf(out, "   (%s)\n", lattice_probe_text(probe));
    }
}

static void print_point(const struct lattice_table *table, uint32_t point,
                        FILE *out)
{
    const struct lattice_row *row = &table->rows[point];
    const struct lattice_name *name = lattice_name_of(table, point, NULL);

    fprintf(out, "  %5u  %-*s", point, COLUMN_NAME, name ? name->name : "");
    print_degrees(row->judgement.degree, out);
    if (row->judgement.verdict == LATTICE_VALID) {
        print_findings(table, row, out);
    } else {
        fprintf(out, "refused: %s\n", row->judgement.error.what);
    }
}

static void print_points(const struct lattice_table *table,
                         enum lattice_show show, FILE *out)
{
    fprintf(out, "\n  %5s  %-*s", "point", COLUMN_NAME, "kind");
    print_class_heads(out);
    print_probe_heads(table, out);
    for (uint32_t i = 0; i < LATTICE_POINTS; i++) {
        const struct lattice_row *row = &table->rows[i];

        if (row->selected &&
            (show == LATTICE_ALL || row->judgement.verdict == LATTICE_VALID)) {
            print_point(table, i, out);
        }
    }
}

static void print_tried(const struct lattice_table *table, FILE *out)
{
    if (!table->engine) {
        return;
    }
    fprintf(out,
            "\ntried on %s: %u points, %u of them otherwise than "
            "predicted\n",
            table->engine, table->tried, table->mismatches);
    if (table->refused_tried) {
        fprintf(out,
                "composed at run time: %u refused points asked for, %u of them "
                "not refused alike; %u left something behind\n",
                table->refused_tried, table->refused_wrong, table->leaks);
    }
    for (uint32_t i = 0; i < LATTICE_POINTS && table->tried; i++) {
        if (table->rows[i].tried == LATTICE_MISMATCH) {
            print_point(table, i, out);
            if (*table->rows[i].note) {
                fprintf(out, "         %s\n", table->rows[i].note);
            }
        }
    }
}

void lattice_print(const struct lattice_table *table, enum lattice_show show,
                   FILE *out)
{
    print_totals(table, out);
    print_reasons(table, out);
    print_named(table, "built-in", "Built-in kinds", out);
    print_named(table, "recommended",
                "Recommended, between thread and process (docs/kinds)", out);
    print_named(table, "config", "Kinds of the config", out);
    print_isolation(table, out);
    if (table->by_verdict[LATTICE_VALID]) {
        print_spread(table, out);
    }
    if (show != LATTICE_SUMMARY) {
        print_points(table, show, out);
    }
    print_tried(table, out);
}
