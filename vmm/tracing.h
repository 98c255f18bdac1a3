/* SPDX-License-Identifier: Apache-2.0 */
/* `ambit run --trace FILE`: the kernel's trace, taken while the guest runs. A
 * FILE that ends in .json is Chrome's, any other one is read by `ambit trace`.
 */
#ifndef VMM_TRACING_H
#define VMM_TRACING_H

#include <host/late_file.h>
#include <trace/trace.h>

struct run;

struct tracing {
    struct late_file file; /* its path is null without --trace */
    FILE *out;             /* the same file */
    struct trace_about about;
    struct trace_tap tap;
    struct trace_sink sink;
    struct trace_chrome *chrome; /* null: as it is */
    uint64_t records;
    int error; /* errno of the first write that failed */
};

/* Opens the file, before the sandbox. 0, or -1 and run->failure. */
int tracing_open(struct run *run);
void tracing_confine(const struct run *run, struct sandbox *sandbox);
/* What the kernel shall keep: 0, the last few, or a trace. */
uint32_t tracing_records(const struct run *run);
/* Takes what has been written since. */
void tracing_drain(struct run *run);
/* After the end: the file is there, or -1 and *failure. Says how much. */
int tracing_write(struct run *run, struct failure *failure);
void tracing_free(struct run *run);

#endif
