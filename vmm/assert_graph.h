/* SPDX-License-Identifier: Apache-2.0 */
/* Assertions that are about the sharing graph: tcb, rsi, isolated. */
#ifndef VMM_ASSERT_GRAPH_H
#define VMM_ASSERT_GRAPH_H

#include "sharing.h"

#include <config/config.h>

static inline bool assert_of_graph(const struct config_assert *assertion)
{
    return assertion->kind >= ASSERT_TCB;
}

/* True if some assertion is of that sort. */
bool assert_graph_any(const struct config *config);

/* Whether it holds in this graph; else `witness` says what breaks it. */
bool assert_graph_holds(const struct config_assert *assertion,
                        const struct sharing *sharing, char *witness,
                        size_t bytes);

#endif
