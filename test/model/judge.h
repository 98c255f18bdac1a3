/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The invariants, M1 and following (README.md). Null: all hold; else the name
 * of the first that does not.
 */
#ifndef MODEL_JUDGE_H
#define MODEL_JUDGE_H

#include "action.h"
#include "log.h"
#include "travel.h"

/* One transition, as it is judged. */
struct move {
    const struct action *action;
    enum status status;
    const struct view *before, *after;
    const struct rest *rest; /* before; after is the world's */
};

/* Of a state: the world, and its view. */
const char *judge_state(const struct view *view);
/* Of a step from one state to the next. */
const char *judge_move(const struct move *move);

/*
 * What deriving, composing and inserting must come to, by the words of cap.h
 * over a view. False: the action is none of these.
 */
bool predict(const struct move *move, struct view *want, enum status *status);
/* What a composition or the allocation of a frame must come to. */
bool predict_life(const struct move *move, struct view *want,
                  enum status *status);
/* A child of `source` to another thing. */
enum status predict_object(const struct view *before, struct view *want,
                           uint32_t source, uint32_t to,
                           const struct node *content);

/* A capability goes along, into another table. */
enum status predict_pass(struct view *want, uint32_t node, enum pass how,
                         uint32_t to);
/* What an act by capability must come to, its view included. False: it is
 * none. */
bool predict_travel(const struct move *move, struct view *want,
                    enum status *status);

/* Deleting, revoking, clearing, ending: what may go has gone, all else stays.
 */
const char *judge_removal(const struct move *move);
const char *judge_crossing(const struct move *move);
const char *judge_travel(const struct move *move);
/* Of a state: who waits does so by a capability, for somebody. */
const char *judge_threads(const struct view *view);
const char *judge_life(void);
/* Everything given back leaves nothing. Destroys the world. */
const char *judge_teardown(void);

#endif
