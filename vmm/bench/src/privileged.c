/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "privileged.h"

#include "child.h"
#include "qemu.h"

#include <string.h>

#define PLUGIN "privileged.so"
#define TAKEN 42 /* QEMU's exit code when it has loaded the plugin */
#define PROBE_NS 20000000000ull

void privileged_file(const struct bench_work *work, const char *name,
                     char out[FOLDER_PATH])
{
    folder_file(&work->folder, name, ".counts", out);
}

/* QEMU splits the option at commas, and we split AMBIT_QEMU_ARGS at blanks. */
static bool plain(const char *path)
{
    return strpbrk(path, ", \t\n") == NULL;
}

static bool probe(const struct bench_work *work, const char *qemu,
                  const char *plugin)
{
    char option[FOLDER_PATH + 32], out[FOLDER_PATH], err[FOLDER_PATH];
    const char *words[] = {"qemu",     "-accel", "tcg",     "-machine", "none",
                           "-display", "none",   "-plugin", option,     NULL};
    struct child child = {.program = qemu,
                          .words = (char *const *)(uintptr_t)words,
                          .out = out,
                          .err = err,
                          .timeout_ns = PROBE_NS,
                          .interrupted = work->options->interrupted};
    struct failure failure = {0};

    snprintf(option, sizeof(option), "%s,probe=%d", plugin, TAKEN);
    folder_file(&work->folder, "probe", ".out", out);
    folder_file(&work->folder, "probe", ".err", err);
    return child_run(&child, &failure) == TAKEN;
}

void privileged_prepare(struct bench_work *work, struct privileged *out)
{
    const struct bench_options *options = work->options;
    struct failure failure = {0};
    char qemu[FOLDER_PATH];
    const char *why = NULL;

    folder_file(&work->folder, PLUGIN, "", out->plugin);
    if (!qemu_path(qemu)) {
        why = "QEMU is not in PATH";
    } else if (!plain(out->plugin)) {
        why = "TMPDIR has a comma or a blank, which QEMU's -plugin has not";
    } else if (folder_write(&work->folder, PLUGIN, options->plugin,
                            options->plugin_bytes, 0700, &failure) < 0) {
        why = "the plugin cannot be written";
    } else if (!probe(work, qemu, out->plugin)) {
        why = "this QEMU does not load plugins of version 1";
    }
    snprintf(out->reason, sizeof(out->reason), "%s", why ? why : "");
}
