/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for people. */
#include "html.h"

#include <string.h>

void bench_number(double value, char *out, size_t bytes)
{
    char digits[32];
    unsigned long long whole = (unsigned long long)(value + 0.5);
    size_t used = 0, count;

    if (value < 100 && value - (double)(unsigned long long)value > 0.005) {
        snprintf(out, bytes, "%.2f", value);
        return;
    }
    count = (size_t)snprintf(digits, sizeof(digits), "%llu", whole);
    for (size_t i = 0; i < count && used + 2 < bytes; i++) {
        if (i && (count - i) % 3 == 0) {
            out[used++] = ',';
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

/* Those that cost most on hardware: the columns of the head. */
static void print_privileged(const struct bench_row *row, FILE *out)
{
    static const unsigned sorts[] = {0, 2, 4, 5, 12};

    for (unsigned i = 0; row->privileged && i < 5; i++) {
        char text[32];

        bench_number(row->privileged_median[sorts[i]], text, sizeof(text));
        fprintf(out, " %*s", i < 4 ? 5 : 8, text);
    }
}

static void print_row(const struct bench_row *row, FILE *out)
{
    char min[32], median[32], p99[32];
    bool named = row->about->subjects == SUBJECT_KINDS;

    fprintf(out, "  %-10s %-9s %-42.42s", named ? row->subject : "",
            named ? row->boundary : "", row->about->text);
    if (row->stat.n == 0) {
        fprintf(out, " -  (%s)\n", row->reason);
        return;
    }
    bench_number(row->stat.min, min, sizeof(min));
    bench_number(row->stat.median, median, sizeof(median));
    bench_number(row->stat.p99, p99, sizeof(p99));
    fprintf(out, " %6u %12s %12s %12s", row->stat.n, min, median, p99);
    print_privileged(row, out);
    fputc('\n', out);
}

/* The rows of one operation at one place, if there are any. */
static void print_rows(const struct bench_table *table, const char *operation,
                       enum bench_place place, FILE *out)
{
    bool begun = false;

    for (uint32_t i = 0; i < table->count; i++) {
        const struct bench_row *row = &table->rows[i];

        if (row->place != place ||
            strcmp(row->about->operation, operation) != 0) {
            continue;
        }
        if (*table->sites[place].reason) {
            fprintf(out, "%-28s not measured: %s\n", bench_place_text(place),
                    table->sites[place].reason);
            return;
        }
        if (!begun) {
            fprintf(out, "%-28s %-36s %6s %12s %12s %12s%s\n",
                    bench_place_text(place), bench_unit(place), "n", "min",
                    "median", "p99",
                    row->privileged ? "   cr3   msr state flush      rep" : "");
            begun = true;
        }
        print_row(row, out);
    }
}

void bench_print(const struct bench_table *table, FILE *out)
{
    for (unsigned i = 0; bench_operation(i); i++) {
        const char *operation = bench_operation(i);
        bool any = false;

        for (uint32_t j = 0; j < table->count; j++) {
            any |= strcmp(table->rows[j].about->operation, operation) == 0;
        }
        if (!any) {
            continue;
        }
        fprintf(out, "%s\n", operation);
        for (unsigned place = 0; place < BENCH_PLACES; place++) {
            print_rows(table, operation, (enum bench_place)place, out);
        }
        fputc('\n', out);
    }
    if (strcmp(table->sites[BENCH_KVM].ring0, "emulated") == 0) {
        fputs("kvm here interprets ring 0: its times say nothing about "
              "hardware\n",
              out);
    }
}
