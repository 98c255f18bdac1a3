/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_MUTUAL_H
#define MODEL_MUTUAL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Explores each scene (or one) to a small depth (0: the scenes' own for this)
 * twice, with symmetry and without, and compares: the canonical forms of all
 * plain states are exactly the states of the reduced search. Says the numbers.
 */
bool mutual(const char *scene, uint32_t depth);

#endif
