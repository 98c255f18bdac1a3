/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "doctor.h"
#include "json_file.h"
#include "require.h"
#include "results.h"
#include "results_parts.h"
#include "signals.h"

#include <abi/layout.h>
#include <abi/shared.h>

static const char *remedy_of(const struct doctor_engine *engine)
{
    return *engine->probe.remedy ? engine->probe.remedy
                                 : engine->failure.remedy;
}

/* Protection keys are reported when offered, and stay switched off. */
#define FEATURES_UNUSED ((uint32_t)FEATURE_PKU)

static void print_names(const char *title, uint32_t features)
{
    if (!features) {
        return;
    }
    printf("  %s:", title);
    for (unsigned i = 0; require_feature_name(i); i++) {
        if (features & 1u << i) {
            printf(" %s", require_feature_name(i));
        }
    }
    puts("");
}

static void print_features(uint32_t features)
{
    print_names("features in use", features & ~FEATURES_UNUSED);
    print_names("offered, not used", features & FEATURES_UNUSED);
}

static void print_working(const struct doctor_engine *engine)
{
    if (*engine->probe.version) {
        printf("  version: %s\n", engine->probe.version);
    }
    printf("  ring 0: %s. %s\n", engine->probe.ring0,
           doctor_ring0_meaning(engine->probe.ring0));
    printf("  registers: saved by the %s. %s\n",
           engine->registers_host ? "host" : "kernel",
           engine->registers_host
               ? "Ring 3 reaches state that the kernel cannot save here; each "
                 "switch of domains costs a host call."
               : "The kernel saves all that ring 3 reaches; no switch needs "
                 "the host.");
    print_features(engine->features);
}

static void print_engine(const struct doctor_engine *engine)
{
    const char *why = engine->probe.why;

    printf("engine %s: %s%s%s\n", engine->name,
           engine->works ? "works" : "does not work", *why ? ": " : "", why);
    if (engine->works) {
        print_working(engine);
        return;
    }
    if (*engine->failure.text) {
        printf("  a tiny guest did not run: %s\n", engine->failure.text);
    }
    if (*remedy_of(engine)) {
        printf("  remedy: %s\n", remedy_of(engine));
    }
}

static void print_memory(const struct doctor *doctor)
{
    if (!doctor->memory_bytes) {
        puts("memory: /proc/meminfo does not tell");
        return;
    }
    printf("memory: %llu MiB available; a guest gets machine.memory of it, "
           "%llu to %llu MiB, page by page as it is touched\n",
           (unsigned long long)(doctor->memory_bytes >> 20),
           (unsigned long long)(ABI_MEMORY_MIN >> 20),
           (unsigned long long)(ABI_MEMORY_MAX >> 20));
}

static void print_layer(const char *name, const struct sandbox_layer *layer,
                        const char *meaning)
{
    printf("sandbox %s: %s: %s. %s\n", name,
           layer->state == SANDBOX_APPLIED ? "works" : "unavailable",
           layer->detail, meaning);
}

static void print_sandbox(const struct sandbox_report *report)
{
    print_layer("seccomp", &report->seccomp,
                "A guest that took ambit over could make few system calls.");
    print_layer("landlock", &report->landlock,
                "It could open nothing, whatever system call it made.");
    print_layer("descriptors", &report->descriptors,
                "It would find nothing open that is not the run's.");
}

static json_t *make_engine(struct results *results,
                           const struct doctor_engine *engine)
{
    const struct engine_probe *probe = &engine->probe;
    json_t *out = json_object();

    results_set(results, out, "name", json_string(engine->name));
    results_set(results, out, "works", json_boolean(engine->works));
    results_set(results, out, "why", results_text(probe->why));
    results_set(results, out, "remedy", results_text(remedy_of(engine)));
    results_set(results, out, "version", results_text(probe->version));
    results_set(results, out, "ring0", json_string(probe->ring0));
    if (!engine->works) {
        results_lack(results, out, "registers", "no guest ran");
        results_lack(results, out, "features", "no guest ran");
        results_set(results, out, "failure",
                    results_text(engine->failure.text));
        return out;
    }
    results_set(results, out, "registers",
                json_string(engine->registers_host ? "host" : "kernel"));
    results_set(results, out, "features",
                results_features(results, engine->features));
    results_set(results, out, "meaning",
                json_string(doctor_ring0_meaning(probe->ring0)));
    return out;
}

static json_t *make_json(const struct doctor *doctor, int exit_code)
{
    struct results results = {0};
    json_t *out = json_object();
    json_t *engines = json_array();

    for (uint32_t i = 0; i < doctor->engine_count; i++) {
        results_append(&results, engines,
                       make_engine(&results, &doctor->engines[i]));
    }
    results_set(&results, out, "schema", json_integer(RESULTS_SCHEMA));
    results_set(&results, out, "engines", engines);
    results_set(&results, out, "auto", results_text(doctor->chosen));
    results_set(&results, out, "memory_available",
                doctor->memory_bytes
                    ? results_number(doctor->memory_bytes, "bytes", "host")
                    : results_unknown("bytes", "/proc/meminfo does not tell"));
    results_set(&results, out, "sandbox",
                results_sandbox(&results, &doctor->sandbox));
    results_set(&results, out, "env", results_env(&results));
    results_set(&results, out, "exit", json_integer(exit_code));
    if (results.failed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static int write_json(const struct doctor *doctor, const char *path,
                      int exit_code)
{
    struct failure failure = {0};
    json_t *value = make_json(doctor, exit_code);

    if (!value) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
        return run_say_failure(&failure);
    }
    if (json_file_write(value, path, &failure) < 0) {
        exit_code = run_say_failure(&failure);
    }
    json_decref(value);
    return exit_code;
}

int cmd_doctor(const struct options *options)
{
    struct doctor doctor;
    int exit_code;

    doctor_look(&doctor, options);
    if (signals_pending()) {
        return EXIT_INTERRUPTED;
    }
    exit_code = doctor.chosen ? EXIT_MET : EXIT_UNAVAILABLE;
    if (!options_json_only(options)) {
        for (uint32_t i = 0; i < doctor.engine_count; i++) {
            print_engine(&doctor.engines[i]);
        }
        print_memory(&doctor);
        print_sandbox(&doctor.sandbox);
        printf("auto takes: %s\n", doctor.chosen ? doctor.chosen : "nothing");
    }
    return options->json ? write_json(&doctor, options->json, exit_code)
                         : exit_code;
}
