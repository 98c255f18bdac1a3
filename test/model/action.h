/* SPDX-License-Identifier: Apache-2.0 */
/* What can be done in a state: one action is one call of a core. */
#ifndef MODEL_ACTION_H
#define MODEL_ACTION_H

#include "view.h"
#include "world.h"

#define ACT_LIST(X)                                                            \
    X(INSERT, "insert")                                                        \
    X(DERIVE, "derive")                                                        \
    X(ATTACH, "attach")                                                        \
    X(COMPOSE, "compose")                                                      \
    X(REPLACE, "derive_replaced")                                              \
    X(MEMBER, "member")                                                        \
    X(MOVE, "move")                                                            \
    X(BADGE, "badge")                                                          \
    X(DELETE, "delete")                                                        \
    X(REVOKE, "revoke")                                                        \
    X(REVOKE_MEMBER, "revoke_member")                                          \
    X(CLEAR, "clear")                                                          \
    X(ENTER, "enter")                                                          \
    X(QUIT, "quit")                                                            \
    X(CALL, "call")                                                            \
    X(RECEIVE, "receive")                                                      \
    X(REPLY, "reply")                                                          \
    X(SIGNAL, "signal")                                                        \
    X(AWAIT, "await")                                                          \
    X(LEAVE, "leave")                                                          \
    X(CANCEL, "cancel")                                                        \
    X(CLOSE, "close")                                                          \
    X(BUILD, "build")                                                          \
    X(END, "end")                                                              \
    X(DESTROY, "destroy")                                                      \
    X(ALLOCATE, "allocate")                                                    \
    X(OPEN, "open")

enum act {
#define ACT_ENUM(name, text) ACT_##name,
    ACT_LIST(ACT_ENUM)
#undef ACT_ENUM
        ACTS
};

#define ACT_BIT(name) (UINT64_C(1) << ACT_##name)

struct action {
    uint8_t act;      /* enum act */
    uint8_t node;     /* the capability used: 0 none */
    uint8_t other;    /* a second one: 0 none */
    uint8_t to;       /* table the result goes to */
    uint8_t wish;     /* index in wishes */
    uint8_t domain;   /* who, or whom; insert: whose table */
    uint8_t thing;    /* insert: what; crossings: which endpoint */
    uint8_t position; /* of a member; the badge given; await: 1 polls; how
                         `other` goes along */
};

/* The three rights sets, and parts of a range. */
struct wish {
    const char *text;
    uint8_t rights; /* those that the type has are asked for */
    bool narrow;
    uint8_t first, count;
};
#define WISHES 7u
extern const struct wish wishes[WISHES];

#define ACTIONS_MAX 2048u

/* All actions of the state in `view` and the world, in a fixed order. */
uint32_t actions_list(const struct view *view, struct action *out);
/* The badge that it gives to a capability of this type. */
uint64_t action_badge(const struct action *action, uint8_t type);
/* Does it. The world is as the core leaves it; `step` says what was told. */
enum status action_do(const struct action *action);
/* The wish as cap_derive takes it, for a capability of this type. */
struct cap_part wish_part(const struct action *action, uint8_t type);
/* "derive B:1 -> C, rw of page 1"; returns out. */
const char *action_text(const struct action *action, char *out, size_t size);
const char *node_text(uint32_t node, char *out, size_t size);

#endif
