/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of domains: what separates one from the other. */
#include "results_parts.h"

#include "boundary.h"

static json_t *make_boundary(struct results *results, uint32_t a, uint32_t b)
{
    const struct run *run = results->run;
    const struct config_boundary *asked = boundary_requested(run->config, a, b);
    json_t *out = json_object();
    json_t *between = json_array();

    results_append(results, between, results_text(results_domain_name(run, a)));
    results_append(results, between, results_text(results_domain_name(run, b)));
    if (asked) {
        results_set(results, out, "name", results_text(asked->name.text));
    }
    results_set(results, out, "between", between);
    results_set(results, out, "requested",
                results_text(asked ? asked->mechanism.text : NULL));
    results_set(results, out, "mechanism",
                json_string(boundary_mechanism(run->image->plan, a, b)));
    return out;
}

json_t *results_boundaries(struct results *results)
{
    uint32_t count = results->run->config->domain_count;
    json_t *out = json_array();

    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = a + 1; b < count; b++) {
            results_append(results, out, make_boundary(results, a, b));
        }
    }
    return out;
}
