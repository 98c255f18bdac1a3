/* SPDX-License-Identifier: Apache-2.0 */
/* The three ways to judge an assertion: model, tables, probe. */
#include "judge.h"

#include "assert_graph.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <string.h>

#define ERROR_PRESENT 1u /* #PF error code, bit 0 (SDM vol. 3, 4.7) */

static uint32_t range_of(const struct run *run,
                         const struct config_assert *assertion)
{
    uint32_t range = PLAN_NONE;
    const char *name = assertion->to.text;

    if (plan_locate(&run->image->spec, run->image->plan, name,
                    (uint32_t)strlen(name), &range) != STATUS_OK) {
        return PLAN_NONE;
    }
    return range;
}

static void witness(struct judged_assert *out, const char *who,
                    uint64_t address, uint8_t found)
{
    char rights[8];

    judge_rights_text(found, rights, sizeof(rights));
    if (!*out->witness) {
        snprintf(out->witness, sizeof(out->witness), "%s: %s at 0x%llx", who,
                 *rights ? rights : "no access", (unsigned long long)address);
    }
}

/* The expected view alone: every page the range can ever have. */
static void judge_model(const struct run *run,
                        const struct config_assert *assertion, uint32_t range,
                        struct judged_assert *out)
{
    const struct plan *plan = run->image->plan;
    const struct plan_range *r = &plan->ranges[range];
    uint32_t root = plan->domains[assertion->from].root;
    bool deny = assertion->kind == ASSERT_DENY;
    uint32_t pages = deny || !r->start_pages ? r->pages : r->start_pages;

    out->model = FINDING_HOLDS;
    for (uint32_t i = 0; i < pages; i++) {
        uint64_t address = plan_range_start(r) + (uint64_t)i * ABI_PAGE_SIZE;
        uint32_t ignored;
        uint8_t found =
            plan_view(&run->image->spec, plan, root, address, &ignored);
        bool broken = deny ? (found & assertion->rights) != 0
                           : (found & assertion->rights) != assertion->rights;
        if (broken) {
            out->model = FINDING_BROKEN;
            witness(out, "model", address, found);
            return;
        }
    }
}

static void judge_tables(const struct run *run, uint32_t index,
                         struct judged_assert *out)
{
    const struct sampler_assert *seen = &run->sampler.asserts[index];

    if (!seen->seen) {
        out->no_tables = "no sample was taken while the domain and the range "
                         "were there";
        return;
    }
    out->tables = seen->broken ? FINDING_BROKEN : FINDING_HOLDS;
    if (seen->broken) {
        witness(out, "tables", seen->address, seen->found);
    }
}

static uint32_t right_of(uint32_t access)
{
    switch (access) {
    case ACCESS_READ:
        return CAP_READ;
    case ACCESS_WRITE:
        return CAP_WRITE;
    case ACCESS_EXEC:
        return CAP_EXEC;
    default:
        return 0;
    }
}

/* What the domain's own accesses showed: records of those that faulted. True:
 * every access that is meant was tried and failed. */
static bool judge_records(const struct run *run,
                          const struct config_assert *assertion, uint32_t range,
                          struct judged_assert *out)
{
    uint32_t faulted = 0;

    for (uint32_t i = 0; i < run->snapshot.faults; i++) {
        const struct shared_fault *fault = &run->snapshot.shared->faults[i];
        if (fault->domain != assertion->from || fault->range != range ||
            fault->type != FAULT_PAGE) {
            continue;
        }
        faulted |= right_of(fault->access);
        if (assertion->kind != ASSERT_DENY && (fault->error & ERROR_PRESENT) &&
            (right_of(fault->access) & assertion->rights)) {
            out->probe = FINDING_BROKEN;
            witness(out, "probe", fault->address, 0);
        }
    }
    return (faulted & assertion->rights) == assertion->rights;
}

/*
 * What the kernel tried in ring 3, and what programs tried by themselves. To
 * execute is tried by programs only: whatever lies there would run. But what
 * cannot be read cannot be executed (no page is execute-only).
 */
static void judge_probe(const struct run *run, uint32_t index, uint32_t range,
                        struct judged_assert *out)
{
    const struct config_assert *assertion = &run->config->asserts[index];
    bool failed = judge_records(run, assertion, range, out);
    bool tried = out->probe != FINDING_BROKEN && judge__probes(run, index, out);

    if (out->probe == FINDING_BROKEN) {
        return;
    }
    if (assertion->rights & CAP_EXEC &&
        !(assertion->kind == ASSERT_DENY && assertion->rights & CAP_READ)) {
        out->probe = FINDING_UNKNOWN;
        out->no_probe = "to execute is tried by programs only, and none did";
    } else if (!tried) {
        out->no_probe = "there are more assertions than room for probes";
    }
    if (out->probe == FINDING_UNKNOWN && assertion->kind == ASSERT_DENY &&
        failed) {
        out->probe = FINDING_HOLDS;
    }
}

static void say(struct judged_assert *out, const char *who, const char *what)
{
    if (!*out->witness) {
        snprintf(out->witness, sizeof(out->witness), "%s: %.230s", who, what);
    }
}

/* tcb, rsi, isolated: the same question to two graphs. */
static void judge_graph(const struct run *run, uint32_t index,
                        const struct sharing *sharing,
                        struct judged_assert *out)
{
    const struct sampler_assert *seen = &run->sampler.asserts[index];
    char why[240] = "";

    out->model = assert_graph_holds(&run->config->asserts[index], sharing, why,
                                    sizeof(why))
                     ? FINDING_HOLDS
                     : FINDING_BROKEN;
    if (out->model == FINDING_BROKEN) {
        say(out, "model", why);
    }
    if (seen->seen) {
        out->tables = seen->broken ? FINDING_BROKEN : FINDING_HOLDS;
    } else {
        out->no_tables = "no sample was taken after composition";
    }
    if (seen->broken) {
        say(out, "tables", seen->witness);
    }
    if (run->config->asserts[index].kind == ASSERT_RSI) {
        out->no_probe = "a number: no access must fail for it";
    } else if (!judge__probes(run, index, out)) {
        out->no_probe = "it names no domain that must fail at anything";
    }
}

static void judge_reach(const struct run *run, uint32_t index,
                        struct judged_assert *out)
{
    const struct config_assert *assertion = &run->config->asserts[index];
    uint32_t range = range_of(run, assertion);

    if (range == PLAN_NONE) {
        out->no_tables = out->no_probe = "the range does not exist";
        out->model =
            assertion->kind == ASSERT_DENY ? FINDING_HOLDS : FINDING_BROKEN;
    } else {
        judge_model(run, assertion, range, out);
        judge_tables(run, index, out);
        judge_probe(run, index, range, out);
    }
}

void judge__assert(const struct run *run, uint32_t index,
                   const struct sharing *sharing, struct judged_assert *out)
{
    if (assert_of_graph(&run->config->asserts[index])) {
        judge_graph(run, index, sharing, out);
    } else {
        judge_reach(run, index, out);
    }
    out->held = out->model != FINDING_BROKEN && out->tables != FINDING_BROKEN &&
                out->probe != FINDING_BROKEN;
}
