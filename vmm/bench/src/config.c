/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configs of guests: an app that measures, and a child of each kind or two.
 * They are written here, by the list of kinds, and nowhere else.
 */
#include "guest.h"

#include <string.h>

/* `format` with up to three times the kind's name. */
static void each(FILE *out, const char *format)
{
    for (unsigned i = 0; bench_kinds[i]; i++) {
        fprintf(out, format, bench_kinds[i], bench_kinds[i], bench_kinds[i]);
    }
}

/* The app: its entry, and the kinds as arguments. */
static void print_app(const char *entry, uint32_t repeat, FILE *out)
{
    fprintf(out,
            "domains:\n  app:\n    program: bench\n    entry: %s\n"
            "    slots: 276\n    args: [\"%u\"",
            entry, repeat);
    each(out, ", %s");
    fputs("]\n    compose: {quota: {new: 64MiB}, files: {new: {host: "
          "./files}}}\n",
          out);
}

/* Servers, which wait for calls by an endpoint each. */
static void print_servers(const char *app, const char *server, uint32_t repeat,
                          FILE *out)
{
    fputs("endpoints:\n", out);
    each(out, "  to-%s: {}\n");
    print_app(app, repeat, out);
    fputs("    holds:\n", out);
    each(out, "      to-%s: call\n");
    for (unsigned i = 0; bench_kinds[i]; i++) {
        fprintf(out,
                "  %s: {parent: app, kind: %s, entry: %s, "
                "holds: {gate: {to-%s: serve}}}\n",
                bench_kinds[i], bench_kinds[i], server, bench_kinds[i]);
    }
}

static void print_notify(uint32_t repeat, FILE *out)
{
    fputs("times: {high: {priority: 5}}\nranges: {board: {size: 4KiB}}\n"
          "notifications:\n  back: {}\n",
          out);
    each(out, "  bell-%s: {}\n  first-%s: {}\n");
    print_app("notify_main", repeat, out);
    fputs("    holds:\n      back: receive\n      board: rw\n", out);
    each(out, "      bell-%s: signal\n      first-%s: signal\n");
    each(out, "  %s: {parent: app, kind: %s, entry: waiter_main, "
              "holds: {bell: {bell-%s: receive}, back: signal}}\n");
    each(out, "  ahead-%s: {parent: app, kind: %s, entry: first_main, "
              "time: high, holds: {bell: {first-%s: receive}, back: signal, "
              "board: rw}}\n");
}

static void print_create(uint32_t repeat, FILE *out)
{
    print_app("create_main", repeat, out);
}

/* Children that are started one after the other and measure themselves. */
static void print_child(const char *kind, const char *entry, const char *more,
                        uint32_t repeat, FILE *out)
{
    fprintf(out,
            "  %s: {parent: app, kind: %s, entry: %s, start: manual, "
            "args: [\"%u\", %s]%s}\n",
            kind, kind, entry, repeat, kind, more);
}

static void print_fault(uint32_t repeat, FILE *out)
{
    print_app("fault_main", repeat, out);
    fputs("    holds:\n      goes-on: rwu\n", out);
    each(out, "      %s: rwu\n");
    fprintf(out,
            "  goes-on: {parent: app, kind: thread, entry: goes_on_main, "
            "start: manual, on_fault: continue, args: [\"%u\"]}\n",
            repeat);
    for (unsigned i = 0; bench_kinds[i]; i++) {
        print_child(bench_kinds[i], "faulter_main",
                    ", compose: {handler: new}, on_fault: handler", repeat,
                    out);
    }
}

static void print_files(uint32_t repeat, FILE *out)
{
    print_app("file_main", repeat, out);
    fputs("    holds:\n", out);
    each(out, "      %s: rwu\n");
    for (unsigned i = 0; bench_kinds[i]; i++) {
        bool own = strcmp(bench_kinds[i], "tif") == 0; /* and the same */

        print_child(bench_kinds[i], "reader_main",
                    own ? ", compose: {files: {new: {host: ./files}}}" : "",
                    repeat, out);
    }
}

void guest_config(const char *operation, uint32_t repeat, FILE *out)
{
    fputs("ambit: 1\nmachine: {memory: 128MiB}\n", out);
    if (strcmp(operation, "call") == 0) {
        print_servers("call_main", "echo_main", repeat, out);
    } else if (strcmp(operation, "notify") == 0) {
        print_notify(repeat, out);
    } else if (strcmp(operation, "create") == 0) {
        print_create(repeat, out);
    } else if (strcmp(operation, "fault") == 0) {
        print_fault(repeat, out);
    } else if (strcmp(operation, "file-read") == 0) {
        print_files(repeat, out);
    } else {
        print_servers("revoke_main", "attach_main", repeat, out);
    }
}
