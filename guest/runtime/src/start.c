/* SPDX-License-Identifier: Apache-2.0 */
/* From the kernel's start block to the entry function and its exit code. */
#include "internal.h"
#include <abi/layout.h>
#include <ambit/ambit.h>
#include <ambit/syscall.h>

typedef int (*entry_function)(int argc, char **argv);

/* A leaf that touches no static data, so it serves before relocation too. */
static _Noreturn void end(int code)
{
    for (;;) {
        struct ambit_registers io = {.rdi = (uint64_t)(int64_t)code};
        (void)ambit_syscall(SYSCALL_EXIT, &io);
    }
}

static void fill_arguments(const struct syscall_start *start, char **argv)
{
    char *text = (char *)start->args;

    argv[0] = (char *)(uintptr_t)start->name;
    for (uint32_t i = 1; i <= start->argc; i++) {
        argv[i] = text;
        text += strlen(text) + 1;
    }
    argv[start->argc + 1] = 0;
}

void ambit__start(struct syscall_start *start)
{
    struct ambit__domain domain;
    char *argv[AMBIT_ARGUMENTS_MAX + 2];

    domain.heap = 0;
    domain.line_bytes = 0;
    start->reserved = (uint64_t)&domain;
    if (!ambit__relocate(start->image_base)) {
        end(AMBIT_EXIT_RELOCATE);
    }
    if (start->argc > AMBIT_ARGUMENTS_MAX) {
        end(AMBIT_EXIT_ARGUMENTS);
    }
    fill_arguments(start, argv);
    ambit_exit(((entry_function)start->entry)((int)start->argc + 1, argv));
}

void ambit_exit(int code)
{
    ambit_flush();
    end(code);
}

/*
 * The last 8 bytes of the last page of a stack, which ends one page below the
 * end of its granule, hold the start block's address.
 */
static struct syscall_start *find_start(void)
{
    uint64_t here = (uint64_t)__builtin_frame_address(0);
    uint64_t granule_end = (here | (ABI_GRANULE_SIZE - 1)) + 1;

    return *(struct syscall_start **)(granule_end - ABI_PAGE_SIZE -
                                      sizeof(uint64_t));
}

const struct syscall_start *ambit_self(void)
{
    return find_start();
}

struct ambit__domain *ambit__domain(void)
{
    return (struct ambit__domain *)find_start()->reserved;
}

void ambit_assert_failed(const char *condition, const char *file, int line)
{
    ambit_printf("%s:%d: %s does not hold\n", file, line, condition);
    ambit_exit(AMBIT_EXIT_ASSERT);
}
