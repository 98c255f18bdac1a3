/* SPDX-License-Identifier: Apache-2.0 */
/* Words as people see them in messages: quoted, and guessed at. */
#ifndef CONFIG_WORDS_H
#define CONFIG_WORDS_H

#include <stddef.h>

struct quoted_text {
    char text[64];
};
/* 'word', with unprintable bytes escaped, cut when long. */
struct quoted_text words_quote(const char *word);

/* "a, b, c": as many words as fit, then "...". */
struct word_list {
    char text[128];
    size_t used;
};
void word_list_add(struct word_list *list, const char *word);

/* Keeps the best match among the candidates offered to it. */
struct guess {
    const char *word;
    const char *best; /* null: nothing is close */
    size_t distance;
    struct word_list known; /* all that were offered */
};
struct guess guess_start(const char *word);
void guess_offer(struct guess *guess, const char *candidate);

struct hint_text {
    char text[160];
};
/* " (did you mean 'size'?)", else " (known: a, b)". */
struct hint_text guess_hint(const struct guess *guess);

#endif
