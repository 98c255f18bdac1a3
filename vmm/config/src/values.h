/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include "reader.h"

/* Names, places, symbols, programs and folders (texts.c). */
void check_text(struct reader *reader, const struct type *type,
                struct node *node);

/* What only assertions have (asserts.c). */
void check_fraction(struct reader *reader, const struct type *type,
                    struct node *node);

/* What only tests have (values_test.c). */
void check_code(struct reader *reader, const struct type *type,
                struct node *node);
void check_duration(struct reader *reader, const struct type *type,
                    struct node *node);
void check_changes(struct reader *reader, const struct type *type,
                   struct node *map);

/* "PATH must be WHAT, not 'word'" and the hint. */
void refuse_value(struct reader *reader, const struct type *type,
                  struct node *node, const char *hint);

#endif
