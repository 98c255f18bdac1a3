/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages shared by kernel and host, at ABI_SHARED_PHYS. The kernel writes
 * everything except console_taken. The host copies in once, validates, and
 * trusts nothing here for its own memory safety.
 */
#ifndef ABI_SHARED_H
#define ABI_SHARED_H

#include <stddef.h>
#include <stdint.h>

#define SHARED_MAGIC 0x52414853u /* "SHAR" */
#define SHARED_VERSION 4u
#define SHARED_DOMAINS 64u
#define SHARED_ROOTS 64u
#define SHARED_FAULTS 256u
#define SHARED_REPORTS 512u
#define SHARED_PROBES 512u
#define SHARED_EVENTS 32u
#define SHARED_CONSOLE_BYTES 0x10000u
#define SHARED_NAME 32u
#define SHARED_NO_DOMAIN 0xffffffffu
#define SHARED_NO_RANGE 0xffffffffu

enum shared_phase {
    PHASE_RESET,   /* the kernel has not run */
    PHASE_BOOT,    /* machine set-up */
    PHASE_COMPOSE, /* domains are being built */
    PHASE_RUN,     /* ring 3 has been entered */
    PHASE_DONE,    /* nothing is left to run */
    PHASE_PANIC
};

enum fault_type {
    FAULT_NONE,
    FAULT_PAGE,       /* #PF */
    FAULT_PROTECTION, /* #GP */
    FAULT_UNDEFINED,  /* #UD */
    FAULT_DIVIDE,     /* #DE */
    FAULT_BREAKPOINT, /* #BP */
    FAULT_DEBUG,      /* #DB */
    FAULT_FLOAT,      /* #MF, #XM */
    FAULT_OTHER       /* detail holds the vector */
};

enum fault_access { ACCESS_NONE, ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/* {domain, type, access, address, range, owner, symbol} of one fault. */
struct shared_fault {
    uint32_t domain;
    uint16_t type;   /* enum fault_type */
    uint16_t access; /* enum fault_access */
    uint64_t address;
    uint64_t rip;
    uint64_t rsp;
    uint32_t range; /* plan range index, or SHARED_NO_RANGE */
    uint32_t owner; /* domain the range belongs to, or SHARED_NO_DOMAIN */
    uint32_t vector;
    uint32_t error; /* hardware error code */
    uint32_t tried; /* 1: caught by ambit_try_*, 2: skipped (on_fault),
                       3: retried, as the handler said */
    uint32_t reserved;
    uint64_t cr3;
};
_Static_assert(sizeof(struct shared_fault) == 64, "shared_fault");

enum outcome_kind {
    OUTCOME_NONE,    /* never started */
    OUTCOME_RUNNING, /* runnable when the guest ended */
    OUTCOME_BLOCKED, /* waited for a crossing when the guest ended */
    OUTCOME_EXIT,
    OUTCOME_FAULT,
    OUTCOME_STOPPED
};

enum shared_wait {
    WAITS_OTHERWISE,  /* for an end, a handler, a reply */
    WAITS_TO_RECEIVE, /* as servers do: at `blocked_on` */
    WAITS_TO_CALL     /* nobody takes its call at `blocked_on` */
};

struct shared_domain {
    uint32_t outcome;      /* enum outcome_kind */
    int32_t code;          /* of an exit */
    uint32_t root;         /* plan root index */
    uint32_t starts;       /* times it was built */
    uint64_t create_ticks; /* TSC ticks of the last build */
    uint64_t quota_pages;  /* limit of the quota it charges */
    uint64_t peak_pages;   /* high-water mark of that quota */
    uint64_t calls;        /* system calls */
    uint64_t faults;
    uint64_t switches;   /* times it was switched to from another domain */
    uint32_t fault;      /* faults[] index of the fatal one, or ~0 */
    uint32_t blocked_on; /* spec endpoint that it waits at, or ~0 */
    uint64_t heap_pages; /* current size of its heap range */
    uint32_t waits;      /* enum shared_wait, with OUTCOME_BLOCKED */
    uint32_t pad;
    uint64_t frame; /* physical: struct shared_registers that it was stopped
                       with; 0: it is not built */
    uint64_t caps, files; /* physical: struct cap_table of its own; 0: none */
    uint64_t reserved[2];
};
_Static_assert(sizeof(struct shared_domain) == 128, "shared_domain");

/*
 * A domain made at run time, as the host reads it. shared.domain_table is the
 * physical address of `domain_end` words, one a number; each is 0 or, in the
 * kernel's direct map (less ABI_DIRECT_MAP: physical), a control block: struct
 * shared_registers, then this. Numbers below SHARED_DOMAINS are the config's,
 * whose records are not filled. Numbers of domains are 16 bits, 0xffff: none.
 */
struct shared_pd_range {
    uint32_t granule; /* first address / ABI_GRANULE_SIZE */
    uint32_t limit;   /* most pages; 0: it has none of its own */
    uint32_t pages;   /* present, when the record was written last */
};
struct shared_pd {
    uint16_t number, parent;
    uint16_t root;        /* the domain whose root it is, or a plan root */
    uint16_t caps, files; /* whose tables it uses */
    uint16_t handler;
    uint8_t degree[7]; /* files cpu space pool quota caps handler */
    uint8_t on_fault;
    uint32_t quota, pool; /* physical: tell one from another */
    uint32_t image, heap; /* numbers of ranges; ~0: none */
    uint64_t cr3;
    struct shared_pd_range own[3]; /* image, heap, stack */
    uint32_t result;               /* physical: struct shared_domain of it, with
                                      the tables of its own */
    uint32_t made;                 /* which making of its root this is */
    uint32_t originals;            /* physical: struct cap_table that all
                                      capabilities to it are derived in */
    char name[32];
};
_Static_assert(sizeof(struct shared_pd) == 128, "shared_pd");

enum report_kind { REPORT_TEXT, REPORT_INSTRUCTIONS };

/* One observation made by a domain: a cell of the table. */
struct shared_report {
    uint32_t by;    /* domain that made it (the kernel fills this in) */
    uint32_t about; /* domain it is about */
    uint32_t kind;  /* enum report_kind */
    uint32_t reserved;
    uint64_t number;         /* TSC ticks with REPORT_INSTRUCTIONS */
    char key[SHARED_NAME];   /* NUL-terminated */
    char value[SHARED_NAME]; /* NUL-terminated */
};
_Static_assert(sizeof(struct shared_report) == 88, "shared_report");

/* What came of a probe of the spec (same number). */
enum probe_outcome {
    PROBE_NOT_TRIED, /* the guest was ended before */
    PROBE_TRIED,
    PROBE_NO_DOMAIN, /* it was destroyed, or never built */
    PROBE_NO_CODE,   /* its image has none to try with */
    PROBE_NO_RANGE,  /* the range does not exist now */
    PROBE_LOST       /* the code did not end as it must */
};

struct shared_probe {
    uint32_t outcome;  /* enum probe_outcome */
    uint32_t pages;    /* that the range has now; 0: its first was tried */
    uint32_t tried;    /* pages */
    uint32_t readable; /* of them */
    uint32_t writable;
    uint32_t reserved;
    uint64_t allowed; /* first address at which an access was possible; 0 */
    uint64_t denied;  /* first at which one was not; 0 */
};
_Static_assert(sizeof(struct shared_probe) == 40, "shared_probe");

/* A chunk of console output: header, then `bytes` bytes, no alignment. */
struct shared_console_chunk {
    uint16_t domain; /* 0xffff: the kernel itself */
    uint16_t bytes;
};

/* What the kernel did, if boot_module.trace_records asks for it. A record's
 * number is its place in the sequence. */
enum event_kind {
    EVENT_NONE,
    EVENT_CALL,    /* first: number (~0: none such), second: where it returns */
    EVENT_RETURN,  /* first: enum status, or EVENT_BLOCKED; second: number */
    EVENT_FAULT,   /* first: vector | error code << 8, second: address or rip */
    EVENT_TIMER,   /* second: rip that it interrupted */
    EVENT_SWITCH,  /* first: domain before, second: CR3 of `domain` */
    EVENT_ROOT,    /* CR3 without another domain; second: CR3 */
    EVENT_CREATE,  /* of `domain`; first: enum status, second: frame */
    EVENT_END,     /* of `domain`; first: enum outcome_kind, second: code */
    EVENT_DESTROY, /* of `domain`; first: plan root */
    EVENT_ATTACH,  /* first: plan root | rights << 8, second: plan range */
    EVENT_DETACH,  /* likewise */
    EVENT_PANIC,   /* first: vector, second: panic_value */
    EVENT_SEND,    /* of a call; first: server, ~0: it waits, second: badge */
    EVENT_TAKE,    /* what had waited; first: caller, second: badge */
    EVENT_REPLY,   /* first: caller (~0: it has gone) */
    EVENT_SIGNAL,  /* first: whom it wakes, or ~0, second: bits */
    EVENT_QUOTA,   /* first: pages charged now, second: limit, third: of the
                      config: the domain that brought it (SHARED_DOMAINS: the
                      machine); else its physical address */
    EVENT_KINDS
};
#define EVENT_BLOCKED 0xffffffffu

struct shared_event {
    uint16_t kind;   /* enum event_kind */
    uint16_t domain; /* 0xffff: none */
    uint32_t first;
    uint64_t second;
};
_Static_assert(sizeof(struct shared_event) == 16, "shared_event");

struct shared_record {
    uint64_t tick; /* TSC */
    struct shared_event event;
    uint64_t third; /* by kind, else 0 */
};
_Static_assert(sizeof(struct shared_record) == 32, "shared_record");
_Static_assert(offsetof(struct shared_event, first) == 4, "one word");

/*
 * The ring of records. With SHARED_EVENTS records it is last_records below, and
 * keeps the last ones; with more it lies in memory of its own, and what finds
 * no room is counted: the host moves `taken`.
 */
#define TRACE_RECORDS_MAX (1u << 20)
struct shared_trace {
    uint64_t base;    /* physical; 0: none is kept */
    uint64_t records; /* a power of two */
    uint64_t written; /* ever; number n is at n % records */
    uint64_t taken;   /* ever: the host writes this */
    uint64_t lost;
};

/* General registers as the kernel saves them at a trap. */
struct shared_registers {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
    uint64_t rbp, rdi, rsi, rdx, rcx, rbx, rax;
    uint64_t vector, error; /* SHARED_NO_VECTOR: not a trap */
    uint64_t rip, cs, rflags, rsp, ss;
};
_Static_assert(sizeof(struct shared_registers) == 176, "shared_registers");
#define SHARED_NO_VECTOR 0x101u

struct shared_control {
    uint64_t cr0, cr2, cr3, cr4, efer;
};

/* Where the objects of the config lie, for who reads capability tables.
 * Physical addresses of arrays, and the bytes of an element. */
struct shared_objects {
    uint64_t root_table; /* struct cap_table of the originals */
    uint64_t ranges, endpoints, domains;
    uint32_t range_bytes, endpoint_bytes, domain_bytes;
    uint16_t range_base_at, range_limit_at; /* in a range's object: of its first
                                               address (64 bits) and of its most
                                               pages (32 bits) */
    uint16_t range_made_at, range_bare_at;  /* likewise: which making of ranges
                                               it was (64), and whether its pages
                                               are what is mapped there (8) */
    uint16_t frame_bytes;
    uint16_t part_first_at; /* in an attached part, which lies in the direct
                               map: of its first granule and how many (32) */
    uint64_t frames; /* objects of frames, by number: mappings are to these */
};
_Static_assert(sizeof(struct shared_objects) == 64, "shared_objects");

struct shared_root {
    uint64_t cr3;     /* 0: none */
    uint64_t domains; /* bit per domain that runs in it */
};

/* Why a call, or a reply that waits for the next one, went the long way. */
#define CROSSING_FALL_LIST(X)                                                  \
    X(CLOSED, "closed") /* budgets, a trace, registers that the host keeps */  \
    X(CAPABILITY, "capability") /* one goes along */                           \
    X(HANDLE, "handle")         /* it leads nowhere, or without the right */   \
    X(NOBODY, "nobody")         /* call: no server waits there */              \
    X(PRIORITY, "priority")     /* the other one's differs */                  \
    X(STOPPED, "stopped")       /* the other one is paused, or stepped */      \
    X(OWED, "owed")             /* reply: to nobody */                         \
    X(QUEUED, "queued")         /* reply: the next call is there already */    \
    X(ELSEWHERE, "elsewhere")   /* reply: waits not where it did last */

enum crossing_fall {
#define CROSSING_FALL_ENUM(name, text) CROSSING_FALL_##name,
    CROSSING_FALL_LIST(CROSSING_FALL_ENUM)
#undef CROSSING_FALL_ENUM
        CROSSING_FALLS
};

struct shared {
    uint32_t magic;
    uint32_t version;
    uint32_t phase;             /* enum shared_phase */
    uint32_t current;           /* domain in ring 3, or SHARED_NO_DOMAIN */
    uint64_t entry_tick;        /* TSC at the PVH entry */
    uint64_t ring3_tick;        /* TSC before the first entry of a domain */
    uint32_t registers_host;    /* 1: register calls are needed and used */
    uint32_t features;          /* enum shared_feature bits in use */
    uint64_t frames_free_start; /* root pool, after composition */
    uint64_t frames_free_end;
    uint64_t frames_total;
    uint64_t slots_used_start;
    uint64_t slots_used_end;
    uint64_t quota_used_start; /* pages, root quota */
    uint64_t quota_used_end;
    uint32_t fault_count;  /* records ever made; those past the end dropped */
    uint32_t report_count; /* likewise */
    uint32_t console_written; /* bytes ever written, modulo 2^32 */
    uint32_t console_taken;   /* bytes ever taken: the host writes this */
    uint64_t cr3_writes;      /* privileged operations, counted */
    uint64_t msr_writes;
    uint64_t flushes;
    uint64_t register_calls;
    uint64_t system_calls;
    uint64_t kernel_root; /* CR3 of the boot root */
    uint64_t panic_value; /* what the panic is about: an address, a number */
    char panic[160];      /* NUL-terminated; set with PHASE_PANIC */
    struct shared_root roots[SHARED_ROOTS];
    uint64_t compose_shortfalls; /* capabilities that found no slot */
    uint64_t probe_frame;        /* see ABI_PROBE_ADDRESS */
    struct shared_trace trace;
    struct shared_record last_records[SHARED_EVENTS];
    struct shared_registers panic_registers; /* where the kernel gave up */
    struct shared_control control;           /* at the end, whichever it is */
    uint32_t without_guard; /* the mutation kernel does without it */
    uint32_t pad0;
    struct shared_objects objects;
    uint64_t crossings_fast; /* calls and replies that went the short way */
    uint64_t crossing_falls[CROSSING_FALLS]; /* that did not, by enum */
    uint64_t pad[160];
    uint64_t domain_table; /* see struct shared_pd; 0: not yet */
    uint32_t domain_end;
    uint32_t pad1;
    struct shared_domain domains[SHARED_DOMAINS];
    struct shared_probe probes[SHARED_PROBES];
    struct shared_fault faults[SHARED_FAULTS];
    struct shared_report reports[SHARED_REPORTS];
    uint8_t console[SHARED_CONSOLE_BYTES];
};
_Static_assert(offsetof(struct shared, domains) == 4096, "header is a page");
_Static_assert(sizeof(struct shared) % 4096 == 0, "whole pages");

enum shared_feature {
    FEATURE_SYSCALL = 1, /* `syscall` enters ring 0 */
    FEATURE_SMEP = 2,
    FEATURE_SMAP = 4,
    FEATURE_UMIP = 8,
    FEATURE_NX = 16,
    FEATURE_FSGSBASE = 32,
    FEATURE_X2APIC = 64,
    FEATURE_PKU = 128
};

#endif
