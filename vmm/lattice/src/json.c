/* SPDX-License-Identifier: Apache-2.0 */
/* The same as JSON. */
#include <lattice/lattice.h>

#include "words.h"

/* Takes `value`; a missing one fails the whole. */
static int set(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value);
}

static json_t *make_degrees(const uint8_t *degree)
{
    json_t *out = json_object();

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        if (set(out, pd_class_name(i), json_string(pd_degree_name(degree[i]))) <
            0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *make_findings(const uint8_t *findings)
{
    json_t *out = json_object();

    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        if (set(out, lattice_probe_name(i),
                json_string(lattice_finding_text(findings[i]))) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *make_names(const struct lattice_table *table, uint32_t point)
{
    json_t *out = json_array();
    const struct lattice_name *name = NULL;

    while (out && (name = lattice_name_of(table, point, name)) != NULL) {
        if (json_array_append_new(out, json_string(name->name)) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static int set_outcome(json_t *out, const struct lattice_row *row)
{
    const struct lattice_judgement *j = &row->judgement;
    int failed = 0;

    if (j->verdict == LATTICE_VALID) {
        failed |= set(out, "predicted", make_findings(j->predicted));
    } else {
        failed |=
            set(out, "class", json_string(pd_class_name(j->error.pd_class)));
        failed |= set(out, "reason", json_string(j->error.what));
    }
    if (row->tried != LATTICE_NOT_TRIED) {
        failed |= set(out, "found", make_findings(row->found));
        failed |= set(out, "tried", json_string(words_tried(row->tried)));
        failed |= set(out, "note", json_string(row->note));
    }
    return failed;
}

static json_t *make_point(const struct lattice_table *table, uint32_t point)
{
    const struct lattice_row *row = &table->rows[point];
    json_t *out = json_object();
    int failed = 0;

    failed |= set(out, "point", json_integer(point));
    failed |= set(out, "degrees", make_degrees(row->judgement.degree));
    failed |=
        set(out, "verdict", json_string(words_verdict(row->judgement.verdict)));
    failed |= set(out, "kinds", make_names(table, point));
    failed |= set_outcome(out, row);
    if (failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *make_points(const struct lattice_table *table,
                           enum lattice_show show)
{
    json_t *out = json_array();

    for (uint32_t i = 0; out && i < LATTICE_POINTS; i++) {
        if (words_shown(&table->rows[i], show) &&
            json_array_append_new(out, make_point(table, i)) < 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *make_reasons(const struct lattice_table *table)
{
    json_t *out = json_array();

    for (uint32_t i = 0; out && i < table->reason_count; i++) {
        const struct lattice_reason *reason = &table->reasons[i];
        json_t *one = json_object();
        int failed = set(one, "reason", json_string(reason->what));

        failed |=
            set(one, "class", json_string(pd_class_name(reason->pd_class)));
        failed |= set(one, "points", json_integer(reason->count));
        failed |= json_array_append_new(out, one);
        if (failed) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *make_kinds(const struct lattice_table *table)
{
    json_t *out = json_array();

    for (uint32_t i = 0; out && i < table->name_count; i++) {
        const struct lattice_name *name = &table->names[i];
        json_t *one = json_object();
        int failed = set(one, "name", json_string(name->name));

        failed |= set(one, "source", json_string(name->source));
        failed |= set(one, "point", json_integer(name->point));
        if (name->base) {
            failed |= set(one, "base", json_string(name->base));
        }
        if (name->purpose) {
            failed |= set(one, "purpose", json_string(name->purpose));
        }
        failed |= json_array_append_new(out, one);
        if (failed) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static json_t *make_totals(const struct lattice_table *table)
{
    json_t *out = json_object();
    int failed = set(out, "written", json_integer(LATTICE_POINTS));

    failed |= set(out, "selected", json_integer(table->selected));
    failed |= set(out, "no_such_degree",
                  json_integer(table->by_verdict[LATTICE_NO_DEGREE]));
    failed |=
        set(out, "refused", json_integer(table->by_verdict[LATTICE_REFUSED]));
    failed |= set(out, "valid", json_integer(table->by_verdict[LATTICE_VALID]));
    failed |= set(out, "tried", json_integer(table->tried));
    failed |= set(out, "mismatches", json_integer(table->mismatches));
    failed |= set(out, "refused_tried", json_integer(table->refused_tried));
    failed |= set(out, "refused_wrong", json_integer(table->refused_wrong));
    failed |= set(out, "leaks", json_integer(table->leaks));
    if (failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

json_t *lattice_json(const struct lattice_table *table, enum lattice_show show)
{
    json_t *out = json_object();
    int failed = set(out, "schema", json_integer(1));

    failed |= set(out, "totals", make_totals(table));
    if (table->engine) {
        failed |= set(out, "engine", json_string(table->engine));
    }
    failed |= set(out, "reasons", make_reasons(table));
    failed |= set(out, "kinds", make_kinds(table));
    failed |= set(out, "points", make_points(table, show));
    if (failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}
