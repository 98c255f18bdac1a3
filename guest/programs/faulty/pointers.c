/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bad pointers to every call that takes one: each must get BAD_POINTER (or a
 * status that the call gives before it looks), and the domain must live.
 */
#include <abi/layout.h>
#include <ambit/ambit.h>
#include <ambit/syscall.h>

/* Where a call takes its pointer, and the rest of its arguments. */
struct pointer_call {
    const char *name;
    uint64_t number;
    uint32_t pointer; /* which of rdi, rsi, rdx */
    bool written;     /* the kernel writes there; else it reads */
    uint64_t rdi, rsi, rdx, r10;
};

static uint32_t wrong; /* this program is alone in its space */

static void try_pointer(const struct pointer_call *call, uint64_t pointer)
{
    struct ambit_registers io = {
        .rdi = call->rdi, .rsi = call->rsi, .rdx = call->rdx, .r10 = call->r10};

    io.rdi = call->pointer == 0 ? pointer : io.rdi;
    io.rsi = call->pointer == 1 ? pointer : io.rsi;
    io.rdx = call->pointer == 2 ? pointer : io.rdx;
    enum status status = ambit_syscall(call->number, &io);
    if (status != STATUS_BAD_POINTER) {
        ambit_printf("%s with %lx: %s\n", call->name, pointer,
                     ambit_status_text(status));
        wrong++;
    }
}

static void try_call(const struct pointer_call *call)
{
    uint64_t stack, bytes, heap, heap_bytes;

    ambit_assert(ambit_locate("pointers.stack", &stack, &bytes) == STATUS_OK);
    ambit_free(ambit_malloc(1)); /* a heap starts without a page */
    ambit_assert(ambit_locate("pointers.heap", &heap, &heap_bytes) ==
                 STATUS_OK);
    const uint64_t bad[] = {0,                 /* null */
                            8,                 /* near null */
                            stack - 8,         /* guard below, straddling */
                            stack + bytes,     /* guard above */
                            heap + heap_bytes, /* behind the heap */
                            heap + heap_bytes -
                                1, /* straddling its end: the first byte may
                                      be written all the same */
                            ABI_USER_LIMIT,     /* just outside the window */
                            ABI_USER_LIMIT - 1, /* straddling its end */
                            0x800000000000ull,  /* first non-canonical */
                            0x7fffffffffffull,  /* last of the lower half */
                            ABI_DIRECT_MAP,     /* all memory */
                            ABI_KERNEL_VIRT,    /* the kernel */
                            ABI_KERNEL_VIRT + 0x100000, /* its middle */
                            UINT64_MAX,                 /* wraps around */
                            UINT64_MAX - 7};

    for (uint32_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        try_pointer(call, bad[i]);
    }
    if (call->written) {
        try_pointer(call, (uint64_t)try_call); /* its own text */
    }
}

AMBIT_ENTRY(pointers_main)
{
    struct ambit_handle files, file;

    ambit_assert(ambit_capability("files", &files) == STATUS_OK);
    ambit_assert(ambit_open(files, "public.txt", &file) == STATUS_OK);
    const struct pointer_call calls[] = {
        {"console", SYSCALL_CONSOLE, 0, false, 0, 16, 0, 0},
        {"report", SYSCALL_REPORT, 0, false, 0, 0, 0, 0},
        {"capability", SYSCALL_CAPABILITY, 0, false, 0, 16, 0, 0},
        {"locate", SYSCALL_LOCATE, 0, false, 0, 16, 0, 0},
        {"compose", SYSCALL_COMPOSE, 0, false, 0, 2, 0, 0},
        {"open", SYSCALL_OPEN, 1, false, files.bits, 0, 16, 0},
        {"read", SYSCALL_READ, 2, true, file.bits, 0, 0, 16},
        {"list", SYSCALL_LIST, 2, true, files.bits, 0, 0, 0},
    };

    for (uint32_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        try_call(&calls[i]);
    }
    ambit_printf("%u bad pointers were not refused\n", wrong);
    return (int)wrong;
}
