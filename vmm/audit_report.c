/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_report.h"

#include "plan_text.h"

#include <string.h>

/* Pages of a range under a root: at most allowed, and most seen at once. */
struct reach {
    char name[2 * SPEC_NAME_MAX + 8];
    struct plan_pages expected;
    struct plan_pages found;
    bool more; /* more was found than is allowed */
};

/* False: neither allowed nor found. */
static bool look(const struct run *run, uint32_t root, uint32_t range,
                 struct reach *out)
{
    const struct image *image = run->image;
    const struct audit_reached *most =
        &sampler_reach(&run->sampler, root, range)->most;

    memset(out, 0, sizeof(*out));
    plan_range_name(&image->spec, image->plan, range, out->name,
                    sizeof(out->name));
    plan_pages_count(run, root, range, &out->expected);
    out->found.pages = most->pages;
    out->found.readable = most->readable;
    out->found.writable = most->writable;
    out->found.executable = most->executable;
    out->more = most->pages > out->expected.pages ||
                most->readable > out->expected.readable ||
                most->writable > out->expected.writable ||
                most->executable > out->expected.executable;
    return out->expected.pages || out->found.pages;
}

static void pages_text(const struct plan_pages *pages, char *out, size_t bytes)
{
    if (pages->pages) {
        snprintf(out, bytes, "%u r, %u w, %u x", pages->readable,
                 pages->writable, pages->executable);
    } else {
        snprintf(out, bytes, "nothing");
    }
}

static void print_root(const struct run *run, uint32_t root, FILE *out)
{
    const struct plan *plan = run->image->plan;
    char expected[64], found[64];
    struct reach reach;

    fprintf(out, "root %u:", root);
    for (uint32_t i = 0; i < run->config->domain_count; i++) {
        if (plan->domains[i].root == root) {
            fprintf(out, " %s", run->config->domains[i].name.text);
        }
    }
    if (!run->sampler.roots_seen[root]) {
        fputs(" (no domain ran in it when it was looked at)\n", out);
        return;
    }
    fputs("\n", out);
    for (uint32_t range = 0; range < plan->range_count; range++) {
        if (look(run, root, range, &reach)) {
            pages_text(&reach.expected, expected, sizeof(expected));
            pages_text(&reach.found, found, sizeof(found));
            fprintf(out, "  %-24s expected at most %-22s found %s%s\n",
                    reach.name, expected, found,
                    reach.more ? "  <- more than expected" : "");
        }
    }
}

void audit_report_print(const struct run *run, FILE *out)
{
    fputs("pages that ring 3 may reach (r, w, x: readable, writable, "
          "executable of them), and most that were seen\n",
          out);
    for (uint32_t i = 0; i < run->image->plan->root_count; i++) {
        print_root(run, i, out);
    }
}

static json_t *make_pages(const struct plan_pages *pages)
{
    return json_pack("{s:i,s:i,s:i,s:i}", "pages", (int)pages->pages,
                     "readable", (int)pages->readable, "writable",
                     (int)pages->writable, "executable",
                     (int)pages->executable);
}

static json_t *make_root(struct results *results, uint32_t root)
{
    const struct run *run = results->run;
    json_t *out = json_object();
    json_t *ranges = json_array();
    struct reach reach;

    for (uint32_t i = 0; i < run->image->plan->range_count; i++) {
        if (look(run, root, i, &reach)) {
            json_t *one = json_object();
            results_set(results, one, "range", results_text(reach.name));
            results_set(results, one, "expected", make_pages(&reach.expected));
            results_set(results, one, "found", make_pages(&reach.found));
            results_append(results, ranges, one);
        }
    }
    results_set(results, out, "root", json_integer(root));
    results_set(results, out, "seen",
                json_boolean(run->sampler.roots_seen[root]));
    results_set(results, out, "ranges", ranges);
    return out;
}

json_t *audit_report_json(struct results *results)
{
    json_t *out = json_array();

    for (uint32_t i = 0; i < results->run->image->plan->root_count; i++) {
        results_append(results, out, make_root(results, i));
    }
    return out;
}
