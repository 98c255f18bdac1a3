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
