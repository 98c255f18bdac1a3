/* SPDX-License-Identifier: Apache-2.0 */
#include "mutual.h"

#include "encode.h"
#include "scenes.h"
#include "search.h"
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The plain states, kept while the reduced ones take their place. */
struct kept {
    uint8_t *bytes;
    uint32_t *size;
    uint32_t count;
};

static void keep(struct kept *kept)
{
    kept->count = store_count();
    kept->bytes = calloc(kept->count, ENCODING_MAX);
    kept->size = calloc(kept->count, sizeof *kept->size);
    if (kept->bytes == NULL || kept->size == NULL) {
        abort();
    }
    for (uint32_t i = 0; i < kept->count; i++) {
        const uint8_t *bytes = store_bytes(i, &kept->size[i]);

        memcpy(kept->bytes + (size_t)i * ENCODING_MAX, bytes, kept->size[i]);
    }
}

/* Reduced states that some plain one becomes; UINT32_MAX: a plain one becomes
 * a state that the reduced search has not met. */
static uint32_t covered(const struct kept *plain)
{
    uint32_t count = store_count(), met = 0;
    bool *seen = calloc(count, 1);

    if (seen == NULL) {
        abort();
    }
    for (uint32_t i = 0; i < plain->count; i++) {
        uint8_t bytes[ENCODING_MAX];
        struct naming naming;
        uint32_t index;

        decode(plain->bytes + (size_t)i * ENCODING_MAX);
        if (store_add(bytes, canonical(&naming, bytes), &index)) {
            met = UINT32_MAX;
            break;
        }
        met += !seen[index];
        seen[index] = true;
    }
    free(seen);
    return met;
}

static bool compare(const struct scene *s, uint32_t depth)
{
    const struct limits limits = {.depth = depth, .teardown = true};
    struct result plain, reduced;
    struct kept kept;
    uint32_t met;
    bool same;

    canonical_off = true;
    search(s, &limits, &plain);
    keep(&kept);
    canonical_off = false;
    search(s, &limits, &reduced);
    met = covered(&kept);
    same =
        met == reduced.states && plain.broken == NULL && reduced.broken == NULL;
    (void)printf("%-10s depth %2" PRIu32 ": %8" PRIu32 " states, %8" PRIu32
                 " up to names; %s\n",
                 s->name, plain.depth, plain.states, reduced.states,
                 same ? "the same" : "NOT THE SAME");
    free(kept.bytes);
    free(kept.size);
    return same;
}

bool mutual(const char *only, uint32_t depth)
{
    bool good = true;

    for (uint32_t i = 0; i < scene_count; i++) {
        if (only == NULL || strcmp(only, scenes[i].name) == 0) {
            good = compare(&scenes[i], depth != 0 ? depth : scenes[i].mutual) &&
                   good;
        }
    }
    return good;
}
