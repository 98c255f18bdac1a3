/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about processor time. */
#include <ambit/syscall.h>
#include <ambit/time.h>

enum status ambit_time_query(struct ambit_handle time, struct ambit_time *out)
{
    struct ambit_registers io = {.rdi = time.bits};
    enum status status = ambit_syscall(SYSCALL_TIME_QUERY, &io);

    if (status == STATUS_OK) {
        *out = (struct ambit_time){.budget_ns = io.rdx,
                                   .period_ns = io.r10,
                                   .priority = (uint32_t)io.r8,
                                   .left_ns = io.r9};
    }
    return status;
}

enum status ambit_time_set(struct ambit_handle time,
                           const struct ambit_time *to)
{
    struct ambit_registers io = {.rdi = time.bits,
                                 .rsi = to->budget_ns,
                                 .rdx = to->period_ns,
                                 .r10 = to->priority};

    return ambit_syscall(SYSCALL_TIME_SET, &io);
}

enum status ambit_time_bind(struct ambit_handle time,
                            struct ambit_handle domain)
{
    struct ambit_registers io = {.rdi = time.bits, .rsi = domain.bits};

    return ambit_syscall(SYSCALL_TIME_BIND, &io);
}

enum status ambit_time_create(struct ambit_handle source,
                              const struct ambit_time *as,
                              struct ambit_handle *out)
{
    struct ambit_registers io = {.rdi = source.bits,
                                 .rsi = as->budget_ns,
                                 .rdx = as->period_ns,
                                 .r10 = as->priority};
    enum status status = ambit_syscall(SYSCALL_TIME_CREATE, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}
