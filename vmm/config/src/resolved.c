/* SPDX-License-Identifier: Apache-2.0 */
/* A config with every default spelled out, as YAML. */
#include "reader.h"

#include <abi/shared.h>
#include <capabilities/cap.h>
#include <string.h>

static void print_degree(FILE *out, const struct config_degree *degree)
{
    if (degree->bytes != 0) {
        fprintf(out, "{%s: %s}", pd_degree_name(degree->degree),
                size_text(degree->bytes).text);
    } else if (degree->host.text) {
        fprintf(out, "{new: {host: ");
        print_quoted(out, degree->host.text);
        fprintf(out, "}}");
    } else if (degree->dir.text) {
        fprintf(out, "{part: {dir: ");
        print_quoted(out, degree->dir.text);
        fprintf(out, "}}");
    } else if (degree->keep_given) {
        fprintf(out, "{part: {keep: [");
        for (uint32_t i = 0; i < degree->keep_count; i++) {
            fprintf(out, "%s%s", i ? ", " : "", degree->keeps[i].name.text);
        }
        fprintf(out, "]}}");
    } else {
        fprintf(out, "%s", pd_degree_name(degree->degree));
    }
}

static void print_classes(FILE *out, const struct config_degree *classes,
                          int indent)
{
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        fprintf(out, "%*s%s: ", indent, "", pd_class_name(i));
        print_degree(out, &classes[i]);
        fputc('\n', out);
    }
}

static void print_kinds(const struct config *config, FILE *out)
{
    if (config->kind_count != 0) {
        fprintf(out, "kinds:\n");
    }
    for (uint32_t i = 0; i < config->kind_count; i++) {
        const struct config_kind *kind = &config->kinds[i];

        fprintf(out, "  %s:\n    base: %s\n", kind->name.text, kind->base);
        print_classes(out, kind->classes, 4);
    }
}

static void print_objects(const struct config *config, FILE *out)
{
    if (config->range_count != 0) {
        fprintf(out, "ranges:\n");
    }
    for (uint32_t i = 0; i < config->range_count; i++) {
        fprintf(out, "  %s: {size: %s}\n", config->ranges[i].name.text,
                size_text(config->ranges[i].bytes).text);
    }
    for (uint32_t i = 0; i < config->endpoint_count; i++) {
        if (i == 0 && config->first_notification != 0) {
            fprintf(out, "endpoints:\n");
        }
        if (i == config->first_notification) {
            fprintf(out, "notifications:\n");
        }
        fprintf(out, "  %s: {}\n", config->endpoints[i].text);
    }
}

static void print_times(const struct config *config, FILE *out)
{
    if (config->time_count != 0) {
        fprintf(out, "times:\n");
    }
    for (uint32_t i = 0; i < config->time_count; i++) {
        const struct config_time *time = &config->times[i];

        fprintf(out, "  %s: {", time->name.text);
        if (time->period_ns != 0) {
            fprintf(out, "budget: ");
            print_duration(time->budget_ns, out);
            fprintf(out, ", period: ");
            print_duration(time->period_ns, out);
            fprintf(out, ", ");
        }
        fprintf(out, "priority: %u}\n", time->priority);
    }
}

static void print_letters(FILE *out, uint32_t rights)
{
    static const char letters[] = "rwxu";

    for (unsigned i = 0; i < 4; i++) {
        if ((rights >> i & 1) != 0) {
            fputc(letters[i], out);
        }
    }
}

static void print_rights(const struct config_hold *hold, FILE *out)
{
    bool calls = hold->type == CAP_ENDPOINT;

    if (!calls && hold->type != CAP_NOTIFICATION) {
        print_letters(out, hold->rights);
    } else if (hold->rights == CAP_WRITE) {
        fprintf(out, "%s", calls ? "call" : "signal");
    } else if (hold->rights == CAP_USE) {
        fprintf(out, "%s", calls ? "serve" : "receive");
    } else {
        print_letters(out, hold->rights);
    }
}

static void print_holds(const struct config_domain *domain, FILE *out)
{
    if (domain->hold_count != 0) {
        fprintf(out, "    holds:\n");
    }
    for (uint32_t i = 0; i < domain->hold_count; i++) {
        const struct config_hold *hold = &domain->holds[i];

        fprintf(out, "      %s: {%s: ", hold->name.text, hold->object.text);
        print_rights(hold, out);
        fprintf(out, "}\n");
    }
}

static void print_faults(const struct config_expect *expect, FILE *out)
{
    static const char letters[] = "?rwx";

    fprintf(out, "      faults:\n");
    for (uint32_t i = 0; i < expect->fault_count; i++) {
        const struct config_fault *fault = &expect->faults[i];
        const char *comma = "";

        fprintf(out, "        - {");
        if (fault->access != ACCESS_NONE) {
            fprintf(out, "access: %c", letters[fault->access]);
            comma = ", ";
        }
        if (fault->to.text) {
            fprintf(out, "%sto: %s", comma, fault->to.text);
        }
        fprintf(out, "}\n");
    }
}

static void print_expect(const struct config_expect *expect, FILE *out)
{
    if (!expect->given) {
        return;
    }
    fprintf(out, "    expect:\n");
    if (expect->fault_outcome) {
        fprintf(out, "      exit: fault\n");
    } else if (expect->exit_given) {
        fprintf(out, "      exit: %d\n", expect->exit);
    }
    if (expect->fault_count != 0) {
        print_faults(expect, out);
    }
    if (expect->output.text) {
        fprintf(out, "      output: ");
        print_quoted(out, expect->output.text);
        fputc('\n', out);
    }
}

static void print_program(const struct config_domain *domain, FILE *out)
{
    fprintf(out, "    kind: %s\n", domain->kind_name.text);
    if (domain->parent_name.text) {
        fprintf(out, "    parent: %s\n", domain->parent_name.text);
    }
    fprintf(out, "    program: ");
    print_quoted(out, domain->program.text);
    fprintf(out, "\n    entry: %s\n    args: [", domain->entry.text);
    for (uint32_t i = 0; i < domain->arg_count; i++) {
        fprintf(out, "%s", i ? ", " : "");
        print_quoted(out, domain->args[i].text);
    }
    fprintf(out, "]\n");
}

static void print_domain(const struct config *config,
                         const struct config_domain *domain, FILE *out)
{
    static const char *const on_fault[] = {"stop", "continue", "handler"};

    fprintf(out, "  %s:\n", domain->name.text);
    print_program(domain, out);
    fprintf(out, "    compose:\n");
    print_classes(out, domain->classes, 6);
    print_holds(domain, out);
    print_expect(&domain->expect, out);
    fprintf(out, "    on_fault: %s\n", on_fault[domain->on_fault]);
    fprintf(out, "    start: %s\n",
            domain->start == SPEC_START_BOOT ? "boot" : "manual");
    if (domain->time != 0) {
        fprintf(out, "    time: %s\n",
                config->times[domain->time - 1].name.text);
    }
    fprintf(out, "    stack: %s\n", size_text(domain->stack_bytes).text);
    fprintf(out, "    heap: %s\n", size_text(domain->heap_bytes).text);
    fprintf(out, "    slots: {caps: %u, files: %u}\n", domain->caps_slots,
            domain->files_slots);
}

/* In the order of the file, so that it reloads to the same. */
static void print_domains(const struct config *config, FILE *out)
{
    fprintf(out, "domains:\n");
    for (uint32_t declared = 0; declared < config->domain_count; declared++) {
        for (uint32_t i = 0; i < config->domain_count; i++) {
            if (config->domains[i].declared == declared) {
                print_domain(config, &config->domains[i], out);
            }
        }
    }
}

static void print_boundaries(const struct config *config, FILE *out)
{
    if (config->boundary_count != 0) {
        fprintf(out, "boundaries:\n");
    }
    for (uint32_t i = 0; i < config->boundary_count; i++) {
        const struct config_boundary *boundary = &config->boundaries[i];

        fprintf(out, "  %s: {between: [%s, %s], mechanism: %s}\n",
                boundary->name.text,
                config->domains[boundary->between[0]].name.text,
                config->domains[boundary->between[1]].name.text,
                boundary->mechanism.text);
    }
}

static void print_asserts(const struct config *config, FILE *out)
{
    if (config->assert_count != 0) {
        fprintf(out, "assert:\n");
    }
    for (uint32_t i = 0; i < config->assert_count; i++) {
        fprintf(out, "  %s: {", config->asserts[i].name.text);
        config_print_assert(config, &config->asserts[i], out);
        fprintf(out, "}\n");
    }
}

void config_print_resolved(const struct config *config, FILE *out)
{
    fprintf(out, "ambit: 1\nseed: %llu\nmachine: {memory: %s, cpus: %u}\n",
            (unsigned long long)config->seed,
            size_text(config->memory_bytes).text, config->cpus);
    print_kinds(config, out);
    print_objects(config, out);
    print_times(config, out);
    print_domains(config, out);
    print_boundaries(config, out);
    print_asserts(config, out);
    print_test(config, out);
}
