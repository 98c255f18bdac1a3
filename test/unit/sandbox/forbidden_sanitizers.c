/* SPDX-License-Identifier: Apache-2.0 */
/* A sanitizer's runtime needs what the other build forbids (host/src). */
#include "child.h"

#include <stddef.h>

const bool opening_is_refused = false;

const struct forbidden forbidden_here[] = {{NULL, NULL}};
