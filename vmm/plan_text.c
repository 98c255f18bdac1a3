/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_text.h"

#include "report.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <string.h>

static void rights_text(uint8_t rights, char out[8])
{
    snprintf(out, 8, "%s%s%s%s", rights & CAP_READ ? "r" : "",
             rights & CAP_WRITE ? "w" : "", rights & CAP_EXEC ? "x" : "",
             rights & CAP_USE ? "u" : "");
}

static void print_range(const struct run *run, uint32_t root, uint32_t range,
                        FILE *out)
{
    const struct plan *plan = run->image->plan;
    const struct plan_range *r = &plan->ranges[range];
    uint64_t start = plan_range_start(r);
    char name[2 * SPEC_NAME_MAX + 8], rights[8], pages[32];

    plan_range_name(&run->image->spec, plan, range, name, sizeof(name));
    rights_text(plan->attached[root][range], rights);
    if (r->start_pages == r->pages) {
        snprintf(pages, sizeof(pages), "%u pages", r->pages);
    } else {
        snprintf(pages, sizeof(pages), "%u to %u pages", r->start_pages,
                 r->pages);
    }
    fprintf(out, "  %012llx-%012llx %-3s  %-24s %s\n",
            (unsigned long long)start,
            (unsigned long long)(start + r->pages * ABI_PAGE_SIZE), rights,
            name, pages);
}

static void print_roots(const struct run *run, FILE *out)
{
    const struct plan *plan = run->image->plan;

    for (uint32_t root = 0; root < plan->root_count; root++) {
        fprintf(out, "root %u:", root);
        for (uint32_t i = 0; i < run->config->domain_count; i++) {
            if (plan->domains[i].root == root) {
                fprintf(out, " %s", run->config->domains[i].name.text);
            }
        }
        fputs("\n", out);
        for (uint32_t range = 0; range < plan->range_count; range++) {
            if (plan->attached[root][range]) {
                print_range(run, root, range, out);
            }
        }
    }
}

static void print_authority(const struct run *run, uint32_t domain, FILE *out)
{
    struct plan_authority a;
    char rights[8];

    for (uint32_t i = 0; plan_authority(run, domain, i, &a); i++) {
        rights_text(a.rights, rights);
        fprintf(out, "  holds %-12s %-4s %-10s %s\n", a.name, rights, a.type,
                a.object);
    }
}

static void print_needs(const struct run *run, uint32_t domain, FILE *out)
{
    struct pd_needs needs;

    memset(&needs, 0, sizeof(needs));
    pd_count(&run->image->spec, run->image->plan, domain, &needs);
    fprintf(out,
            "  costs %u frames: %u control, %u tables of capabilities, %u "
            "root, %u leaf tables, %u pages\n",
            needs.total, needs.control, needs.tables, needs.upper, needs.leaves,
            needs.pages);
}

static void print_domain(const struct run *run, uint32_t domain, FILE *out)
{
    const struct config_domain *d = &run->config->domains[domain];
    char text[320];

    fprintf(out, "domain %s%s%s: root %u\n", d->name.text,
            d->kind_name.text ? ", kind " : "",
            d->kind_name.text ? d->kind_name.text : "",
            run->image->plan->domains[domain].root);
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        plan_degree_text(run, domain, (enum pd_class)i, text, sizeof(text));
        fprintf(out, "  %-8s %s\n", pd_class_name((enum pd_class)i), text);
    }
    print_authority(run, domain, out);
    print_needs(run, domain, out);
}

static void print_boundary(const struct run *run, uint32_t index, FILE *out)
{
    const struct config_boundary *b = &run->config->boundaries[index];
    struct plan_boundary boundary;

    plan_boundary(run, b, &boundary);
    fprintf(out,
            "boundary %s between %s and %s: mechanism %s (requested "
            "%s); ",
            b->name.text, run->config->domains[b->between[0]].name.text,
            run->config->domains[b->between[1]].name.text,
            boundary.same_root ? "none" : "pages",
            b->mechanism.text ? b->mechanism.text : "auto");
    if (boundary.same_root) {
        fputs("they share a root: a crossing changes no root, and memory is "
              "not separated\n",
              out);
    } else {
        fprintf(out, "%u frames of page tables; a crossing changes the root\n",
                boundary.frames);
    }
}

void plan_text_print(const struct run *run, FILE *out)
{
    print_roots(run, out);
    for (uint32_t place = 0; place < run->config->domain_count; place++) {
        for (uint32_t i = 0; i < run->config->domain_count; i++) {
            if (run->config->domains[i].declared == place) {
                print_domain(run, i, out);
            }
        }
    }
    for (uint32_t i = 0; i < run->config->boundary_count; i++) {
        print_boundary(run, i, out);
    }
    fprintf(out, "%s\n", report_threat_model);
}
