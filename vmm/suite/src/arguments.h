/* SPDX-License-Identifier: Apache-2.0 */
/* The command line of one case. */
#ifndef SUITE_ARGUMENTS_H
#define SUITE_ARGUMENTS_H

#include "suite_internal.h"

struct arguments {
    char *list[256]; /* ended by null; each to free */
    size_t count;
    bool full; /* too many, or no memory */
};

/* `results`: the file they go to. Check `full` afterwards. */
void arguments_make(struct arguments *arguments, const struct suite *suite,
                    const struct suite_case *one, const char *results);
void arguments_free(struct arguments *arguments);

/* How long the case's run may take, in ns. */
uint64_t arguments_timeout(const struct suite *suite,
                           const struct suite_case *one);

#endif
