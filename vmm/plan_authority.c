/* SPDX-License-Identifier: Apache-2.0 */
/* What each domain begins with, and what separates two of them. */
#include "plan_text.h"

#include <capabilities/cap.h>
#include <string.h>

static const char *parent_name(const struct run *run, uint32_t domain)
{
    uint32_t parent = run->config->domains[domain].parent;

    return parent == SPEC_NONE ? "the root domain"
                               : run->config->domains[parent].name.text;
}

/* "image, heap, ring": what a part of a space keeps. */
static void keeps_text(const struct config_degree *degree, char *out,
                       size_t bytes)
{
    size_t used = 0;

    snprintf(out, bytes, "%s", degree->keep_count ? "" : "nothing");
    for (uint32_t i = 0; i < degree->keep_count && used < bytes; i++) {
        int more = snprintf(out + used, bytes - used, "%s%s", i ? ", " : "",
                            degree->keeps[i].name.text);
        used += more > 0 ? (size_t)more : 0;
    }
}

static void part_text(const struct config_degree *degree, const char *parent,
                      enum pd_class class_, char *out, size_t bytes)
{
    char keeps[200];

    if (class_ == PD_QUOTA) {
        snprintf(out, bytes, "part of %s's: at most %llu KiB", parent,
                 (unsigned long long)(degree->bytes >> 10));
    } else if (class_ != PD_SPACE) {
        snprintf(out, bytes, "part of %s's: a derived copy", parent);
    } else if (degree->keep_given) {
        keeps_text(degree, keeps, sizeof(keeps));
        snprintf(out, bytes, "part of %s's: of it, %s", parent, keeps);
    } else {
        snprintf(out, bytes, "part of %s's: everything but stacks", parent);
    }
}

static void new_text(const struct run *run, uint32_t domain,
                     enum pd_class class_, char *out, size_t bytes)
{
    const struct config_degree *degree =
        &run->config->domains[domain].classes[class_];

    if (class_ == PD_HANDLER &&
        run->config->domains[domain].parent != SPEC_NONE) {
        snprintf(out, bytes, "new: %s", parent_name(run, domain));
    } else if (degree->bytes) {
        snprintf(out, bytes, "new: %llu KiB",
                 (unsigned long long)(degree->bytes >> 10));
    } else if (class_ == PD_FILES) {
        snprintf(out, bytes, "new: %s",
                 degree->host.text ? degree->host.text : "empty");
    } else {
        snprintf(out, bytes, "new");
    }
}

void plan_degree_text(const struct run *run, uint32_t domain,
                      enum pd_class class_, char *out, size_t bytes)
{
    const struct config_degree *degree =
        &run->config->domains[domain].classes[class_];
    const char *parent = parent_name(run, domain);

    switch (degree->degree) {
    case PD_SAME:
        snprintf(out, bytes, "same as %s", parent);
        break;
    case PD_PART:
        part_text(degree, parent, class_, out, bytes);
        break;
    case PD_NEW:
        new_text(run, domain, class_, out, bytes);
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

/* A files capability is given where there is a tree to begin with. */
static bool has_tree(const struct run *run, uint32_t domain)
{
    const struct config_domain *d = &run->config->domains[domain];

    while (d->parent != SPEC_NONE && d->classes[PD_FILES].degree != PD_NEW &&
           d->classes[PD_FILES].degree != PD_NONE) {
        d = &run->config->domains[d->parent];
    }
    return d->classes[PD_FILES].degree == PD_NEW &&
           d->classes[PD_FILES].host.text;
}

static void name_files(const struct run *run, uint32_t domain,
                       struct plan_authority *out)
{
    const struct config_domain *d = &run->config->domains[domain];
    const char *folder = d->classes[PD_FILES].dir.text;

    snprintf(
        out->object, sizeof(out->object), "%s%sfiles of %s",
        folder ? folder : "", folder ? " in the " : "",
        domain_or_root(run, folder ? d->parent
                                   : run->image->plan->domains[domain].files));
}

/* What the composite capability of a domain is made of. */
static void member(const struct run *run, uint32_t domain, uint32_t index,
                   struct plan_authority *out)
{
    const struct plan_domain *d = &run->image->plan->domains[domain];

    switch (index) {
    case 0:
        fill(out, "space", CAP_SPACE, CAP_READ | CAP_WRITE | CAP_USE);
        snprintf(out->object, sizeof(out->object), "root %u", d->root);
        break;
    case 1:
        fill(out, "pool", CAP_POOL, CAP_READ | CAP_USE);
        snprintf(out->object, sizeof(out->object), "%s.pool",
                 domain_or_root(run, d->pool));
        break;
    case 2:
        fill(out, "quota", CAP_QUOTA, CAP_READ | CAP_USE);
        snprintf(out->object, sizeof(out->object), "%s.quota",
                 domain_or_root(run, d->quota));
        break;
    default:
        fill(out, "cpu", CAP_CPU, CAP_READ | CAP_WRITE);
        snprintf(out->object, sizeof(out->object), "%s.cpu",
                 run->config->domains[domain].name.text);
    }
}

/* pool: none and quota: none give no capability. */
static bool lacks(const struct run *run, uint32_t domain, uint32_t index)
{
    const struct config_degree *classes = run->config->domains[domain].classes;

    return (index == 1 && classes[PD_POOL].degree == PD_NONE) ||
           (index == 2 && classes[PD_QUOTA].degree == PD_NONE);
}

#define STANDARD 9u

/* Standard capability `index`, in the order in which the kernel gives them;
 * false: this domain gets none such. */
static bool standard(const struct run *run, uint32_t domain, uint32_t index,
                     struct plan_authority *out)
{
    const struct plan_domain *d = &run->image->plan->domains[domain];

    if (index == STANDARD - 1) {
        fill(out, "files", CAP_DIRECTORY, CAP_READ | CAP_EXEC | CAP_USE);
        name_files(run, domain, out);
        return d->files != PLAN_NONE && has_tree(run, domain);
    }
    if (d->caps == PLAN_NONE) {
        return false;
    }
    switch (index) {
    case 4:
        fill(out, "domain", CAP_COMPOSITE, 0);
        snprintf(out->object, sizeof(out->object), "space%s%s cpu",
                 lacks(run, domain, 1) ? "" : " pool",
                 lacks(run, domain, 2) ? "" : " quota");
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
        member(run, domain, index, out);
        return !lacks(run, domain, index);
    }
}

bool plan_authority(const struct run *run, uint32_t domain, uint32_t index,
                    struct plan_authority *out)
{
    const struct config_domain *d = &run->config->domains[domain];
    const struct config_hold *hold;

    memset(out, 0, sizeof(*out));
    for (uint32_t i = 0; i < STANDARD; i++) {
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

void plan_rights_text(uint8_t rights, char out[8])
{
    snprintf(out, 8, "%s%s%s%s", rights & CAP_READ ? "r" : "",
             rights & CAP_WRITE ? "w" : "", rights & CAP_EXEC ? "x" : "",
             rights & CAP_USE ? "u" : "");
}

void plan_pages_count(const struct run *run, uint32_t root, uint32_t range,
                      struct plan_pages *out)
{
    const struct spec *spec = &run->image->spec;
    const struct plan *plan = run->image->plan;

    memset(out, 0, sizeof(*out));
    for (uint32_t page = 0; page < plan->ranges[range].pages; page++) {
        uint32_t rights = plan_page_rights(spec, plan, range, page) &
                          plan->attached[root][range] & 7u;
        out->pages += rights != 0;
        out->readable += (rights & CAP_READ) != 0;
        out->writable += (rights & CAP_WRITE) != 0;
        out->executable += (rights & CAP_EXEC) != 0;
        out->by_rights[rights]++;
    }
}
