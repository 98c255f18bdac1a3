/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chart: one bar a row, all from 0 on one linear axis. The axis ends a little
 * beyond the largest median; a whisker that goes further ends in an arrow.
 */
#include "html.h"

#include <string.h>

#define WIDTH 1100
#define LABEL 310 /* where bars begin */
#define BARS 390  /* how wide the axis is */
#define VALUES (LABEL + BARS + 16)
#define ROW 24
#define TOP 8
#define PARTS 5u /* of the axis, at most */

struct chart {
    const char *operation;
    enum html_kind kind;
    double most; /* the end of the axis */
    double step;
    unsigned rows;
};

double html_step(double most, unsigned parts)
{
    static const double steps[] = {1, 2, 5};
    double power = 1;

    while (power * 10 * parts < most) {
        power *= 10;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (steps[i] * power * parts >= most) {
            return steps[i] * power;
        }
    }
    return power * 10;
}

static struct chart measure(const struct bench_table *table,
                            const char *operation, enum html_kind kind)
{
    struct chart chart = {.operation = operation, .kind = kind};

    for (uint32_t i = 0; i < table->count; i++) {
        const struct bench_row *row = &table->rows[i];

        if (html_in_chart(row, operation, kind)) {
            chart.rows++;
            if (row->stat.n && row->stat.median > chart.most) {
                chart.most = row->stat.median;
            }
        }
    }
    chart.most = chart.most > 0 ? chart.most * 1.08 : 1;
    chart.step = html_step(chart.most, PARTS);
    return chart;
}

static double place(const struct chart *chart, double value)
{
    return LABEL + BARS * (value < chart->most ? value / chart->most : 1);
}

static void print_axis(const struct chart *chart, FILE *out)
{
    unsigned bottom = TOP + chart->rows * ROW;
    char text[32];

    for (double value = 0; value <= chart->most; value += chart->step) {
        double x = place(chart, value);

        if (chart->kind == HTML_TIMED) {
            html_time(value, text, sizeof(text));
        } else {
            bench_number(value, text, sizeof(text));
        }
        fprintf(out,
                "<line class='grid' x1='%.1f' x2='%.1f' y1='%d' y2='%u'/>"
                "<text class='tick' x='%.1f' y='%u'>%s</text>\n",
                x, x, TOP, bottom, x, bottom + 16, text);
    }
    fprintf(out, "<text class='tick' x='%d' y='%u'>%s</text>\n",
            LABEL + BARS / 2, bottom + 34,
            chart->kind == HTML_TIMED
                ? "time (linear, from 0)"
                : "executed instructions (linear, from 0)");
}

/* From min to p99; an arrow where p99 lies beyond the axis. */
static void print_whisker(const struct chart *chart,
                          const struct bench_stat *stat, unsigned y, FILE *out)
{
    double from = place(chart, stat->min), to = place(chart, stat->p99);
    unsigned middle = y + ROW / 2;

    fprintf(out, "<path class='whisker' d='M%.1f %uV%uM%.1f %uH%.1f", from,
            middle - 4, middle + 4, from, middle, to);
    if (stat->p99 > chart->most) {
        fprintf(out, "M%.1f %ul6 5l-6 5'/>", to - 2, middle - 5);
    } else {
        fprintf(out, "M%.1f %uV%u'/>", to, middle - 4, middle + 4);
    }
}

/* What of it was privileged, where hardware charges most. */
static void print_privileged(const struct bench_row *row, FILE *out)
{
    static const struct {
        unsigned sort;
        const char *text;
    } shown[] = {
        {0, "cr3"}, {2, "msr"}, {4, "state"}, {5, "flush"}, {12, "rep"}};

    char text[32];

    for (unsigned i = 0; row->privileged && i < 5; i++) {
        double count = row->privileged_median[shown[i].sort];

        if (count > 0) {
            bench_number(count, text, sizeof(text));
            fprintf(out, " &#183; %s %s", text, shown[i].text);
        }
    }
}

static void print_values(const struct bench_row *row, unsigned y, FILE *out)
{
    char min[32], median[32], p99[32];

    html_value(row, row->stat.min, min, sizeof(min));
    html_value(row, row->stat.median, median, sizeof(median));
    html_value(row, row->stat.p99, p99, sizeof(p99));
    fprintf(out,
            "<text class='value' x='%d' y='%u'><tspan class='median'>%s"
            "</tspan> <tspan class='spread'>",
            VALUES, y + 16, median);
    if (row->stat.min < row->stat.p99) {
        fprintf(out, "%s to %s, ", min, p99);
    }
    fprintf(out, "n %u", row->stat.n);
    print_privileged(row, out);
    fputs("</tspan></text>\n", out);
}

static void print_label(const struct bench_row *row, unsigned y, FILE *out)
{
    bool kinds = row->about->subjects == SUBJECT_KINDS;

    fprintf(out, "<text class='label' x='%d' y='%u'>", LABEL - 10, y + 16);
    if (kinds) {
        fputs("<tspan class='subject'>", out);
        html_text(row->subject, out);
        fputs("</tspan> ", out);
    }
    html_text(row->about->text, out);
    fputs("</text>\n", out);
}

static void print_row(const struct chart *chart, const struct bench_row *row,
                      unsigned y, FILE *out)
{
    bool peer = row->about->subjects == SUBJECT_PEER;
    double end;

    fputs("<g>", out);
    print_label(row, y, out);
    if (row->stat.n == 0) {
        fprintf(out,
                "<text class='blank' x='%d' y='%u'>not measured: ", LABEL + 6,
                y + 16);
        html_text(row->reason, out);
        fputs("</text></g>\n", out);
        return;
    }
    end = place(chart, row->stat.median);
    fprintf(out, "<rect class='%s' x='%d' y='%u' width='%.1f' height='%d'/>\n",
            peer ? "linux" : "ambit", LABEL, y + 4, end - LABEL, ROW - 8);
    print_whisker(chart, &row->stat, y, out);
    print_values(row, y, out);
    fputs("</g>\n", out);
}

void html_chart(const struct bench_table *table, const char *operation,
                enum html_kind kind, FILE *out)
{
    struct chart chart = measure(table, operation, kind);
    unsigned y = TOP;

    fprintf(out, "<svg viewBox='0 0 %d %u' role='img' aria-label='%s, %s'>\n",
            WIDTH, TOP + chart.rows * ROW + 44, operation,
            kind == HTML_TIMED ? "in time" : "in instructions");
    print_axis(&chart, out);
    for (uint32_t i = 0; i < table->count; i++) {
        if (html_in_chart(&table->rows[i], operation, kind)) {
            print_row(&chart, &table->rows[i], y, out);
            y += ROW;
        }
    }
    fputs("</svg>\n", out);
}
