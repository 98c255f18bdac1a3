/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One run of a config: from the file to the last snapshot of a guest that has
 * ended. Judging and printing come after, and touch nothing here.
 */
#ifndef VMM_RUN_H
#define VMM_RUN_H

#include "console.h"
#include "options.h"
#include "panic.h"
#include "sampler.h"
#include "snapshot.h"
#include "tracing.h"

#include <host/engine.h>
#include <host/late_file.h>
#include <host/sandbox.h>
#include <image/image.h>

enum run_end {
    RUN_GOING,
    RUN_DONE,   /* the guest ended by itself */
    RUN_PANIC,  /* guest kernel panic */
    RUN_FAILED, /* host or VMM: `failure` says why */
    RUN_TIMEOUT,
    RUN_INTERRUPTED, /* SIGINT or SIGTERM */
    RUN_UNMET        /* a requirement: `failure` says which */
};

/* CLOCK_MONOTONIC ns at which things happened; 0: they did not. */
struct run_times {
    uint64_t start;   /* ambit's own start */
    uint64_t open;    /* engine set up, guest about to run */
    uint64_t compose; /* first seen at the phases of abi/shared.h */
    uint64_t ring3;
    uint64_t end; /* the guest stood still */
    uint64_t closed;
};

struct run {
    const struct options *options;
    struct config *config;
    struct image *image;
    const struct engine_ops *ops;
    struct engine_options engine_options;
    struct engine_probe probe;
    struct engine *engine;
    const uint8_t *kernel; /* the ELF file that boots */
    size_t kernel_bytes;
    void *kernel_file; /* the same, mapped; null: it is the built-in one */
    int memory_fd;
    void *memory;
    uint64_t module_base;
    struct snapshot snapshot;
    struct console console;
    struct sampler sampler;
    struct engine_registers registers; /* of the vCPU at the end */
    bool registers_known;
    struct panic panic;
    uint32_t faults_told; /* fault records already printed */
    uint16_t gdb_port;    /* on which QEMU listens */
    uint64_t deadline;
    struct sandbox_report sandbox;
    struct late_file results; /* --json FILE; its path is null without */
    struct late_file dump;    /* --dump FILE; likewise */
    struct tracing tracing;   /* --trace FILE; likewise */
    struct json_t *env;       /* results_env(), with --json */
    int status_fd;            /* /proc/self/status; -1: not needed */
    struct run_times times;
    enum run_end end;
    int exit_code; /* set when run_make fails */
    struct failure failure;
};

/*
 * Loads, chooses an engine, lays out memory and opens the engine. Returns 0,
 * or -1 with everything already said on stderr and run->exit_code set.
 * Call run_free either way.
 */
int run_make(struct run *run, const struct options *options);

/* Runs the guest to its end; fills everything up to `end`. */
void run_guest(struct run *run);

void run_free(struct run *run);

/* Reads the config and builds the image, for commands that boot nothing.
 * Returns an enum exit_code, everything said. */
int run_load(struct run *run, const struct options *options,
             uint32_t boot_flags);

/* True if the TSC of this run counts executed instructions. */
bool run_counts_instructions(const struct run *run);

/* Prints a failure and its remedy on stderr. Returns its exit code. */
int run_say_failure(const struct failure *failure);

uint64_t run_now(void);

#endif
