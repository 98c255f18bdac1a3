/* SPDX-License-Identifier: Apache-2.0 */
/* Traces, for people. */
#ifndef MODEL_LISTING_H
#define MODEL_LISTING_H

#include "search.h"

void listing_trace(const struct result *result);

#endif
