/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the composition table: of kinds and of domains. */
#ifndef CONFIG_COMPOSE_H
#define CONFIG_COMPOSE_H

#include "reader.h"

/* A kind by name: a row of the config, or a built-in one. */
bool find_kind(struct reader *reader, struct node *node, uint32_t *row,
               const struct pd_kind **builtin);
/* Replaces the classes that `map` names. False: some are reported. */
bool read_classes(struct reader *reader, const struct node *map,
                  struct config_degree *classes);

#endif
