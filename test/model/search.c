/* SPDX-License-Identifier: Apache-2.0 */
#include "search.h"

#include "calls.h"
#include "encode.h"
#include "judge.h"
#include "store.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One state, while what follows from it is looked at. */
struct visit {
    struct image image;
    struct view view;
    uint32_t index;
};

static jmp_buf assertion;
static bool guarded, teardown;
static struct visit visit;
static struct action actions[ACTIONS_MAX];

/* A core has found a bug of its own. */
_Noreturn void core_assert_fail(const char *what, const char *file,
                                unsigned line)
{
    if (guarded) {
        longjmp(assertion, 1);
    }
    (void)fprintf(stderr, "%s:%u: %s\n", file, line, what);
    abort();
}

/* Does the action, and judges it and the state it leads to, if that is new. */
static const char *move_on(const struct action *action, struct result *result)
{
    uint8_t bytes[ENCODING_MAX];
    struct naming naming;
    struct view after = visit.view;
    struct move move = {action, STATUS_OK, &visit.view, &after,
                        &visit.image.rest};
    const char *broken;
    uint32_t size, index;

    move.status = action_do(action);
    view_take(&after);
    result->transitions++;
    broken = judge_move(&move);
    if (broken != NULL) {
        return broken;
    }
    size = canonical(&naming, bytes);
    if (!store_add(bytes, size, &index)) {
        result->full = result->full || index == STORE_NONE;
        return NULL;
    }
    store_reached(index, visit.index, action);
    broken = judge_state(&after);
    return broken != NULL || !teardown ? broken : judge_teardown();
}

static const char *guarded_move(const struct action *action,
                                struct result *result)
{
    const char *broken;

    guarded = true;
    broken = setjmp(assertion) == 0 ? move_on(action, result) : "M20 assertion";
    guarded = false;
    return broken;
}

/*
 * The actions on the way to a state, in the names of the first one: each
 * state of the way was renamed when it was stored, and that is undone here by
 * going the way again.
 */
static void retrace(uint32_t index, const struct action *last,
                    struct result *result)
{
    static uint32_t way[TRACE_MAX];
    static uint32_t length;
    uint8_t bytes[ENCODING_MAX];
    struct naming naming;

    length = 0;
    for (uint32_t i = index; i != 0 && length < TRACE_MAX - 1;
         i = store_from(i)) {
        way[length++] = i;
    }
    world_begin(scene);
    result->length = 0;
    for (uint32_t i = 0; i <= length; i++) {
        const struct action *renamed =
            i == length ? last : store_by(way[length - 1 - i]);
        struct action action;

        (void)canonical(&naming, bytes);
        action = action_unname(renamed, &naming);
        result->trace[result->length] = action;
        guarded = true;
        if (setjmp(assertion) == 0) {
            result->status[result->length] = action_do(&action);
        }
        guarded = false;
        result->length++;
    }
}

/* Everything that can be done in one state. False: something is broken. */
static bool expand(uint32_t index, struct result *result)
{
    uint32_t size, count;

    visit.index = index;
    decode(store_bytes(index, &size));
    world_save(&visit.image);
    view_take(&visit.view);
    count = actions_list(&visit.view, actions);
    for (uint32_t i = 0; i < count; i++) {
        const char *broken = guarded_move(&actions[i], result);

        if (broken != NULL) {
            result->broken = broken;
            retrace(index, &actions[i], result);
            return false;
        }
        world_restore(&visit.image);
    }
    return true;
}

static void begin(const struct scene *chosen)
{
    uint8_t bytes[ENCODING_MAX];
    struct naming naming;
    uint32_t index;

    store_begin();
    world_begin(chosen);
    view_scene();
    view_take(&visit.view);
    (void)store_add(bytes, canonical(&naming, bytes), &index);
    store_reached(0, 0, NULL);
}

void search(const struct scene *chosen, const struct limits *limits,
            struct result *result)
{
    uint32_t level_end = 1, at = 0;

    memset(result, 0, sizeof *result);
    teardown = limits->teardown;
    begin(chosen);
    result->broken = judge_state(&visit.view);
    for (; at < store_count() && result->broken == NULL; at++) {
        if (at == level_end) {
            result->depth++;
            level_end = store_count();
        }
        if ((limits->depth != 0 && result->depth == limits->depth) ||
            (limits->states != 0 && store_count() >= limits->states) ||
            result->full || !expand(at, result)) {
            break;
        }
    }
    result->states = store_count();
    if (limits->trace && result->broken == NULL && result->states > 1) {
        retrace(store_from(result->states - 1), store_by(result->states - 1),
                result);
    }
    result->complete = at == store_count() && result->broken == NULL;
}
