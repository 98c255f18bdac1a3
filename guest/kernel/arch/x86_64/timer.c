/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The local APIC's timer, one shot at a time: x2APIC by MSR where offered, else
 * through its page. Intel SDM vol. 3, chapter 11.
 */
#include <abi/layout.h>
#include <abi/shared.h>

#include "cpu.h"

#define APIC_PHYSICAL 0xfee00000u
#define APIC_X2APIC_ENABLE 0x400u

/* Register numbers: MSR offset; in the page they are 16 bytes apart. */
#define APIC_EOI 0x0bu
#define APIC_SPURIOUS 0x0fu
#define APIC_TIMER 0x32u
#define APIC_INITIAL_COUNT 0x38u
#define APIC_CURRENT_COUNT 0x39u
#define APIC_DIVIDE 0x3eu

#define APIC_ENABLED 0x100u
#define APIC_DIVIDE_BY_1 0xbu

#define MEASURED_SHIFT 20u /* ns over which ticks are counted: 1 ms */
#define MEASURED_TICKS_MAX (1ull << 34)

static uint64_t ticks_measured; /* in 2^MEASURED_SHIFT ns */

static void apic_write(uint32_t number, uint32_t value)
{
    if (this_cpu_has(FEATURE_X2APIC)) {
        msr_write(MSR_X2APIC + number, value);
        return;
    }
    volatile uint32_t *page = arch_physical(APIC_PHYSICAL);

    page[number * 4] = value;
}

static uint32_t apic_read(uint32_t number)
{
    if (this_cpu_has(FEATURE_X2APIC)) {
        return (uint32_t)msr_read(MSR_X2APIC + number);
    }
    const volatile uint32_t *page = arch_physical(APIC_PHYSICAL);

    return page[number * 4];
}

void timer_init(void)
{
    if (this_cpu_has(FEATURE_X2APIC)) {
        msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | APIC_X2APIC_ENABLE);
    }
    apic_write(APIC_SPURIOUS, APIC_ENABLED | VECTOR_SPURIOUS);
    apic_write(APIC_DIVIDE, APIC_DIVIDE_BY_1);
    apic_write(APIC_TIMER, VECTOR_TIMER);
}

/* KVM's and QEMU's local APICs both count at 1 GHz: a tick is 1 ns. */
void arch_timer_arm(uint64_t nanoseconds)
{
    apic_write(APIC_INITIAL_COUNT, (uint32_t)nanoseconds);
}

/* The counter is stopped before it ends: nothing is left pending. */
void arch_clock_init(void)
{
    uint32_t start = 4u << MEASURED_SHIFT;
    uint64_t begin, ticks;

    if (ticks_measured) {
        return;
    }
    arch_timer_arm(start);
    begin = arch_ticks();
    do {
        ticks = arch_ticks() - begin;
    } while (start - apic_read(APIC_CURRENT_COUNT) < 1u << MEASURED_SHIFT &&
             ticks < MEASURED_TICKS_MAX);
    arch_timer_arm(0);
    ticks_measured = ticks ? ticks : 1;
}

uint64_t arch_ticks_of(uint64_t nanoseconds)
{
    return (nanoseconds >> MEASURED_SHIFT / 2) * ticks_measured >>
           MEASURED_SHIFT / 2;
}

uint64_t arch_nanoseconds_of(uint64_t ticks)
{
    return ((ticks << MEASURED_SHIFT) + ticks_measured - 1) / ticks_measured;
}

void arch_timer_acknowledge(void)
{
    apic_write(APIC_EOI, 0);
}
