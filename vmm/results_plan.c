/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of domains: what separates one from the other. */
#include "boundary.h"
#include "results_parts.h"

static const char *requested(const struct config_boundary *asked)
{
    return asked->mechanism.text ? asked->mechanism.text : "auto";
}

static json_t *make_boundary(struct results *results, const uint32_t between[2])
{
    const struct run *run = results->run;
    const struct config_boundary *asked =
        boundary_requested(run->config, between);
    json_t *out = json_object();
    json_t *names = json_array();
    struct boundary boundary;

    boundary_look(&run->image->spec, run->image->plan, between, &boundary);
    for (uint32_t i = 0; i < 2; i++) {
        results_append(results, names,
                       results_text(results_domain_name(run, between[i])));
    }
    results_set(results, out, "name",
                results_text(asked ? asked->name.text : NULL));
    results_set(results, out, "between", names);
    results_set(results, out, "requested",
                results_text(asked ? requested(asked) : NULL));
    results_set(results, out, "mechanism", json_string(boundary.mechanism));
    results_set(results, out, "root_changes",
                json_boolean(boundary.root_changes));
    results_set(results, out, "frames",
                json_pack("{s:i,s:i}", "upper", (int)boundary.upper, "leaves",
                          (int)boundary.leaves));
    return out;
}

json_t *results_boundaries(struct results *results)
{
    uint32_t count = results->run->config->domain_count;
    json_t *out = json_array();

    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = a + 1; b < count; b++) {
            const uint32_t between[2] = {a, b};
            results_append(results, out, make_boundary(results, between));
        }
    }
    return out;
}
