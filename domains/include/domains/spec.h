/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spec: what a config asks for, as one position-independent blob, with
 * kinds already resolved to degrees. Written by vmm/image, validated by the
 * same function on the host and in the kernel, trusted by nobody before.
 *
 * Layout: struct spec_header, then the tables it names, each 8-aligned, then
 * the strings, whose last byte is NUL. All indices are positions in these
 * tables. SPEC_NONE: absent. A slice (first_x, x_count) lies within its table;
 * all slices of a table together are no longer than it.
 */
#ifndef DOMAINS_SPEC_H
#define DOMAINS_SPEC_H

#include <abi/status.h>
#include <capabilities/cap.h>
#include <domains/kinds.h>
#include <stdint.h>

#define SPEC_MAGIC 0x43455053u /* "SPEC" */
#define SPEC_VERSION 2u
#define SPEC_NONE 0xffffffffu

#define SPEC_MAX_DOMAINS 64u
#define SPEC_MAX_PROGRAMS 64u
#define SPEC_MAX_SEGMENTS 512u
#define SPEC_MAX_RANGES 64u
#define SPEC_MAX_ENDPOINTS 64u
#define SPEC_MAX_TIMES 64u
#define SPEC_MAX_HOLDS 1024u
#define SPEC_MAX_KEEPS 256u
#define SPEC_MAX_TREES 64u
#define SPEC_MAX_NODES 4096u
#define SPEC_MAX_PROBES 512u
#define SPEC_MAX_STRING_BYTES 0x40000u
#define SPEC_NAME_MAX 31u /* bytes of a name, without its NUL */
#define SPEC_NODE_NAME_MAX 63u
#define SPEC_PROGRAM_SEGMENTS_MAX 16u
#define SPEC_PROGRAM_PAGES_MAX 4096u /* 16 MiB */
#define SPEC_STACK_PAGES_MAX 256u
#define SPEC_ARGS_BYTES_MAX 2048u

/* Processor time, in nanoseconds: shorter ones would be spent on the timer's
 * interrupts, longer ones do not fit its counter. */
#define SPEC_TIME_MIN 100000ull
#define SPEC_PERIOD_MAX 4000000000ull
#define SPEC_PRIORITIES 8u /* the highest number goes first */
#define SPEC_PRIORITY_MIDDLE 4u

struct spec_table {
    uint32_t offset; /* bytes from the blob's start */
    uint32_t count;  /* elements */
};

struct spec_header {
    uint32_t magic;
    uint32_t version;
    uint32_t bytes;        /* of the whole blob */
    uint32_t module_pages; /* pages the blob's page numbers may name */
    uint64_t seed;
    uint64_t memory_pages; /* of the machine */
    uint32_t exec_page;  /* executable arena in the module: the same numbers */
    uint32_t exec_pages; /* as in struct boot_module (the kernel compares) */
    struct spec_table domains, programs, segments, ranges, endpoints, holds,
        keeps, trees, nodes, probes;
    struct spec_table strings; /* count: bytes */
    struct spec_table times;
};

enum spec_on_fault {
    SPEC_FAULT_STOP,     /* the domain ends */
    SPEC_FAULT_CONTINUE, /* record, skip the access, go on */
    SPEC_FAULT_HANDLER   /* wait for the handler's decision */
};

enum spec_start { SPEC_START_BOOT, SPEC_START_MANUAL };

struct spec_domain {
    uint32_t name;   /* offset in strings, NUL-terminated */
    uint32_t kind;   /* string: for people only */
    uint32_t parent; /* a smaller index, or SPEC_NONE: the root domain */
    uint32_t program;
    uint64_t entry; /* offset of the entry function in the image */
    uint8_t degree[PD_CLASS_COUNT];
    uint8_t on_fault; /* enum spec_on_fault */
    uint8_t start;    /* enum spec_start */
    uint8_t pad[7];
    uint32_t tree;        /* files: new -> tree, or SPEC_NONE (empty) */
    uint32_t quota_pages; /* quota: new -> size */
    uint32_t pool_pages;  /* pool: new -> size */
    uint32_t stack_pages; /* at least 1, at most 256 */
    uint32_t heap_pages;  /* most its heap may grow to; 0: no heap */
    uint32_t caps_slots;  /* caps: new or part -> table size */
    uint32_t files_slots; /* files: new or part -> table size */
    uint32_t first_keep, keep_count; /* space: part -> what stays */
    uint32_t keep_all;               /* 1: everything but stacks */
    uint32_t first_hold, hold_count;
    uint32_t args, args_bytes, argc; /* strings: argc NUL-terminated ones */
    uint32_t time; /* 1 + index in times; 0: its parent's, or the machine's */
    uint32_t files_dir; /* files: part -> its root's node + 1; 0: all of it */
    uint32_t pad2;
};

/*
 * A program image: pages 0 .. pages-1, in at most SPEC_PROGRAM_SEGMENTS_MAX
 * segments that ascend and do not overlap.
 */
struct spec_program {
    uint32_t name;
    uint32_t pages;
    uint32_t first_segment, segment_count;
    uint64_t entry; /* _start, offset in the image; in an executable segment */
    uint64_t probe; /* likewise of the code that tries accesses; 0: none */
};

struct spec_segment {
    uint32_t page; /* first page in the image */
    uint32_t pages;
    uint32_t rights;     /* CAP_READ, with CAP_WRITE or CAP_EXEC or neither */
    uint32_t source;     /* module page its bytes start at */
    uint32_t file_pages; /* pages present there; the rest are zero.
                            not writable: file_pages == pages (mapped in place).
                            Executable ones lie in the executable arena, all
                            others outside */
    uint32_t bytes;      /* of these pages that are not zero: what is copied */
};

struct spec_range {
    uint32_t name;
    uint32_t pages;
};

struct spec_endpoint {
    uint32_t name;
    uint32_t notifies; /* 0: an endpoint, 1: a notification */
};

/* Processor time: in each period its holders run for a budget at most. */
struct spec_time {
    uint32_t name;
    uint32_t priority;
    uint64_t budget, period; /* ns; both 0: as much as there is */
};

static inline uint32_t spec_endpoint_type(const struct spec_endpoint *endpoint)
{
    return endpoint->notifies ? CAP_NOTIFICATION : CAP_ENDPOINT;
}

/* One of a domain's initial capabilities beyond what composition gives. */
struct spec_hold {
    uint32_t name;   /* the local name */
    uint32_t type;   /* CAP_RANGE, CAP_ENDPOINT, CAP_NOTIFICATION, CAP_DOMAIN,
                        CAP_HANDLER, CAP_TIME */
    uint32_t object; /* index: named range, endpoint, domain, or time */
    uint32_t rights;
    uint64_t badge; /* endpoints: the domain's index + 1; 0 with use */
};

/* What a part of a space keeps of the parent's view. */
enum spec_keep_what {
    SPEC_KEEP_IMAGE,
    SPEC_KEEP_HEAP,
    SPEC_KEEP_RANGE /* the named range `range` */
};
struct spec_keep {
    uint32_t what; /* enum spec_keep_what */
    uint32_t range;
};

/*
 * An access that is tried in the domain's root when nothing is left to run:
 * once a page that there is of the range, SPEC_PROBE_PAGES of them at most.
 */
enum spec_probe_what {
    SPEC_PROBE_IMAGE,
    SPEC_PROBE_HEAP,
    SPEC_PROBE_STACK,
    SPEC_PROBE_RANGE /* a named one */
};
#define SPEC_PROBE_PAGES 512u
struct spec_probe {
    uint32_t domain; /* that tries */
    uint32_t what;   /* enum spec_probe_what */
    uint32_t object; /* the domain whose it is, or the named range */
    uint32_t access; /* CAP_READ, CAP_WRITE */
    uint32_t about;  /* for the host: the assertion */
    uint32_t reserved;
};

struct spec_tree {
    uint32_t name; /* for people: the host folder as written */
    uint32_t root; /* node */
};

enum spec_node_kind { SPEC_NODE_DIRECTORY, SPEC_NODE_FILE };
struct spec_node {
    uint32_t name;    /* one component, at most 63 bytes; "" for a root */
    uint32_t kind;    /* enum spec_node_kind */
    uint32_t first;   /* directory: first child; children are consecutive and
                         have larger indices than their directory; file: the
                         module page it starts at */
    uint32_t count;   /* directory: children; file: pages */
    uint64_t bytes;   /* file: size, within count pages */
    uint64_t entry;   /* of the program: offset of its function main */
    uint32_t program; /* a file that is one: the program; else SPEC_NONE */
    uint32_t pad;
};

/* A validated spec: the blob's tables as typed pointers. */
struct spec {
    const struct spec_header *header;
    const struct spec_domain *domains;
    const struct spec_program *programs;
    const struct spec_segment *segments;
    const struct spec_range *ranges;
    const struct spec_endpoint *endpoints;
    const struct spec_hold *holds;
    const struct spec_keep *keeps;
    const struct spec_tree *trees;
    const struct spec_node *nodes;
    const struct spec_probe *probes;
    const struct spec_time *times;
    const char *strings;
};

/* Why a spec is refused. */
struct spec_error {
    enum status status; /* MALFORMED: no honest config yields it; else
                           INVALID_ARGUMENT, OUT_OF_RANGE, NO_QUOTA ... */
    const char *what;   /* a constant sentence: "quota: new is larger than
                           the parent's quota" */
    uint32_t domain;    /* index, or SPEC_NONE */
    uint32_t pd_class;  /* enum pd_class, or PD_CLASS_COUNT */
    uint32_t refusal;   /* enum abi_refusal: the sentence; 0: MALFORMED */
    uint32_t item;      /* index of hold, program, ... when it helps */
};

/*
 * Checks a whole blob and fills `out`. `bytes` is what is readable at `blob`
 * (8-aligned). Checks form (offsets, counts, strings, links, segments) and
 * sense (degrees a class can have; a part of what the parent lacks; quota and
 * pool within the parent's and the machine's; pool: new needs quota: new;
 * caps: none with holds; parent order; a held domain is a descendant).
 * Returns OK, MALFORMED, or a sense error's status; `error` says which.
 * Cost: linear in the blob, except strings, which are checked where used.
 */
MUST_CHECK enum status spec_validate(const void *blob, uint64_t bytes,
                                     struct spec *out,
                                     struct spec_error *error);

/* Why a time cannot be (enum abi_refusal), or 0. */
uint32_t spec_time_refusal(const struct spec_time *time);

static inline const char *spec_string(const struct spec *spec, uint32_t offset)
{
    return offset == SPEC_NONE ? "" : spec->strings + offset;
}

#endif
