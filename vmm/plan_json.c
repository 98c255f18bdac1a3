/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_json.h"

#include "judge.h"
#include "plan_text.h"
#include "report.h"
#include "results_parts.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <string.h>

#define PLAN_SCHEMA 1

static json_t *rights_json(uint8_t rights)
{
    char text[8];

    judge_rights_text(rights, text, sizeof(text));
    return json_sprintf("%s%s", text, rights & CAP_USE ? "u" : "");
}

static json_t *range_json(const struct run *run, uint32_t root, uint32_t range)
{
    const struct plan *plan = run->image->plan;
    const struct plan_range *r = &plan->ranges[range];
    char name[2 * SPEC_NAME_MAX + 8];
    json_t *value;

    plan_range_name(&run->image->spec, plan, range, name, sizeof(name));
    value = json_pack("{s:s, s:I, s:i}", "range", name, "pages",
                      (json_int_t)r->pages, "start_pages", (int)r->start_pages);
    json_object_set_new(
        value, "address",
        json_sprintf("0x%llx", (unsigned long long)plan_range_start(r)));
    json_object_set_new(value, "rights",
                        rights_json(plan->attached[root][range]));
    return value;
}

static json_t *root_json(const struct run *run, uint32_t root)
{
    const struct plan *plan = run->image->plan;
    json_t *domains = json_array(), *ranges = json_array();

    for (uint32_t i = 0; i < run->config->domain_count; i++) {
        if (plan->domains[i].root == root) {
            json_array_append_new(
                domains, json_string(run->config->domains[i].name.text));
        }
    }
    for (uint32_t range = 0; range < plan->range_count; range++) {
        if (plan->attached[root][range]) {
            json_array_append_new(ranges, range_json(run, root, range));
        }
    }
    return json_pack("{s:o, s:o}", "domains", domains, "ranges", ranges);
}

static json_t *classes_json(const struct run *run, uint32_t domain)
{
    json_t *value = json_object();
    char text[320];

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        plan_degree_text(run, domain, (enum pd_class)i, text, sizeof(text));
        json_object_set_new(value, pd_class_name((enum pd_class)i),
                            results_text(text));
    }
    return value;
}

static json_t *authority_json(const struct run *run, uint32_t domain)
{
    json_t *array = json_array();
    struct plan_authority a;

    for (uint32_t i = 0; plan_authority(run, domain, i, &a); i++) {
        json_t *value = json_pack("{s:s, s:s, s:s}", "name", a.name, "type",
                                  a.type, "object", a.object);
        json_object_set_new(value, "rights", rights_json(a.rights));
        json_array_append_new(array, value);
    }
    return array;
}

static json_t *domain_json(const struct run *run, uint32_t domain)
{
    const struct config_domain *d = &run->config->domains[domain];
    struct pd_needs needs;

    memset(&needs, 0, sizeof(needs));
    pd_count(&run->image->spec, run->image->plan, domain, &needs);
    return json_pack(
        "{s:s, s:s?, s:i, s:o, s:o, s:{s:i, s:i, s:i, s:i, s:i, s:i}}", "name",
        d->name.text, "kind", d->kind_name.text, "root",
        (int)run->image->plan->domains[domain].root, "classes",
        classes_json(run, domain), "authority", authority_json(run, domain),
        "frames", "control", (int)needs.control, "tables", (int)needs.tables,
        "upper", (int)needs.upper, "leaves", (int)needs.leaves, "pages",
        (int)needs.pages, "total", (int)needs.total);
}

static json_t *boundary_json(const struct run *run, uint32_t index)
{
    const struct config_boundary *b = &run->config->boundaries[index];
    struct plan_boundary boundary;

    plan_boundary(run, b, &boundary);
    return json_pack("{s:s, s:[s,s], s:s, s:s, s:i, s:b}", "name", b->name.text,
                     "between", run->config->domains[b->between[0]].name.text,
                     run->config->domains[b->between[1]].name.text, "requested",
                     b->mechanism.text ? b->mechanism.text : "auto",
                     "mechanism", boundary.same_root ? "none" : "pages",
                     "frames", (int)boundary.frames, "root_changes",
                     !boundary.same_root);
}

json_t *plan_json(const struct run *run)
{
    json_t *roots = json_array(), *domains = json_array();
    json_t *boundaries = json_array();

    for (uint32_t i = 0; i < run->image->plan->root_count; i++) {
        json_array_append_new(roots, root_json(run, i));
    }
    for (uint32_t i = 0; i < run->config->domain_count; i++) {
        json_array_append_new(domains, domain_json(run, i));
    }
    for (uint32_t i = 0; i < run->config->boundary_count; i++) {
        json_array_append_new(boundaries, boundary_json(run, i));
    }
    return json_pack("{s:i, s:o, s:o, s:o, s:s}", "schema", PLAN_SCHEMA,
                     "roots", roots, "domains", domains, "boundaries",
                     boundaries, "threat_model", report_threat_model);
}
