/* SPDX-License-Identifier: Apache-2.0 */
/* One line a row, for spreadsheets and scripts. */
#include "cases.h"

/* Reasons come from outside and may hold anything: RFC 4180. */
static void print_text(const char *text, FILE *out)
{
    fputs(",\"", out);
    for (; *text; text++) {
        if (*text == '"') {
            fputc('"', out);
        }
        fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
    }
    fputc('"', out);
}

static void print_privileged(const struct bench_row *row, unsigned sort,
                             FILE *out)
{
    fputc(',', out);
    if (row->privileged) {
        fprintf(out, "%.10g", row->privileged_median[sort]);
    }
}

void bench_print_csv(const struct bench_table *table, FILE *out)
{
    fputs("operation,place,subject,boundary,detail,text,unit,batch,n,min,"
          "median,p99,max",
          out);
    for (unsigned i = 0; i < BENCH_PRIVILEGED; i++) {
        fprintf(out, ",%s", bench_privileged_name(i));
    }
    fputs(",reason\n", out);
    for (uint32_t i = 0; i < table->count; i++) {
        const struct bench_row *row = &table->rows[i];
        const struct bench_stat *stat = &row->stat;

        fprintf(out, "%s,%s,%s,%s,%s", row->about->operation,
                bench_place_name(row->place), row->subject, row->boundary,
                row->about->detail);
        print_text(row->about->text, out);
        fprintf(out, ",%s", bench_unit(row->place));
        if (stat->n) {
            fprintf(out, ",%u,%u,%.10g,%.10g,%.10g,%.10g", row->batch, stat->n,
                    stat->min, stat->median, stat->p99, stat->max);
        } else {
            fputs(",,,,,,", out);
        }
        for (unsigned j = 0; j < BENCH_PRIVILEGED; j++) {
            print_privileged(row, j, out);
        }
        print_text(row->reason, out);
        fputc('\n', out);
    }
}
