/* SPDX-License-Identifier: Apache-2.0 */
/* How the process that ran the guest was confined. */
#include "results_parts.h"

static json_t *make_layer(struct results *results,
                          const struct sandbox_layer *layer)
{
    json_t *out = json_object();

    results_set(results, out, "state",
                json_string(sandbox_state_name(layer->state)));
    results_set(results, out, "detail", json_string(layer->detail));
    return out;
}

json_t *results_sandbox(struct results *results,
                        const struct sandbox_report *report)
{
    json_t *out = json_object();

    results_set(results, out, "seccomp", make_layer(results, &report->seccomp));
    results_set(results, out, "landlock",
                make_layer(results, &report->landlock));
    results_set(results, out, "descriptors",
                make_layer(results, &report->descriptors));
    return out;
}
