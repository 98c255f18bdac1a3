/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Having the kernel read or write where the caller cannot. Each attack has the
 * same call with a good pointer for control.
 */
#include "attack.h"

/* A word of the kernel's that nobody misses. */
#define KERNEL_WORD (ABI_KERNEL_VIRT + offsetof(struct shared, pad))

static enum status print(uint64_t pointer, uint64_t bytes)
{
    struct ambit_registers io = {.rdi = pointer, .rsi = bytes};

    return ambit_syscall(SYSCALL_CONSOLE, &io);
}

static struct ambit_handle open_file(void)
{
    struct ambit_handle file = {0};

    attack_expect("open",
                  ambit_open(attack_capability("files"), "public.txt", &file),
                  STATUS_OK);
    return file;
}

/* Has the first bytes of the file written to `pointer`. */
static enum status read_to(struct ambit_handle file, uint64_t pointer,
                           uint64_t bytes)
{
    struct ambit_registers io = {
        .rdi = file.bits, .rdx = pointer, .r10 = bytes};

    return ambit_syscall(SYSCALL_READ, &io);
}

/* ---- the kernel's own memory ---- */

AMBIT_ENTRY(kernel_source_main)
{
    static const uint64_t sources[] = {
        KERNEL_WORD,                           /* the kernel's data */
        ABI_DIRECT_MAP + 2 * ABI_GRANULE_SIZE, /* all memory begins here */
        ABI_KERNEL_VIRT + 0x80000,             /* its code */
        UINT64_MAX - 7,                        /* the end of it, around */
    };
    static const char text[] = "the control\n";

    for (uint32_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        attack_expect("print the kernel", print(sources[i], 8),
                      STATUS_BAD_POINTER);
    }
    attack_expect("control", print((uint64_t)text, sizeof text - 1), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(kernel_target_main)
{
    struct ambit_handle file = open_file();
    uint64_t word = 0;

    attack_expect("write to the kernel", read_to(file, KERNEL_WORD, 8),
                  STATUS_BAD_POINTER);
    attack_expect("write to all memory",
                  read_to(file, ABI_DIRECT_MAP + ABI_GRANULE_SIZE - 8, 8),
                  STATUS_BAD_POINTER);
    attack_expect("control", read_to(file, (uint64_t)&word, 8), STATUS_OK);
    ambit_assert(word != 0);
    return 0;
}

/* ---- half in, half out ---- */

/* The last bytes of its stack, and those behind, where nothing is. */
AMBIT_ENTRY(straddle_main)
{
    uint64_t here = (uint64_t)&here;
    uint64_t end = (here | (ABI_GRANULE_SIZE - 1)) + 1 - ABI_PAGE_SIZE;
    struct ambit_handle file = open_file();

    attack_expect("read over the end", print(end - 8, 16), STATUS_BAD_POINTER);
    attack_expect("write over the end", read_to(file, end, 8),
                  STATUS_BAD_POINTER);
    attack_expect("before the user window", print(0, 16), STATUS_BAD_POINTER);
    attack_expect("control", print((uint64_t) "\n", 1), STATUS_OK);
    return 0;
}

/* ---- what it may only read ---- */

static const uint64_t constants[] = {42, 43};

/* Holds ring: r. The kernel must write neither there, nor to code, nor to
 * constants, although it could. */
AMBIT_ENTRY(readonly_main)
{
    struct ambit_handle file = open_file();
    volatile uint64_t *ring = (volatile uint64_t *)attack_place("ring");
    uint64_t code = *(const uint64_t *)(uint64_t)readonly_main;

    attack_expect("write to code", read_to(file, (uint64_t)readonly_main, 8),
                  STATUS_BAD_POINTER);
    attack_expect("write to a constant", read_to(file, (uint64_t)constants, 8),
                  STATUS_BAD_POINTER);
    attack_expect("write to what is held to read",
                  read_to(file, (uint64_t)ring, 8), STATUS_BAD_POINTER);
    ambit_assert(code == *(const uint64_t *)(uint64_t)readonly_main);
    ambit_assert(*(const volatile uint64_t *)constants == 42 && *ring == 0);
    attack_expect("control", read_to(file, (uint64_t)&code, 8), STATUS_OK);
    return 0;
}

/* ---- a buffer that goes while the kernel keeps its address ---- */

/* Waits for a fault with its buffer in `ring`, which is revoked meanwhile. */
AMBIT_ENTRY(buffer_waiter_main)
{
    struct ambit_registers io = {.rdi = attack_capability("handler").bits,
                                 .rsi = attack_place("ring")};
    struct syscall_fault fault;

    *(volatile uint64_t *)io.rsi = 1; /* tells that it is about to wait */
    attack_expect("wait", ambit_syscall(SYSCALL_FAULT_WAIT, &io),
                  STATUS_BAD_POINTER);
    attack_expect("control",
                  ambit_fault_wait(attack_capability("handler"), &fault),
                  STATUS_OK);
    attack_expect("stop",
                  ambit_fault_resume(attack_capability("handler"), fault.domain,
                                     AMBIT_RESUME_STOP),
                  STATUS_OK);
    return 0;
}

/* Revokes when the waiter waits, then lets the other one fault. */
AMBIT_ENTRY(buffer_revoker_main)
{
    volatile uint64_t *ring = (volatile uint64_t *)attack_place("ring");
    struct ambit_message message;

    attack_let_one_in(&message);
    while (*ring == 0) {
        ambit_yield();
    }
    for (uint32_t i = 0; i < 4; i++) {
        ambit_yield(); /* until it is in the kernel */
    }
    attack_expect("revoke", ambit_revoke(attack_capability("ring")), STATUS_OK);
    attack_let_it_go(&message);
    return 0;
}

AMBIT_ENTRY(faulter_main)
{
    attack_wait();
    __asm__ volatile("movq %0, (%1)" : : "r"(0ull), "r"(8ull) : "memory");
    return ATTACK_SUCCEEDED;
}
