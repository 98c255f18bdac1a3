/* SPDX-License-Identifier: Apache-2.0 */
/* The same as JSON; docs/bench.md has its fields. */
#include "cases.h"

/* 1846 stays an integer. */
static json_t *number(double value)
{
    json_int_t whole = (json_int_t)value;

    return (double)whole == value ? json_integer(whole) : json_real(value);
}

static json_t *text_or_null(const char *text)
{
    return *text ? json_string(text) : json_null();
}

static const char *source(enum bench_place place)
{
    return bench_counts(place) ? "icount" : "tsc";
}

static json_t *make_value(const struct bench_row *row)
{
    const struct bench_stat *stat = &row->stat;

    if (stat->n == 0) {
        return json_pack("{s:n,s:s,s:s}", "value", "unit",
                         bench_unit(row->place), "reason", row->reason);
    }
    return json_pack("{s:o,s:s,s:s,s:I,s:o,s:o,s:o,s:o}", "value",
                     number(stat->median), "unit", bench_unit(row->place),
                     "source", source(row->place), "n", (json_int_t)stat->n,
                     "min", number(stat->min), "median", number(stat->median),
                     "p99", number(stat->p99), "max", number(stat->max));
}

static json_t *make_samples(const struct bench_row *row)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list && i < row->count; i++) {
        if (json_array_append_new(list, number(row->samples[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* Medians; null where they are not known. */
static json_t *make_privileged(const struct bench_row *row)
{
    json_t *out = row->privileged ? json_object() : json_null();

    for (unsigned i = 0; row->privileged && out && i < BENCH_PRIVILEGED; i++) {
        if (json_object_set_new(out, bench_privileged_name(i),
                                number(row->privileged_median[i])) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *make_row(const struct bench_row *row)
{
    bool peer = row->about->subjects == SUBJECT_PEER;

    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o}",
                     "operation", row->about->operation, "place",
                     bench_place_name(row->place), "system",
                     peer ? "linux" : "ambit", "subject", row->subject,
                     "detail", row->about->detail, "text", row->about->text,
                     "boundary", text_or_null(row->boundary), "batch",
                     row->batch ? json_integer(row->batch) : json_null(),
                     "value", make_value(row), "privileged",
                     make_privileged(row), "samples", make_samples(row));
}

static json_t *make_rows(const struct bench_table *table)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list && i < table->count; i++) {
        if (json_array_append_new(list, make_row(&table->rows[i])) < 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *or_null(json_t *value)
{
    return value ? json_incref(value) : json_null();
}

static json_t *make_sites(const struct bench_table *table)
{
    json_t *out = json_object();

    for (unsigned i = 0; out && i < BENCH_PLACES; i++) {
        const struct bench_site *site = &table->sites[i];
        json_t *one;

        if (!site->wanted && !*site->reason) {
            continue;
        }
        one = json_pack(
            "{s:b,s:o,s:o,s:o,s:o,s:o}", "usable", site->usable, "reason",
            text_or_null(site->reason), "remedy", text_or_null(site->remedy),
            "engine", or_null(site->engine), "privileged_reason",
            text_or_null(site->uncounted), "versions", or_null(site->versions));
        if (json_object_set_new(out, bench_place_name((enum bench_place)i),
                                one) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

json_t *bench_json(const struct bench_table *table)
{
    json_t *tsc =
        table->tsc_hz ? json_integer((json_int_t)table->tsc_hz) : json_null();

    return json_pack("{s:i,s:I,s:o,s:o,s:o}", "schema", 1, "repeat",
                     (json_int_t)table->repeat, "tsc_hz", tsc, "places",
                     make_sites(table), "rows", make_rows(table));
}
