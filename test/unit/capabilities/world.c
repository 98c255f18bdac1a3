/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include <stdio.h>

void core_assert_fail(const char *what, const char *file, unsigned line)
{
    fprintf(stderr, "%s:%u: assertion failed: %s\n", file, line, what);
    abort();
}

static struct world the_world;
static struct world image;
static struct removal removal[WORLD_REMOVED];

static void note_removal(void *context, const struct cap_slot *slot, bool last)
{
    struct world *w = context;

    expect(w->removals < WORLD_REMOVED);
    w->removal[w->removals] =
        (struct removal){.slot = *slot, .at = slot, .last = last};
    w->removals++;
}

struct world *world_new(uint32_t chunks)
{
    struct world *w = &the_world;

    memset(w, 0, sizeof(*w));
    w->removal = removal;
    for (uint32_t t = 0; t < WORLD_TABLES; t++) {
        cap_table_init(&w->table[t]);
        for (uint32_t c = 0; c < chunks; c++) {
            cap_table_add(&w->table[t], w->chunk[t][c]);
        }
    }
    for (uint32_t type = 0; type <= CAP_TYPE_COUNT; type++) {
        w->object[type].type = (uint8_t)type;
        if (type < CAP_TYPE_COUNT) {
            w->ops.removed[type] = note_removal;
        }
    }
    w->context = (struct cap_context){.ops = &w->ops, .context = w};
    return w;
}

void world_save(const struct world *w)
{
    memcpy(&image, w, sizeof(image));
}

bool world_same(const struct world *w)
{
    return memcmp(&image, w, sizeof(image)) == 0;
}

const char *world_check(struct world *w)
{
    struct cap_table *tables[WORLD_TABLES];

    for (uint32_t t = 0; t < WORLD_TABLES; t++) {
        tables[t] = &w->table[t];
    }
    return cap_check(tables, WORLD_TABLES);
}

struct cap_slot *world_slot(struct world *w, uint32_t table, struct cap_ref ref)
{
    struct cap_slot *slot = NULL;

    assert_status(cap_look_up(&w->table[table], ref, &slot), STATUS_OK);
    return slot;
}

struct cap_slot *world_insert(struct world *w, uint32_t table,
                              enum cap_type type, uint8_t rights)
{
    struct cap_ref ref;

    assert_status(
        cap_insert(&w->table[table], &w->object[type], rights, 100, 50, &ref),
        STATUS_OK);
    return world_slot(w, table, ref);
}

struct cap_slot *world_derive(struct world *w, struct cap_slot *source,
                              uint32_t table, uint8_t rights)
{
    const struct cap_part part = {.rights = rights};
    struct cap_ref ref;

    assert_status(cap_derive(source, &w->table[table], &part, &ref), STATUS_OK);
    return world_slot(w, table, ref);
}

struct cap_slot *world_compose(struct world *w, uint32_t table,
                               struct cap_slot *const *members, uint32_t count)
{
    struct cap_ref ref;

    assert_status(cap_compose(&w->table[table], members, count, &ref),
                  STATUS_OK);
    return world_slot(w, table, ref);
}

struct cap_slot *world_member(struct cap_slot *composite, uint32_t index)
{
    struct cap_slot *member = NULL;

    assert_status(cap_member(composite, index, &member), STATUS_OK);
    return member;
}

void world_leave_free(struct world *w, uint32_t table, uint32_t slots)
{
    while (cap_table_free(&w->table[table]) > slots) {
        (void)world_insert(w, table, CAP_TIME, CAP_READ);
    }
    ck_assert_uint_eq(cap_table_free(&w->table[table]), slots);
}

struct cap_slot *world_deep(struct world *w, struct cap_slot *source,
                            uint32_t table, uint32_t depth)
{
    while (source->depth < depth) {
        source = world_derive(w, source, table, source->rights);
    }
    return source;
}

void world_half_revoke(struct world *w, struct cap_slot *slot, uint32_t table)
{
    for (uint32_t i = 0; i <= CAP_STEP_MAX; i++) {
        (void)world_derive(w, slot, table, slot->rights);
    }
    assert_status(cap_revoke(&w->context, slot), STATUS_MORE);
    w->removals = 0;
}

void world_revoke(struct world *w, struct cap_slot *slot)
{
    enum status status = STATUS_MORE;

    for (uint32_t calls = 0; status == STATUS_MORE; calls++) {
        ck_assert_uint_lt(calls, CAP_TABLE_MAX);
        status = cap_revoke(&w->context, slot);
    }
    assert_status(status, STATUS_OK);
    w->removals = 0;
}
