/* SPDX-License-Identifier: Apache-2.0 */
/* For engines only: what engine_kick() of host/engine.h does. */
#ifndef HOST_KICK_H
#define HOST_KICK_H

#include <stdint.h>

/*
 * From now on engine_kick() sets *flag to 1 (null: no flag) and writes to the
 * eventfd `fd` (-1: none). Both null and -1: it does nothing any more; call
 * that before either goes away.
 */
void engine_kick_watch(volatile uint8_t *flag, int fd);

#endif
