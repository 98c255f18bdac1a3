/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "run.h"

#include "command.h"
#include "confine.h"
#include "engines.h"
#include "fault_text.h"
#include "gdb.h"
#include "guards.h"
#include "kernel_file.h"
#include "phases.h"
#include "require.h"
#include "signals.h"

#include <abi/hostcall.h>
#include <abi/layout.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* A pause at least this often, so that console lines are seen in time. */
#define RUN_TICK_NS 50000000ull

uint64_t run_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

int run_say_failure(const struct failure *failure)
{
    fprintf(stderr, "ambit: %s\n", failure->text);
    if (*failure->remedy) {
        fprintf(stderr, "  %s\n", failure->remedy);
    }
    return failure->exit_code;
}

bool run_counts_instructions(const struct run *run)
{
    return run->engine_options.icount;
}

static int say_diagnostics(struct diagnostics *diagnostics,
                           const struct failure *failure)
{
    int exit_code = EXIT_USAGE;

    if (diagnostics->count) {
        diagnostics_print(diagnostics, stderr);
    } else {
        exit_code = run_say_failure(failure);
    }
    diagnostics_free(diagnostics);
    return exit_code;
}

static int load_config(struct run *run, const struct options *options)
{
    struct diagnostics diagnostics = {0};

    run->options = options;
    run->config =
        config_load(options->config, options->overrides,
                    options->override_count, &diagnostics, &run->failure);
    if (run->config) {
        diagnostics_free(&diagnostics);
        return EXIT_MET;
    }
    return say_diagnostics(&diagnostics, &run->failure);
}

static int load_image(struct run *run, uint32_t boot_flags)
{
    struct diagnostics diagnostics = {0};

    if (run->options->command->flag == FOR_AUDIT) {
        boot_flags |= BOOT_FLAG_STEPS;
    }

    run->image =
        image_make(run->config, boot_flags, run->options->args,
                   run->options->arg_count, &diagnostics, &run->failure);
    if (run->image) {
        image_without_guard(run->image, run->options->without_guard);
        image_trace(run->image, tracing_records(run));
        diagnostics_free(&diagnostics);
        return EXIT_MET;
    }
    return say_diagnostics(&diagnostics, &run->failure);
}

int run_load(struct run *run, const struct options *options,
             uint32_t boot_flags)
{
    int exit_code;

    memset(run, 0, sizeof(*run));
    run->memory_fd = -1;
    run->status_fd = -1;
    run->times.start = run_now();
    exit_code = load_config(run, options);
    return exit_code ? exit_code : load_image(run, boot_flags);
}

static int make_memory(struct run *run)
{
    uint64_t bytes = run->config->memory_bytes;
    int saved;

    run->memory_fd = memfd_create("ambit-guest", MFD_CLOEXEC);
    if (run->memory_fd >= 0 && ftruncate(run->memory_fd, (off_t)bytes) == 0) {
        run->memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_NORESERVE, run->memory_fd, 0);
        if (run->memory != MAP_FAILED) {
            return 0;
        }
    }
    saved = errno;
    run->memory = NULL;
    failure_set(&run->failure, EXIT_HOST,
                "cannot get %llu MiB for the guest: %s",
                (unsigned long long)(bytes >> 20), strerror(saved));
    failure_remedy(&run->failure,
                   "make machine.memory smaller, or raise the limit on "
                   "address space (ulimit -v) or on open files (ulimit -n)");
    return -1;
}

static int open_engine(struct run *run)
{
    struct engine_guest guest = {
        .kernel = run->kernel,
        .kernel_bytes = run->kernel_bytes,
        .module = run->image->module,
        .module_bytes = run->image->module_bytes,
        .memory_bytes = run->config->memory_bytes,
        .memory_fd = run->memory_fd,
        .memory = run->memory,
    };

    if (engine_module_place(&guest, &run->module_base, &run->failure) < 0) {
        return -1;
    }
    /* In place already: an engine that shares this memory copies nothing. */
    image_copy(run->image, (char *)run->memory + run->module_base);
    guest.module = (char *)run->memory + run->module_base;
    return run->ops->open(&run->engine, &guest, &run->engine_options,
                          &run->failure);
}

/* What has to hold before anything runs. */
static int check_requirements(struct run *run, bool guest)
{
    const struct shared *shared = run->snapshot.shared;
    struct require_facts facts = {
        .engine = run->ops->name,
        .ring0 = run->probe.ring0 ? run->probe.ring0 : "unknown",
        .guest = guest && run->snapshot.valid,
        .registers_host = guest && shared->registers_host,
        .features = guest ? shared->features : 0,
    };
    const struct requirement *unmet = require_unmet(run->options, &facts);
    char text[256];

    if (!unmet) {
        return 0;
    }
    require_facts_text(&facts, text, sizeof(text));
    failure_set(&run->failure, EXIT_UNAVAILABLE,
                "required %s=%s, but this run has %s", unmet->key, unmet->value,
                text);
    failure_remedy(&run->failure, "'ambit doctor' tells what this host offers");
    return -1;
}

static void tell_choice(const struct run *run, const struct engine_pick *pick)
{
    if (run->options->quiet || run->options->engine != CHOOSE_AUTO) {
        return;
    }
    if (*pick->passed_over) {
        fprintf(stderr, "ambit: engine %s (%s)\n", run->ops->name,
                pick->passed_over);
    } else {
        fprintf(stderr, "ambit: engine %s: %s\n", run->ops->name,
                run->options->icount ? "--icount counts only there"
                : run->options->gdb  ? "--gdb works only there"
                                     : run->probe.why);
    }
}

/* So that nobody takes what follows for what the kernel does. */
static void tell_without_guard(const struct run *run)
{
    uint32_t guard = run->options->without_guard;

    if (guard != GUARD_NONE) {
        fprintf(stderr,
                "ambit: WITHOUT GUARD %s: this kernel does not see to it that "
                "%s. Nothing in this run is a claim about isolation.\n",
                guards_row(guard)->name, guards_row(guard)->text);
    }
}

/* The kernel says which guard it left out; it must be the one asked for. */
static int check_guard(struct run *run)
{
    const struct shared *shared = run->snapshot.shared;

    if (!run->snapshot.valid ||
        shared->without_guard == run->options->without_guard) {
        return 0;
    }
    failure_set(&run->failure, EXIT_HOST,
                "guard %u was to be left out, but the kernel left out %u",
                run->options->without_guard, shared->without_guard);
    return -1;
}

/* Image, memory and engine for the engine that was picked. */
static int try_engine(struct run *run)
{
    run->exit_code =
        load_image(run, run->ops->boot_flags(&run->engine_options));
    if (run->exit_code) {
        return -1;
    }
    if ((!run->memory && make_memory(run) < 0) ||
        check_requirements(run, false) < 0 || open_engine(run) < 0) {
        run->exit_code = run->failure.exit_code;
        return -1;
    }
    return 0;
}

/* True when `auto` should go on to the next engine. */
static bool may_go_on(const struct run *run)
{
    return run->options->engine == CHOOSE_AUTO &&
           run->failure.exit_code == EXIT_UNAVAILABLE && run->image &&
           !require_unmet(
               run->options,
               &(struct require_facts){
                   .engine = run->ops->name,
                   .ring0 = run->probe.ring0 ? run->probe.ring0 : "unknown"});
}

static int pick_and_open(struct run *run)
{
    struct engine_pick pick = {0};

    for (;;) {
        if (engines_next(run->options, &pick, &run->failure) < 0) {
            run->exit_code = run_say_failure(&run->failure);
            return -1;
        }
        run->ops = pick.ops;
        run->probe = pick.probe;
        if (try_engine(run) == 0) {
            tell_choice(run, &pick);
            tell_without_guard(run);
            return 0;
        }
        if (!may_go_on(run)) {
            if (run->failure.exit_code) {
                run_say_failure(&run->failure);
            }
            return -1;
        }
        engines_pass_over(&pick, run->failure.text, run->failure.remedy);
        memset(&run->failure, 0, sizeof(run->failure));
        image_free(run->image);
        run->image = NULL;
    }
}

static int make_observers(struct run *run)
{
    bool print = !run->options->quiet && !options_json_only(run->options);

    if (snapshot_init(&run->snapshot) < 0 ||
        console_init(&run->console, run->config, print ? stdout : NULL) < 0 ||
        sampler_init(&run->sampler, run->config, run->image,
                     run->options->gdb ? 0 : run->options->samples) < 0) {
        failure_set(&run->failure, EXIT_HOST, "no memory on the host");
        run->exit_code = run_say_failure(&run->failure);
        return -1;
    }
    run->sampler.memory = run->memory;
    run->sampler.memory_bytes = run->config->memory_bytes;
    run->sampler.module_base = run->module_base;
    return 0;
}

int run_make(struct run *run, const struct options *options)
{
    memset(run, 0, sizeof(*run));
    run->memory_fd = -1;
    run->status_fd = -1;
    run->times.start = run_now();
    run->engine_options.icount = options->icount;
    run->engine_options.verbose = options->verbose;
    run->engine_options.sandbox = !options->no_sandbox;
    run->exit_code = load_config(run, options);
    if (run->exit_code || kernel_file_open(run) < 0 || gdb_open(run) < 0 ||
        confine_prepare(run) < 0 || pick_and_open(run) < 0 ||
        make_observers(run) < 0 || gdb_symbols(run) < 0 || confine(run) < 0) {
        return -1;
    }
    gdb_tell(run);
    run->times.open = run_now();
    /* Whoever debugs takes their time. */
    run->deadline =
        options->gdb ? UINT64_MAX : run->times.open + options->timeout_ns;
    return 0;
}

void run_free(struct run *run)
{
    if (run->engine) {
        run->ops->close(run->engine);
    }
    sampler_free(&run->sampler);
    console_free(&run->console);
    snapshot_free(&run->snapshot);
    image_free(run->image);
    if (run->memory) {
        munmap(run->memory, run->config->memory_bytes);
    }
    if (run->memory_fd >= 0) {
        close(run->memory_fd);
    }
    if (run->engine_options.gdb_fd) {
        close(run->engine_options.gdb_fd);
    }
    confine_free(run);
    config_free(run->config);
    kernel_file_free(run);
    memset(run, 0, sizeof(*run));
    run->memory_fd = -1;
    run->status_fd = -1;
}

/* When the guest must stand still at the latest. */
static uint64_t next_stop(const struct run *run)
{
    uint64_t stop = run_now() + RUN_TICK_NS;

    if (run->sampler.next_ns && run->sampler.next_ns < stop) {
        stop = run->sampler.next_ns;
    }
    return run->deadline < stop ? run->deadline : stop;
}

static void note_phase(struct run *run, uint64_t now)
{
    uint32_t phase = snapshot_phase(run->memory);

    if (phase >= PHASE_COMPOSE && !run->times.compose) {
        run->times.compose = now;
    }
    if (phase >= PHASE_RUN && !run->times.ring3) {
        run->times.ring3 = now;
    }
}

/* Walks the tables while the vCPU stands still. */
static void look(struct run *run)
{
    struct engine_registers registers = {0};
    uint32_t phase;

    if (run->ops->registers(run->engine, &registers) < 0) {
        registers.cr3 = 0;
    }
    snapshot_take(&run->snapshot, run->memory);
    phase = run->snapshot.shared->phase;
    if (phase >= PHASE_COMPOSE && phase != PHASE_PANIC) {
        sampler_look(&run->sampler, &run->snapshot, registers.cr3,
                     phase >= PHASE_RUN, (registers.cs & 3) == 3);
    }
}

static void on_doorbell(struct run *run, uint32_t value)
{
    if (value == HOSTCALL_STEP && run->sampler.steps_left) {
        run->sampler.steps_left--;
        look(run);
    }
}

static void on_pause(struct run *run, uint64_t now)
{
    if (run->sampler.next_ns && now >= run->sampler.next_ns) {
        look(run);
        sampler_next(&run->sampler, run_now());
    }
}

static void on_event(struct run *run, const struct engine_result *result,
                     uint64_t now)
{
    switch (result->event) {
    case ENGINE_DOORBELL:
        on_doorbell(run, result->value);
        break;
    case ENGINE_PAUSED:
        on_pause(run, now);
        break;
    case ENGINE_DONE:
        run->end = result->value == HOSTCALL_EXIT_DONE ? RUN_DONE : RUN_PANIC;
        break;
    case ENGINE_FAILED:
        run->failure = result->failure;
        run->end = RUN_FAILED;
        break;
    case ENGINE_SIGNAL:
        break;
    }
    if (run->end == RUN_GOING && signals_pending()) {
        run->end = RUN_INTERRUPTED;
    }
    if (run->end == RUN_GOING && now >= run->deadline) {
        run->end = RUN_TIMEOUT;
    }
}

/* The last look: the guest stands still for good. */
static void settle(struct run *run)
{
    run->times.end = run_now();
    run->registers_known =
        run->ops->registers(run->engine, &run->registers) == 0;
    console_drain(&run->console, run->memory);
    console_flush(&run->console);
    tracing_drain(run);
    fault_tell_new(run);
    snapshot_take(&run->snapshot, run->memory);
    panic_collect(run);
    if (run->snapshot.valid && run->end != RUN_PANIC &&
        run->snapshot.shared->phase >= PHASE_COMPOSE) {
        sampler_look(
            &run->sampler, &run->snapshot,
            run->end == RUN_DONE || !run->registers_known ? 0
                                                          : run->registers.cr3,
            run->snapshot.shared->phase >= PHASE_RUN, run->end == RUN_DONE);
    }
    if (run->end == RUN_DONE &&
        (check_requirements(run, true) < 0 || check_guard(run) < 0)) {
        run->end = RUN_UNMET;
    }
}

void run_guest(struct run *run)
{
    sampler_start(&run->sampler, run_now());
    while (run->end == RUN_GOING) {
        struct engine_result result = {0};
        run->ops->run(run->engine, next_stop(run), &result);
        uint64_t now = run_now();
        note_phase(run, now);
        console_drain(&run->console, run->memory);
        tracing_drain(run);
        fault_tell_new(run);
        on_event(run, &result, now);
    }
    if (run->end == RUN_TIMEOUT) {
        panic_watch(run);
    }
    settle(run);
    run->ops->close(run->engine);
    run->engine = NULL;
    run->times.closed = run_now();
    phases_verbose(run);
}
