/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": the nearest of the names that exist. */
#include "parts.h"

#include <string.h>

#define WORD_MAX 63u /* longer names are not guessed at */

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned smaller = a < b ? a : b;

    return smaller < c ? smaller : c;
}

/* Insertions, deletions and replacements that turn one into the other. */
static unsigned edits(const char *a, size_t a_bytes, const char *b,
                      size_t b_bytes)
{
    unsigned row[WORD_MAX + 1];

    for (unsigned j = 0; j <= b_bytes; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; i <= a_bytes; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= b_bytes; j++) {
            unsigned above = row[j];

            row[j] = least(above + 1, row[j - 1] + 1,
                           diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_bytes];
}

void image__nearest_start(struct nearest *nearest, const char *wanted)
{
    nearest->wanted = wanted;
    nearest->best = NULL;
    nearest->distance = 0;
}

void image__nearest_offer(struct nearest *nearest, const char *name)
{
    size_t wanted = strlen(nearest->wanted), bytes = strlen(name);
    unsigned distance;

    if (wanted > WORD_MAX || bytes > WORD_MAX) {
        return;
    }
    distance = edits(nearest->wanted, wanted, name, bytes);
    if (distance <= 1 + wanted / 4 && distance < wanted &&
        (nearest->best == NULL || distance < nearest->distance)) {
        nearest->best = name;
        nearest->distance = distance;
    }
}
