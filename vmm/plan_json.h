/* SPDX-License-Identifier: Apache-2.0 */
/* The plan for programs: what plan_text.h prints, as JSON. */
#ifndef VMM_PLAN_JSON_H
#define VMM_PLAN_JSON_H

#include "run.h"

#include <jansson.h>

/* Null: no memory. */
json_t *plan_json(const struct run *run);

#endif
