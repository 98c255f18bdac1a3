/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "confine.h"

#include "results_parts.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool wants_memory(const struct options *options)
{
    return options->verbose || options->json;
}

int confine_prepare(struct run *run)
{
    struct results results = {0};
    const struct options *options = run->options;

    if (wants_memory(options)) {
        run->status_fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    }
    if (options->dump &&
        late_file_open(&run->dump, options->dump, &run->failure) < 0) {
        run->exit_code = run_say_failure(&run->failure);
        return -1;
    }
    if (tracing_open(run) < 0) {
        run->exit_code = run_say_failure(&run->failure);
        return -1;
    }
    if (!options->json) {
        return 0;
    }
    run->env = results_env(&results);
    if (!options_json_only(options) &&
        late_file_open(&run->results, options->json, &run->failure) < 0) {
        run->exit_code = run_say_failure(&run->failure);
        return -1;
    }
    return 0;
}

static void off(struct sandbox_report *report)
{
    struct sandbox_layer *const layers[] = {&report->seccomp, &report->landlock,
                                            &report->descriptors};

    for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
        layers[i]->state = SANDBOX_OFF;
        snprintf(layers[i]->detail, sizeof(layers[i]->detail),
                 "switched off by --no-sandbox");
    }
}

static void say(const char *name, const struct sandbox_layer *layer)
{
    fprintf(stderr, "ambit: sandbox: %s %s: %s\n", name,
            sandbox_state_name(layer->state), layer->detail);
}

static int apply(struct run *run)
{
    struct sandbox sandbox;

    sandbox_init(&sandbox);
    sandbox.tell = run->options->verbose;
    run->ops->confine(run->engine, &sandbox);
    late_file_confine(&run->results, &sandbox);
    late_file_confine(&run->dump, &sandbox);
    tracing_confine(run, &sandbox);
    if (run->options->dump) {
        sandbox_keep(&sandbox, run->memory_fd); /* its holes are asked for */
    }
    sandbox_keep(&sandbox, run->status_fd);
    return sandbox_apply(&sandbox, &run->sandbox, &run->failure);
}

int confine(struct run *run)
{
    if (run->options->no_sandbox) {
        off(&run->sandbox);
    } else if (apply(run) < 0) {
        run->exit_code = run_say_failure(&run->failure);
        return -1;
    }
    if (run->options->verbose) {
        say("seccomp", &run->sandbox.seccomp);
        say("landlock", &run->sandbox.landlock);
        say("descriptors", &run->sandbox.descriptors);
    }
    return 0;
}

void confine_free(struct run *run)
{
    late_file_drop(&run->results);
    late_file_drop(&run->dump);
    tracing_free(run);
    json_decref(run->env);
    if (run->status_fd >= 0) {
        close(run->status_fd);
    }
}
