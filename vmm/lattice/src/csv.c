/* SPDX-License-Identifier: Apache-2.0 */
/* One line a point, for spreadsheets and scripts. */
#include <lattice/lattice.h>

#include "words.h"

static void print_head(FILE *out)
{
    fputs("point", out);
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        fprintf(out, ",%s", pd_class_name(i));
    }
    fputs(",verdict,refused_class,reason,kinds", out);
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        fprintf(out, ",predicted %s", lattice_probe_name(i));
    }
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        fprintf(out, ",found %s", lattice_probe_name(i));
    }
    fputs(",tried\n", out);
}

/* Sentences hold commas and no quotes; names hold neither. */
static void print_text(const char *text, FILE *out)
{
    fprintf(out, ",\"%s\"", text);
}

static void print_names(const struct lattice_table *table, uint32_t point,
                        FILE *out)
{
    const struct lattice_name *name = NULL;
    const char *between = ",";

    while ((name = lattice_name_of(table, point, name)) != NULL) {
        fprintf(out, "%s%s", between, name->name);
        between = " ";
    }
    if (*between == ',') {
        fputs(",", out);
    }
}

static void print_row(const struct lattice_table *table, uint32_t point,
                      FILE *out)
{
    const struct lattice_row *row = &table->rows[point];
    const struct lattice_judgement *j = &row->judgement;
    bool valid = j->verdict == LATTICE_VALID;

    fprintf(out, "%u", point);
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        fprintf(out, ",%s", pd_degree_name(j->degree[i]));
    }
    fprintf(out, ",%s,%s", words_verdict(j->verdict),
            valid ? "" : pd_class_name(j->error.pd_class));
    print_text(valid ? "" : j->error.what, out);
    print_names(table, point, out);
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        fprintf(out, ",%s", valid ? lattice_finding_text(j->predicted[i]) : "");
    }
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        fprintf(out, ",%s",
                row->tried ? lattice_finding_text(row->found[i]) : "");
    }
    fprintf(out, ",%s\n", words_tried(row->tried));
}

void lattice_print_csv(const struct lattice_table *table,
                       enum lattice_show show, FILE *out)
{
    print_head(out);
    for (uint32_t i = 0; i < LATTICE_POINTS; i++) {
        if (words_shown(&table->rows[i], show)) {
            print_row(table, i, out);
        }
    }
}
