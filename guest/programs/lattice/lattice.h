/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the domains of a lattice guest say to each other. `lead` starts the
 * children one after the other; `top` and `parent` handle faults; `clerk` is a
 * thread of `parent` and does what the parent would do: its root, quota, pool
 * and tables are the parent's.
 */
#ifndef LATTICE_H
#define LATTICE_H

#include <abi/lattice.h>
#include <abi/layout.h>
#include <ambit/ambit.h>

/* Words of calls to the clerk: word 0 is the work, then as told. */
enum work {
    WORK_PREPARE, /* domain number -> finding of that domain's stack; also
                     opens a file and derives a capability, both later than
                     the domain was built */
    WORK_MARK,    /* -> handle of that capability */
    WORK_USED,    /* -> pages charged to the parent's quota */
    WORK_TAKE,    /* allocates a frame, or not, at random */
    WORK_GIVE,    /* -> whether it had; gives it back */
    WORK_CAN,     /* -> whether the parent can allocate a frame now */
    WORK_FILL,    /* allocates all it can */
    WORK_EMPTY,   /* gives that back */
    WORK_CLOSE,   /* before a domain is made at run time: the file is closed and
                     the capability deleted, so that no copy has them */
    WORK_REOPEN,  /* after: as WORK_PREPARE, but for the stack -> handle of the
                     file, which is the one before, a generation on */
    WORK_DONE     /* the clerk ends */
};

#define MARK 0x656369747461ull /* what stands in the parent's heap */
#define MARK_OFFSET 64u        /* there */
#define KEEPER_QUIT 0x7000ull  /* a fault here tells a keeper to end */
#define FAULT_ADDRESS 0x1000ull
#define SPARE_PAGES 220u /* what the parent's quota has left for a child */
#define CHILD_STACK 8u   /* pages of a child made at run time */
#define FRAMES_MAX 640u  /* more than that no domain here can allocate */

static inline void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

static inline struct ambit_handle held(const char *name)
{
    struct ambit_handle handle = {0};

    must(ambit_capability(name, &handle));
    return handle;
}

static inline uint64_t base_of(const char *name)
{
    uint64_t base = 0, bytes;

    must(ambit_locate(name, &base, &bytes));
    return base;
}

/* Calls the clerk; returns word 0 of its answer. */
static inline uint64_t ask(struct ambit_handle clerk, enum work work,
                           uint64_t word, uint64_t *second)
{
    struct ambit_message message = {.words = {work, word}};

    must(ambit_call(clerk, &message));
    if (second) {
        *second = message.words[1];
    }
    return message.words[0];
}

/* Reads a word and writes it back: RW, READ or FAULT. */
static inline enum lattice_finding try_word(uint64_t address, uint64_t *value)
{
    struct ambit_fault fault;

    if (!ambit_try_read(address, value, &fault)) {
        return LATTICE_IS_FAULT;
    }
    return ambit_try_write(address, *value, &fault) ? LATTICE_IS_RW
                                                    : LATTICE_IS_READ;
}

/* Domains are numbered as in the config: the children's names are c0, c1 ...
 * and `first` is the number of c0. */
static inline void child_name(char *out, size_t bytes, uint64_t child)
{
    ambit_snprintf(out, bytes, "c%lu", (unsigned long)child);
}

/* A frame at a time, from `pool`, until there is no more. Returns how many;
 * *why is the status that ended it. */
/* child.c */
int late_main(int argc, char **argv);
int where_main(int argc, char **argv);
int fault_main(int argc, char **argv);

uint32_t take_all(struct ambit_handle pool, struct ambit_handle *frames,
                  enum status *why);
void give_all(struct ambit_handle *frames, uint32_t count);

/* Lowest word of a stack of CHILD_STACK pages whose granule this is. */
static inline uint64_t stack_low(uint64_t granule)
{
    return ((granule + 1) << ABI_GRANULE_SHIFT) -
           (CHILD_STACK + 1) * ABI_PAGE_SIZE;
}

/* What a child knows of capabilities that it can inspect. */
#define COUNTERS_MAX 16u
struct counters {
    struct ambit_handle list[COUNTERS_MAX]; /* pools and quotas */
    uint32_t count;
};

/* tables.c: what the child reaches in its tables. `clerk` is null without. */
enum lattice_finding probe_caps(const struct ambit_handle *clerk,
                                struct counters *counters);
/* `late` is the file that the clerk has opened last, if that was told. */
enum lattice_finding probe_files(const char *name, struct ambit_handle late);

/* hunger.c: memory, as far as there is anything to ask it of. */
enum lattice_finding probe_growth(const struct ambit_handle *clerk);
enum lattice_finding probe_pool(const struct ambit_handle *clerk,
                                const struct counters *counters);
enum lattice_finding probe_quota(const struct ambit_handle *clerk,
                                 const struct counters *counters);

#endif
