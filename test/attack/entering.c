/* SPDX-License-Identifier: Apache-2.0 */
/* Entering and leaving the kernel in an odd state. */
#include "attack.h"

#define FLAG_STEP 0x100u      /* TF */
#define FLAG_DIRECTION 0x400u /* DF */
#define FLAG_NESTED 0x4000u   /* NT */

uint64_t syscall_with_flags(uint64_t flags, uint64_t number, uint64_t rdi,
                            uint64_t rsi);
uint64_t return_to(uint64_t target);
void plant(uint64_t value);
typedef uint64_t function(uint64_t argument);
function tell_gdt, tell_idt, tell_ldt, tell_task, tell_status, fault_backwards,
    look_at_vector, look_at_mmx, look_at_mxcsr, look_at_control;
extern const uint8_t interrupts[];

/* ---- flags ---- */

/* The kernel clears and copies forward, whatever direction ring 3 had in mind:
 * in a fault, for which the processor leaves the flag alone, and in a call. */
AMBIT_ENTRY(direction_main)
{
    static const char name[] = "direction.stack";
    uint64_t result;
    struct ambit_fault fault;

    for (uint32_t i = 0; i < 4; i++) {
        ambit_assert(
            !ambit_try_exec((uint64_t)fault_backwards, 0, &result, &fault));
        ambit_assert(fault.type == FAULT_UNDEFINED);
        attack_expect(
            "locate backwards",
            (enum status)syscall_with_flags(FLAG_DIRECTION, SYSCALL_LOCATE,
                                            (uint64_t)name, sizeof name - 1),
            STATUS_OK);
    }
    return 0;
}

/* Nested task: an IRET of the kernel's with it would be a task switch. The
 * child's first instruction is reached by one. */
AMBIT_ENTRY(nested_task_main)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;

    for (uint32_t i = 0; i < 3; i++) {
        attack_expect("spawn", ambit_spawn(child), STATUS_OK);
        attack_expect(
            "yield",
            (enum status)syscall_with_flags(FLAG_NESTED, SYSCALL_YIELD, 0, 0),
            STATUS_OK);
        attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    }
    return 0;
}

static uint64_t step_into(uint64_t number)
{
    return syscall_with_flags(FLAG_STEP, number, 0, 0);
}

/* Steps through a system call: the trap is its own, behind the call. */
AMBIT_ENTRY(step_main)
{
    struct ambit_fault fault;
    uint64_t result;

    for (uint32_t i = 0; i < 4; i++) {
        if (!ambit_try_exec((uint64_t)step_into, SYSCALL_YIELD, &result,
                            &fault)) {
            ambit_assert(fault.type == FAULT_DEBUG);
        }
    }
    return 0;
}

/* ---- interrupts by number ---- */

static bool is_refusal(const struct ambit_fault *fault)
{
    return fault->type == FAULT_PROTECTION || fault->type == FAULT_UNDEFINED;
}

/* Only the breakpoint is ring 3's to raise; where ring 3 runs as a process of
 * the host does, so is overflow. Both are its own fault. */
AMBIT_ENTRY(interrupts_main)
{
    struct ambit_fault fault = {0};
    uint64_t result;

    for (uint32_t i = 0; i < 256; i++) {
        bool ran = ambit_try_exec((uint64_t)(interrupts + i * 8ull), 0, &result,
                                  &fault);
        if (ran ? i >= 32 : (i != 3 && i != 4 && !is_refusal(&fault))) {
            ambit_printf("int %u: %s, fault type %u\n", i,
                         ran ? "taken" : "taken for a fault", fault.type);
            return ATTACK_SUCCEEDED;
        }
    }
    return 0;
}

/* ---- returning ---- */

/* For `on_fault: continue`: has the kernel return to where no address is. */
AMBIT_ENTRY(return_main)
{
    static const uint64_t targets[] = {1ull << 62, 1ull << 47, ABI_USER_LIMIT,
                                       ABI_KERNEL_VIRT, UINT64_MAX};

    for (uint32_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        ambit_assert(return_to(targets[i]) == 42);
    }
    return 0;
}

/* ---- what the processor tells ---- */

AMBIT_ENTRY(tables_main)
{
    static function *const all[] = {tell_gdt, tell_idt, tell_ldt, tell_task,
                                    tell_status};
    struct ambit_fault fault;
    uint64_t result;

    for (uint32_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (ambit_try_exec((uint64_t)all[i], 0, &result, &fault)) {
            ambit_printf("told: %lx\n", result);
            return ATTACK_SUCCEEDED;
        }
        ambit_assert(fault.type == FAULT_PROTECTION);
    }
    return 0;
}

/* ---- a first look ---- */

#define SECRET 0x0000517ec0de0a5aull

/* The registers of a new domain are nobody's. */
AMBIT_ENTRY(first_look_main)
{
    if (look_at_vector(0) != 0 || look_at_mmx(0) != 0 ||
        (uint32_t)look_at_mxcsr(0) != 0x1f80 ||
        (uint16_t)look_at_control(0) != 0x37f) {
        attack_succeeded("registers of another");
    }
    return 0;
}

AMBIT_ENTRY(planter_main)
{
    struct ambit_handle child = attack_capability("child");
    struct ambit_outcome outcome;

    attack_expect("spawn", ambit_spawn(child), STATUS_OK);
    plant(SECRET);
    ambit_yield();
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    if (look_at_vector(0) != SECRET || look_at_mmx(0) != SECRET) {
        attack_succeeded("its own registers are lost");
    }
    return outcome.code == 0 ? 0 : ATTACK_SUCCEEDED;
}
