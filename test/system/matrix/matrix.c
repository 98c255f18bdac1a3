/* SPDX-License-Identifier: Apache-2.0 */
#include "matrix.h"

#include <capabilities/cap.h>

#define SLOTS_MOST 256u

uint64_t matrix_told;

static const struct cell_table *const tables[] = {&memory_cells, &other_cells,
                                                  &parts_cells};

/* Rights that no operation asks for, each with the reason. */
static const struct {
    enum ambit_type type;
    uint32_t rights;
    const char *why;
} no_cells[] = {
    {AMBIT_TYPE_FRAME, AMBIT_EXEC, "frames of pools are never executed"},
    {AMBIT_TYPE_SPACE, AMBIT_USE, "a degree says where a domain runs"},
    {AMBIT_TYPE_FILE, AMBIT_WRITE, "files do not change"},
    {AMBIT_TYPE_FILE, AMBIT_USE, "its directory's use opens it"},
    {AMBIT_TYPE_DIRECTORY, AMBIT_WRITE, "directories do not change"},
    {AMBIT_TYPE_CHANNEL, AMBIT_ALL, "there are no channels yet"},
    {AMBIT_TYPE_GATE, AMBIT_ALL, "there are no gates yet"},
    {AMBIT_TYPE_ATTACHMENT, AMBIT_ALL, "says what is attached: no resource"},
    {AMBIT_TYPE_COMPOSITE, AMBIT_ALL, "is its members: no resource"},
};

static const char *const right_names[] = {"read", "write", "exec", "use"};

static const char *right_name(uint32_t right)
{
    return right_names[__builtin_ctz(right)];
}

static _Noreturn void wrong(const char *what)
{
    ambit_printf("%s\n", what);
    ambit_exit(1);
}

void matrix_must(const char *what, enum status status)
{
    if (status != STATUS_OK) {
        ambit_printf("%s: %s\n", what, ambit_status_text(status));
        ambit_exit(1);
    }
}

struct ambit_handle matrix_held(const char *name)
{
    struct ambit_handle handle = {0};

    matrix_must(name, ambit_capability(name, &handle));
    return handle;
}

/* ---- what must not have changed ---- */

struct state {
    struct ambit_info quota, pool, object;
    uint64_t slots; /* that can still be given out */
    uint64_t look;
};

/* Fills the table, and empties it again. */
static uint64_t slots_free(void)
{
    static struct ambit_handle taken[SLOTS_MOST];
    struct ambit_handle source = matrix_held("pool");
    uint64_t count = 0, left;

    while (count < SLOTS_MOST &&
           ambit_derive(source, AMBIT_READ, &taken[count]) == STATUS_OK) {
        count++;
    }
    for (left = count; left > 0; left--) {
        matrix_must("delete", ambit_delete(taken[left - 1]));
    }
    return count;
}

static struct state state_now(const struct cell *cell, struct ambit_handle all)
{
    struct state state = {0};

    matrix_must("quota", ambit_inspect(matrix_held("quota"), &state.quota));
    matrix_must("pool", ambit_inspect(matrix_held("pool"), &state.pool));
    if (all.bits) {
        matrix_must("object", ambit_inspect(all, &state.object));
        state.look = cell->look ? cell->look() : 0;
    }
    state.slots = slots_free();
    return state;
}

static bool info_same(const struct ambit_info *a, const struct ambit_info *b)
{
    return a->type == b->type && a->rights == b->rights &&
           a->first == b->first && a->second == b->second;
}

static void unchanged(const char *when, const struct state *before,
                      const struct state *now)
{
    if (info_same(&before->quota, &now->quota) &&
        info_same(&before->pool, &now->pool) &&
        info_same(&before->object, &now->object) &&
        before->slots == now->slots && before->look == now->look) {
        return;
    }
    ambit_printf("%s: charged %lu %lu, free %lu %lu, object %lx %lx, "
                 "slots %lu %lu, look %lx %lx\n",
                 when, before->quota.first, now->quota.first,
                 before->pool.first, now->pool.first, before->object.first,
                 now->object.first, before->slots, now->slots, before->look,
                 now->look);
    ambit_exit(1);
}

/* ---- both ways ---- */

static struct ambit_handle with(struct ambit_handle all, uint32_t rights)
{
    struct ambit_handle handle = {0};

    matrix_must("derive", ambit_derive(all, rights, &handle));
    return handle;
}

static void not_held(const struct cell *cell, struct ambit_handle all,
                     uint32_t has)
{
    struct ambit_handle handle = with(all, has & ~cell->right);
    struct state before = state_now(cell, all), now;
    enum status status;

    matrix_told = 0;
    status = cell->act(handle);
    now = state_now(cell, all);
    if (status != cell->without || matrix_told != 0) {
        ambit_printf("without it: %s, %lx told; wanted: %s\n",
                     ambit_status_text(status), matrix_told,
                     ambit_status_text(cell->without));
        ambit_exit(1);
    }
    unchanged("without it", &before, &now);
    matrix_must("delete", ambit_delete(handle));
}

static void is_held(const struct cell *cell, struct ambit_handle all)
{
    struct ambit_handle handle = with(all, cell->right | cell->beside);
    uint64_t before = cell->look ? cell->look() : 0;
    struct ambit_info info;

    matrix_told = 0;
    matrix_must("with it", cell->act(handle));
    if (cell->look && cell->look() == before) {
        wrong("with it: it has changed nothing");
    }
    if (cell->without == STATUS_OK && matrix_told == 0) {
        wrong("with it: nothing is told");
    }
    if (cell->undo) {
        cell->undo();
    }
    if (ambit_inspect(handle, &info) == STATUS_OK) { /* it has not gone along */
        matrix_must("delete", ambit_delete(handle));
    }
}

static void cell_try(const struct cell *cell)
{
    struct state before = state_now(cell, (struct ambit_handle){0}), now;
    struct ambit_handle all;
    struct ambit_info info;

    ambit_printf("%-12s %-5s %s\n", cap_type_name((enum cap_type)cell->type),
                 right_name(cell->right), cell->operation);
    all = cell->make();
    matrix_must("inspect", ambit_inspect(all, &info));
    if (info.type != cell->type ||
        ((cell->right | cell->beside) & ~info.rights)) {
        wrong("is of another type, or lacks a right that there should be");
    }
    not_held(cell, all, info.rights);
    is_held(cell, all);
    if (cell->drop) {
        cell->drop();
    }
    now = state_now(cell, (struct ambit_handle){0});
    unchanged("afterwards", &before, &now);
}

/* ---- every right has a cell ---- */

static uint32_t covered(enum cap_type type)
{
    uint32_t rights = 0;

    for (uint32_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
        for (uint32_t i = 0; i < tables[t]->count; i++) {
            const struct cell *cell = &tables[t]->cells[i];

            rights |= (enum cap_type)cell->type == type ? cell->right : 0;
        }
    }
    for (uint32_t i = 0; i < sizeof(no_cells) / sizeof(no_cells[0]); i++) {
        rights |=
            (enum cap_type)no_cells[i].type == type ? no_cells[i].rights : 0;
    }
    return rights;
}

static uint32_t lacking(void)
{
    uint32_t count = 0;

    for (uint32_t type = 1; type < CAP_TYPE_COUNT; type++) {
        uint32_t lacks = cap_type_rights((enum cap_type)type) &
                         ~covered((enum cap_type)type);

        for (; lacks; lacks &= lacks - 1) {
            ambit_printf("no cell: %s %s\n", cap_type_name((enum cap_type)type),
                         right_name(lacks & -lacks));
            count++;
        }
    }
    return count;
}

static const struct cell_table *named(const char *name)
{
    if (strcmp(name, "memory") == 0) {
        return &memory_cells;
    }
    return strcmp(name, "other") == 0 ? &other_cells : &parts_cells;
}

/* `memory`, `other` or `parts`: one table; without: the check that nothing is
 * left out. */
AMBIT_ENTRY(main)
{
    if (argc > 1) {
        const struct cell_table *table = named(argv[1]);

        if (table == &parts_cells) {
            parts_prepare();
        }
        for (uint32_t i = 0; i < table->count; i++) {
            cell_try(&table->cells[i]);
        }
        ambit_printf("%u cells, both ways\n", table->count);
        return 0;
    }
    if (lacking() != 0) {
        return 1;
    }
    ambit_printf("every right of every type has a cell\n");
    return 0;
}
