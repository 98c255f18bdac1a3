/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define GUESS_BYTES 40u

struct quoted_text words_quote(const char *word)
{
    struct quoted_text out;
    size_t used = 0;

    out.text[used++] = '\'';
    for (const char *at = word; *at; at++) {
        unsigned char byte = (unsigned char)*at;

        bool inside = (byte & 0xc0) == 0x80; /* a UTF-8 sequence */

        if (used + (inside ? 6 : 9) > sizeof out.text) {
            used += (size_t)snprintf(out.text + used, 4, "...");
            break;
        }
        if (byte == 0xc2 && (unsigned char)at[1] < 0xa0) {
            continue; /* C1 control characters: terminals obey them */
        }
        if (byte < 0x20 || byte == 0x7f) {
            used += (size_t)snprintf(out.text + used, 5, "\\x%02x", byte);
        } else {
            out.text[used++] = (char)byte;
        }
    }
    out.text[used++] = '\'';
    out.text[used] = '\0';
    return out;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap neighbours) that turn a into b. */
static size_t edit_distance(const char *a, size_t as, const char *b, size_t bs)
{
    size_t rows[3][GUESS_BYTES + 1];

    for (size_t j = 0; j <= bs; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= as; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3];
        const size_t *earlier = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= bs; j++) {
            size_t replaced = before[j - 1] + (a[i - 1] != b[j - 1]);

            now[j] = least(replaced, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
                a[i - 2] == b[j - 1]) {
                now[j] = least(now[j], earlier[j - 2] + 1);
            }
        }
    }
    return rows[as % 3][bs];
}

struct guess guess_start(const char *word)
{
    struct guess guess = {word, NULL, 0, {"", 0}};
    size_t length = strlen(word);

    /* one edit in a short word, at most three in a long one */
    guess.distance = length < 3 ? 1 : least(1 + length / 3, 3);
    guess.distance++;
    return guess;
}

void guess_offer(struct guess *guess, const char *candidate)
{
    size_t a = strlen(guess->word), b = strlen(candidate);
    size_t gap = a > b ? a - b : b - a;
    size_t distance;

    word_list_add(&guess->known, candidate);
    if (a > GUESS_BYTES || b > GUESS_BYTES || gap >= guess->distance) {
        return;
    }
    distance = edit_distance(guess->word, a, candidate, b);
    if (distance < guess->distance && distance < b) {
        guess->distance = distance;
        guess->best = candidate;
    }
}

struct hint_text guess_hint(const struct guess *guess)
{
    struct hint_text hint;

    if (guess->best) {
        snprintf(hint.text, sizeof hint.text, " (did you mean '%s'?)",
                 guess->best);
    } else if (guess->known.used != 0) {
        snprintf(hint.text, sizeof hint.text, " (known: %s)",
                 guess->known.text);
    } else {
        snprintf(hint.text, sizeof hint.text, " (there are none)");
    }
    return hint;
}

void word_list_add(struct word_list *list, const char *word)
{
    static const char more[] = ", ...";
    size_t room = sizeof list->text - sizeof more;
    size_t bytes = strlen(word) + (list->used ? 2 : 0);

    if (list->used > room) {
        return; /* ends in "..." */
    }
    if (list->used + bytes > room) {
        memcpy(list->text + list->used, more, sizeof more);
        list->used = room + 1;
        return;
    }
    snprintf(list->text + list->used, bytes + 1, "%s%s", list->used ? ", " : "",
             word);
    list->used += bytes;
}
