/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare system call, per the register rules of abi/syscall.h. Programs use
 * the typed functions of ambit/calls.h; attacks and experiments may want this.
 */
#ifndef AMBIT_SYSCALL_H
#define AMBIT_SYSCALL_H

#include <abi/status.h>
#include <abi/syscall.h>
#include <stdint.h>

/* Arguments before a call, values after it, in ABI order. */
struct ambit_registers {
    uint64_t rdi, rsi, rdx, r10, r8, r9, r12, r13;
};

/*
 * Does system call `number`. On any status but OK the registers hold what
 * they held. Vector registers survive, except with CALL, RECEIVE and
 * REPLY_RECEIVE: use ambit_syscall_crossing for those.
 */
static inline enum status ambit_syscall(uint64_t number,
                                        struct ambit_registers *io)
{
    uint64_t rax = number, rdi = io->rdi, rsi = io->rsi, rdx = io->rdx;
    register uint64_t r10 __asm__("r10") = io->r10;
    register uint64_t r8 __asm__("r8") = io->r8;
    register uint64_t r9 __asm__("r9") = io->r9;
    register uint64_t r12 __asm__("r12") = io->r12;
    register uint64_t r13 __asm__("r13") = io->r13;
    __asm__ volatile("syscall"
                     : "+a"(rax), "+D"(rdi), "+S"(rsi), "+d"(rdx), "+r"(r10),
                       "+r"(r8), "+r"(r9), "+r"(r12), "+r"(r13)
                     :
                     : "rcx", "r11", "memory", "cc");
    *io = (struct ambit_registers){rdi, rsi, rdx, r10, r8, r9, r12, r13};
    return (enum status)rax;
}

/* Does a system call after which vector registers hold nothing of ours. */
static inline enum status ambit_syscall_crossing(uint64_t number,
                                                 struct ambit_registers *io)
{
    enum status status = ambit_syscall(number, io);
    __asm__ volatile("" ::
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
                           "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                           "xmm12", "xmm13", "xmm14", "xmm15");
    return status;
}

#endif
