/* SPDX-License-Identifier: Apache-2.0 */
/* What each domain begins with, and what separates two of them. */
#include "plan_text.h"

#include <capabilities/cap.h>
#include <string.h>

void plan_degree_text(const struct run *run, uint32_t domain,
                      enum pd_class class_, char *out, size_t bytes)
{
    const struct config_domain *d = &run->config->domains[domain];
    const struct config_degree *degree = &d->classes[class_];
    const char *parent = d->parent == SPEC_NONE
                             ? "the root domain"
                             : run->config->domains[d->parent].name.text;

    switch (degree->degree) {
    case PD_SAME:
        snprintf(out, bytes, "same as %s", parent);
        break;
    case PD_PART:
        snprintf(out, bytes, "part of %s", parent);
        break;
    case PD_NEW:
        if (degree->bytes) {
            snprintf(out, bytes, "new %llu KiB",
                     (unsigned long long)(degree->bytes >> 10));
        } else if (degree->host.text) {
            snprintf(out, bytes, "new %s", degree->host.text);
        } else {
            snprintf(out, bytes, "new");
        }
        break;
    default:
        snprintf(out, bytes, "%s", pd_degree_name(degree->degree));
    }
}

static const char *domain_or_root(const struct run *run, uint32_t domain)
{
    return domain < run->config->domain_count
               ? run->config->domains[domain].name.text
               : "root";
}

static void fill(struct plan_authority *out, const char *name,
                 enum cap_type type, uint8_t rights)
{
    snprintf(out->name, sizeof(out->name), "%s", name);
    out->type = cap_type_name(type);
    out->rights = rights;
}

static bool range_authority(const struct run *run, const char *name,
                            uint32_t range, struct plan_authority *out)
{
    if (range == PLAN_NONE) {
        return false;
    }
    fill(out, name, CAP_RANGE, CAP_READ | CAP_WRITE);
    plan_range_name(&run->image->spec, run->image->plan, range, out->object,
                    sizeof(out->object));
    return true;
}

static bool handles_faults(const struct run *run, uint32_t domain)
{
    for (uint32_t i = domain + 1; i < run->config->domain_count; i++) {
        if (run->image->plan->domains[i].handler == domain) {
            return true;
        }
    }
    return false;
}

/* Standard capability number `index`; false: this domain has none such. */
static bool standard(const struct run *run, uint32_t domain, uint32_t index,
                     struct plan_authority *out)
{
    const struct plan_domain *d = &run->image->plan->domains[domain];
    const char *name = run->config->domains[domain].name.text;

    if (index < PLAN_STANDARD_MAX - 1 && d->caps == PLAN_NONE) {
        return false;
    }
    switch (index) {
    case 0:
        fill(out, "space", CAP_SPACE, CAP_READ | CAP_WRITE | CAP_USE);
        snprintf(out->object, sizeof(out->object), "root %u", d->root);
        return true;
    case 1:
        fill(out, "pool", CAP_POOL, CAP_READ | CAP_USE);
        snprintf(out->object, sizeof(out->object), "%s.pool",
                 domain_or_root(run, d->pool));
        return true;
    case 2:
        fill(out, "quota", CAP_QUOTA, CAP_READ | CAP_USE);
        snprintf(out->object, sizeof(out->object), "%s.quota",
                 domain_or_root(run, d->quota));
        return true;
    case 3:
        fill(out, "cpu", CAP_CPU, CAP_READ | CAP_WRITE);
        snprintf(out->object, sizeof(out->object), "%s.cpu", name);
        return true;
    case 4:
        fill(out, "domain", CAP_COMPOSITE, 0);
        snprintf(out->object, sizeof(out->object), "space pool quota cpu");
        return true;
    case 5:
        return range_authority(run, "heap", d->heap, out);
    case 6:
        return range_authority(run, "stack", d->stack, out);
    case 7:
        fill(out, "handler", CAP_HANDLER, CAP_READ | CAP_WRITE);
        snprintf(out->object, sizeof(out->object), "faults of its children");
        return handles_faults(run, domain);
    default:
        fill(out, "files", CAP_DIRECTORY, CAP_READ | CAP_USE);
        snprintf(out->object, sizeof(out->object), "files of %s",
                 domain_or_root(run, d->files));
        return index == PLAN_STANDARD_MAX - 1 && d->files != PLAN_NONE;
    }
}

bool plan_authority(const struct run *run, uint32_t domain, uint32_t index,
                    struct plan_authority *out)
{
    const struct config_domain *d = &run->config->domains[domain];
    const struct config_hold *hold;

    memset(out, 0, sizeof(*out));
    for (uint32_t i = 0; i < PLAN_STANDARD_MAX; i++) {
        if (standard(run, domain, i, out) && index-- == 0) {
            return true;
        }
    }
    memset(out, 0, sizeof(*out));
    if (index >= d->hold_count) {
        return false;
    }
    hold = &d->holds[index];
    fill(out, hold->name.text ? hold->name.text : "", (enum cap_type)hold->type,
         (uint8_t)hold->rights);
    snprintf(out->object, sizeof(out->object), "%s",
             hold->object.text ? hold->object.text : out->name);
    return true;
}

void plan_boundary(const struct run *run, const struct config_boundary *config,
                   struct plan_boundary *out)
{
    const struct plan *plan = run->image->plan;
    uint32_t a = plan->domains[config->between[0]].root;
    uint32_t b = plan->domains[config->between[1]].root;
    /* The later root is the one that the boundary adds. */
    uint32_t added = a > b ? a : b;

    out->same_root = a == b;
    /* Its top, its directory pointers, and its directories. */
    out->frames = a == b ? 0 : 2 + plan->roots[added].directories;
}
