/* SPDX-License-Identifier: Apache-2.0 */
/* The configs of guests: an app that measures, and a child of each kind. */
#include "guest.h"

#include <string.h>

static void each(FILE *out, const char *format)
{
    for (unsigned i = 0; bench_kinds[i]; i++) {
        fprintf(out, format, bench_kinds[i], bench_kinds[i], bench_kinds[i]);
    }
}

static void print_call(uint32_t repeat, FILE *out)
{
    fputs("endpoints:\n", out);
    each(out, "  to-%s: {}\n");
    fprintf(out,
            "domains:\n  app:\n    program: bench\n    entry: call_main\n"
            "    args: [\"%u\"",
            repeat);
    each(out, ", %s");
    fputs("]\n    compose: {quota: {new: 48MiB}}\n    holds:\n", out);
    each(out, "      to-%s: call\n");
    each(out, "  %s: {parent: app, kind: %s, entry: echo_main, "
              "holds: {gate: {to-%s: serve}}}\n");
}

void guest_config(const char *operation, uint32_t repeat, FILE *out)
{
    fputs("ambit: 1\nmachine: {memory: 128MiB}\n", out);
    if (strcmp(operation, "call") == 0) {
        print_call(repeat, out);
    }
}
