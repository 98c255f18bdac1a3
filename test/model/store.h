/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every state that was met: its encoding, whole, and how it was reached first.
 * Found again by an open-addressed table of hashes; equal hashes are compared
 * by their bytes, so no state is ever taken for another.
 */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include "action.h"

#define STORE_NONE 0xffffffffu

/* Room for the encodings; touched as it fills. */
#define STORE_BYTES (UINT64_C(900) << 20)

void store_begin(void); /* empties it */
/* Adds a state. Returns true when it is new; *index is its number. False and
 * STORE_NONE: no room is left. */
bool store_add(const uint8_t *bytes, uint32_t size, uint32_t *index);
bool store_has(const uint8_t *bytes, uint32_t size);
void store_reached(uint32_t index, uint32_t from, const struct action *by);
uint32_t store_count(void);
const uint8_t *store_bytes(uint32_t index, uint32_t *size);
uint32_t store_from(uint32_t index);
const struct action *store_by(uint32_t index);
uint64_t store_used(void); /* bytes of encodings */

#endif
