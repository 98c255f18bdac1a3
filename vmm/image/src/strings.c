/* SPDX-License-Identifier: Apache-2.0 */
/* The spec's strings, each kept once. Offset 0 is the empty string. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* A power of two, above all nodes, holds and other names together. */
#define SLOTS 8192u

int image__strings_init(struct strings *strings)
{
    strings->bytes = malloc(SPEC_MAX_STRING_BYTES);
    strings->slots = calloc(SLOTS, sizeof(*strings->slots));
    strings->used = 0;
    strings->full = false;
    if (strings->bytes == NULL || strings->slots == NULL) {
        image__strings_free(strings);
        return -1;
    }
    image__strings_put(strings, "");
    return 0;
}

void image__strings_free(struct strings *strings)
{
    free(strings->bytes);
    free(strings->slots);
    strings->bytes = NULL;
    strings->slots = NULL;
}

uint32_t image__strings_append(struct strings *strings, const char *text)
{
    size_t bytes = strlen(text) + 1;
    uint32_t offset = strings->used;

    if (bytes > SPEC_MAX_STRING_BYTES - offset) {
        strings->full = true;
        return 0;
    }
    memcpy(strings->bytes + offset, text, bytes);
    strings->used += (uint32_t)bytes;
    return offset;
}

/* FNV-1a. */
static uint32_t hash(const char *text)
{
    uint32_t value = 2166136261u;

    for (; *text != '\0'; text++) {
        value = (value ^ (unsigned char)*text) * 16777619u;
    }
    return value;
}

uint32_t image__strings_put(struct strings *strings, const char *text)
{
    uint32_t slot = hash(text) % SLOTS;
    uint32_t offset;

    for (uint32_t i = 0; i < SLOTS; i++, slot = (slot + 1) % SLOTS) {
        if (strings->slots[slot] == 0) {
            offset = image__strings_append(strings, text);
            strings->slots[slot] = strings->full ? 0 : offset + 1;
            return offset;
        }
        offset = strings->slots[slot] - 1;
        if (strcmp(strings->bytes + offset, text) == 0) {
            return offset;
        }
    }
    strings->full = true;
    return 0;
}
