/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "command.h"
#include "engines.h"
#include "signals.h"

#include <sched.h>
#include <string.h>
#include <suite/suite.h>

#define PASS_MAX (2 * OPTIONS_REQUIREMENTS + 8)

/* Arguments that every run gets. */
struct pass {
    const char *list[PASS_MAX + 1];
    size_t count;
    char requirements[OPTIONS_REQUIREMENTS][64];
    char samples[16];
};

static void add(struct pass *pass, const char *text)
{
    pass->list[pass->count++] = text;
}

static void fill_pass(struct pass *pass, const struct options *options)
{
    for (size_t i = 0; i < options->requirement_count; i++) {
        const struct requirement *one = &options->requirements[i];

        snprintf(pass->requirements[i], sizeof(pass->requirements[i]), "%s=%s",
                 one->key, one->value);
        add(pass, "--require");
        add(pass, pass->requirements[i]);
    }
    if (options->icount) {
        add(pass, "--icount");
    }
    if (options->kernel) {
        add(pass, "--kernel");
        add(pass, options->kernel);
    }
    if (options->no_sandbox) {
        add(pass, "--no-sandbox");
    }
    if (options->samples_given) {
        snprintf(pass->samples, sizeof(pass->samples), "%u", options->samples);
        add(pass, "--samples");
        add(pass, pass->samples);
    }
}

static unsigned online_cpus(void)
{
    cpu_set_t set;
    int count = 1;

    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        count = CPU_COUNT(&set);
    }
    return count < (int)SUITE_JOBS_MAX ? (unsigned)count : SUITE_JOBS_MAX;
}

static unsigned usable_engines(void)
{
    unsigned usable = 0;

    for (unsigned i = 0; engines_all[i]; i++) {
        struct engine_probe probe = {0};

        engines_all[i]->probe(&probe);
        if (probe.usable) {
            usable |= strcmp(engines_all[i]->name, "kvm") == 0
                          ? 1u << SUITE_KVM
                          : 1u << SUITE_QEMU;
        }
    }
    return usable;
}

static void choose_engines(const struct options *options,
                           struct suite_options *suite)
{
    static const unsigned bits[] = {
        [CHOOSE_AUTO] = 1u << SUITE_KVM | 1u << SUITE_QEMU,
        [CHOOSE_KVM] = 1u << SUITE_KVM,
        [CHOOSE_QEMU] = 1u << SUITE_QEMU,
        [CHOOSE_ALL] = 1u << SUITE_KVM | 1u << SUITE_QEMU};

    suite->engines = bits[options->engine];
    suite->pick_one = options->engine == CHOOSE_AUTO;
    if (suite->pick_one && options->icount) {
        suite->engines = 1u << SUITE_QEMU; /* only there is counted */
    }
    suite->usable = suite->pick_one ? usable_engines() : 0;
}

int cmd_test(const struct options *options)
{
    struct pass pass = {0};
    struct suite_options suite = {
        .operands = options->operands,
        .operand_count = options->operand_count,
        .jobs = options->jobs ? options->jobs : online_cpus(),
        .junit = options->junit,
        .tap = options->tap,
        .results = options->results,
        .filter = options->filter,
        .quiet = options->quiet,
        .verbose = options->verbose,
        .strict = options->requirement_count != 0,
        .timeout_ns = options->timeout_given ? options->timeout_ns : 0,
        .overrides = options->overrides,
        .override_count = options->override_count,
        .pass = pass.list,
        .interrupted = signals_pending};

    if (options->icount && options->engine != CHOOSE_AUTO &&
        options->engine != CHOOSE_QEMU) {
        fputs("ambit: --icount counts under qemu only\n"
              "  use --engine qemu --icount\n",
              stderr);
        return EXIT_USAGE;
    }
    fill_pass(&pass, options);
    choose_engines(options, &suite);
    return suite_run(&suite);
}
