/* SPDX-License-Identifier: Apache-2.0 */
/* pd_class_degrees as a table, for this room's own loops. */
#ifndef DOMAINS_KINDS_TABLE_H
#define DOMAINS_KINDS_TABLE_H

#include <domains/kinds.h>

extern const uint8_t kinds__degrees[PD_CLASS_COUNT];

#endif
