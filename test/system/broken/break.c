/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kernel that breaks when it is told to: this `sys_random` takes the place of
 * the real one (the linker's first definition), and does what rdi says. So the
 * ways in which a kernel ends can be looked at in a real run.
 */
#include "kernel.h"

#include <capabilities/assert.h>

#include "ways.h"

#define WILD 0xffff900012345678ull /* in no table */

static volatile uint64_t sink;

/* Not a jump, so that each caller has a frame of its own. */
__attribute__((noinline)) static void wild_write(void)
{
    *(volatile uint64_t *)WILD = 1;
    sink++;
}

__attribute__((noinline)) static void wild_call(void)
{
    ((void (*)(void))(uintptr_t)WILD)();
    sink++;
}

/* No stack to push on, so #PF becomes #DF, which has one. */
__attribute__((noinline)) static void no_stack(void)
{
    __asm__ volatile("movq $0x1000, %rsp\n\tpushq %rax");
    sink++;
}

/* A call that never ends, and not in a loop. */
__attribute__((noinline)) static uint64_t deeper(uint64_t level)
{
    sink = level;
    return sink ? deeper(level + 1) + sink : 0;
}

__attribute__((noinline)) static void triple_fault(void)
{
    static const struct __attribute__((packed)) {
        uint16_t limit;
        uint64_t base;
    } none = {0, 0};

    __asm__ volatile("lidt %0\n\tud2" : : "m"(none));
    sink++;
}

__attribute__((noinline)) static void spin(void)
{
    while (!sink) {
    }
    sink++;
}

__attribute__((noinline)) static void break_by(uint64_t way)
{
    switch (way) {
    case BREAK_WRITE:
        wild_write();
        break;
    case BREAK_CALL:
        wild_call();
        break;
    case BREAK_PANIC:
        kernel_panic("told to give up", WILD);
    case BREAK_ASSERT:
        core_assert(way != BREAK_ASSERT);
        break;
    case BREAK_STACK:
        no_stack();
        break;
    case BREAK_DEEP:
        sink = deeper(1);
        break;
    case BREAK_TRIPLE:
        triple_fault();
        break;
    case BREAK_SPIN:
        spin();
        break;
    default:
        break;
    }
    sink++;
}

enum status sys_random(struct domain *domain, struct arch_frame *frame)
{
    (void)domain;
    break_by(frame->rdi);
    frame->rdx = sink;
    return STATUS_OK;
}
