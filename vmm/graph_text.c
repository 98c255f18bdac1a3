/* SPDX-License-Identifier: Apache-2.0 */
#include "graph_write.h"

#include <string.h>

#define NAME_BYTES 160u

static const char *name_of(const struct sharing *sharing, uint32_t node,
                           char out[NAME_BYTES])
{
    sharing_name(sharing, node, out, NAME_BYTES);
    return out;
}

static void print_head(FILE *out)
{
    fprintf(out, "%-32s", "sharing index (RSI)");
    for (const struct sharing_index *i = sharing_indices; i->name; i++) {
        fprintf(out, " %8s", i->name);
    }
    fputs("  fault radius\n", out);
}

/* In hundredths; never 0.00 for what is not 0, nor 1.00 for what is not 1. */
static void print_rsi(const struct metrics_rsi *rsi, FILE *out)
{
    uint64_t hundredths;

    if (!rsi->either) {
        fprintf(out, " %8s", "-");
        return;
    }
    hundredths = (100 * rsi->shared + rsi->either / 2) / rsi->either;
    if (rsi->shared && !hundredths) {
        fprintf(out, " %8s", "<0.01");
    } else if (rsi->shared != rsi->either && hundredths == 100) {
        fprintf(out, " %8s", ">0.99");
    } else {
        fprintf(out, " %5u.%02u", (unsigned)(hundredths / 100),
                (unsigned)(hundredths % 100));
    }
}

static void print_pair(const struct sharing *sharing, uint32_t a, uint32_t b,
                       FILE *out)
{
    char one[NAME_BYTES], two[NAME_BYTES], pair[2 * NAME_BYTES + 4];
    struct metrics_radius radius;

    snprintf(pair, sizeof(pair), "%s | %s", name_of(sharing, a, one),
             name_of(sharing, b, two));
    fprintf(out, "%-32s", pair);
    for (const struct sharing_index *i = sharing_indices; i->name; i++) {
        struct metrics_rsi rsi;
        sharing_rsi(sharing, a, b, i, &rsi);
        print_rsi(&rsi, out);
    }
    if (sharing_radius(sharing, a, b, &radius)) {
        fprintf(out, "  %u, at %s\n", radius.hops,
                name_of(sharing, radius.ancestor, one));
    } else {
        fputs("  none\n", out);
    }
}

static void print_list(const struct sharing *sharing, uint32_t x, bool impact,
                       FILE *out)
{
    const char *before = ": ";
    char name[NAME_BYTES];

    for (uint32_t y = 0; y < sharing->graph.domains; y++) {
        if (impact ? sharing_trusts(sharing, y, x)
                   : sharing_trusts(sharing, x, y)) {
            fprintf(out, "%s%s", before, name_of(sharing, y, name));
            before = " ";
        }
    }
    fputs("\n", out);
}

static void print_domain(const struct sharing *sharing, uint32_t x, FILE *out)
{
    char name[NAME_BYTES], path[512];

    fprintf(out, "domain %s\n", name_of(sharing, x, name));
    fprintf(out, "  trusts (TCB)           %u", sharing->tcb[x]);
    print_list(sharing, x, false, out);
    for (uint32_t y = 0; y < sharing->graph.domains; y++) {
        sharing_path(sharing, x, y, path, sizeof(path));
        if (*path) {
            fprintf(out, "    %-12s %s\n", name_of(sharing, y, name), path);
        }
    }
    fprintf(out, "  may harm (impact)      %u", sharing_impact(sharing, x));
    print_list(sharing, x, true, out);
}

void graph_text(const struct sharing *sharing, FILE *out)
{
    const struct graph *graph = &sharing->graph;

    print_head(out);
    for (uint32_t a = 0; a < graph->domains; a++) {
        for (uint32_t b = a + 1; b < graph->domains; b++) {
            print_pair(sharing, a, b, out);
        }
    }
    for (uint32_t x = 0; x < graph->domains; x++) {
        print_domain(sharing, x, out);
    }
    fputs("RSI is what two domains share of what either reaches; a private "
          "resource that nobody\nuses lowers it, so read it beside the TCB. "
          "The kernel, the VMM and the hardware are\nin every TCB and not "
          "counted.\n",
          out);
}
