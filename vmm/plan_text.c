/* SPDX-License-Identifier: Apache-2.0 */
#include "plan_text.h"

#include "boundary.h"
#include "report.h"

#include <abi/layout.h>
#include <string.h>

/* "2 r, 3 rx, 1 rw" */
static void pages_text(const struct run *run, uint32_t root, uint32_t range,
                       char *out, size_t bytes)
{
    struct plan_pages pages;
    size_t used = 0;
    char rights[8];

    plan_pages_count(run, root, range, &pages);
    *out = '\0';
    for (uint8_t i = 1; i < 8; i++) {
        if (pages.by_rights[i] && used < bytes) {
            plan_rights_text(i, rights);
            int more = snprintf(out + used, bytes - used, "%s%u %s",
                                used ? ", " : "", pages.by_rights[i], rights);
            used += more > 0 ? (size_t)more : 0;
        }
    }
}

static void print_range(const struct run *run, uint32_t root, uint32_t range,
                        FILE *out)
{
    const struct plan *plan = run->image->plan;
    const struct plan_range *r = &plan->ranges[range];
    uint64_t start = plan_range_start(r);
    char name[2 * SPEC_NAME_MAX + 8], pages[80];

    plan_range_name(&run->image->spec, plan, range, name, sizeof(name));
    pages_text(run, root, range, pages, sizeof(pages));
    fprintf(out, "  %010llx-%010llx  %-24s %s", (unsigned long long)start,
            (unsigned long long)(start + r->pages * ABI_PAGE_SIZE), name,
            pages);
    if (r->start_pages == r->pages) {
        fputs("\n", out);
    } else {
        fprintf(out, " (%u at the start)\n", r->start_pages);
    }
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
        plan_rights_text(a.rights, rights);
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

static void print_requested(const struct config_boundary *asked, FILE *out)
{
    if (asked) {
        fprintf(out, " (%s: requested %s)", asked->name.text,
                asked->mechanism.text ? asked->mechanism.text : "auto");
    }
    fputs("\n", out);
}

static void print_boundary(const struct run *run, const uint32_t between[2],
                           const struct config_boundary *asked, FILE *out)
{
    struct boundary boundary;

    boundary_look(&run->image->spec, run->image->plan, between, &boundary);
    fprintf(out, "boundary %s | %s: mechanism %s",
            run->config->domains[between[0]].name.text,
            run->config->domains[between[1]].name.text, boundary.mechanism);
    print_requested(asked, out);
    if (boundary.root_changes) {
        fprintf(out,
                "  a crossing changes the root; %u frames of page tables (%u "
                "root and directories, %u leaf tables)\n",
                boundary.upper + boundary.leaves, boundary.upper,
                boundary.leaves);
    } else {
        fputs("  one root: a crossing does not change it, and memory is not "
              "separated\n",
              out);
    }
}

/* Parents and children, and whoever `boundaries:` names. */
static void print_boundaries(const struct run *run, FILE *out)
{
    const struct config *config = run->config;

    for (uint32_t a = 0; a < config->domain_count; a++) {
        for (uint32_t b = a + 1; b < config->domain_count; b++) {
            const uint32_t between[2] = {a, b};
            const struct config_boundary *asked =
                boundary_requested(config, between);
            if (asked || boundary_adjacent(config, between)) {
                print_boundary(run, between, asked, out);
            }
        }
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
    print_boundaries(run, out);
    fprintf(out, "%s\n", report_threat_model);
}
