/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel keeps of pools, ranges, spaces and domains. Who may write a
 * field is said beside it; kernel.h has the functions.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <abi/boot.h>
#include <abi/guard.h>
#include <abi/hostcall.h>
#include <abi/layout.h>
#include <abi/shared.h>
#include <abi/syscall.h>
#include <capabilities/cap.h>
#include <domains/build.h>
#include <domains/quota.h>
#include <ipc/ipc.h>
#include <stddef.h>

#include "arch.h"

#define NO_DOMAIN 0xffffffffu
#define DOMAIN_MAX 4096u /* the config's come first, below SPEC_MAX_DOMAINS */
_Static_assert(DOMAIN_MAX <= IPC_PARTIES, "each can be in a crossing");
#define POOL_EXTENTS 8u
#define DOMAIN_NAMES 59u
#define DOMAIN_PARTS                                                           \
    4u /* space pool quota cpu, but for none: first in names[] */
#define SLICE_NS 10000000u
#define DOMAIN_RANGES 4u /* numbers that a domain of run time has for them */

/* Bits of what is taken; `hint`: no word before it has one that is not. */
struct bitmap {
    uint64_t *used;
    uint32_t words, hint;
};

/*
 * Addresses and numbers that a pool of its own reserves: what domains of others
 * do with theirs cannot be told from these. address.c alone writes it.
 */
#define WINDOW_GRANULES 256u
#define RUNTIME_GRANULES                                                       \
    ((uint32_t)((ABI_USER_LIMIT - ABI_RUNTIME_BASE) >> ABI_GRANULE_SHIFT))
struct window {
    struct window *outer; /* it was made out of; null: the machine's */
    uint64_t first;       /* granule, counted from address 0 */
    uint32_t granule_count;
    uint32_t first_number, number_count;
    struct bitmap granules, numbers;
    uint64_t granule_words[WINDOW_GRANULES / 64], number_word; /* not the
                                                                 machine's */
};

/*
 * Physical allocator. Every free frame is zero but for the link of the free
 * list in its first word; extents have never been used, or are clean again.
 */
struct pool {
    struct cap_object object;
    struct pool *parent; /* it was carved out of; null: the machine's */
    uint32_t extent_count;
    struct {
        uint64_t next, end; /* physical */
    } extents[POOL_EXTENTS];
    uint64_t first, end; /* its own region; the machine's: all */
    uint64_t list;       /* physical address of the first freed frame */
    uint64_t listed;     /* frames in that list */
    uint64_t free;       /* pages, reserved ones included */
    uint64_t reserved;
    uint64_t total;
    struct quota quota;      /* of one made at run time: paid for it, whole */
    uint32_t children;       /* pools carved out of it */
    uint32_t slab_count;     /* frames of objects made at run time */
    struct cap_object *gone; /* next one that has gone (quota.c) */
    struct window *window;   /* of its own, or the one it was carved out of */
};

/* One made at run time by itself, with its window. */
struct pool_split {
    struct pool pool;
    struct window window;
};

/* A frame that a program has allocated, and who it goes back to. map.c alone
 * writes it, but for its first holder. */
struct frame {
    struct cap_object object;
    struct cap_object mapped; /* what its mappings are capabilities to */
    struct quota *quota;
    struct pool *pool; /* null: nobody's, or a program's */
};

/* How many live attachments give a right, per root and range. */
struct attachments {
    uint16_t read, write, exec; /* attach_into refuses more */
};

/*
 * One range in one space. A planned range in a planned space has its counts in
 * kernel.planned; all others have a record, in the range's list.
 */
struct attachment {
    struct space *space; /* null: the record is free */
    struct range *range;
    struct attachment *next, *previous; /* of the range */
    struct attachments count;
    bool part; /* it lies in a struct part, and is of that alone */
};

/* Memory at addresses of its own. Filled from the plan (range_init) or from
 * what a domain asked for at run time; space.c alone writes pages and live. */
struct range {
    struct cap_object object;
    uint8_t kind;     /* enum plan_range_kind */
    uint8_t rights;   /* most that any page of it can have */
    bool live;        /* leaf tables exist */
    bool bare;        /* its pages have what frames are mapped there (map.c) */
    uint32_t number;  /* plan range; above: run time's, as records say it */
    uint32_t owner;   /* domain that it goes with; SPEC_NONE: the machine's */
    uint32_t program; /* image: of the spec */
    uint32_t granules;
    uint32_t limit;              /* most pages it may have */
    uint32_t start_pages;        /* present from the start */
    uint32_t pages;              /* present from page 0; heaps grow */
    uint64_t base;               /* of its first granule */
    struct quota *quota;         /* charged for it */
    struct pool *pool;           /* its frames are of */
    struct attachment *attached; /* those that are records, of any space */
    union {
        struct attachment home; /* of a domain's: the first of them */
        uint64_t made; /* by itself at run time: kernel.ranges_made then */
    };
};

#define SPACE_PARTS 32u /* a space has at most */
/* An attached part of a range. part.c alone writes it. */
struct part {
    struct cap_object object;
    uint32_t next, previous; /* of the space, by number; 0: none */
    uint32_t first, granules;
    struct attachment record; /* no space: it has been detached */
};

#define SPACE_RECORDS 6u
struct space {
    struct cap_object object;
    uint32_t number; /* plan root; above: of the domain it is made for */
    uint32_t first;  /* the domain it is made (and charged) for */
    uint32_t made;   /* kernel.roots_made when it was: tells it from others
                        that have had its number */
    bool any;        /* takes whatever its domains hold; else what is kept */
    uint32_t parts;  /* number of the first (part.c), or 0 */
    uint64_t root;   /* physical; 0: not made */
    struct attachment records[SPACE_RECORDS]; /* for ranges of others */
};

/* Domains in a row, linked through their control blocks: schedule.c alone
 * writes these links. A domain is in one queue at most. */
struct queue {
    struct domain *first, *last;
};

/*
 * Processor time (time.c). Whoever runs on a time runs on those it was made
 * out of, too: their budgets are spent with its own.
 */
struct time {
    struct cap_object object;
    struct time *from; /* what it was made out of, or null */
    struct time *made; /* those made out of it, linked by `beside` */
    struct time *beside;
    struct time **linked; /* what leads to it there; null: no link does */
    struct domain *bound; /* who runs on it, linked by `bound_next` */
    uint32_t budget_ns, period_ns; /* as they were set; both 0: no limit */
    uint64_t budget, period;       /* the same in ticks */
    int64_t left;        /* of this period's budget; less than 0: overdrawn */
    uint64_t end;        /* of this period; a tick */
    struct queue parked; /* they could run, but its budget is used up */
    struct time *next;   /* in kernel.exhausted */
    uint8_t priority;    /* who runs on it has its sources', if lower */
    uint8_t lowest;      /* of that and its sources': what they have */
    bool exhausted;
};
_Static_assert(sizeof(struct time) <= 128, "an object");

struct handler {
    struct cap_object object;
    struct queue pending; /* whose fault waits for it, oldest first */
};

enum domain_state {
    DOMAIN_ABSENT,
    DOMAIN_RUNNABLE,
    DOMAIN_CROSSING, /* blocked in ipc */
    DOMAIN_WAITING,  /* for the end of `waits_for` */
    DOMAIN_HANDLING, /* in FAULT_WAIT */
    DOMAIN_FAULTED,  /* waits for its handler's decision */
    DOMAIN_ENDED
};

struct name {
    const char *text;
    uint64_t handle;
};

/* A file that one domain may have for itself (file_lock.c). */
struct file_lock {
    struct cap_object object;
    uint32_t owner;        /* number of a domain, if it is locked */
    uint32_t next;         /* of the owner's: node + 1; 0: none */
    struct cap_slot *slot; /* the one capability; null: not locked */
};

/* What a domain is composed of: from the plan, or from what was asked for
 * at run time. */
struct composition {
    uint32_t parent; /* number, or NO_DOMAIN: the root domain */
    uint8_t degree[PD_CLASS_COUNT];
    uint8_t on_fault;
    uint32_t caps, files; /* whose tables it uses, or NO_DOMAIN: none */
    uint32_t handler;     /* who handles its faults, or NO_DOMAIN */
    struct quota *quota;
    struct pool *pool;
    struct space *space;
    struct range *image, *heap, *stack; /* heap may be null */
    uint64_t files_root; /* handle of the first directory; 0: none */
    const char *name;
};

/* What a domain named last in a crossing: while the slot says what it said
 * then, the handle leads there, and the right is held (fast.c). */
struct way {
    uint64_t handle;
    const struct cap_slot *slot;
    uint64_t says; /* its first 8 bytes: state, type, rights, generation */
};

/* How a domain begins. */
struct start {
    uint64_t entry; /* offset in the image */
    const char *args;
    uint32_t args_bytes, argc;
};

/* A domain's control block: one frame. */
struct domain {
    struct arch_frame frame; /* ends on a 16-byte boundary */
    struct shared_pd record; /* of run time: what the host reads */
    /* fast.S knows where these are: */
    struct way call, serve;          /* of CALL, of REPLY_RECEIVE */
    struct cap_table *table;         /* it acts by, or an empty one (serve.c) */
    struct shared_domain *counts;    /* domain_result */
    const struct cap_slot *waits_by; /* CROSSING: the endpoint's capability;
                                        compared, never followed */
    uint32_t index;
    uint8_t priority; /* of its time; these two are compared as one */
    bool paused;      /* does not run, for `debugger` (pause.c) */
    uint16_t note;    /* what the slot of `serve` noted of who waits by it */
    struct ipc_party party;
    /* ... up to here. */
    struct arch_registers registers;
    bool registers_live; /* registers hold something worth restoring */
    bool registers_used; /* they have been saved some time */
    bool fast;           /* may return by sysret: last stop was a call */
    bool acts;           /* counts among its table's users (serve.c) */
    bool parked;         /* can run, but in the queue of an exhausted time */
    uint8_t state;       /* enum domain_state */
    uint32_t children;   /* domains composed from it */
    struct composition is;
    struct shared_domain result; /* made at run time; else shared.domains[] */
    /* Of run time, all of it: */
    struct range own[3];      /* image, heap, stack: by enum plan_range_kind */
    struct space space;       /* when it is made for this domain */
    struct quota quota;       /* when it is its own */
    struct pool_block *block; /* likewise: of its pool */
    struct cap_object object, cpu_object;
    struct handler handler;
    struct cap_table originals; /* of what there is of it (create_build.c) */
    struct cap_slot original_slots[2];
    struct start start;  /* how it begins, each time */
    uint32_t text_bytes; /* of texts */
    bool gutted;         /* ended for good: only its quota lives on */
    bool keeps;          /* ranges, attached in its creator's table */
    struct domain *next, *previous; /* in `queue` */
    struct queue *queue;            /* of what it waits for, or null */
    struct queue waiters;           /* for its end */
    struct time *time;              /* that it runs on */
    struct domain *bound_next, *bound_previous; /* others that do */
    uint32_t steps; /* instructions until it is told of a step */
    bool trap_flag; /* what TF would be without them (step.c) */
    /* Numbers of domains, plus 1; 0: none (pause.c alone). */
    uint16_t debugger;                   /* has paused it, or has it step */
    uint16_t pause_next, pause_previous; /* others that that one has */
    uint16_t debugs;                     /* first that this one has */
    struct handler *told; /* that decides about its fault, or null */
    uint32_t waits_for;
    uint64_t passed; /* handle that came with what it is woken with, or 0 */
    uint64_t try_landing, try_rsp; /* 0: not armed */
    struct shared_fault fault;     /* last one, for its handler */
    uint64_t random;
    uint32_t name_count;
    uint32_t parts; /* how many of DOMAIN_PARTS, if it was given all */
    uint32_t first_inherited; /* names[] of what `caps: part` copied */
    uint32_t first_hold;      /* names[] of the config's holds begin here */
    struct name names[DOMAIN_NAMES];
    char texts[SYSCALL_TEXT_MAX]; /* of run time: its name, args, holds */
    uint32_t first_lock;          /* files that it has locked: node + 1 */
    struct cap_table caps, files;
};
_Static_assert(sizeof(struct domain) <= ABI_PAGE_SIZE, "a control block");
_Static_assert(offsetof(struct domain, record) ==
                   sizeof(struct shared_registers),
               "the host finds the record behind the registers");

#endif
