/* SPDX-License-Identifier: Apache-2.0 */
#include "sampler.h"

#include "assert_graph.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SPREAD_NS 1000000ull /* short runs are sampled too */
#define WATCH_SPREAD_NS 500000ull  /* audit: often */
#define WATCH_SPREAD_MAX_NS 20000000ull
#define MAX_SPREAD_NS 1000000000ull /* and long ones not forgotten */

/* splitmix64 (Steele, Lea, Flood 2014): one state word, any seed. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15ull;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

int sampler_init(struct sampler *sampler, const struct config *config,
                 const struct image *image, uint32_t samples)
{
    memset(sampler, 0, sizeof(*sampler));
    sampler->config = config;
    sampler->image = image;
    sampler->left = samples;
    sampler->steps_left = samples;
    sampler->spread_ns = FIRST_SPREAD_NS;
    sampler->spread_max_ns = MAX_SPREAD_NS;
    sampler->random = config->seed;
    sampler->graph = assert_graph_any(config);
    sampler->asserts =
        calloc(config->assert_count + 1, sizeof(*sampler->asserts));
    return sampler->asserts ? 0 : -1;
}

void sampler_free(struct sampler *sampler)
{
    free(sampler->asserts);
    free(sampler->reach);
    sampler->asserts = NULL;
    sampler->reach = NULL;
}

int sampler_watch_reach(struct sampler *sampler)
{
    const struct plan *plan = sampler->image->plan;

    sampler->spread_ns = WATCH_SPREAD_NS;
    sampler->spread_max_ns = WATCH_SPREAD_MAX_NS;
    sampler->reach = calloc((size_t)plan->root_count * plan->range_count + 1,
                            sizeof(*sampler->reach));
    return sampler->reach ? 0 : -1;
}

const struct sampler_reach *sampler_reach(const struct sampler *sampler,
                                          uint32_t root, uint32_t range)
{
    return &sampler->reach[root * sampler->image->plan->range_count + range];
}

static uint32_t more(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void note_reach(struct sampler *sampler,
                       const struct audit_target *target, uint32_t root)
{
    const struct plan *plan = sampler->image->plan;
    struct audit_question question = {.cr3 = audit_root_cr3(target, root)};

    if (!question.cr3) {
        return;
    }
    sampler->roots_seen[root] = true;
    for (uint32_t range = 0; range < plan->range_count; range++) {
        struct audit_reached reached;
        struct audit_reached *most =
            &sampler->reach[root * plan->range_count + range].most;
        question.range = range;
        audit_range(target, &question, &reached);
        most->pages = more(most->pages, reached.pages);
        most->readable = more(most->readable, reached.readable);
        most->writable = more(most->writable, reached.writable);
        most->executable = more(most->executable, reached.executable);
    }
}

static void plan_next(struct sampler *sampler, uint64_t now_ns)
{
    uint64_t spread = sampler->spread_ns;

    sampler->next_ns = 0;
    if (sampler->left) {
        /* Between a half and one and a half times the mean. */
        sampler->next_ns =
            now_ns + spread / 2 + random_next(&sampler->random) % spread;
    }
}

void sampler_start(struct sampler *sampler, uint64_t now_ns)
{
    plan_next(sampler, now_ns);
}

void sampler_next(struct sampler *sampler, uint64_t now_ns)
{
    sampler->left--;
    /* Nobody knows how long a run will be: spread over all magnitudes. */
    if (sampler->spread_ns < sampler->spread_max_ns) {
        sampler->spread_ns *= 2;
    }
    plan_next(sampler, now_ns);
}

/* Pages of the range that are there for sure: what `allow` is about. */
static uint32_t pages_present(const struct sampler *sampler,
                              const struct snapshot *snapshot, uint32_t range,
                              uint64_t live)
{
    const struct plan_range *r = &sampler->image->plan->ranges[range];
    uint64_t heap;

    if (r->owner == SPEC_NONE) {
        return r->start_pages;
    }
    if (r->owner >= SHARED_DOMAINS || !(live >> r->owner & 1)) {
        return 0;
    }
    heap = snapshot->shared->domains[r->owner].heap_pages;
    if (r->kind == PLAN_HEAP) {
        return heap < r->pages ? (uint32_t)heap : r->pages;
    }
    return r->start_pages;
}

static void judge_reach(struct sampler *sampler, uint32_t index,
                        const struct audit_target *target,
                        const struct snapshot *snapshot)
{
    const struct config_assert *assertion = &sampler->config->asserts[index];
    struct sampler_assert *state = &sampler->asserts[index];
    struct audit_reached reached;
    struct audit_question question = {.wanted = (uint8_t)assertion->rights};
    const char *name = assertion->to.text;
    bool deny = assertion->kind == ASSERT_DENY;
    bool broken;

    if (!(target->live >> assertion->from & 1) ||
        plan_locate(target->spec, target->plan, name, (uint32_t)strlen(name),
                    &question.range) != STATUS_OK) {
        return;
    }
    question.cr3 =
        audit_root_cr3(target, target->plan->domains[assertion->from].root);
    question.need =
        pages_present(sampler, snapshot, question.range, target->live);
    if (!question.cr3 || (!deny && question.need == 0)) {
        return;
    }
    audit_range(target, &question, &reached);
    broken = deny ? reached.any : reached.lacking;
    state->seen = true;
    if (broken && !state->broken) {
        state->broken = true;
        state->address = deny ? reached.with : reached.without;
        state->found = deny ? reached.with_rights : reached.without_rights;
    }
}

/* Assertions about the graph, in the graph of this moment. */
static void judge_graph(struct sampler *sampler,
                        const struct audit_target *target)
{
    struct sharing sharing;
    bool made = sharing_live(&sharing, target) == 0;

    for (uint32_t i = 0; made && i < sampler->config->assert_count; i++) {
        const struct config_assert *assertion = &sampler->config->asserts[i];
        struct sampler_assert *state = &sampler->asserts[i];

        if (!assert_of_graph(assertion)) {
            continue;
        }
        state->seen = true;
        if (!state->broken &&
            !assert_graph_holds(assertion, &sharing, state->witness,
                                sizeof(state->witness))) {
            state->broken = true;
        }
    }
    sharing_free(&sharing);
}

static void judge_asserts(struct sampler *sampler,
                          const struct audit_target *target,
                          const struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < sampler->config->assert_count; i++) {
        if (!assert_of_graph(&sampler->config->asserts[i])) {
            judge_reach(sampler, i, target, snapshot);
        }
    }
    if (sampler->graph) {
        judge_graph(sampler, target);
    }
}

struct audit_target sampler_target(const struct sampler *sampler,
                                   const struct snapshot *snapshot)
{
    return (struct audit_target){
        .memory = sampler->memory,
        .memory_bytes = sampler->memory_bytes,
        .spec = &sampler->image->spec,
        .plan = sampler->image->plan,
        .module_base = sampler->module_base,
        .module_bytes = sampler->image->module_bytes,
        .live = snapshot_live(snapshot),
    };
}

void sampler_look(struct sampler *sampler, const struct snapshot *snapshot,
                  uint64_t vcpu_cr3, bool complete, bool at_rest)
{
    struct audit_target target = sampler_target(sampler, snapshot);

    target.vcpu_cr3 = vcpu_cr3;
    target.complete = complete;
    target.at_rest = at_rest;
    if (!snapshot->valid) {
        return;
    }
    audit_sample(&sampler->audit, &target);
    if (complete && at_rest) {
        audit_capabilities(&sampler->audit, &target);
    }
    for (uint32_t i = 0; sampler->reach && i < target.plan->root_count; i++) {
        note_reach(sampler, &target, i);
    }
    if (complete) {
        target.live = snapshot_built(snapshot);
        judge_asserts(sampler, &target, snapshot);
    }
}
