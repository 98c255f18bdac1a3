/* SPDX-License-Identifier: Apache-2.0 */
/* What is explored, and how large it is. */
#include "scenes.h"

#include "action.h"

#include <string.h>

#define CAPS                                                                   \
    (ACT_BIT(INSERT) | ACT_BIT(DERIVE) | ACT_BIT(DELETE) | ACT_BIT(REVOKE))
#define COMPOSITES                                                             \
    (ACT_BIT(COMPOSE) | ACT_BIT(REPLACE) | ACT_BIT(MEMBER) |                   \
     ACT_BIT(REVOKE_MEMBER))
#define CROSSINGS (ACT_BIT(CALL) | ACT_BIT(RECEIVE) | ACT_BIT(REPLY))
#define LIVES (ACT_BIT(BUILD) | ACT_BIT(END) | ACT_BIT(DESTROY))

#define TRAVEL                                                                 \
    (CROSSINGS | ACT_BIT(SIGNAL) | ACT_BIT(AWAIT) | ACT_BIT(MOVE) |            \
     ACT_BIT(BADGE) | ACT_BIT(DELETE) | ACT_BIT(REVOKE) | ACT_BIT(END) |       \
     ACT_BIT(DESTROY))

const struct scene scenes[] = {
    {
        .name = "derive",
        .what = "three tables: derive, parts, attach, delete, revoke, clear",
        .domains = 3,
        .ranges = 2,
        .slots = 2,
        .acts = CAPS | ACT_BIT(ATTACH),
        .wishes = 7,
        .depth = 5,
        .deeper = 6,
        .mutual = 4,
    },
    {
        .name = "clear",
        .what = "two tables whose first slots wear out: clear, compose, revoke",
        .domains = 2,
        .ranges = 1,
        .slots = 2,
        .acts = CAPS | ACT_BIT(COMPOSE) | ACT_BIT(CLEAR),
        .wishes = 2,
        .worn = true,
        .mutual = 7,
    },
    {
        .name = "compose",
        .what = "two tables: composites, members, replacing, revoke",
        .domains = 2,
        .ranges = 2,
        .slots = 4,
        .acts = CAPS | COMPOSITES,
        .wishes = 2,
        .depth = 6,
        .deeper = 7,
        .mutual = 4,
    },
    {
        .name = "crossings",
        .what = "four parties, two endpoints: call, receive, reply, death",
        .domains = 4,
        .endpoints = 2,
        .acts = CROSSINGS | ACT_BIT(LEAVE) | ACT_BIT(CANCEL) | ACT_BIT(CLOSE),
        .crossings = true,
        .mutual = 6,
    },
    {
        .name = "moves",
        .what = "two tables: move, badge, compose, and who can use what",
        .domains = 2,
        .ranges = 1,
        .endpoints = 1,
        .slots = 3,
        .acts = CAPS | ACT_BIT(COMPOSE) | ACT_BIT(MOVE) | ACT_BIT(BADGE) |
                ACT_BIT(ENTER) | ACT_BIT(QUIT),
        .wishes = 3,
        .users = true,
        .depth = 5,
        .deeper = 6,
        .mutual = 4,
    },
    {
        .name = "signals",
        .what = "parties, an endpoint, a notification: signal, await, death",
        .domains = 4,
        .endpoints = 2,
        .notifications = 1,
        .acts = CROSSINGS | ACT_BIT(SIGNAL) | ACT_BIT(AWAIT) | ACT_BIT(LEAVE) |
                ACT_BIT(CANCEL) | ACT_BIT(CLOSE),
        .crossings = true,
        .mutual = 5,
    },
    {
        .name = "travel",
        .what = "a server, two callers: calls that bring capabilities, death",
        .domains = 3,
        .equal = 3, /* A's capabilities came to B first, then to C */
        .endpoints = 2,
        .notifications = 1,
        .slots = 3,
        .acts = TRAVEL,
        .wishes = 2,
        .crossings = true,
        .travel = true,
        .users = true,
        .depth = 5,
        .deeper = 6,
        .mutual = 3,
    },
    {
        .name = "urgent",
        .what = "the same with priorities: only the most urgent one acts",
        .domains = 3,
        .equal = 3,
        .endpoints = 2,
        .notifications = 1,
        .slots = 3,
        .acts = TRAVEL,
        .wishes = 2,
        .crossings = true,
        .travel = true,
        .priority = {1, 2, 3},
        .users = true,
        .depth = 6,
        .deeper = 7,
        .mutual = 3,
    },
    {
        .name = "life",
        .what = "a parent and two children: build, quota, frames, calls, end",
        .domains = 3,
        .equal = 1,
        .frames = 3,
        .endpoints = 1,
        .slots = 3,
        .file_slots = 2,
        .acts = LIVES | CROSSINGS | ACT_BIT(DERIVE) | ACT_BIT(DELETE) |
                ACT_BIT(REVOKE) | ACT_BIT(ALLOCATE) | ACT_BIT(OPEN),
        .wishes = 3,
        .life = true,
        .crossings = true,
        .spare = 1,
        .depth = 8,
        .deeper = 8,
        .mutual = 5,
    },
};
const uint32_t scene_count = sizeof scenes / sizeof scenes[0];

const struct scene *scene_named(const char *name)
{
    for (uint32_t i = 0; i < scene_count; i++) {
        if (strcmp(scenes[i].name, name) == 0) {
            return &scenes[i];
        }
    }
    return NULL;
}
