/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States as bytes. Encodings hold every field of the cores' structures but
 * what README.md lists as normalised, so that two states with one encoding
 * behave alike; they are stored whole, so none are taken for another.
 */
#ifndef MODEL_ENCODE_H
#define MODEL_ENCODE_H

#include "action.h"

#define ENCODING_MAX 1024u

/* New names for what has equal roles. */
struct naming {
    uint8_t domain[DOMAINS + 1], domain_at[DOMAINS + 1]; /* new name; whose */
    uint8_t table[TABLES + 1], table_at[TABLES];
    uint8_t thing[THINGS + 1];
};

void naming_identity(struct naming *naming);
/* From the domains and endpoints in their new order. */
void naming_make(struct naming *naming, const uint8_t *domains,
                 const uint8_t *endpoints);

/*
 * Writes the world under these names. Ranges and frames are named here, in
 * the order of their first mention, unless `as_is`. Returns bytes.
 */
uint32_t encode(struct naming *naming, bool as_is, uint8_t *out);
/* Makes the world that has this encoding. */
void decode(const uint8_t *bytes);

/*
 * The least encoding over all names that symmetry allows; *naming: how it
 * came about.
 */
uint32_t canonical(struct naming *naming, uint8_t *out);
/* Takes symmetry out of canonical(), to test it. */
extern bool canonical_off;

/* The action of the renamed world in the names of the one before renaming. */
struct action action_unname(const struct action *action,
                            const struct naming *naming);

/* In place of a set of servers: there were too many to know. */
#define MANY_SERVERS 0xffu

#endif
