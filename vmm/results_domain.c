/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each domain. */
#include "results_parts.h"

#include "fault_text.h"
#include <host/escape.h>

/* What came of a fault, by shared_fault.tried. */
static const char *const handling[] = {"ended", "caught", "skipped", "retried"};

const char *results_domain_name(const struct run *run, uint32_t domain)
{
    return domain < run->config->domain_count
               ? run->config->domains[domain].name.text
               : NULL;
}

static json_t *make_fault(struct results *results,
                          const struct shared_fault *fault)
{
    const struct run *run = results->run;
    json_t *out = json_object();
    char text[512];

    results_set(results, out, "type",
                json_string(fault_type_name(fault->type)));
    results_set(results, out, "access",
                json_string(fault_access_name(fault->access)));
    results_set(results, out, "address", results_hex(fault->address));
    fault_range(fault, run->image, text, sizeof(text));
    results_set(results, out, "range", results_text(*text ? text : NULL));
    results_set(results, out, "owner",
                results_text(results_domain_name(run, fault->owner)));
    fault_symbol(fault->rip, run->image, text, sizeof(text));
    results_set(results, out, "symbol", results_text(text));
    results_set(results, out, "rip", results_hex(fault->rip));
    results_set(results, out, "vector", json_integer(fault->vector));
    results_set(results, out, "error", json_integer(fault->error));
    results_set(results, out, "handling",
                json_string(handling[fault->tried < 4 ? fault->tried : 0]));
    return out;
}

static void set_outcome(struct results *results, json_t *domain, uint32_t index)
{
    const struct run *run = results->run;
    const struct shared_domain *state = &run->snapshot.shared->domains[index];
    json_t *outcome = json_object();

    results_set(results, outcome, "kind",
                json_string(judge_outcome_name(run, index)));
    if (state->outcome == OUTCOME_EXIT) {
        results_set(results, outcome, "code", json_integer(state->code));
    }
    if (state->outcome == OUTCOME_FAULT &&
        state->fault < run->snapshot.faults) {
        results_set(
            results, outcome, "fault",
            make_fault(results, &run->snapshot.shared->faults[state->fault]));
    } else if (state->outcome == OUTCOME_FAULT) {
        results_lack(results, outcome, "fault",
                     "more faults than the kernel keeps records of");
    }
    if (state->outcome == OUTCOME_BLOCKED) {
        uint32_t at = state->blocked_on;
        results_set(results, outcome, "endpoint",
                    results_text(at < run->config->endpoint_count
                                     ? run->config->endpoints[at].text
                                     : NULL));
        results_set(results, outcome, "serves",
                    json_boolean(results->judgement->domains[index].served));
    }
    results_set(results, domain, "outcome", outcome);
}

static void set_faults(struct results *results, json_t *domain, uint32_t index)
{
    const struct snapshot *snapshot = &results->run->snapshot;
    json_t *faults = json_array();

    for (uint32_t i = 0; i < snapshot->faults; i++) {
        if (snapshot->shared->faults[i].domain == index) {
            results_append(results, faults,
                           make_fault(results, &snapshot->shared->faults[i]));
        }
    }
    results_set(results, domain, "faults", faults);
}

static json_t *expected_fault(struct results *results,
                              const struct config_fault *fault)
{
    json_t *out = json_object();

    results_set(
        results, out, "access",
        json_string(fault->access ? fault_access_name(fault->access) : "any"));
    results_set(results, out, "to", results_text(fault->to.text));
    return out;
}

/* Null when the config expects nothing in particular. */
static json_t *make_expected(struct results *results,
                             const struct config_expect *expect)
{
    json_t *out, *faults;

    if (!expect->given) {
        return json_null();
    }
    out = json_object();
    if (expect->fault_outcome) {
        results_set(results, out, "exit", json_string("fault"));
    } else if (expect->exit_given) {
        results_set(results, out, "exit", json_integer(expect->exit));
    }
    if (expect->fault_count) {
        faults = json_array();
        for (uint32_t i = 0; i < expect->fault_count; i++) {
            results_append(results, faults,
                           expected_fault(results, &expect->faults[i]));
        }
        results_set(results, out, "faults", faults);
    }
    if (expect->output.text) {
        results_set(results, out, "output", results_text(expect->output.text));
    }
    return out;
}

static void set_numbers(struct results *results, json_t *domain,
                        const struct shared_domain *state)
{
    json_t *memory = json_object();
    json_t *counters = json_object();

    results_set(results, memory, "quota", results_pages(state->quota_pages));
    results_set(results, memory, "peak", results_pages(state->peak_pages));
    results_set(results, memory, "heap", results_pages(state->heap_pages));
    results_set(results, domain, "memory", memory);
    results_set(results, counters, "calls", results_count(state->calls));
    results_set(results, counters, "faults", results_count(state->faults));
    results_set(results, counters, "switches", results_count(state->switches));
    results_set(results, counters, "starts", results_count(state->starts));
    results_set(results, domain, "counters", counters);
    results_set(results, domain, "create",
                state->starts
                    ? results_ticks(results->run, state->create_ticks)
                    : results_unknown("cycles", "it was never built"));
}

/* What any domain reported about this one: the last report under each key. */
static void set_observations(struct results *results, json_t *domain,
                             uint32_t index)
{
    const struct run *run = results->run;
    json_t *observations = json_object();
    char key[SHARED_NAME * ESCAPE_GROWTH];

    for (uint32_t i = 0; i < run->snapshot.reports; i++) {
        const struct shared_report *report = &run->snapshot.shared->reports[i];
        if (report->about != index) {
            continue;
        }
        escape_string(report->key, key, sizeof(key));
        results_set(results, observations, key,
                    report->kind == REPORT_INSTRUCTIONS
                        ? results_ticks(run, report->number)
                        : results_text(report->value));
    }
    results_set(results, domain, "observations", observations);
}

static void set_output(struct results *results, json_t *domain, uint32_t index)
{
    const struct console_stream *stream = &results->run->console.streams[index];
    uint8_t digest[32];

    sha256_end(stream->hash, digest);
    results_set(
        results, domain, "output",
        results_bytes(stream->kept ? stream->kept : "", stream->kept_bytes));
    results_set(results, domain, "output_bytes",
                results_number(stream->bytes, "bytes", "host"));
    results_set(results, domain, "output_sha256", results_sha256(digest));
}

static json_t *make_domain(struct results *results, uint32_t index)
{
    const struct run *run = results->run;
    const struct config_domain *config = &run->config->domains[index];
    const struct verdict *verdict = &results->judgement->domains[index];
    json_t *out = json_object();

    results_set(results, out, "name", results_text(config->name.text));
    results_set(results, out, "kind", results_text(config->kind_name.text));
    results_set(results, out, "parent",
                results_text(results_domain_name(run, config->parent)));
    results_set(results, out, "root",
                json_integer(run->image->plan->domains[index].root));
    set_outcome(results, out, index);
    set_faults(results, out, index);
    results_set(results, out, "expected",
                make_expected(results, &config->expect));
    results_set(results, out, "met", json_boolean(verdict->met));
    if (*verdict->why) {
        results_set(results, out, "why", results_text(verdict->why));
    }
    set_numbers(results, out, &run->snapshot.shared->domains[index]);
    set_observations(results, out, index);
    set_output(results, out, index);
    return out;
}

json_t *results_domains(struct results *results)
{
    const struct config *config = results->run->config;
    json_t *domains = json_array();

    for (uint32_t place = 0; place < config->domain_count; place++) {
        for (uint32_t i = 0; i < config->domain_count; i++) {
            if (config->domains[i].declared == place) {
                results_append(results, domains, make_domain(results, i));
            }
        }
    }
    return domains;
}
