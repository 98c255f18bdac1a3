/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include "assert_graph.h"

#include "fault_text.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

#define TRIED_CAUGHT 1u

static const struct shared_domain *state_of(const struct run *run,
                                            uint32_t domain)
{
    return &run->snapshot.shared->domains[domain];
}

void judge_rights_text(uint32_t rights, char *out, size_t bytes)
{
    snprintf(out, bytes, "%s%s%s", rights & CAP_READ ? "r" : "",
             rights & CAP_WRITE ? "w" : "", rights & CAP_EXEC ? "x" : "");
}

/* How a server ends. Which capability it came by does not matter. */
static bool waits_to_receive(const struct run *run, uint32_t domain)
{
    return state_of(run, domain)->waits == WAITS_TO_RECEIVE &&
           state_of(run, domain)->blocked_on < run->config->endpoint_count;
}

const char *judge_outcome_kind(const struct run *run, uint32_t outcome)
{
    switch (outcome) {
    case OUTCOME_RUNNING:
        return run->end == RUN_TIMEOUT ? "timeout" : "running";
    case OUTCOME_BLOCKED:
        return "blocked";
    case OUTCOME_EXIT:
        return "exit";
    case OUTCOME_FAULT:
        return "fault";
    case OUTCOME_STOPPED:
        return "stopped";
    default:
        return "none";
    }
}

const char *judge_outcome_name(const struct run *run, uint32_t domain)
{
    return judge_outcome_kind(run, state_of(run, domain)->outcome);
}

static void blocked_text(const struct run *run, uint32_t domain, char *out,
                         size_t bytes)
{
    uint32_t endpoint = state_of(run, domain)->blocked_on;

    if (endpoint < run->config->endpoint_count) {
        snprintf(out, bytes, "still waits at %s %s",
                 endpoint < run->config->first_notification ? "endpoint"
                                                            : "notification",
                 run->config->endpoints[endpoint].text);
    } else {
        snprintf(out, bytes, "still waits for another domain");
    }
}

static void fault_outcome_text(const struct run *run, uint32_t domain,
                               char *out, size_t bytes)
{
    uint32_t fault = state_of(run, domain)->fault;
    char text[512];

    if (fault >= run->snapshot.faults) {
        snprintf(out, bytes, "ended by a fault");
        return;
    }
    fault_describe(&run->snapshot.shared->faults[fault], run->image, text,
                   sizeof(text));
    const char *colon = strchr(text, ':'); /* the name is said already */
    snprintf(out, bytes, "ended by a fault%s", colon ? colon : "");
}

void judge_outcome_text(const struct run *run, uint32_t domain, char *out,
                        size_t bytes)
{
    const struct shared_domain *state = state_of(run, domain);

    switch (state->outcome) {
    case OUTCOME_EXIT:
        snprintf(out, bytes, "exited with %d", state->code);
        break;
    case OUTCOME_FAULT:
        fault_outcome_text(run, domain, out, bytes);
        break;
    case OUTCOME_STOPPED:
        snprintf(out, bytes, "was stopped");
        break;
    case OUTCOME_BLOCKED:
        blocked_text(run, domain, out, bytes);
        break;
    case OUTCOME_RUNNING:
        snprintf(out, bytes, "still ran%s",
                 run->end == RUN_TIMEOUT ? " when the time was up" : "");
        break;
    default:
        snprintf(out, bytes, "was never started");
    }
}

static bool ended_well(const struct run *run, uint32_t domain,
                       const struct verdict *verdict)
{
    const struct shared_domain *state = state_of(run, domain);

    if (state->outcome == OUTCOME_EXIT) {
        return state->code == 0;
    }
    if (state->outcome == OUTCOME_NONE) {
        return run->config->domains[domain].start == SPEC_START_MANUAL;
    }
    if (state->outcome == OUTCOME_STOPPED) {
        /* Its holder's right, unless the config says how it should end. */
        return !run->config->domains[domain].expect.given;
    }
    return verdict->served;
}

static bool outcome_expected(const struct run *run, uint32_t domain,
                             struct verdict *verdict)
{
    const struct config_expect *expect = &run->config->domains[domain].expect;
    const struct shared_domain *state = state_of(run, domain);
    char text[160];
    bool good;

    if (expect->given && expect->fault_outcome) {
        good = state->outcome == OUTCOME_FAULT;
    } else if (expect->given && expect->exit_given) {
        good = state->outcome == OUTCOME_EXIT && state->code == expect->exit;
    } else {
        good = ended_well(run, domain, verdict);
    }
    if (good) {
        return true;
    }
    judge_outcome_text(run, domain, text, sizeof(text));
    if (expect->fault_outcome) {
        snprintf(verdict->why, sizeof(verdict->why),
                 "%s; expected it to end by a fault", text);
    } else {
        snprintf(verdict->why, sizeof(verdict->why), "%s; expected exit %d",
                 text, expect->exit_given ? expect->exit : 0);
    }
    return false;
}

static bool fault_matches(const struct run *run,
                          const struct shared_fault *fault, uint32_t domain,
                          const struct config_fault *want)
{
    char range[2 * SPEC_NAME_MAX + 8];

    if (fault->domain != domain || fault->tried == TRIED_CAUGHT ||
        (want->access && fault->access != want->access)) {
        return false;
    }
    fault_range(fault, run->image, range, sizeof(range));
    return !want->to.text || strcmp(range, want->to.text) == 0;
}

/* Each expected fault must occur, after the one before it. */
static bool faults_expected(const struct run *run, uint32_t domain,
                            struct verdict *verdict)
{
    const struct config_expect *expect = &run->config->domains[domain].expect;
    uint32_t next = 0;

    for (uint32_t i = 0; i < expect->fault_count; i++) {
        const struct config_fault *want = &expect->faults[i];
        while (next < run->snapshot.faults &&
               !fault_matches(run, &run->snapshot.shared->faults[next], domain,
                              want)) {
            next++;
        }
        if (next++ >= run->snapshot.faults) {
            snprintf(verdict->why, sizeof(verdict->why),
                     "expected fault %u (%s %s) did not occur", i + 1,
                     want->access ? fault_access_name(want->access)
                                  : "any access",
                     want->to.text ? want->to.text : "anywhere");
            return false;
        }
    }
    return true;
}

static bool output_expected(const struct run *run, uint32_t domain,
                            struct verdict *verdict)
{
    const struct config_expect *expect = &run->config->domains[domain].expect;

    if (!expect->output.text || run->console.streams[domain].match.found) {
        return true;
    }
    snprintf(verdict->why, sizeof(verdict->why), "never printed \"%s\"",
             expect->output.text);
    return false;
}

static void judge_domain(const struct run *run, uint32_t domain,
                         struct verdict *verdict)
{
    const struct shared_domain *state = state_of(run, domain);

    verdict->timeout =
        run->end == RUN_TIMEOUT && state->outcome == OUTCOME_RUNNING;
    verdict->served =
        state->outcome == OUTCOME_BLOCKED && waits_to_receive(run, domain);
    verdict->stuck = state->outcome == OUTCOME_BLOCKED && !verdict->served;
    verdict->met = outcome_expected(run, domain, verdict) &&
                   faults_expected(run, domain, verdict) &&
                   output_expected(run, domain, verdict);
}

static int exit_code_of(const struct run *run, const struct judgement *out)
{
    bool violated = run->sampler.audit.violation_count || out->broken;

    switch (run->end) {
    case RUN_PANIC:
        return EXIT_PANIC;
    case RUN_FAILED:
    case RUN_UNMET:
        return run->failure.exit_code ? run->failure.exit_code : EXIT_HOST;
    default:
        break;
    }
    if (violated) {
        return EXIT_VIOLATED;
    }
    if (run->end == RUN_INTERRUPTED) {
        return EXIT_INTERRUPTED;
    }
    if (run->end == RUN_TIMEOUT) {
        return EXIT_TIMEOUT;
    }
    return out->missed || out->shortfalls ? EXIT_MISSED : EXIT_MET;
}

static int judge_asserts(const struct run *run, struct judgement *out)
{
    const struct config *config = run->config;
    struct sharing sharing = {0};
    int result = 0;

    if (assert_graph_any(config)) {
        result = sharing_make(&sharing, &run->image->spec, run->image->plan);
    }
    for (uint32_t i = 0; result == 0 && i < config->assert_count; i++) {
        judge__assert(run, i, &sharing, &out->asserts[i]);
        out->broken += !out->asserts[i].held;
    }
    sharing_free(&sharing);
    return result;
}

int judge(const struct run *run, struct judgement *out)
{
    const struct config *config = run->config;

    memset(out, 0, sizeof(*out));
    out->domains = calloc(config->domain_count + 1, sizeof(*out->domains));
    out->asserts = calloc(config->assert_count + 1, sizeof(*out->asserts));
    if (!out->domains || !out->asserts) {
        judge_free(out);
        return -1;
    }
    out->shortfalls = run->snapshot.shared->compose_shortfalls;
    for (uint32_t i = 0; i < config->domain_count; i++) {
        judge_domain(run, i, &out->domains[i]);
        out->missed += !out->domains[i].met;
        out->expected += config->domains[i].expect.given;
    }
    if (judge_asserts(run, out) < 0) {
        judge_free(out);
        return -1;
    }
    out->exit_code = exit_code_of(run, out);
    return 0;
}

void judge_free(struct judgement *judgement)
{
    free(judgement->domains);
    free(judgement->asserts);
    memset(judgement, 0, sizeof(*judgement));
}
