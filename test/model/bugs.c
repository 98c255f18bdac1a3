/* SPDX-License-Identifier: Apache-2.0 */
#include "bugs.h"

#include <string.h>

const struct bug *bug_at(uint32_t index)
{
    const struct {
        const struct bug *bugs;
        uint32_t count;
    } families[] = {
        {bugs_derive, bugs_derive_count},
        {bugs_remove, bugs_remove_count},
        {bugs_crossing, bugs_crossing_count},
        {bugs_life, bugs_life_count},
        {bugs_moves, bugs_moves_count},
        {bugs_signals, bugs_signals_count},
        {bugs_travel, bugs_travel_count},
    };

    for (uint32_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (index < families[i].count) {
            return &families[i].bugs[index];
        }
        index -= families[i].count;
    }
    return NULL;
}

const struct bug *bug_named(const char *name)
{
    uint32_t i = 0;

    while (bug_at(i) != NULL && strcmp(bug_at(i)->name, name) != 0) {
        i++;
    }
    return bug_at(i);
}

/* A table of operations has nothing but pointers to functions. */
typedef void (*any_call)(void);
#define CALLS (sizeof(struct calls) / sizeof(any_call))
_Static_assert(sizeof(struct calls) % sizeof(any_call) == 0, "calls");

void bug_seed(const struct bug *bug, struct calls *in_use)
{
    any_call wrong[CALLS], right[CALLS];

    memcpy(wrong, &bug->wrong, sizeof wrong);
    memcpy(right, in_use, sizeof right);
    for (uint32_t i = 0; i < CALLS; i++) {
        right[i] = wrong[i] != NULL ? wrong[i] : right[i];
    }
    memcpy(in_use, right, sizeof right);
}
