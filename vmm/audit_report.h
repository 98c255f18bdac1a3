/* SPDX-License-Identifier: Apache-2.0 */
/* What each root reached of each range, beside what its view allows. */
#ifndef VMM_AUDIT_REPORT_H
#define VMM_AUDIT_REPORT_H

#include "results_parts.h"
#include "run.h"

#include <stdio.h>

/* Both need a sampler that watched (sampler_watch_reach). */
void audit_report_print(const struct run *run, FILE *out);
json_t *audit_report_json(struct results *results);

#endif
