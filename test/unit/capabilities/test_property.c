/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random operations against the shadow. After every one: the invariants hold,
 * and the core says the same as the shadow. Reproducible by its seed.
 */
#include "model.h"

#define STEPS 40000u

enum operation {
    INSERT,
    DERIVE,
    DERIVE_OBJECT,
    COMPOSE,
    REPLACE,
    DELETE,
    REVOKE,
    CLEAR,
    LOOK_UP,
    OPERATIONS
};

struct run {
    struct model model;
    uint64_t random;
    int newest;                              /* node made last, or NOBODY */
    uint32_t seen[OPERATIONS][STATUS_COUNT]; /* outcomes, to see them all */
};

/* splitmix64 */
static uint64_t next(struct run *r)
{
    uint64_t z = r->random += 0x9e3779b97f4a7c15ull;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static uint32_t below(struct run *r, uint32_t bound)
{
    return (uint32_t)(next(r) % bound);
}

/* A handle of something live; now and then one of something else, one that is
 * past, or one that never was. Returns the table. */
static uint32_t some_ref(struct run *r, struct cap_ref *ref)
{
    struct model *m = &r->model;
    uint32_t table = below(r, WORLD_TABLES);

    *ref = (struct cap_ref){.index = below(r, m->size)};
    for (uint32_t tries = 0; tries < 20 && below(r, 32) != 0; tries++) {
        int node = m->at[table][ref->index];
        if (node != NOBODY && m->node[node].live &&
            m->node[node].head == NOBODY) {
            break;
        }
        table = below(r, WORLD_TABLES);
        ref->index = below(r, m->size);
    }
    ref->generation = m->generation[table][ref->index];
    if (below(r, 32) == 0) {
        ref->generation -= 1 + below(r, 2);
    }
    if (below(r, 64) == 0) {
        ref->index = m->size + below(r, 3);
    }
    return table;
}

/* Looks some handle up in both. Returns the node, or NOBODY. */
static int some_node(struct run *r)
{
    struct model *m = &r->model;
    struct cap_slot *slot = NULL;
    int node = NOBODY;
    struct cap_ref ref;
    uint32_t table = some_ref(r, &ref);
    enum status want = model_look_up(m, table, ref, &node);
    enum status status = cap_look_up(&m->w->table[table], ref, &slot);

    expect(status == want);
    r->seen[LOOK_UP][want]++;
    if (want == STATUS_OK) {
        expect(slot == model_slot(m, node));
    }
    return node;
}

/* A node to derive from: the newest, any, a member of a composite, or now and
 * then one that is being revoked. */
static int some_source(struct run *r, uint32_t newest)
{
    struct model *m = &r->model;
    int node = r->newest != NOBODY && below(r, 100) < newest ? r->newest
                                                             : some_node(r);
    bool refused = below(r, 15) == 0;

    for (int i = 0; i < m->nodes && refused; i++) {
        if (m->node[i].revoking) {
            return i;
        }
    }
    if (node == NOBODY || m->node[node].type != CAP_COMPOSITE ||
        below(r, 2) == 0) {
        return node;
    }
    struct cap_slot *slot = NULL;
    uint32_t position = below(r, CAP_COMPOSITE_MAX + 1);
    int member = model_member(m, node, position);
    expect(cap_member(model_slot(m, node), position, &slot) ==
           (member == NOBODY ? STATUS_NOT_FOUND : STATUS_OK));
    return member;
}

static struct cap_part some_part(struct run *r)
{
    struct cap_part part = {
        .rights = (uint8_t)(below(r, 3) == 0 ? CAP_ALL & next(r) : CAP_READ),
        .narrow = below(r, 4) == 0,
        .first = below(r, 4) * 10,
        .count = below(r, 40),
    };

    if (below(r, 3) == 0) {
        part.rights = CAP_ALL;
    }
    return part;
}

/* After an operation that makes a slot: same status, same handle, or nothing
 * changed at all. */
static void made(struct run *r, int node, struct cap_ref ref)
{
    if (node == NOBODY) {
        expect(world_same(r->model.w));
        expect(ref.generation == 77);
        return;
    }
    struct cap_ref want = model_ref(&r->model, node);
    expect(ref.index == want.index);
    expect(ref.generation == want.generation);
    r->newest = node;
}

static void insert(struct run *r)
{
    static const uint8_t types[] = {CAP_RANGE,      CAP_FILE,  CAP_ENDPOINT,
                                    CAP_ATTACHMENT, CAP_FRAME, CAP_NONE};
    struct model *m = &r->model;
    struct cap_part part = some_part(r);
    struct cap_ref ref = {0, 77};
    uint32_t table = below(r, WORLD_TABLES);
    uint8_t type = types[below(r, 6)];
    int node = NOBODY;
    enum status want = model_insert(m, table, type, &part, &node);

    expect(cap_insert(&m->w->table[table], &m->w->object[type], part.rights,
                      part.first, part.count, &ref) == want);
    r->seen[INSERT][want]++;
    made(r, node, ref);
}

static void derive(struct run *r, uint32_t newest)
{
    struct model *m = &r->model;
    int source = some_source(r, newest);
    struct cap_part part = some_part(r);
    struct cap_ref ref = {0, 77};
    uint32_t table = below(r, WORLD_TABLES);
    int node = NOBODY;

    if (source == NOBODY) {
        return;
    }
    if (below(r, 4) != 0) {
        part.rights &= m->node[source].rights;
    }
    enum status want = model_derive(m, source, table, &part, &node);
    expect(cap_derive(model_slot(m, source), &m->w->table[table], &part,
                      &ref) == want);
    r->seen[DERIVE][want]++;
    made(r, node, ref);
}

static void derive_object(struct run *r, uint32_t newest)
{
    struct model *m = &r->model;
    int source = some_source(r, newest);
    struct cap_part part = some_part(r);
    struct model_node wish = {.type = (uint8_t)below(r, CAP_TYPE_COUNT + 1),
                              .rights = part.rights,
                              .first = part.first,
                              .count = part.count};
    struct cap_ref ref = {0, 77};
    uint32_t table = below(r, WORLD_TABLES);
    int node = NOBODY;

    if (source == NOBODY) {
        return;
    }
    if (below(r, 2) == 0) {
        wish.type = m->node[source].type;
    }
    enum status want = model_derive_object(m, source, table, &wish, &node);
    expect(cap_derive_object(model_slot(m, source), &m->w->table[table],
                             &m->w->object[wish.type], wish.rights, wish.first,
                             wish.count, &ref) == want);
    r->seen[DERIVE_OBJECT][want]++;
    made(r, node, ref);
}

static void compose(struct run *r)
{
    struct model *m = &r->model;
    struct cap_slot *slots[CAP_COMPOSITE_MAX + 1];
    int members[CAP_COMPOSITE_MAX + 1];
    uint32_t wanted =
        below(r, 3) == 0 ? below(r, CAP_COMPOSITE_MAX + 2) : 1 + below(r, 3);
    struct cap_ref ref = {0, 77};
    uint32_t table = below(r, WORLD_TABLES);
    uint32_t count = 0;
    int node = NOBODY;

    for (uint32_t i = 0; i < wanted; i++) {
        members[count] = some_source(r, 0);
        if (members[count] != NOBODY) {
            slots[count] = model_slot(m, members[count]);
            count++;
        }
    }
    enum status want = model_compose(m, table, members, count, &node);
    expect(cap_compose(&m->w->table[table], slots, count, &ref) == want);
    r->seen[COMPOSE][want]++;
    made(r, node, ref);
}

/* Some member's type, so that the replacement often fits. */
static int some_replacement(struct run *r, int source, uint32_t position)
{
    struct model *m = &r->model;
    int member = model_member(m, source, position);
    int by = NOBODY;

    for (uint32_t tries = 0; tries < 10; tries++) {
        by = some_source(r, 0);
        if (by != NOBODY && member != NOBODY &&
            m->node[by].type == m->node[member].type) {
            break;
        }
    }
    return by;
}

static void replace(struct run *r)
{
    struct model *m = &r->model;
    int source = some_node(r);
    struct cap_ref ref = {0, 77};
    uint32_t table = below(r, WORLD_TABLES);
    int node = NOBODY;

    for (uint32_t tries = 0; tries < 10; tries++) {
        if (source != NOBODY && m->node[source].type == CAP_COMPOSITE) {
            break;
        }
        source = some_node(r);
    }
    if (source == NOBODY) {
        return;
    }
    struct model_replacement wish = {.position = below(r, 4),
                                     .rights = (uint8_t)next(r)};
    wish.by = some_replacement(r, source, wish.position);
    if (wish.by == NOBODY) {
        return;
    }
    enum status want = model_derive_replaced(m, source, table, &wish, &node);
    expect(cap_derive_replaced(model_slot(m, source), &m->w->table[table],
                               wish.position, model_slot(m, wish.by),
                               wish.rights, &ref) == want);
    r->seen[REPLACE][want]++;
    made(r, node, ref);
}

static void delete_one(struct run *r)
{
    struct model *m = &r->model;
    int node = some_node(r);

    if (node == NOBODY) {
        return;
    }
    model_doom_delete(m, node);
    cap_delete(&m->w->context, model_slot(m, node));
    r->seen[DELETE][STATUS_OK]++;
    model_take_removals(m, true);
}

/* A node whose revocation is under way, some other one, or its original. */
static int some_target(struct run *r)
{
    struct model *m = &r->model;
    int node = some_node(r);
    bool fresh = below(r, 10) != 0;

    for (int i = 0; i < m->nodes && !fresh; i++) {
        if (m->node[i].revoking && m->node[i].head == NOBODY) {
            return i;
        }
    }
    if (node == NOBODY || below(r, 3) == 0) {
        return node;
    }
    if (m->node[node].type == CAP_COMPOSITE && below(r, 2) == 0) {
        return model_member(m, node, below(r, 3));
    }
    while (m->node[node].parent != NOBODY &&
           m->node[m->node[node].parent].live &&
           m->node[m->node[node].parent].head == NOBODY) {
        node = m->node[node].parent;
    }
    return node;
}

/* One call: a new revocation, or one more step. */
static void revoke(struct run *r)
{
    struct model *m = &r->model;
    int node = some_target(r);

    if (node == NOBODY) {
        return;
    }
    model_mark_revoking(m, node, true);
    model_doom_revoke(m, node);
    enum status status = cap_revoke(&m->w->context, model_slot(m, node));
    expect(m->w->removals <= CAP_STEP_MAX + CAP_COMPOSITE_MAX);
    expect(status == STATUS_OK ||
           (status == STATUS_MORE && m->w->removals >= CAP_STEP_MAX));
    r->seen[REVOKE][status]++;
    if (status == STATUS_OK) {
        model_mark_revoking(m, node, false);
    }
    model_take_removals(m, status == STATUS_OK);
}

static void clear(struct run *r)
{
    struct model *m = &r->model;
    uint32_t table = below(r, WORLD_TABLES);

    for (uint32_t t = 0; t < WORLD_TABLES && below(r, 4) != 0; t++) {
        table = m->w->table[t].cursor != 0 ? t : table;
    }
    model_doom_clear(m, table);
    enum status status = cap_table_clear(&m->w->context, &m->w->table[table]);
    expect(m->w->removals <= CAP_STEP_MAX + CAP_COMPOSITE_MAX);
    expect(status == STATUS_OK || status == STATUS_MORE);
    r->seen[CLEAR][status]++;
    model_take_removals(m, status == STATUS_OK);
}

/*
 * Times change: tables fill and empty, and in every other filling time what
 * was made last is derived from, which makes deep trees.
 */
static void step(struct run *r, uint32_t number)
{
    bool filling = number % 600 < 550;
    uint32_t newest = number / 600 % 2 == 0 ? 90 : 10;
    uint32_t dice = below(r, filling ? 1000 : 200);

    world_save(r->model.w);
    if (dice < 70) {
        delete_one(r);
    } else if (dice < (filling ? 85 : 180)) {
        revoke(r);
    } else if (dice < (filling ? 87 : 200)) {
        clear(r);
    } else if (dice < 120) {
        insert(r);
    } else if (dice < 600) {
        derive(r, newest);
    } else if (dice < 700) {
        derive_object(r, newest);
    } else if (dice < 800) {
        compose(r);
    } else {
        replace(r);
    }
    if (r->newest != NOBODY && (!r->model.node[r->newest].live ||
                                r->model.node[r->newest].head != NOBODY)) {
        r->newest = NOBODY;
    }
}

/* Every status that the header names came up, or the run proves little. */
static void all_seen(const struct run *r)
{
    static const struct {
        enum operation operation;
        enum status status;
    } expected[] = {
        {INSERT, STATUS_INVALID_ARGUMENT},
        {INSERT, STATUS_NO_SLOT},
        {DERIVE, STATUS_REVOKING},
        {DERIVE, STATUS_NO_RIGHTS},
        {DERIVE, STATUS_INVALID_ARGUMENT},
        {DERIVE, STATUS_OUT_OF_RANGE},
        {DERIVE, STATUS_NO_SLOT},
        {DERIVE_OBJECT, STATUS_REVOKING},
        {DERIVE_OBJECT, STATUS_INVALID_ARGUMENT},
        {DERIVE_OBJECT, STATUS_NO_RIGHTS},
        {DERIVE_OBJECT, STATUS_OUT_OF_RANGE},
        {DERIVE_OBJECT, STATUS_NO_SLOT},
        {COMPOSE, STATUS_INVALID_ARGUMENT},
        {COMPOSE, STATUS_REVOKING},
        {COMPOSE, STATUS_NO_SLOT},
        {REPLACE, STATUS_WRONG_TYPE},
        {REPLACE, STATUS_NOT_FOUND},
        {REPLACE, STATUS_REVOKING},
        {REPLACE, STATUS_NO_SLOT},
        {REVOKE, STATUS_MORE},
        {CLEAR, STATUS_MORE},
        {LOOK_UP, STATUS_INVALID_HANDLE},
        {LOOK_UP, STATUS_STALE_HANDLE},
    };

    for (int operation = INSERT; operation < OPERATIONS; operation++) {
        expect(r->seen[operation][STATUS_OK] > 20);
    }
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        if (r->seen[expected[i].operation][expected[i].status] == 0) {
            ck_abort_msg("operation %d never said %d", expected[i].operation,
                         expected[i].status);
        }
    }
}

START_TEST(random_operations)
{
    static struct run run;
    uint32_t chunks = _i % 3 == 2 ? 2 : 1;

    memset(&run, 0, sizeof(run));
    run.random = (uint64_t)_i * 1000003;
    run.newest = NOBODY;
    model_new(&run.model, world_new(chunks), chunks);
    cap_table_enter(&run.model.w->table[0]); /* the others count nothing */
    for (uint32_t i = 0; i < STEPS; i++) {
        step(&run, i);
        const char *broken = world_check(run.model.w);
        if (broken != NULL) {
            ck_abort_msg("seed %d step %u: %s", _i, i, broken);
        }
        model_compare(&run.model);
    }
    all_seen(&run);
    /* Everything can be taken back. */
    for (uint32_t t = 0; t < WORLD_TABLES; t++) {
        run.model.w->removals = 0;
        while (cap_table_clear(&run.model.w->context, &run.model.w->table[t]) ==
               STATUS_MORE) {
            assert_world(run.model.w);
        }
    }
    for (uint32_t t = 0; t < WORLD_TABLES; t++) {
        expect(run.model.w->table[t].used == 0);
    }
}
END_TEST

TCase *case_property(void)
{
    TCase *c = tcase_create("property");

    tcase_set_timeout(c, 240);
    tcase_add_loop_test(c, random_operations, 0, 6);
    return c;
}
