/* SPDX-License-Identifier: Apache-2.0 */
/* The sharing graph and its metrics in the results. */
#include "graph_write.h"
#include "results_parts.h"

#define DOMAINS_MAX 16u /* pairs grow with their square */

void results_sharing(struct results *results, json_t *out)
{
    static const char reason[] =
        "more than 16 domains: ambit graph has all of it";
    const struct image *image = results->run->image;
    struct sharing sharing = {0};

    if (results->run->config->domain_count > DOMAINS_MAX) {
        results_lack(results, out, "graph", reason);
        results_lack(results, out, "metrics", reason);
        return;
    }
    if (sharing_make(&sharing, &image->spec, image->plan) < 0) {
        results->failed = true;
    } else {
        results_set(results, out, "graph", graph_json(&sharing));
        results_set(results, out, "metrics", graph_metrics_json(&sharing));
    }
    sharing_free(&sharing);
}
