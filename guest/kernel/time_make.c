/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times made out of others at run time. One lies with its maker, who pays for
 * it. When nobody has a capability to it any more, whoever runs on it goes back
 * to what it was made out of; the time itself goes when no other is made out of
 * it, for it is their limit.
 */
#include "kernel.h"

#include <capabilities/assert.h>

uint8_t time_priority(const struct time *time)
{
    return time->lowest;
}

static uint8_t lowest_of(const struct time *time)
{
    const struct time *from = time->from;

    return from && from->lowest < time->priority && GUARD_ACT(TIME_PRIORITY)
               ? from->lowest
               : time->priority;
}

/* The next of those made out of `top`, directly or not; null: no more. */
static struct time *next_under(struct time *time, const struct time *top)
{
    if (time->made) {
        return time->made;
    }
    while (time != top && !time->beside) {
        time = time->from;
    }
    return time == top ? NULL : time->beside;
}

void time_reprioritise(struct time *time)
{
    for (struct time *t = time; t; t = next_under(t, time)) {
        uint8_t priority = t->lowest = lowest_of(t); /* its source's is known */

        for (struct domain *d = t->bound; d; d = d->bound_next) {
            schedule_priority(d, priority);
        }
    }
}

static void link(struct time *time, struct time *from)
{
    time->from = from;
    time->beside = from->made;
    time->linked = &from->made;
    if (from->made) {
        from->made->linked = &time->beside;
    }
    from->made = time;
}

static void unlink(struct time *time)
{
    *time->linked = time->beside;
    if (time->beside) {
        time->beside->linked = time->linked;
    }
}

void time_begin(struct time *time, struct time *from,
                const struct spec_time *to)
{
    link(time, from);
    time_change(time, to);
}

/* Nobody has it, and nothing is made out of it. */
static bool is_gone(const struct time *time)
{
    return object_made(&time->object) && time->object.refs == 0 &&
           (!time->made || !GUARD_ACT(TIME_KEPT));
}

static void go(struct time *time)
{
    static const struct spec_time no_limit = {.priority = 0};

    while (time->made) { /* they are its source's */
        struct time *made = time->made;

        unlink(made);
        link(made, time->from);
        time_reprioritise(made);
    }
    time_change(time, &no_limit); /* nobody is parked there any more */
    core_assert(!time->bound && !time->parked.first);
    unlink(time);
    object_drop(&time->object);
}

/* What is bound to a time that goes runs on one that somebody has, so that it
 * does not go with it. */
static struct time *heir_of(const struct time *time)
{
    struct time *heir = time->from;

    while (heir && object_made(&heir->object) && heir->object.refs == 0) {
        heir = heir->from;
    }
    return heir;
}

void time_removed(void *context, const struct cap_slot *slot, bool last)
{
    struct time *time = (struct time *)(void *)slot->object;

    (void)context;
    if (!last || !object_made(&time->object)) {
        return;
    }
    while (time->bound) {
        time_bind(time->bound, heir_of(time));
    }
    while (time && is_gone(time)) {
        struct time *from = time->from;

        go(time);
        time = from;
    }
}
