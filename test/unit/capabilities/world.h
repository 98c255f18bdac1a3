/* SPDX-License-Identifier: Apache-2.0 */
/* A small world to test core 1 in: three tables, one object of each type. */
#ifndef TEST_CAPABILITIES_WORLD_H
#define TEST_CAPABILITIES_WORLD_H

#include <capabilities/assert.h>
#include <capabilities/cap.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_TABLES 3u
#define WORLD_CHUNKS 4u
#define WORLD_REMOVED 1024u

/* One call of ops->removed. */
struct removal {
    struct cap_slot slot; /* as it was during the call */
    const struct cap_slot *at;
    bool last;
};

struct world {
    struct cap_table table[WORLD_TABLES];
    struct cap_slot chunk[WORLD_TABLES][WORLD_CHUNKS][CAP_CHUNK_SLOTS];
    struct cap_object object[CAP_TYPE_COUNT + 1]; /* [type]; +1: unknown */
    struct removal *removal;                      /* not part of the image */
    uint32_t removals;
    struct cap_ops ops;
    struct cap_context context;
};

/* A fresh world with `chunks` chunks a table. One exists at a time. */
struct world *world_new(uint32_t chunks);
/* Keeps an image of the world; world_same tells whether it is as it was. */
void world_save(const struct world *w);
bool world_same(const struct world *w);
/* Null, or the name of the broken invariant. */
const char *world_check(struct world *w);

/* Operations that must succeed; they give the slot. */
struct cap_slot *world_insert(struct world *w, uint32_t table,
                              enum cap_type type, uint8_t rights);
struct cap_slot *world_derive(struct world *w, struct cap_slot *source,
                              uint32_t table, uint8_t rights);
struct cap_slot *world_compose(struct world *w, uint32_t table,
                               struct cap_slot *const *members, uint32_t count);
struct cap_slot *world_member(struct cap_slot *composite, uint32_t index);
/* Which slot a handle names. */
struct cap_slot *world_slot(struct world *w, uint32_t table,
                            struct cap_ref ref);

/* States to be in. */
void world_leave_free(struct world *w, uint32_t table, uint32_t slots);
/* Derives a chain below `source` in `table`; its end has this depth. */
struct cap_slot *world_deep(struct world *w, struct cap_slot *source,
                            uint32_t table, uint32_t depth);
/* Derives so many children, in `table`, that revoking stops half-way. */
void world_half_revoke(struct world *w, struct cap_slot *slot, uint32_t table);
/* Takes out all that lies below; the removals are forgotten. */
void world_revoke(struct world *w, struct cap_slot *slot);

/*
 * As ck_assert, for what is checked millions of times: Check writes a file at
 * each of its assertions, passed or not.
 */
#define expect(condition)                                                      \
    do {                                                                       \
        if (!(condition)) {                                                    \
            ck_abort_msg("%s", #condition);                                    \
        }                                                                      \
    } while (0)
#define assert_world(w) ck_assert_pstr_eq(world_check(w), NULL)
#define assert_status(got, want) ck_assert_int_eq((int)(got), (int)(want))
/* The call fails with this status and changes nothing. */
#define assert_refused(w, call, want)                                          \
    do {                                                                       \
        world_save(w);                                                         \
        assert_status(call, want);                                             \
        ck_assert_msg(world_same(w), "changed the world: %s", #call);          \
    } while (0)

TCase *case_table(void);
TCase *case_uses(void);
TCase *case_derive(void);
TCase *case_composite(void);
TCase *case_replaced(void);
TCase *case_delete(void);
TCase *case_revoke(void);
TCase *case_clear(void);
TCase *case_move(void);
TCase *case_check(void);
TCase *case_fault(void);
TCase *case_property(void);

#endif
