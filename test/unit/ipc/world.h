/* SPDX-License-Identifier: Apache-2.0 */
/* A small world to test core 2 in: 64 parties, four endpoints. */
#ifndef TEST_IPC_WORLD_H
#define TEST_IPC_WORLD_H

#include <capabilities/assert.h>
#include <check.h>
#include <ipc/ipc.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_ENDPOINTS 4u
#define WORLD_PARTIES 64u

struct world {
    struct ipc ipc;
    struct ipc_party *parties[WORLD_PARTIES];
    struct ipc_party party[WORLD_PARTIES];
    struct ipc_endpoint endpoint[WORLD_ENDPOINTS];
    struct ipc_outcome outcome; /* of the last operation that said OK */
};

/* A fresh world. One exists at a time. */
struct world *world_new(void);
void world_save(const struct world *w);
bool world_same(const struct world *w);
/* Null, or the name of the broken invariant. */
const char *world_check(struct world *w);

/* The operations, by number of the endpoint; words: seed, seed + 1, ... */
enum status do_call(struct world *w, uint32_t caller, uint32_t endpoint,
                    uint64_t seed);
enum status do_receive(struct world *w, uint32_t server, uint32_t endpoint);
enum status do_reply(struct world *w, uint32_t server, uint64_t seed);
/* A new domain takes the place of one that has left. */
void do_come(struct world *w, uint32_t domain);
/* The badge that do_call uses. */
uint64_t badge_of(uint64_t seed);
bool message_is(const struct world *w, uint32_t domain, uint64_t badge,
                uint64_t seed);

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
#define assert_outcome(w, blocks, wakes)                                       \
    do {                                                                       \
        ck_assert_int_eq((w)->outcome.block, blocks);                          \
        ck_assert_uint_eq((w)->outcome.wake, wakes);                           \
        assert_world(w);                                                       \
    } while (0)
/* The call fails with this status and changes nothing. */
#define assert_refused(w, call, want)                                          \
    do {                                                                       \
        world_save(w);                                                         \
        assert_status(call, want);                                             \
        ck_assert_msg(world_same(w), "changed the world: %s", #call);          \
    } while (0)

TCase *case_call(void);
TCase *case_deadlock(void);
TCase *case_leave(void);
TCase *case_notify(void);
TCase *case_check(void);
TCase *case_property(void);

#endif
