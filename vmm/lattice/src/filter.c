/* SPDX-License-Identifier: Apache-2.0 */
#include "filter.h"

#include <string.h>

#define ANY ((1u << PD_DEGREE_COUNT) - 1)

static int refuse(struct failure *failure, const char *what, size_t bytes,
                  const char *word)
{
    char text[64];

    if (bytes >= sizeof(text)) {
        bytes = sizeof(text) - 1;
    }
    memcpy(text, word, bytes);
    text[bytes] = '\0';
    failure_set(failure, EXIT_USAGE, "--filter: %s '%s'", what, text);
    failure_remedy(failure,
                   "write --filter class=degree,...: classes files cpu space "
                   "pool quota caps handler; degrees same part new none");
    return -1;
}

static bool same(const char *name, const char *word, size_t bytes)
{
    return strlen(name) == bytes && memcmp(name, word, bytes) == 0;
}

static int take(const char *word, size_t bytes, struct lattice_filter *out,
                struct failure *failure)
{
    const char *equals = memchr(word, '=', bytes);
    size_t class_bytes = equals ? (size_t)(equals - word) : bytes;
    uint32_t class = 0, degree = 0;

    if (!equals) {
        return refuse(failure, "not class=degree:", bytes, word);
    }
    while (class < PD_CLASS_COUNT &&
           !same(pd_class_name(class), word, class_bytes)) {
        class ++;
    }
    if (class == PD_CLASS_COUNT) {
        return refuse(failure, "no such class", class_bytes, word);
    }
    while (degree < PD_DEGREE_COUNT &&
           !same(pd_degree_name(degree), equals + 1, bytes - class_bytes - 1)) {
        degree++;
    }
    if (degree == PD_DEGREE_COUNT) {
        return refuse(failure, "no such degree", bytes - class_bytes - 1,
                      equals + 1);
    }
    out->degrees[class] |= (uint8_t)(1u << degree);
    return 0;
}

int filter_parse(const char *text, struct lattice_filter *out,
                 struct failure *failure)
{
    memset(out, 0, sizeof(*out));
    while (text) {
        size_t bytes = strcspn(text, ",");

        if (take(text, bytes, out, failure) < 0) {
            return -1;
        }
        text = text[bytes] ? text + bytes + 1 : NULL;
    }
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        out->degrees[i] = out->degrees[i] ? out->degrees[i] : ANY;
    }
    return 0;
}

bool filter_passes(const struct lattice_filter *filter, const uint8_t *degree)
{
    bool passes = true;

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        passes = passes && (filter->degrees[i] >> degree[i] & 1) != 0;
    }
    return passes;
}
