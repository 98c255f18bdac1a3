/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine interface: one place to run the guest, whichever substrate.
 * vmm/kvm and vmm/qemu each give one table of functions; nothing above this
 * header names a substrate in its logic.
 *
 * Guest memory belongs to the caller: a memfd, already holding nothing but
 * zeroes beyond what the caller placed. Engines load the kernel and module
 * themselves (kvm: by copying; qemu: by handing over files). A module that
 * the caller put inside `memory`, where engine_module_place() says, is not
 * copied by kvm: do that, it saves about 1 ms of a start.
 */
#ifndef HOST_ENGINE_H
#define HOST_ENGINE_H

#include <host/failure.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What to boot. The engine borrows everything here until close. */
struct engine_guest {
    const void *kernel; /* ELF64 with a PVH note */
    size_t kernel_bytes;
    const void *module; /* abi/boot.h; ends one page short of a granule */
    size_t module_bytes;
    uint64_t memory_bytes; /* multiple of a granule */
    int memory_fd;         /* memfd of memory_bytes, guest physical 0 first */
    void *memory;          /* the same, mapped shared */
};

struct engine_options {
    bool icount;  /* qemu: exact instruction counts */
    bool verbose; /* explain on stderr */
    bool sandbox; /* confine processes that the engine starts */
    /* qemu: a socket that listens for gdb, or 0: none. The guest then stands
     * still until gdb lets it go, and run() never stops it. */
    int gdb_fd;
};

/* Why run() returned. */
enum engine_event {
    ENGINE_DOORBELL, /* value: the byte; run again. Equal bytes that the
                        caller has not yet collected may arrive as one. */
    ENGINE_DONE,     /* value: HOSTCALL_EXIT_* */
    ENGINE_PAUSED,   /* run_until was reached: vCPU stands still; look at your
                        flags, run again */
    ENGINE_SIGNAL,   /* engine_kick() or a signal: look at your flags, run
                        again (it can happen without any flag being set); with
                        gdb also: run_until was reached */
    ENGINE_FAILED    /* failure says why (unexpected exit, engine died) */
};

struct engine_result {
    enum engine_event event;
    uint32_t value;
    struct failure failure;
};

/* What the host offers; printed by doctor and put into results. */
struct engine_probe {
    bool usable;
    char why[256];    /* usable: one line on what was found; else: what fails */
    char remedy[512]; /* else: the remedy */
    const char *ring0; /* "hardware", "emulated", "tcg", "unknown" */
    char version[64];
};

/* Registers of the vCPU while it stands still. */
struct engine_registers {
    uint64_t rip, rsp, cr0, cr2, cr3, cr4, efer, rflags;
    uint64_t cs, ss;
    uint64_t general[16]; /* rax rcx rdx rbx rsp rbp rsi rdi r8..r15 */
    bool bases_known;     /* the rest is not 0 for want of an answer */
    uint64_t fs_base, gs_base, gdt_base, idt_base;
};

struct engine;
struct sandbox;

struct engine_ops {
    const char *name; /* "kvm", "qemu" */
    /* Boot flags (abi/boot.h) the module must carry for this engine. */
    uint32_t (*boot_flags)(const struct engine_options *options);
    /* Cheap: creates no VM. open() may still fail with EXIT_UNAVAILABLE (a
     * busy processor, say); `auto` then goes on to the next engine. */
    void (*probe)(struct engine_probe *out);
    /* Sets everything up; nothing has run. 0, or -1 with *failure filled. */
    int (*open)(struct engine **out, const struct engine_guest *guest,
                const struct engine_options *options, struct failure *failure);
    /* Runs until something happens or `run_until` (CLOCK_MONOTONIC ns, 0:
     * never) has passed. */
    void (*run)(struct engine *engine, uint64_t run_until_ns,
                struct engine_result *out);
    /* Valid after any event of run(), and keeps the vCPU standing still until
     * the next run(): under qemu the guest runs on after a doorbell, so call
     * this before walking live page tables. 0, or -1 (engine cannot tell:
     * after ENGINE_DONE qemu is gone). */
    int (*registers)(struct engine *engine, struct engine_registers *out);
    /* Says what run(), registers() and close() need (host/sandbox.h), and
     * closes what they do not. After open(), before the first run(). */
    void (*confine)(struct engine *engine, struct sandbox *sandbox);
    /* Ends the guest and frees everything but guest memory. Null is fine. */
    void (*close)(struct engine *engine);
};

/*
 * Makes a run() that is under way, or else the next one, return
 * ENGINE_SIGNAL. Async-signal-safe: call it from every signal handler that
 * only sets flags (install them without SA_RESTART). Does nothing while no
 * engine is open. One engine is open at a time.
 */
void engine_kick(void);

/*
 * Where both engines load the module: `memory_bytes` minus module_bytes
 * rounded up to a granule. 0 and *paddr, or -1 and *failure when the module
 * does not end one page short of a granule or does not fit above the kernel.
 */
int engine_module_place(const struct engine_guest *guest, uint64_t *paddr,
                        struct failure *failure);

#endif
