/* SPDX-License-Identifier: Apache-2.0 */
/* "did you mean": the nearest of a list of names. */
#ifndef VMM_SUGGEST_H
#define VMM_SUGGEST_H

#include <stddef.h>

/* State of a search for the name nearest to `word`. */
struct suggest {
    const char *word;
    const char *best; /* null: nothing near enough */
    size_t distance;  /* of best */
};

void suggest_init(struct suggest *suggest, const char *word);
void suggest_offer(struct suggest *suggest, const char *name);

/* Edits (insert, delete, replace, swap) between two words of at most 63
 * bytes; longer ones are never near anything. */
size_t suggest_distance(const char *a, const char *b);

#endif
