/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include "fault_text.h"
#include "guards.h"
#include "runtime.h"
#include "signals.h"
#include "table.h"
#include <host/escape.h>

#include <string.h>

const char report_threat_model[] =
    "claimed against ring-3 code of any domain; trusted: host, VMM, guest "
    "kernel, hardware; not covered: timing and transient execution";

void report_audit(const struct run *run, FILE *out)
{
    const struct audit *audit = &run->sampler.audit;
    char text[512];

    if (audit->samples == 0) {
        fprintf(out, "views were not checked: the guest ended before its "
                     "domains were composed\n");
        return;
    }
    fprintf(out,
            "views checked against live page tables: %llu pages, %llu "
            "capabilities, %llu violation%s (%llu sample%s)\n",
            (unsigned long long)audit->pages,
            (unsigned long long)audit->capabilities,
            (unsigned long long)audit->violation_count,
            audit->violation_count == 1 ? "" : "s",
            (unsigned long long)audit->samples, audit->samples == 1 ? "" : "s");
    if (audit->unchecked) {
        fprintf(out,
                "%llu of these pages are of domains made at run time, seen "
                "while the kernel was at work: whose frames they are was "
                "checked, their views were not\n",
                (unsigned long long)audit->unchecked);
    }
    if (audit->skipped) {
        fprintf(out,
                "%llu samples were skipped: no memory on the host, or more "
                "tables than were planned while the kernel was at work\n",
                (unsigned long long)audit->skipped);
    }
    for (uint32_t i = 0; i < audit->kept; i++) {
        audit_describe(&audit->violations[i], &run->image->spec,
                       run->image->plan, text, sizeof(text));
        fprintf(out, "violation: %s\n", text);
    }
}

void report_claims(const struct run *run, FILE *out)
{
    uint32_t guard = run->options->without_guard;

    if (guard == GUARD_NONE) {
        fprintf(out, "%s\n", report_threat_model);
    } else {
        fprintf(out, "WITHOUT GUARD %s: nothing is claimed\n",
                guards_row(guard)->name);
    }
}

static void report_domains(const struct run *run,
                           const struct judgement *judgement, FILE *out)
{
    char text[256];

    for (uint32_t i = 0; i < run->config->domain_count; i++) {
        const struct config_domain *domain = &run->config->domains[i];
        const struct verdict *verdict = &judgement->domains[i];
        const struct shared_domain *state = &run->snapshot.shared->domains[i];
        if (!verdict->met) {
            escape_string(verdict->why, text, sizeof(text));
            fprintf(out, "%s: %s\n", domain->name.text, text);
        } else if (verdict->stuck || verdict->timeout ||
                   (state->outcome == OUTCOME_EXIT && state->code != 0) ||
                   state->outcome == OUTCOME_FAULT) {
            judge_outcome_text(run, i, text, sizeof(text));
            fprintf(out, "%s: %s%s\n", domain->name.text, text,
                    domain->expect.given ? ", as expected" : "");
        }
    }
}

static void report_asserts(const struct run *run,
                           const struct judgement *judgement, FILE *out)
{
    static const char *const words[] = {"unknown", "holds", "BROKEN"};

    for (uint32_t i = 0; i < run->config->assert_count; i++) {
        const struct config_assert *assertion = &run->config->asserts[i];
        const struct judged_assert *judged = &judgement->asserts[i];
        if (judged->held) {
            continue;
        }
        fprintf(out, "assertion %s (", assertion->name.text);
        config_print_assert(run->config, assertion, out);
        fprintf(out, ") is violated: model %s, tables %s, probe %s; %s\n",
                words[judged->model], words[judged->tables],
                words[judged->probe], judged->witness);
    }
}

static void report_shortfalls(const struct judgement *judgement, FILE *out)
{
    if (judgement->shortfalls) {
        fprintf(out, "%llu capabilit%s found no slot: raise `slots`\n",
                (unsigned long long)judgement->shortfalls,
                judgement->shortfalls == 1 ? "y" : "ies");
    }
}

static void report_summary(const struct run *run,
                           const struct judgement *judgement, FILE *out)
{
    uint32_t domains = run->config->domain_count;

    fprintf(out, "met: %u of %u domain%s", domains - judgement->missed, domains,
            domains == 1 ? "" : "s");
    if (run->config->assert_count) {
        fprintf(out, ", %u of %u assertion%s",
                run->config->assert_count - judgement->broken,
                run->config->assert_count,
                run->config->assert_count == 1 ? "" : "s");
    }
    fputs("\n", out);
}

static void say_panic(const struct run *run)
{
    char what[512], text[sizeof(what) * ESCAPE_GROWTH];

    panic_what(run, what, sizeof(what));
    escape_string(what, text, sizeof(text));
    fprintf(stderr, "ambit: %s%s\n",
            run->panic.kind == PANIC_KERNEL ? "guest kernel panic: " : "",
            text);
    fputs(run->options->without_guard
              ? "  as may be expected without a guard\n"
              : "  this is a fault of Ambit, not of your config: please report "
                "it\n",
          stderr);
}

void report_end(const struct run *run)
{
    switch (run->end) {
    case RUN_PANIC:
        say_panic(run);
        break;
    case RUN_FAILED:
    case RUN_UNMET:
        run_say_failure(&run->failure);
        break;
    case RUN_TIMEOUT:
        fprintf(stderr,
                "ambit: stopped after %.3g s (--timeout); what follows is "
                "what was known by then\n",
                (double)run->options->timeout_ns / 1e9);
        if (run->panic.kind == PANIC_HANG) {
            say_panic(run);
        }
        break;
    case RUN_INTERRUPTED:
        fprintf(stderr,
                "ambit: interrupted (signal %d); what follows is what was "
                "known by then\n",
                signals_pending());
        break;
    default:
        break;
    }
    panic_print(run, stderr);
    if (run->console.corrupt) {
        fprintf(stderr,
                "ambit: the console ring made no sense %u times: "
                "output is missing\n",
                run->console.corrupt);
    }
}

void report_print(const struct run *run, const struct judgement *judgement,
                  FILE *out)
{
    bool quiet = run->options->quiet;

    if (!run->snapshot.valid) {
        return; /* the kernel never got to say anything */
    }
    if (!quiet) {
        table_print(run, out);
    }
    if (!quiet || run->sampler.audit.violation_count) {
        report_audit(run, out);
    }
    if (!quiet || run->options->without_guard) {
        report_claims(run, out);
    }
    report_domains(run, judgement, out);
    if (!quiet) {
        runtime_print(run, out);
    }
    report_asserts(run, judgement, out);
    report_shortfalls(judgement, out);
    if (!quiet) {
        report_summary(run, judgement, out);
    }
}
