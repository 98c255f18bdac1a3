/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One entry function for each way to misbehave. Each ends its own domain, and
 * nothing else; what follows the bad deed is only reached where a substrate
 * lets it pass.
 */
#include <abi/layout.h>
#include <ambit/ambit.h>

#define NOT_STOPPED 1

/* The first word of the range `board`, which both hold: 1 lets loop end. */
static volatile uint64_t *board(void)
{
    uint64_t base, bytes;

    ambit_assert(ambit_locate("board", &base, &bytes) == STATUS_OK);
    return (volatile uint64_t *)base;
}

/* Never gives the processor away, nor ends by itself. */
AMBIT_ENTRY(loop_main)
{
    while (*board() == 0) {
        __asm__ volatile("pause");
    }
    return 0;
}

/* Stops `loop` after having let it run for a while, then starts it anew. */
AMBIT_ENTRY(keeper_main)
{
    struct ambit_handle loop;
    struct ambit_outcome outcome;

    ambit_assert(ambit_capability("loop", &loop) == STATUS_OK);
    ambit_assert(ambit_spawn(loop) == STATUS_OK);
    for (uint32_t i = 0; i < 5; i++) {
        ambit_yield();
    }
    ambit_assert(ambit_stop(loop) == STATUS_OK);
    ambit_assert(ambit_stop(loop) == STATUS_NOT_RUNNING);
    *board() = 1;
    ambit_assert(ambit_spawn(loop) == STATUS_OK);
    ambit_assert(ambit_wait(loop, &outcome) == STATUS_OK);
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    return 0;
}

/* The bound is never reached: a stack has at most 1 MiB. */
static uint64_t deeper(uint64_t depth, volatile char *above)
{
    volatile char frame[512];

    frame[0] = above[0];
    if (depth < (1ull << 40)) {
        frame[1] = (char)deeper(depth + 1, frame);
    }
    return depth + (uint64_t)frame[1];
}

AMBIT_ENTRY(recursion_main)
{
    volatile char first[2] = {0, 0};

    return (int)deeper(0, first);
}

AMBIT_ENTRY(hlt_main)
{
    __asm__ volatile("hlt");
    return NOT_STOPPED;
}

AMBIT_ENTRY(cli_main)
{
    __asm__ volatile("cli");
    return NOT_STOPPED;
}

/* Port 0xf4 would end the guest. */
AMBIT_ENTRY(out_main)
{
    __asm__ volatile("outb %%al, %%dx" ::"a"(0x10), "d"(0xf4));
    return NOT_STOPPED;
}

/* IA32_LSTAR: where system calls go. */
AMBIT_ENTRY(wrmsr_main)
{
    __asm__ volatile("wrmsr" ::"c"(0xc0000082), "a"(0), "d"(0));
    return NOT_STOPPED;
}

/* Privileged: clears PG and with it all page tables. */
AMBIT_ENTRY(cr0_main)
{
    __asm__ volatile("movq %0, %%cr0" ::"r"(1ull));
    return NOT_STOPPED;
}

AMBIT_ENTRY(jump_main)
{
    __asm__ volatile("jmp *%0" ::"r"(ABI_KERNEL_VIRT + 0x40000));
    return NOT_STOPPED;
}

AMBIT_ENTRY(text_main)
{
    volatile unsigned char *text = (volatile unsigned char *)hlt_main;

    *text = 0x90;
    return NOT_STOPPED;
}

AMBIT_ENTRY(stack_main)
{
    volatile unsigned char code[16] = {0xc3}; /* ret */

    __asm__ volatile("call *%0" ::"r"(code) : "memory");
    return NOT_STOPPED;
}

AMBIT_ENTRY(null_main)
{
    uint64_t value;

    __asm__ volatile("movq (%1), %0" : "=r"(value) : "r"(0ull));
    return NOT_STOPPED;
}

AMBIT_ENTRY(divide_main)
{
    uint32_t quotient = 1, rest = 0;

    __asm__ volatile("divl %2" : "+a"(quotient), "+d"(rest) : "r"(0) : "cc");
    return NOT_STOPPED;
}

AMBIT_ENTRY(ud2_main)
{
    __asm__ volatile("ud2");
    return NOT_STOPPED;
}

AMBIT_ENTRY(int3_main)
{
    __asm__ volatile("int3");
    return NOT_STOPPED;
}

static uint64_t read_unaligned(uint64_t address)
{
    __asm__ volatile("pushfq\n\t"
                     "orq $0x40000, (%%rsp)\n\t" /* AC */
                     "popfq\n\t"
                     "movq 1(%0), %%rax\n\t"
                     "pushfq\n\t"
                     "andq $~0x40000, (%%rsp)\n\t"
                     "popfq" ::"r"(address)
                     : "rax", "memory", "cc");
    return 0;
}

/* An unaligned access with the AC flag set faults only where the processor
 * looks; either way the domain goes on, and nobody else notices. */
AMBIT_ENTRY(unaligned_main)
{
    uint64_t words[2] = {0, 0}, result = 1;
    struct ambit_fault fault;

    bool read = ambit_try_exec((uint64_t)read_unaligned, (uint64_t)words,
                               &result, &fault);
    ambit_assert(read || fault.type == FAULT_OTHER);
    return 0;
}

/* A non-canonical stack pointer, then a push: #SS. */
AMBIT_ENTRY(no_stack_main)
{
    __asm__ volatile("movq %0, %%rsp\n\tpushq %%rax" ::"r"(1ull << 62));
    return NOT_STOPPED;
}
