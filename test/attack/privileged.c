/* SPDX-License-Identifier: Apache-2.0 */
/* Privileged instructions, flags, the kernel's entry address. */
#include "attack.h"

typedef uint64_t attempt_function(uint64_t argument);
attempt_function attempt_hlt, attempt_cli, attempt_sti, attempt_clts,
    attempt_invd, attempt_wbinvd, attempt_invlpg, attempt_swapgs, attempt_ltr,
    attempt_lldt, attempt_lmsw, attempt_lgdt, attempt_lidt, attempt_cr0,
    attempt_cr3, attempt_cr4, attempt_read_cr3, attempt_dr7, attempt_wrmsr,
    attempt_rdmsr, attempt_out, attempt_out32, attempt_in, attempt_int,
    attempt_iret, attempt_ds, attempt_ss, attempt_nop, attempt_rdtsc,
    attempt_popf, attempt_step, jump_to_entry, syscall_with_stack;

struct attempt {
    const char *name;
    attempt_function *function;
    uint64_t argument;
};

/* Ports: isa-debug-exit, the doorbell, register calls, and the PIT. */
static const struct attempt attempts[] = {
    {"hlt", attempt_hlt, 0},           {"cli", attempt_cli, 0},
    {"sti", attempt_sti, 0},           {"clts", attempt_clts, 0},
    {"invd", attempt_invd, 0},         {"wbinvd", attempt_wbinvd, 0},
    {"invlpg", attempt_invlpg, 0},     {"swapgs", attempt_swapgs, 0},
    {"ltr", attempt_ltr, 0},           {"lldt", attempt_lldt, 0},
    {"lmsw", attempt_lmsw, 0},         {"lgdt", attempt_lgdt, 0},
    {"lidt", attempt_lidt, 0},         {"mov cr0", attempt_cr0, 1},
    {"mov cr3", attempt_cr3, 0},       {"mov cr4", attempt_cr4, 0},
    {"read cr3", attempt_read_cr3, 0}, {"mov dr7", attempt_dr7, 0},
    {"wrmsr", attempt_wrmsr, 0},       {"rdmsr", attempt_rdmsr, 0},
    {"out f4", attempt_out, 0xf4},     {"out e9", attempt_out, 0xe9},
    {"out ea", attempt_out32, 0xea},   {"in 40", attempt_in, 0x40},
    {"load ds", attempt_ds, 0},        {"load ss", attempt_ss, 0},
};

static bool refused_as(attempt_function *function, uint32_t a, uint32_t b)
{
    struct ambit_fault fault;
    uint64_t result;

    return !ambit_try_exec((uint64_t)function, 0, &result, &fault) &&
           (fault.type == a || fault.type == b);
}

/*
 * Every one is a protection fault, and the domain goes on. Two differ by
 * substrate: `int n` is unknown to some, and TCG reads the frame of an IRET as
 * the kernel would, which SMAP refuses.
 */
AMBIT_ENTRY(privileged_main)
{
    struct ambit_fault fault = {0};
    uint64_t result;

    for (uint32_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        const struct attempt *a = &attempts[i];
        bool ran =
            ambit_try_exec((uint64_t)a->function, a->argument, &result, &fault);
        if (ran || fault.type != FAULT_PROTECTION) {
            ambit_printf("%s: %s, fault type %u\n", a->name,
                         ran ? "executed" : "refused otherwise", fault.type);
            return ATTACK_SUCCEEDED;
        }
    }
    ambit_assert(refused_as(attempt_int, FAULT_PROTECTION, FAULT_UNDEFINED));
    ambit_assert(refused_as(attempt_iret, FAULT_PROTECTION, FAULT_PAGE));
    ambit_assert(ambit_try_exec((uint64_t)attempt_nop, 0, &result, &fault));
    ambit_assert(ambit_try_exec((uint64_t)attempt_rdtsc, 0, &result, &fault));
    return 0;
}

/* Flags that ring 3 must not change do not change; a single step traps only
 * whoever steps. */
AMBIT_ENTRY(flags_main)
{
    struct ambit_fault fault;
    uint64_t flags = 0, result;

    ambit_assert(ambit_try_exec((uint64_t)attempt_popf, 0, &flags, &fault));
    ambit_assert((flags & 0x3200) == 0x200); /* IOPL 0, IF on */
    ambit_assert(!ambit_try_exec((uint64_t)attempt_step, 0, &result, &fault));
    ambit_assert(fault.type == FAULT_DEBUG);
    return 0;
}

static void jump_to(uint64_t address)
{
    struct ambit_fault fault;
    uint64_t result;

    ambit_assert(
        !ambit_try_exec((uint64_t)jump_to_entry, address, &result, &fault));
    ambit_assert(fault.type == FAULT_PAGE && fault.access == ACCESS_EXEC);
    ambit_assert(fault.address == address && fault.range == SHARED_NO_RANGE);
}

/*
 * The kernel's entry for system calls begins a page: jumps to each page of the
 * kernel, and near its start. None is anything but a fetch fault.
 */
AMBIT_ENTRY(entry_main)
{
    for (uint64_t page = 0; page < ABI_GRANULE_SIZE; page += ABI_PAGE_SIZE) {
        jump_to(ABI_KERNEL_VIRT + page);
        jump_to(ABI_KERNEL_VIRT + page + 2);
        jump_to(ABI_KERNEL_VIRT + page - 2);
    }
    return 0;
}

/* The kernel must not use the caller's stack pointer for anything. */
AMBIT_ENTRY(stack_pointer_main)
{
    static const uint64_t pointers[] = {0,
                                        8,
                                        0x1000,
                                        ABI_USER_LIMIT,
                                        1ull << 62,
                                        ABI_DIRECT_MAP,
                                        ABI_KERNEL_VIRT,
                                        ABI_KERNEL_VIRT + 0x1008,
                                        UINT64_MAX};
    struct ambit_fault fault;
    uint64_t result;

    for (uint32_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        ambit_assert(ambit_try_exec((uint64_t)syscall_with_stack, pointers[i],
                                    &result, &fault));
        ambit_assert(result == STATUS_OK);
    }
    return 0;
}

static enum status number(uint64_t value)
{
    struct ambit_registers io = {0};

    return ambit_syscall(value, &io);
}

static enum status try_at(uint64_t landing, uint64_t stack)
{
    struct ambit_registers io = {.rdi = landing, .rsi = stack};

    return ambit_syscall(SYSCALL_TRY, &io);
}

/* Calls that there are not, and landings in the kernel. */
AMBIT_ENTRY(numbers_main)
{
    static const uint64_t wrong[] = {SYSCALL_COUNT,  SYSCALL_COUNT + 1,
                                     0x100000000ull, 1ull << 63,
                                     0xffffffffull,  UINT64_MAX};

    for (uint32_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        attack_expect("no such call", number(wrong[i]), STATUS_NO_SUCH_CALL);
    }
    attack_expect("land in the kernel", try_at(ABI_KERNEL_VIRT, 0x1000),
                  STATUS_INVALID_ARGUMENT);
    attack_expect("land there", try_at(UINT64_MAX, 0), STATUS_INVALID_ARGUMENT);
    attack_expect("stack there", try_at(0x1000, ABI_DIRECT_MAP),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

/* Lands where nothing is: that is a second fault, which nobody catches. */
AMBIT_ENTRY(landing_main)
{
    attack_expect("land nowhere", try_at(0x1000, 0x2000), STATUS_OK);
    __asm__ volatile("ud2");
    return ATTACK_SUCCEEDED;
}
