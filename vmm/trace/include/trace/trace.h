/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A trace: every record that the kernel kept of what it did (abi/shared.h),
 * in order, and what is needed to read it: whose domains these are, and what a
 * tick is. It is taken out of the guest's ring while it runs, goes to a file as
 * it is, and from there to text or to Chrome's trace format, which Perfetto
 * opens (https://ui.perfetto.dev).
 *
 * Records come from the guest, files from anywhere: nothing in them is an index
 * or a length before it has been checked.
 */
#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H

#include <abi/shared.h>
#include <host/failure.h>
#include <host/memory.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TRACE_NAMES SHARED_DOMAINS
#define TRACE_RECORDS 65536u /* of the ring, where memory allows */

/* Of the config: those made at run time have numbers alone. */
struct trace_about {
    bool instructions; /* a tick is an executed instruction; else of the TSC */
    uint32_t domain_count;
    char names[TRACE_NAMES][SHARED_NAME];
    uint64_t lost; /* records that found no room; known at the end */
};

/* Records that a guest with so much memory can have room for: a power of two,
 * and at most 1/8 of the memory. */
uint32_t trace_records_for(uint64_t memory_bytes);

/* Where records go, one by one. Each returns 0, or -1: errno says why. */
struct trace_sink {
    int (*record)(void *to, const struct shared_record *record);
    void *to;
};

/* ---- out of a guest ---- */

struct trace_tap {
    uint64_t taken, lost;
    bool broken; /* the ring makes no sense: nothing more is taken */
};

/*
 * Moves what has been written since the last time to the sink, and tells the
 * guest so. 0, or -1: the sink's errno.
 */
int trace_drain(struct trace_tap *tap, const struct guest_memory *memory,
                const struct trace_sink *sink);

/* ---- files ---- */

/* Writes what comes before the records; again at the end, in the same place,
 * when `lost` is known. 0, or -1 and errno. */
int trace_file_head(int fd, const struct trace_about *about, uint64_t records);

struct trace_file {
    FILE *file;
    uint64_t records;
    struct trace_about about;
};

/* Opens a file and reads its head. 0, or -1 and *failure (EXIT_USAGE: it is no
 * trace, or one of another version). */
int trace_file_open(struct trace_file *file, const char *path,
                    struct failure *failure);
/* 1 and the next record, 0 at the end, -1 and *failure: the file ends early. */
int trace_file_next(struct trace_file *file, struct shared_record *out,
                    struct failure *failure);
void trace_file_close(struct trace_file *file);

/* ---- forms ---- */

/* "      812 app      call console, from 0x400012" */
void trace_text(const struct trace_about *about, uint64_t number,
                uint64_t first_tick, const struct shared_record *record,
                FILE *out);

/*
 * Chrome's JSON, written as records come. A domain has a track with what it
 * does: ring 3, a call, waiting in a call; an arrow a crossing; faults, ends
 * and the like as instants; a counter a quota.
 */
struct trace_chrome;
/* Null: no memory. `out` is borrowed. */
struct trace_chrome *trace_chrome_open(const struct trace_about *about,
                                       FILE *out);
int trace_chrome_record(void *chrome, const struct shared_record *record);
/* Ends what is open; `lost` goes into the file. 0, or -1: out has an error. */
int trace_chrome_close(struct trace_chrome *chrome, uint64_t lost);

#endif
