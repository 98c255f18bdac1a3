/* SPDX-License-Identifier: Apache-2.0 */
/* The sharing graph of a config with every metric over it. */
#ifndef VMM_SHARING_H
#define VMM_SHARING_H

#include <audit/audit.h>
#include <domains/metrics.h>
#include <stddef.h>
#include <stdint.h>

struct sharing {
    const struct spec *spec;
    const struct plan *plan;
    struct graph graph;
    uint8_t *reach;             /* domains x nodes: metrics_reach of each */
    struct metrics_link *links; /* domains x domains: metrics_depends */
    uint32_t *via;              /* domains x domains: metrics_tcb of each */
    uint32_t *tcb;              /* how many are in each domain's */
    uint32_t *scratch;          /* for metrics_radius */
};

/* What the config allows. 0, or -1: no memory. Free it either way. */
int sharing_make(struct sharing *out, const struct spec *spec,
                 const struct plan *plan);
/*
 * What a guest's page tables say, at a moment at which it stands still; while
 * its kernel is at rest, who holds files, endpoints and domains as capability
 * tables say; the rest as the config says. 0, or -1: no memory. Free it either
 * way. Memory-safe whatever the guest wrote.
 */
int sharing_live(struct sharing *out, const struct audit_target *target);
void sharing_free(struct sharing *sharing);

/* Runs `make` once to count, once to fill. 0, or -1: no memory. */
int sharing_fill(struct sharing *sharing,
                 void (*make)(struct sharing *sharing, void *context),
                 void *context);

/* Fills everything but the graph, which is there. 0, or -1: no memory. */
int sharing_measure(struct sharing *sharing);

const uint8_t *sharing_reach(const struct sharing *sharing, uint32_t domain);
/* y is in the TCB of x. */
bool sharing_trusts(const struct sharing *sharing, uint32_t x, uint32_t y);
/* How many domains x can harm: in whose TCB it is. */
uint32_t sharing_impact(const struct sharing *sharing, uint32_t x);
bool sharing_radius(const struct sharing *sharing, uint32_t a, uint32_t b,
                    struct metrics_radius *out);

/* What RSI is printed of: a type, or of pages those that one may write. */
struct sharing_index {
    const char *name;
    enum graph_type type;
    bool written;
};
/* Null name past the end. */
extern const struct sharing_index sharing_indices[];
void sharing_rsi(const struct sharing *sharing, uint32_t a, uint32_t b,
                 const struct sharing_index *index, struct metrics_rsi *out);

/* "app", "app.heap", "pages of app.image from 3", "quota of app", "data/x". */
void sharing_name(const struct sharing *sharing, uint32_t node, char *out,
                  size_t bytes);

/*
 * Why y is in the TCB of x, hop by hop: "app reads what stats writes: app.heap;
 * stats requests handler of app". "" if it is not.
 */
void sharing_path(const struct sharing *sharing, uint32_t x, uint32_t y,
                  char *out, size_t bytes);

#endif
