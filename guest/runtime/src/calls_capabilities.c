/* SPDX-License-Identifier: Apache-2.0 */
/* The calls about capabilities. */
#include <ambit/calls.h>
#include <ambit/syscall.h>

enum status ambit_inspect(struct ambit_handle handle, struct ambit_info *out)
{
    struct ambit_registers io = {.rdi = handle.bits};
    enum status status = ambit_syscall(SYSCALL_INSPECT, &io);

    if (status == STATUS_OK) {
        *out = (struct ambit_info){(enum ambit_type)io.rdx, (uint32_t)io.r10,
                                   io.r8, io.r9};
    }
    return status;
}

/* Every call that makes a capability returns its handle in rdx. */
static enum status make(uint64_t number, struct ambit_registers io,
                        struct ambit_handle *out)
{
    enum status status = ambit_syscall(number, &io);

    if (status == STATUS_OK) {
        out->bits = io.rdx;
    }
    return status;
}

enum status ambit_derive(struct ambit_handle source, uint32_t rights,
                         struct ambit_handle *out)
{
    return make(SYSCALL_DERIVE,
                (struct ambit_registers){.rdi = source.bits, .rsi = rights},
                out);
}

enum status ambit_derive_part(struct ambit_handle source, uint32_t rights,
                              uint64_t first, uint64_t pages,
                              struct ambit_handle *out)
{
    if (pages == 0) { /* to the kernel, that would mean the whole */
        return STATUS_OUT_OF_RANGE;
    }
    return make(
        SYSCALL_DERIVE,
        (struct ambit_registers){
            .rdi = source.bits, .rsi = rights, .rdx = first, .r10 = pages},
        out);
}

enum status ambit_move(struct ambit_handle handle, struct ambit_handle *out)
{
    return make(SYSCALL_MOVE, (struct ambit_registers){.rdi = handle.bits},
                out);
}

enum status ambit_badge(struct ambit_handle source, uint32_t rights,
                        uint64_t badge, struct ambit_handle *out)
{
    return make(SYSCALL_BADGE,
                (struct ambit_registers){
                    .rdi = source.bits, .rsi = rights, .rdx = badge},
                out);
}

enum status ambit_delete(struct ambit_handle handle)
{
    struct ambit_registers io = {.rdi = handle.bits};

    return ambit_syscall(SYSCALL_DELETE, &io);
}

enum status ambit_revoke(struct ambit_handle handle)
{
    enum status status;

    do {
        struct ambit_registers io = {.rdi = handle.bits};
        status = ambit_syscall(SYSCALL_REVOKE, &io);
    } while (status == STATUS_MORE);
    return status;
}

enum status ambit_compose(const struct ambit_handle *members, uint64_t count,
                          struct ambit_handle *out)
{
    return make(
        SYSCALL_COMPOSE,
        (struct ambit_registers){.rdi = (uint64_t)members, .rsi = count}, out);
}

enum status ambit_derive_replaced(struct ambit_handle composite, uint64_t index,
                                  struct ambit_handle replacement,
                                  uint32_t rights, struct ambit_handle *out)
{
    return make(SYSCALL_DERIVE_REPLACED,
                (struct ambit_registers){.rdi = composite.bits,
                                         .rsi = index,
                                         .rdx = replacement.bits,
                                         .r10 = rights},
                out);
}

enum status ambit_member(struct ambit_handle composite, uint64_t index,
                         uint32_t rights, struct ambit_handle *out)
{
    return make(SYSCALL_MEMBER,
                (struct ambit_registers){
                    .rdi = composite.bits, .rsi = index, .rdx = rights},
                out);
}
