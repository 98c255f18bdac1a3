/* SPDX-License-Identifier: Apache-2.0 */
/* The algorithm of Knuth, Morris and Pratt. */
#include <host/match.h>

#include <stdlib.h>
#include <string.h>

int match_init(struct match *match, const char *wanted)
{
    size_t bytes = strlen(wanted);

    memset(match, 0, sizeof(*match));
    match->failure = calloc(bytes + 1, sizeof(*match->failure));
    if (!match->failure) {
        return -1;
    }
    match->wanted = wanted;
    match->found = bytes == 0;
    for (uint32_t i = 1, k = 0; i < bytes; i++) {
        while (k && wanted[i] != wanted[k]) {
            k = match->failure[k - 1];
        }
        k += wanted[i] == wanted[k];
        match->failure[i] = k;
    }
    return 0;
}

void match_take(struct match *match, const char *bytes, size_t count)
{
    for (size_t i = 0; match->wanted && !match->found && i < count; i++) {
        while (match->matched && match->wanted[match->matched] != bytes[i]) {
            match->matched = match->failure[match->matched - 1];
        }
        match->matched += match->wanted[match->matched] == bytes[i];
        match->found = match->wanted[match->matched] == '\0';
    }
}

void match_free(struct match *match)
{
    free(match->failure);
    memset(match, 0, sizeof(*match));
}
