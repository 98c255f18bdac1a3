/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "phases.h"

#include "require.h"
#include "run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void between(struct phase_time *out, const char *name, uint64_t from,
                    uint64_t to)
{
    out->name = name;
    out->known = from && to >= from && to;
    out->ns = out->known ? to - from : 0;
}

void phases_of(const struct run *run, struct phase_time out[PHASES])
{
    const struct run_times *t = &run->times;

    between(&out[0], "setup", t->start, t->open);
    between(&out[1], "boot", t->open, t->compose);
    between(&out[2], "compose", t->compose, t->ring3);
    between(&out[3], "run", t->ring3, t->end);
    between(&out[4], "teardown", t->end, t->closed);
}

/* Guest memory is the only shared memory that this process maps. */
uint64_t phases_own_memory(const struct run *run)
{
    static const char *const names[] = {"RssAnon:", "RssFile:"};
    unsigned long long kib, total = 0;
    char text[4096];
    ssize_t bytes = pread(run->status_fd, text, sizeof(text) - 1, 0);

    text[bytes > 0 ? bytes : 0] = '\0';
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *line = strstr(text, names[i]);

        if (line && sscanf(line + strlen(names[i]), "%llu", &kib) == 1) {
            total += kib;
        }
    }
    return total * 1024;
}

static void say_features(const struct run *run)
{
    const struct shared *shared = run->snapshot.shared;

    fprintf(stderr, "ambit: engine %s, ring 0 %s, registers saved by the %s,",
            run->ops->name, run->probe.ring0 ? run->probe.ring0 : "unknown",
            shared->registers_host ? "host" : "kernel");
    fputs(" features:", stderr);
    for (unsigned i = 0; require_feature_name(i); i++) {
        if (shared->features & 1u << i) {
            fprintf(stderr, " %s", require_feature_name(i));
        }
    }
    fputs("\n", stderr);
}

void phases_verbose(const struct run *run)
{
    struct phase_time phases[PHASES];

    if (!run->options->verbose) {
        return;
    }
    if (run->snapshot.valid) {
        say_features(run);
    }
    phases_of(run, phases);
    for (uint32_t i = 0; i < PHASES; i++) {
        if (phases[i].known) {
            fprintf(stderr, "ambit: %s took %.3f ms\n", phases[i].name,
                    (double)phases[i].ns / 1e6);
        }
    }
    fprintf(stderr,
            "ambit: %.1f MiB resident beyond the guest's touched pages\n",
            (double)phases_own_memory(run) / (1024.0 * 1024.0));
}
