/* SPDX-License-Identifier: Apache-2.0 */
/* All that is known of the rows of a chart. */
#include "html.h"

/* A value of the row, in its unit; or a number of things. */
static void print_value(const struct bench_row *row, double value, FILE *out)
{
    char text[32];

    html_value(row, value, text, sizeof(text));
    fprintf(out, "<td class='number'>%s</td>", text);
}

static void print_count(double value, FILE *out)
{
    char text[32];

    bench_number(value, text, sizeof(text));
    fprintf(out, "<td class='number'>%s</td>", text);
}

static void print_head(enum html_kind kind, FILE *out)
{
    fputs("<tr><th>where</th><th>subject</th><th>boundary</th>"
          "<th>what</th><th>n</th><th>min</th><th>median</th><th>p99</th>"
          "<th>max</th>",
          out);
    for (unsigned i = 0; kind != HTML_TIMED && i < BENCH_PRIVILEGED; i++) {
        fprintf(out, "<th>%s</th>", bench_privileged_name(i));
    }
    fputs("</tr>\n", out);
}

static void print_numbers(const struct bench_row *row, enum html_kind kind,
                          FILE *out)
{
    fprintf(out, "<td class='number'>%u</td>", row->stat.n);
    print_value(row, row->stat.min, out);
    print_value(row, row->stat.median, out);
    print_value(row, row->stat.p99, out);
    print_value(row, row->stat.max, out);
    for (unsigned i = 0; kind != HTML_TIMED && i < BENCH_PRIVILEGED; i++) {
        if (row->privileged) {
            print_count(row->privileged_median[i], out);
        } else {
            fputs("<td></td>", out);
        }
    }
}

static void print_row(const struct bench_row *row, enum html_kind kind,
                      FILE *out)
{
    fprintf(out, "<tr><td>%s</td><td>", bench_place_text(row->place));
    html_text(row->subject, out);
    fputs("</td><td>", out);
    html_text(row->boundary, out);
    fputs("</td><td>", out);
    html_text(row->about->text, out);
    fputs("</td>", out);
    if (row->stat.n) {
        print_numbers(row, kind, out);
    } else {
        fprintf(out, "<td colspan='%u'>not measured: ",
                kind == HTML_TIMED ? 5u : 5u + BENCH_PRIVILEGED);
        html_text(row->reason, out);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

void html_table(const struct bench_table *table, const char *operation,
                enum html_kind kind, FILE *out)
{
    fputs("<details><summary>all numbers</summary><div class='wide'><table>\n",
          out);
    print_head(kind, out);
    for (uint32_t i = 0; i < table->count; i++) {
        if (html_in_chart(&table->rows[i], operation, kind)) {
            print_row(&table->rows[i], kind, out);
        }
    }
    fputs("</table></div></details>\n", out);
}
