/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas, pools and ranges at run time. */
#include <ambit/ambit.h>
#include <ambit/syscall.h>

static enum status made(uint64_t number, struct ambit_registers *io,
                        struct ambit_handle *out)
{
    enum status status = ambit_syscall(number, io);

    if (status == STATUS_OK) {
        out->bits = io->rdx;
    }
    return status;
}

enum status ambit_quota_split(struct ambit_handle quota, uint64_t pages,
                              enum ambit_quota_kind kind,
                              struct ambit_handle *out)
{
    struct ambit_registers io = {.rdi = quota.bits, .rsi = pages, .rdx = kind};

    return made(SYSCALL_QUOTA_SPLIT, &io, out);
}

enum status ambit_quota_trade(struct ambit_handle from, struct ambit_handle to,
                              uint64_t pages)
{
    struct ambit_registers io = {
        .rdi = from.bits, .rsi = to.bits, .rdx = pages};

    return ambit_syscall(SYSCALL_QUOTA_TRADE, &io);
}

enum status ambit_quota_return(struct ambit_handle quota)
{
    struct ambit_registers io = {.rdi = quota.bits};

    return ambit_syscall(SYSCALL_QUOTA_RETURN, &io);
}

enum status ambit_pool_split(struct ambit_handle pool, uint64_t pages,
                             struct ambit_handle *out)
{
    struct ambit_registers io = {.rdi = pool.bits, .rsi = pages};

    return made(SYSCALL_POOL_SPLIT, &io, out);
}

enum status ambit_pool_return(struct ambit_handle pool)
{
    struct ambit_registers io = {.rdi = pool.bits};

    return ambit_syscall(SYSCALL_POOL_RETURN, &io);
}

enum status ambit_range_create(uint64_t pages, uint32_t rights,
                               struct ambit_handle *out)
{
    struct ambit_registers io = {.rdi = pages, .rsi = rights};

    return made(SYSCALL_RANGE_CREATE, &io, out);
}

enum status ambit_range_create_bare(uint64_t pages, uint32_t rights,
                                    struct ambit_handle *out)
{
    struct ambit_registers io = {
        .rdi = pages, .rsi = rights, .rdx = SYSCALL_RANGE_BARE};

    return made(SYSCALL_RANGE_CREATE, &io, out);
}

enum status ambit_range_create_in(struct ambit_handle pool, uint64_t pages,
                                  uint32_t rights, enum syscall_range_kind kind,
                                  struct ambit_handle *out)
{
    struct ambit_registers io = {
        .rdi = pages, .rsi = rights, .rdx = (uint64_t)kind, .r10 = pool.bits};

    return made(SYSCALL_RANGE_CREATE, &io, out);
}

enum status ambit_map(struct ambit_handle frame, struct ambit_handle range,
                      uint64_t page, uint32_t rights, struct ambit_handle *out)
{
    struct ambit_registers io = {
        .rdi = frame.bits, .rsi = range.bits, .rdx = page, .r10 = rights};

    return made(SYSCALL_MAP, &io, out);
}

enum status ambit_unmap(struct ambit_handle mapping)
{
    struct ambit_registers io = {.rdi = mapping.bits};

    return ambit_syscall(SYSCALL_UNMAP, &io);
}
