/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about oneself, names, memory and files. */
#include "internal.h"
#include <ambit/ambit.h>
#include <ambit/syscall.h>

void ambit_yield(void)
{
    struct ambit_registers io = {0};

    (void)ambit_syscall(SYSCALL_YIELD, &io);
}

enum status ambit_console(const char *text, size_t bytes)
{
    struct ambit_registers io = {.rdi = (uint64_t)text, .rsi = bytes};

    return ambit_syscall(SYSCALL_CONSOLE, &io);
}

uint64_t ambit_random(void)
{
    struct ambit_registers io = {0};

    (void)ambit_syscall(SYSCALL_RANDOM, &io);
    return io.rdx;
}

enum status ambit_capability(const char *name, struct ambit_handle *out)
{
    struct ambit_registers io = {.rdi = (uint64_t)name, .rsi = strlen(name)};
    enum status status = ambit_syscall(SYSCALL_CAPABILITY, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}

enum status ambit_locate(const char *name, uint64_t *base, uint64_t *bytes)
{
    struct ambit_registers io = {.rdi = (uint64_t)name, .rsi = strlen(name)};
    enum status status = ambit_syscall(SYSCALL_LOCATE, &io);

    if (status == STATUS_OK) {
        *base = io.rdx;
        *bytes = io.r10;
    }
    return status;
}

enum status ambit_attach(struct ambit_handle range, uint32_t rights,
                         struct ambit_handle *out)
{
    struct ambit_registers io = {.rdi = range.bits, .rsi = rights};
    enum status status = ambit_syscall(SYSCALL_ATTACH, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}

enum status ambit_grow(struct ambit_handle range, uint64_t pages,
                       uint64_t *bytes)
{
    struct ambit_registers io = {.rdi = range.bits, .rsi = pages};
    enum status status = ambit_syscall(SYSCALL_GROW, &io);

    if (status == STATUS_OK) {
        *bytes = io.rdx;
    }
    return status;
}

enum status ambit_allocate(struct ambit_handle pool, struct ambit_handle *frame,
                           uint64_t *number)
{
    struct ambit_registers io = {.rdi = pool.bits};
    enum status status = ambit_syscall(SYSCALL_ALLOCATE, &io);

    if (status == STATUS_OK) {
        frame->bits = io.rdx;
        *number = io.r10;
    }
    return status;
}

enum status ambit_open(struct ambit_handle directory, const char *path,
                       struct ambit_handle *out)
{
    struct ambit_registers io = {
        .rdi = directory.bits, .rsi = (uint64_t)path, .rdx = strlen(path)};
    enum status status = ambit_syscall(SYSCALL_OPEN, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}

enum status ambit_open_with(struct ambit_handle directory, const char *path,
                            uint32_t rights, uint32_t flags,
                            struct ambit_handle *out)
{
    struct ambit_registers io = {.rdi = directory.bits,
                                 .rsi = (uint64_t)path,
                                 .rdx = strlen(path),
                                 .r10 = rights,
                                 .r8 = flags};
    enum status status = ambit_syscall(SYSCALL_OPEN_WITH, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}

enum status ambit_read(struct ambit_handle file, uint64_t offset, void *to,
                       size_t bytes, size_t *got)
{
    struct ambit_registers io = {
        .rdi = file.bits, .rsi = offset, .rdx = (uint64_t)to, .r10 = bytes};
    enum status status = ambit_syscall(SYSCALL_READ, &io);

    if (status == STATUS_OK) {
        *got = io.rdx;
    }
    return status;
}

enum status ambit_list(struct ambit_handle directory, uint64_t index,
                       struct ambit_entry *out)
{
    struct ambit_registers io = {
        .rdi = directory.bits, .rsi = index, .rdx = (uint64_t)out->name};
    enum status status = ambit_syscall(SYSCALL_LIST, &io);

    if (status == STATUS_OK) {
        out->directory = io.r10 == 0; /* enum spec_node_kind */
    }
    return status;
}
