/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps of another's asking: TF in the domain's flags, which it must neither
 * see nor take away. `trap_flag` is what its TF would be without them.
 */
#include "kernel.h"

#define TRAP_FLAG ((uint64_t)ARCH_TRAP_FLAG)

static void trap_flag_put(struct domain *domain, bool on)
{
    domain->frame.rflags =
        (domain->frame.rflags & ~TRAP_FLAG) | (on ? TRAP_FLAG : 0);
}

void step_ask(struct domain *domain, uint32_t steps)
{
    if (domain->steps == 0) {
        domain->trap_flag = (domain->frame.rflags & TRAP_FLAG) != 0;
    }
    domain->steps = steps;
    trap_flag_put(domain, steps || domain->trap_flag);
}

/* Its flags as they are without the steps. */
uint64_t step_flags(const struct domain *domain)
{
    uint64_t flags = domain->frame.rflags;

    return domain->steps && !domain->trap_flag ? flags & ~TRAP_FLAG : flags;
}

/* Other flags than before, none of them TF's business. */
void step_flags_set(struct domain *domain, uint64_t flags)
{
    domain->frame.rflags =
        GUARD_ACT(CPU_TRAP_FLAG)
            ? (flags & ~TRAP_FLAG) | (domain->frame.rflags & TRAP_FLAG)
            : flags;
}

/* It goes on with flags of the kernel's: TF is none of its own. */
void step_landed(struct domain *domain)
{
    domain->trap_flag = false;
    trap_flag_put(domain, domain->steps != 0);
}

void step_end(struct domain *domain)
{
    if (domain->steps && GUARD_ACT(STEP_END)) {
        step_ask(domain, 0);
    }
}

/* What the last instruction did to flags. */
static enum arch_flags_use flags_use(void)
{
    uint8_t code[ARCH_INSTRUCTION_MAX];

    for (uint32_t have = 0; have < sizeof(code); have++) {
        if (arch_copy_in(&code[have], kernel.entered + have, 1) != STATUS_OK) {
            break;
        }
        if (!arch_is_prefix(code[have])) {
            return arch_flags_used(code[have]);
        }
    }
    return ARCH_FLAGS_KEPT;
}

/*
 * PUSHF leaves the flags on the stack, two bytes of them or eight: TF is in the
 * second.
 */
static void pushed_mend(struct domain *domain)
{
    uint8_t byte;

    if (!domain->trap_flag && GUARD_ACT(STEP_PUSHED) &&
        arch_copy_in(&byte, domain->frame.rsp + 1, 1) == STATUS_OK) {
        byte &= (uint8_t) ~(TRAP_FLAG >> 8);
        (void)!arch_copy_out(domain->frame.rsp + 1, &byte, 1);
    }
}

/* The instruction at kernel.entered is done: no other lies between. */
bool step_done(struct domain *domain)
{
    switch (flags_use()) {
    case ARCH_FLAGS_PUSHED:
        pushed_mend(domain);
        break;
    case ARCH_FLAGS_POPPED:
        domain->trap_flag = (domain->frame.rflags & TRAP_FLAG) != 0;
        if (!GUARD_ACT(STEP_POPPED)) {
            return false; /* and TF is what was popped */
        }
        break;
    case ARCH_FLAGS_KEPT:
        break;
    }
    domain->steps--;
    if (domain->steps || GUARD_ACT(STEP_FLAG)) {
        trap_flag_put(domain, domain->steps || domain->trap_flag);
    }
    return domain->steps == 0;
}
