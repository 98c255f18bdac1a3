/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Steps of another's asking: TF in the domain's flags, which it must neither
 * see nor take away. `trap_flag` is what its TF would be without them.
 */
#include "kernel.h"

#define TRAP_FLAG ((uint64_t)ARCH_TRAP_FLAG)
#define SHADOWS_MAX 8u /* in a row; processors let one such be, or all */

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

static uint32_t code_read(uint64_t from, uint8_t code[ARCH_INSTRUCTION_MAX])
{
    uint32_t have = 0;

    while (have < ARCH_INSTRUCTION_MAX &&
           arch_copy_in(&code[have], from + have, 1) == STATUS_OK) {
        have++;
    }
    return have;
}

/* What the last instruction did to flags. Those that no trap comes behind lie
 * before it, unless it is the one that was to be stepped. */
static enum arch_flags_use flags_use(uint64_t next)
{
    uint8_t code[ARCH_INSTRUCTION_MAX];
    uint64_t from = kernel.entered;
    uint32_t have = code_read(from, code), at = 0;

    for (uint32_t i = 0; i < SHADOWS_MAX; i++) {
        uint32_t length = arch_shadow_length(code, have);

        if (!length || from + length == next || !GUARD_ACT(STEP_SHADOW)) {
            break;
        }
        from += length;
        have = code_read(from, code);
    }
    while (at < have && arch_is_prefix(code[at])) {
        at++;
    }
    return at < have ? arch_flags_used(code[at]) : ARCH_FLAGS_KEPT;
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

/* The instruction at kernel.entered is done: only one behind it can be, too,
 * when it was a move to SS. */
bool step_done(struct domain *domain)
{
    switch (flags_use(domain->frame.rip)) {
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
