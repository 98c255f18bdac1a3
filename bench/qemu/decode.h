/* SPDX-License-Identifier: Apache-2.0 */
/* Which instructions are counted beside all others. */
#ifndef DECODE_H
#define DECODE_H

#include <stddef.h>
#include <stdint.h>

/* The order is that of vmm/bench (bench_privileged_name). */
enum privileged {
    PRIVILEGED_CR3,     /* mov to cr3 */
    PRIVILEGED_CR,      /* mov to another control register */
    PRIVILEGED_WRMSR,   /* wrmsr */
    PRIVILEGED_RDMSR,   /* rdmsr */
    PRIVILEGED_STATE,   /* xsave*, xrstor*, fxsave, fxrstor */
    PRIVILEGED_FLUSH,   /* invlpg, invpcid */
    PRIVILEGED_SYSCALL, /* syscall */
    PRIVILEGED_SYSRET,  /* sysret */
    PRIVILEGED_IRET,    /* iret */
    PRIVILEGED_SWAPGS,  /* swapgs */
    PRIVILEGED_BASE,    /* wrfsbase, wrgsbase */
    PRIVILEGED_IO,      /* in, out, ins, outs */
    REPEATED,           /* a step of a repeated string instruction */
    PRIVILEGED_COUNT,
    MARK_BEGIN, /* abi/measure.h */
    MARK_END,
    PRIVILEGED_NONE
};

/* Says which of these an instruction is. `size` is at most 15. */
enum privileged decode(const uint8_t *bytes, size_t size);

#endif
