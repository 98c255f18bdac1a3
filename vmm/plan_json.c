/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_json.h"

#include "plan_text.h"
#include "report.h"
#include "results.h"
#include "results_parts.h"

#include <string.h>

static json_t *make_rights(uint8_t rights)
{
    char text[8];

    plan_rights_text(rights, text);
    return json_string(text);
}

/* Pages at most, by what may be done with them. */
static json_t *make_pages(struct results *results, uint32_t root,
                          uint32_t range)
{
    struct plan_pages pages;
    json_t *out = json_object();
    char rights[8];

    plan_pages_count(results->run, root, range, &pages);
    for (uint8_t i = 1; i < 8; i++) {
        if (pages.by_rights[i]) {
            plan_rights_text(i, rights);
            results_set(results, out, rights, json_integer(pages.by_rights[i]));
        }
    }
    return out;
}

static json_t *make_range(struct results *results, uint32_t root,
                          uint32_t range)
{
    const struct image *image = results->run->image;
    const struct plan_range *r = &image->plan->ranges[range];
    char name[2 * SPEC_NAME_MAX + 8];
    json_t *out = json_object();

    plan_range_name(&image->spec, image->plan, range, name, sizeof(name));
    results_set(results, out, "range", results_text(name));
    results_set(results, out, "address", results_hex(plan_range_start(r)));
    results_set(results, out, "pages", make_pages(results, root, range));
    results_set(results, out, "start_pages", json_integer(r->start_pages));
    return out;
}

static json_t *make_root(struct results *results, uint32_t root)
{
    const struct plan *plan = results->run->image->plan;
    json_t *out = json_object();
    json_t *domains = json_array();
    json_t *ranges = json_array();

    for (uint32_t i = 0; i < results->run->config->domain_count; i++) {
        if (plan->domains[i].root == root) {
            results_append(results, domains,
                           results_text(results_domain_name(results->run, i)));
        }
    }
    for (uint32_t i = 0; i < plan->range_count; i++) {
        if (plan->attached[root][i]) {
            results_append(results, ranges, make_range(results, root, i));
        }
    }
    results_set(results, out, "root", json_integer(root));
    results_set(results, out, "domains", domains);
    results_set(results, out, "ranges", ranges);
    return out;
}

static json_t *make_classes(struct results *results, uint32_t domain)
{
    json_t *out = json_object();
    char text[320];

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        plan_degree_text(results->run, domain, (enum pd_class)i, text,
                         sizeof(text));
        results_set(results, out, pd_class_name((enum pd_class)i),
                    results_text(text));
    }
    return out;
}

static json_t *make_authority(struct results *results, uint32_t domain)
{
    json_t *list = json_array();
    struct plan_authority authority;

    for (uint32_t i = 0; plan_authority(results->run, domain, i, &authority);
         i++) {
        json_t *one = json_object();
        results_set(results, one, "name", results_text(authority.name));
        results_set(results, one, "type", json_string(authority.type));
        results_set(results, one, "rights", make_rights(authority.rights));
        results_set(results, one, "object", results_text(authority.object));
        results_append(results, list, one);
    }
    return list;
}

static json_t *make_frames(const struct run *run, uint32_t domain)
{
    struct pd_needs needs;

    memset(&needs, 0, sizeof(needs));
    pd_count(&run->image->spec, run->image->plan, domain, &needs);
    return json_pack("{s:i,s:i,s:i,s:i,s:i,s:i}", "control", (int)needs.control,
                     "tables", (int)needs.tables, "upper", (int)needs.upper,
                     "leaves", (int)needs.leaves, "pages", (int)needs.pages,
                     "total", (int)needs.total);
}

static json_t *make_domain(struct results *results, uint32_t domain)
{
    const struct config_domain *d = &results->run->config->domains[domain];
    json_t *out = json_object();

    results_set(results, out, "name", results_text(d->name.text));
    results_set(results, out, "kind", results_text(d->kind_name.text));
    results_set(results, out, "parent",
                results_text(results_domain_name(results->run, d->parent)));
    results_set(results, out, "root",
                json_integer(results->run->image->plan->domains[domain].root));
    results_set(results, out, "classes", make_classes(results, domain));
    results_set(results, out, "authority", make_authority(results, domain));
    results_set(results, out, "frames", make_frames(results->run, domain));
    return out;
}

static json_t *make_domains(struct results *results)
{
    const struct config *config = results->run->config;
    json_t *list = json_array();

    for (uint32_t place = 0; place < config->domain_count; place++) {
        for (uint32_t i = 0; i < config->domain_count; i++) {
            if (config->domains[i].declared == place) {
                results_append(results, list, make_domain(results, i));
            }
        }
    }
    return list;
}

json_t *plan_json(const struct run *run)
{
    struct results results = {.run = run};
    json_t *out = json_object();
    json_t *roots = json_array();

    for (uint32_t i = 0; i < run->image->plan->root_count; i++) {
        results_append(&results, roots, make_root(&results, i));
    }
    results_set(&results, out, "schema", json_integer(RESULTS_SCHEMA));
    results_set(&results, out, "roots", roots);
    results_set(&results, out, "domains", make_domains(&results));
    results_set(&results, out, "boundaries", results_boundaries(&results));
    results_set(&results, out, "resolved", results_resolved(&results));
    results_set(&results, out, "threat_model",
                json_string(report_threat_model));
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}
