/* SPDX-License-Identifier: Apache-2.0 */
/* Random specs from a seed: most are good, many are strange. */
#ifndef TEST_DOMAINS_RANDOM_H
#define TEST_DOMAINS_RANDOM_H

#include "maker.h"

struct random {
    uint64_t state;
};

struct random random_from(uint64_t seed);
uint32_t random_below(struct random *r, uint32_t limit);
void random_spec(struct maker *m, struct random *r);

#endif
