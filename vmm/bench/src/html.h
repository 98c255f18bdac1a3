/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the report for people. */
#ifndef BENCH_HTML_H
#define BENCH_HTML_H

#include "cases.h"

/* What rows stand together: Ambit and Linux, counted; Ambit where the processor
 * has no FSGSBASE; both, timed. */
enum html_kind { HTML_COUNTED, HTML_BARE, HTML_TIMED };

/* Text as it stands in HTML and SVG, attributes included. */
void html_text(const char *text, FILE *out);

/* 1846 -> "1,846"; two digits behind the point where those matter. */
void bench_number(double value, char *out, size_t bytes);

/* The same with the unit, where it is time: "1.85 us". */
void html_value(const struct bench_row *row, double value, char *out,
                size_t bytes);
void html_time(double ns, char *out, size_t bytes);

/* True if the row stands there. */
bool html_in_chart(const struct bench_row *row, const char *operation,
                   enum html_kind kind);

/* One chart as SVG: bars from 0, medians, with whiskers from min to p99. */
void html_chart(const struct bench_table *table, const char *operation,
                enum html_kind kind, FILE *out);

/* The same rows with all that is known of them. */
void html_table(const struct bench_table *table, const char *operation,
                enum html_kind kind, FILE *out);

/* The nearest of Linux beside each operation, by medians. */
void html_glance(const struct bench_table *table, bool timed, FILE *out);

/* The least step of 1, 2 or 5 times a power of ten that cuts `most` into at
 * most `parts`. */
double html_step(double most, unsigned parts);

#endif
