/* SPDX-License-Identifier: Apache-2.0 */
#include "suggest.h"

#include <string.h>

#define WORD_MAX 63u
#define FAR ((size_t)1000)

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t cell(size_t rows[3][WORD_MAX + 1], const char *a, const char *b,
                   size_t j)
{
    size_t best = rows[1][j - 1] + (a[0] == b[j - 1] ? 0u : 1u);

    best = least(best, rows[1][j] + 1);
    return least(best, rows[2][j - 1] + 1);
}

size_t suggest_distance(const char *a, const char *b)
{
    /* The rows of the usual table: two before, one before, this one. */
    size_t rows[3][WORD_MAX + 1];
    size_t a_bytes = strlen(a), b_bytes = strlen(b);

    if (a_bytes > WORD_MAX || b_bytes > WORD_MAX) {
        return FAR;
    }
    for (size_t j = 0; j <= b_bytes; j++) {
        rows[0][j] = FAR;
        rows[1][j] = j;
    }
    for (size_t i = 1; i <= a_bytes; i++) {
        rows[2][0] = i;
        for (size_t j = 1; j <= b_bytes; j++) {
            rows[2][j] = cell(rows, a + i - 1, b, j);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1]) {
                rows[2][j] = least(rows[2][j], rows[0][j - 2] + 1);
            }
        }
        memcpy(rows[0], rows[1], sizeof(rows[0]));
        memcpy(rows[1], rows[2], sizeof(rows[1]));
    }
    return rows[1][b_bytes];
}

void suggest_init(struct suggest *suggest, const char *word)
{
    suggest->word = word;
    suggest->best = NULL;
    /* A third of the word may be wrong, and always one letter. */
    suggest->distance = strlen(word) / 3 + 2;
}

void suggest_offer(struct suggest *suggest, const char *name)
{
    size_t distance = suggest_distance(suggest->word, name);

    if (distance < suggest->distance) {
        suggest->best = name;
        suggest->distance = distance;
    }
}
