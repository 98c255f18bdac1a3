/* SPDX-License-Identifier: Apache-2.0 */
/* All points judged, counted and named. */
#include <lattice/lattice.h>

#include "filter.h"

#include <stdlib.h>
#include <string.h>

static void count_reason(struct lattice_table *table,
                         const struct lattice_judgement *judgement)
{
    struct lattice_reason *reason = table->reasons;
    uint32_t most = sizeof(table->reasons) / sizeof(table->reasons[0]);
    uint32_t i = 0;

    while (i < table->reason_count &&
           (reason[i].verdict != judgement->verdict ||
            strcmp(reason[i].what, judgement->error.what) != 0)) {
        i++;
    }
    if (i == most) {
        return;
    }
    if (i == table->reason_count) {
        reason[i] = (struct lattice_reason){judgement->error.what,
                                            judgement->error.pd_class,
                                            judgement->verdict, 0};
        table->reason_count++;
    }
    reason[i].count++;
}

/* Most points first. */
static int by_count(const void *a, const void *b)
{
    const struct lattice_reason *left = a, *right = b;

    return (left->count < right->count) - (left->count > right->count);
}

static void judge_all(struct lattice_table *table, struct lattice *lattice,
                      const struct lattice_filter *filter)
{
    lattice_init(lattice);
    for (uint32_t point = 0; point < LATTICE_POINTS; point++) {
        struct lattice_row *row = &table->rows[point];

        lattice_judge(lattice, point, &row->judgement);
        row->selected = filter_passes(filter, row->judgement.degree);
        if (!row->selected) {
            continue;
        }
        table->selected++;
        table->by_verdict[row->judgement.verdict]++;
        if (row->judgement.verdict != LATTICE_VALID) {
            count_reason(table, &row->judgement);
        }
    }
    qsort(table->reasons, table->reason_count, sizeof(table->reasons[0]),
          by_count);
}

static void add_name(struct lattice_table *table, const char *name,
                     const char *source, const uint8_t *degree)
{
    table->names[table->name_count++] = (struct lattice_name){
        .name = name, .source = source, .point = lattice_point(degree)};
}

static void name_all(struct lattice_table *table, const struct config *config)
{
    const struct pd_kind *kind;
    const struct lattice_kind *row;

    for (uint32_t i = 0; (kind = pd_kind_builtin(i)) != NULL; i++) {
        add_name(table, kind->name, "built-in", kind->degree);
    }
    for (uint32_t i = 0; (row = lattice_recommended(i)) != NULL; i++) {
        add_name(table, row->kind.name, "recommended", row->kind.degree);
        table->names[table->name_count - 1].base = row->base;
        table->names[table->name_count - 1].purpose = row->purpose;
    }
    for (uint32_t i = 0; config && i < config->kind_count; i++) {
        const struct config_kind *own = &config->kinds[i];
        uint8_t degree[PD_CLASS_COUNT];

        for (uint32_t c = 0; c < PD_CLASS_COUNT; c++) {
            degree[c] = own->classes[c].degree;
        }
        add_name(table, own->name.text, "config", degree);
        table->names[table->name_count - 1].base = own->base;
    }
}

static uint32_t count_names(const struct config *config)
{
    uint32_t count = config ? config->kind_count : 0;

    for (uint32_t i = 0; pd_kind_builtin(i); i++) {
        count++;
    }
    for (uint32_t i = 0; lattice_recommended(i); i++) {
        count++;
    }
    return count;
}

struct lattice_table *lattice_table_make(const struct config *config,
                                         const char *filter,
                                         struct failure *failure)
{
    struct lattice_filter passes;
    struct lattice_table *table;
    struct lattice *lattice;

    if (filter_parse(filter, &passes, failure) < 0) {
        return NULL;
    }
    table = calloc(1, sizeof(*table));
    lattice = calloc(1, sizeof(*lattice));
    if (table) {
        table->names = calloc(count_names(config), sizeof(*table->names));
    }
    if (!table || !lattice || !table->names) {
        failure_set(failure, EXIT_HOST, "no memory on the host");
        free(lattice);
        lattice_table_free(table);
        return NULL;
    }
    judge_all(table, lattice, &passes);
    name_all(table, config);
    free(lattice);
    return table;
}

void lattice_table_free(struct lattice_table *table)
{
    if (table) {
        free(table->names);
    }
    free(table);
}

const struct lattice_name *lattice_name_of(const struct lattice_table *table,
                                           uint32_t point,
                                           const struct lattice_name *after)
{
    const struct lattice_name *end = table->names + table->name_count;

    for (const struct lattice_name *name = after ? after + 1 : table->names;
         name < end; name++) {
        if (name->point == point) {
            return name;
        }
    }
    return NULL;
}
