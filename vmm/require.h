/* SPDX-License-Identifier: Apache-2.0 */
/* --require: what a run must have been, so that CI can't pass on less. */
#ifndef VMM_REQUIRE_H
#define VMM_REQUIRE_H

#include "options.h"

#include <host/engine.h>

/* What a requirement is compared with. */
struct require_facts {
    const char *engine;
    const char *ring0;
    bool guest; /* the two below are known */
    bool registers_host;
    uint32_t features; /* enum shared_feature */
};

/* KEY=VALUE. 0, or -1 with a sentence in `why`. */
int require_parse(const char *text, struct requirement *out, char *why,
                  size_t bytes);

/* First requirement that the facts contradict (those that are not known yet
 * contradict nothing), or null. */
const struct requirement *require_unmet(const struct options *options,
                                        const struct require_facts *facts);

/* "engine=kvm ring0=hardware registers=kernel features=nx,smep" */
void require_facts_text(const struct require_facts *facts, char *out,
                        size_t bytes);

/* Name of feature bit 1 << index, lower case; null past the end. */
const char *require_feature_name(unsigned index);

#endif
