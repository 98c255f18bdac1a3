/* SPDX-License-Identifier: Apache-2.0 */
/* A debugger's side of a pause. */
#ifndef SYSTEM_PAUSING_H
#define SYSTEM_PAUSING_H

#include "tools.h"

static inline struct ambit_handle cpu_of(struct ambit_handle domain)
{
    struct ambit_handle cpu = {0};

    must(ambit_part_of(domain, AMBIT_TYPE_CPU, AMBIT_READ | AMBIT_WRITE, &cpu));
    return cpu;
}

static inline enum syscall_stand paused(struct ambit_handle cpu)
{
    enum syscall_stand stand = SYSCALL_STAND_START;

    must(ambit_pause(cpu, &stand));
    return stand;
}

static inline struct syscall_registers registers_of(struct ambit_handle cpu)
{
    struct syscall_registers out;

    must(ambit_cpu_read(cpu, &out));
    return out;
}

/* Every one of the others has had its turn, and more than one. */
static inline void turns(void)
{
    for (int i = 0; i < 8; i++) {
        ambit_yield();
    }
}

#endif
