/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "results.h"

#include "guards.h"
#include "json_file.h"
#include "phases.h"
#include "report.h"
#include "require.h"
#include "results_parts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define NEVER_RAN "the guest kernel never told"

static void set_id(struct results *results, json_t *out)
{
    uint8_t bytes[16];
    char text[2 * sizeof(bytes) + 1];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
        results_lack(results, out, "id", "the host gave no random number");
        return;
    }
    for (size_t i = 0; i < sizeof(bytes); i++) {
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    results_set(results, out, "id", json_string(text));
}

static void set_started(struct results *results, json_t *out)
{
    uint64_t age = run_now() - results->run->times.start;
    time_t when = time(NULL) - (time_t)(age / 1000000000ull);
    struct tm parts;
    char text[32];

    if (gmtime_r(&when, &parts) &&
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts)) {
        results_set(results, out, "started", json_string(text));
    } else {
        results_lack(results, out, "started", "the host does not know");
    }
}

json_t *results_resolved(struct results *results)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *file = open_memstream(&text, &bytes);
    json_t *value = NULL;

    if (!file) {
        return NULL;
    }
    config_print_resolved(results->run->config, file);
    if (fclose(file) == 0) {
        value = results_bytes(text, bytes);
    }
    free(text);
    return value;
}

static void set_inputs(struct results *results, json_t *out)
{
    const struct run *run = results->run;
    const struct options *options = run->options;
    json_t *argv = json_array();
    json_t *set = json_array();
    json_t *config = json_object();

    for (int i = 0; i < options->argc; i++) {
        results_append(results, argv, results_text(options->argv[i]));
    }
    for (size_t i = 0; i < options->override_count; i++) {
        results_append(results, set,
                       results_text(options->overrides[i].path_and_value));
    }
    results_set(results, config, "path", results_text(run->config->path));
    results_set(results, config, "sha256", results_sha256(run->config->sha256));
    results_set(results, out, "argv", argv);
    results_set(results, out, "set", set);
    results_set(results, out, "config", config);
    results_set(results, out, "resolved", results_resolved(results));
    /* As text: a seed has 64 bits, and many readers of JSON have 53. */
    results_set(results, out, "seed",
                json_sprintf("%llu", (unsigned long long)run->config->seed));
}

json_t *results_features(struct results *results, uint32_t features)
{
    json_t *list = json_array();

    for (unsigned i = 0; require_feature_name(i); i++) {
        if (features & 1u << i) {
            results_append(results, list, json_string(require_feature_name(i)));
        }
    }
    return list;
}

/* The kernel has found out what the machine offers. */
static bool machine_known(const struct run *run)
{
    uint32_t phase = run->snapshot.shared->phase;

    return run->snapshot.valid && phase >= PHASE_COMPOSE &&
           (phase != PHASE_PANIC || run->times.compose);
}

static void set_engine(struct results *results, json_t *out)
{
    const struct run *run = results->run;
    const struct shared *shared = run->snapshot.shared;
    json_t *engine = json_object();

    results_set(results, engine, "kind", json_string(run->ops->name));
    results_set(results, engine, "version", results_text(run->probe.version));
    results_set(results, engine, "ring0",
                json_string(run->probe.ring0 ? run->probe.ring0 : "unknown"));
    results_set(results, engine, "icount",
                json_boolean(run->engine_options.icount));
    if (machine_known(run)) {
        results_set(results, engine, "registers",
                    json_string(shared->registers_host ? "host" : "kernel"));
        results_set(results, engine, "features",
                    results_features(results, shared->features));
    } else {
        results_lack(results, engine, "registers", NEVER_RAN);
        results_lack(results, engine, "features", NEVER_RAN);
    }
    results_set(results, out, "engine", engine);
}

static void set_phases(struct results *results, json_t *out)
{
    struct phase_time phases[PHASES];
    json_t *object = json_object();

    phases_of(results->run, phases);
    for (uint32_t i = 0; i < PHASES; i++) {
        results_set(results, object, phases[i].name,
                    phases[i].known
                        ? results_number(phases[i].ns, "ns", "host")
                        : results_unknown("ns", "not seen to begin and end"));
    }
    results_set(results, out, "phases", object);
}

/* PVH entry to the first entry of ring 3. */
static json_t *start_ticks(const struct run *run)
{
    const struct shared *shared = run->snapshot.shared;

    return shared->ring3_tick < shared->entry_tick || !shared->ring3_tick
               ? results_unknown("cycles", "ring 3 was never entered")
               : results_ticks(run, shared->ring3_tick - shared->entry_tick);
}

static json_t *memory_counters(struct results *results)
{
    const struct shared *s = results->run->snapshot.shared;
    json_t *out = json_object();

    results_set(results, out, "frames_total", results_pages(s->frames_total));
    results_set(results, out, "frames_free_start",
                results_pages(s->frames_free_start));
    results_set(results, out, "frames_free_end",
                results_pages(s->frames_free_end));
    results_set(results, out, "quota_used_start",
                results_pages(s->quota_used_start));
    results_set(results, out, "quota_used_end",
                results_pages(s->quota_used_end));
    results_set(results, out, "slots_used_start",
                results_count(s->slots_used_start));
    results_set(results, out, "slots_used_end",
                results_count(s->slots_used_end));
    return out;
}

/* Calls and replies that went the short way, and why others did not. */
static json_t *crossing_counters(struct results *results)
{
    static const char *const reasons[] = {
#define CROSSING_FALL_TEXT(name, text) text,
        CROSSING_FALL_LIST(CROSSING_FALL_TEXT)
#undef CROSSING_FALL_TEXT
    };
    const struct shared *s = results->run->snapshot.shared;
    json_t *out = json_object(), *falls = json_object();

    results_set(results, out, "fast", results_count(s->crossings_fast));
    for (uint32_t i = 0; i < CROSSING_FALLS; i++) {
        results_set(results, falls, reasons[i],
                    results_count(s->crossing_falls[i]));
    }
    results_set(results, out, "falls", falls);
    return out;
}

static void set_counters(struct results *results, json_t *out)
{
    const struct shared *s = results->run->snapshot.shared;
    json_t *counters;

    if (!results->run->snapshot.valid) {
        results_lack(results, out, "counters", NEVER_RAN);
        return;
    }
    counters = memory_counters(results);
    results_set(results, counters, "entry_to_ring3", start_ticks(results->run));
    results_set(results, counters, "system_calls",
                results_count(s->system_calls + s->crossings_fast));
    results_set(results, counters, "cr3_writes", results_count(s->cr3_writes));
    results_set(results, counters, "msr_writes", results_count(s->msr_writes));
    results_set(results, counters, "flushes", results_count(s->flushes));
    results_set(results, counters, "register_calls",
                results_count(s->register_calls));
    results_set(results, counters, "faults", results_count(s->fault_count));
    results_set(results, counters, "crossings", crossing_counters(results));
    results_set(results, counters, "reports", results_count(s->report_count));
    results_set(results, counters, "compose_shortfalls",
                results_count(s->compose_shortfalls));
    results_set(results, out, "counters", counters);
}

static void set_finding(struct results *results, json_t *out, const char *key,
                        enum finding finding, const char *why_unknown)
{
    if (finding == FINDING_UNKNOWN) {
        results_lack(results, out, key,
                     why_unknown ? why_unknown : "not looked at");
    } else {
        results_set(results, out, key,
                    json_string(finding == FINDING_HOLDS ? "holds" : "broken"));
    }
}

static json_t *make_pair(struct results *results, const uint32_t *domains,
                         uint32_t count)
{
    json_t *out = json_array();

    for (uint32_t i = 0; i < count; i++) {
        results_append(
            results, out,
            results_text(results_domain_name(results->run, domains[i])));
    }
    return out;
}

static void set_tcb(struct results *results, json_t *out,
                    const struct config_assert *assertion)
{
    results_set(
        results, out, "of",
        results_text(results_domain_name(results->run, assertion->from)));
    if (assertion->max != SPEC_NONE) {
        results_set(results, out, "max", json_integer(assertion->max));
    }
    if (assertion->within_given) {
        results_set(
            results, out, "within",
            make_pair(results, assertion->within, assertion->within_count));
    }
}

/* What is asserted, with the words of the config. */
static void set_rule(struct results *results, json_t *out,
                     const struct config_assert *assertion)
{
    static const char *const rules[] = {"deny", "allow", "tcb", "rsi",
                                        "isolated"};

    results_set(results, out, "rule", json_string(rules[assertion->kind]));
    if (assertion->kind <= ASSERT_ALLOW) {
        results_set(
            results, out, "from",
            results_text(results_domain_name(results->run, assertion->from)));
        results_set(results, out, "to", results_text(assertion->to.text));
        results_set(results, out, "access", results_rights(assertion->rights));
    } else if (assertion->kind == ASSERT_TCB) {
        set_tcb(results, out, assertion);
    } else {
        results_set(results, out, "between",
                    make_pair(results, assertion->between, 2));
    }
    if (assertion->kind == ASSERT_RSI) {
        results_set(results, out, "type",
                    json_string(sharing_indices[assertion->index].name));
        results_set(results, out, "max",
                    json_real((double)assertion->max / CONFIG_FRACTION_ONE));
    }
}

static json_t *make_assert(struct results *results, uint32_t index)
{
    const struct run *run = results->run;
    const struct config_assert *assertion = &run->config->asserts[index];
    const struct judged_assert *judged = &results->judgement->asserts[index];
    json_t *out = json_object();

    results_set(results, out, "name", results_text(assertion->name.text));
    set_rule(results, out, assertion);
    results_set(results, out, "held", json_boolean(judged->held));
    set_finding(results, out, "model", judged->model, NULL);
    set_finding(results, out, "tables", judged->tables, judged->no_tables);
    set_finding(results, out, "probe", judged->probe, judged->no_probe);
    results_set(results, out, "witness",
                results_text(*judged->witness ? judged->witness : NULL));
    return out;
}

static void set_asserts(struct results *results, json_t *out)
{
    json_t *asserts = json_array();

    for (uint32_t i = 0; i < results->run->config->assert_count; i++) {
        results_append(results, asserts, make_assert(results, i));
    }
    results_set(results, out, "asserts", asserts);
}

static json_t *make_violation(struct results *results,
                              const struct audit_violation *violation)
{
    const struct run *run = results->run;
    const struct image *image = run->image;
    json_t *out = json_object();
    char text[512] = "";

    results_set(results, out, "kind",
                json_string(audit_kind_name(violation->kind)));
    results_set(results, out, "domain",
                results_text(results_domain_name(run, violation->domain)));
    if (violation->range < image->plan->range_count) {
        plan_range_name(&image->spec, image->plan, violation->range, text,
                        sizeof(text));
    }
    results_set(results, out, "range", results_text(*text ? text : NULL));
    results_set(results, out, "root",
                violation->root == PLAN_NONE ? json_null()
                                             : json_integer(violation->root));
    results_set(results, out, "address", results_hex(violation->address));
    results_set(results, out, "frame", results_hex(violation->frame));
    results_set(results, out, "expected", results_rights(violation->expected));
    results_set(results, out, "found", results_rights(violation->found));
    audit_describe(violation, &image->spec, image->plan, text, sizeof(text));
    results_set(results, out, "text", results_text(text));
    return out;
}

static void set_audit(struct results *results, json_t *out)
{
    const struct audit *audit = &results->run->sampler.audit;
    json_t *object = json_object();
    json_t *violations = json_array();

    results_set(results, object, "pages",
                results_number(audit->pages, "count", "host"));
    results_set(results, object, "capabilities",
                results_number(audit->capabilities, "count", "host"));
    results_set(results, object, "samples",
                results_number(audit->samples, "count", "host"));
    results_set(results, object, "made",
                results_number(audit->made, "count", "host"));
    results_set(results, object, "unchecked",
                results_number(audit->unchecked, "count", "host"));
    results_set(results, object, "skipped",
                results_number(audit->skipped, "count", "host"));
    results_set(results, object, "violation_count",
                results_number(audit->violation_count, "count", "host"));
    for (uint32_t i = 0; i < audit->kept; i++) {
        results_append(results, violations,
                       make_violation(results, &audit->violations[i]));
    }
    results_set(results, object, "violations", violations);
    results_set(results, out, "audit", object);
}

static void set_end(struct results *results, json_t *out)
{
    static const char *const names[] = {"going",  "done",    "panic",
                                        "failed", "timeout", "interrupted",
                                        "refused"};
    const struct run *run = results->run;
    const struct console_stream *kernel =
        &run->console.streams[run->console.count - 1];

    results_set(results, out, "end", json_string(names[run->end]));
    if (run->end == RUN_FAILED || run->end == RUN_UNMET) {
        results_set(results, out, "message", results_text(run->failure.text));
    }
    if (run->end == RUN_PANIC) {
        results_set(results, out, "message",
                    results_text(run->snapshot.shared->panic));
    }
    if (run->panic.kind != PANIC_NONE) {
        results_set(results, out, "panic", results_panic(results));
    }
    results_set(
        results, out, "kernel_output",
        results_bytes(kernel->kept ? kernel->kept : "", kernel->kept_bytes));
    if (run->options->without_guard) {
        results_lack(results, out, "threat_model",
                     "without a guard nothing is claimed");
        results_set(results, out, "without_guard",
                    json_string(guards_row(run->options->without_guard)->name));
    } else {
        results_set(results, out, "threat_model",
                    json_string(report_threat_model));
        results_lack(results, out, "without_guard", "every guard is there");
    }
    results_set(results, out, "exit",
                json_integer(results->judgement->exit_code));
}

json_t *results_make(const struct run *run, const struct judgement *judgement)
{
    struct results results = {.run = run, .judgement = judgement};
    json_t *out = json_object();

    results_set(&results, out, "schema", json_integer(RESULTS_SCHEMA));
    set_id(&results, out);
    set_started(&results, out);
    set_inputs(&results, out);
    set_engine(&results, out);
    results_set(&results, out, "versions", results_versions(&results));
    results_set(&results, out, "env", json_incref(run->env));
    results_set(&results, out, "sandbox",
                results_sandbox(&results, &run->sandbox));
    set_phases(&results, out);
    results_set(&results, out, "domains", results_domains(&results));
    results_runtime(&results, out);
    results_set(&results, out, "boundaries", results_boundaries(&results));
    results_sharing(&results, out);
    set_asserts(&results, out);
    set_audit(&results, out);
    set_counters(&results, out);
    set_end(&results, out);
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

int results_write(struct run *run, const struct judgement *judgement,
                  struct failure *failure)
{
    json_t *value = results_make(run, judgement);
    int result;

    if (!value) {
        return failure_set(failure, EXIT_HOST,
                           "no memory on the host for the results");
    }
    result = json_file_write_late(value, &run->results, failure);
    json_decref(value);
    return result;
}
