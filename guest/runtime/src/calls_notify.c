/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about notifications, and those that make them and endpoints. */
#include <ambit/calls.h>
#include <ambit/syscall.h>

static enum status create(uint64_t number, struct ambit_handle *out)
{
    struct ambit_registers io = {0};
    enum status status = ambit_syscall(number, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}

enum status ambit_endpoint_create(struct ambit_handle *out)
{
    return create(SYSCALL_ENDPOINT_CREATE, out);
}

enum status ambit_notification_create(struct ambit_handle *out)
{
    return create(SYSCALL_NOTIFICATION_CREATE, out);
}

enum status ambit_signal(struct ambit_handle notification, uint64_t bits)
{
    struct ambit_registers io = {.rdi = notification.bits, .rsi = bits};

    return ambit_syscall(SYSCALL_SIGNAL, &io);
}

static enum status await(struct ambit_handle notification, uint64_t poll,
                         uint64_t *word)
{
    struct ambit_registers io = {.rdi = notification.bits, .rsi = poll};
    enum status status = ambit_syscall_crossing(SYSCALL_AWAIT, &io);

    if (status == STATUS_OK) {
        *word = io.rdx;
    }
    return status;
}

enum status ambit_await(struct ambit_handle notification, uint64_t *word)
{
    return await(notification, 0, word);
}

enum status ambit_poll(struct ambit_handle notification, uint64_t *word)
{
    return await(notification, 1, word);
}
