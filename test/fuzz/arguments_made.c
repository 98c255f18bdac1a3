/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arguments of calls that make things, and of those that reach into another
 * domain. A composition makes sense most of the time: else every one would be
 * refused by the first rule.
 */
#include "choices.h"

#include <string.h>

/* Below the buffer that names are written to: they end where that begins. */
#define HOLDS_AT (scratch() - 1024)
#define FORM_AT (scratch() - 1536)

static uint64_t holds_write(uint32_t count)
{
    struct syscall_hold holds[4];

    memset(holds, 0, sizeof holds);
    for (uint32_t i = 0; i < count; i++) {
        holds[i].handle = handle();
        holds[i].badge = small(3);
        holds[i].rights = (uint32_t)small(16);
        holds[i].name[0] = (char)('p' + i);
    }
    machine_write(HOLDS_AT, holds, sizeof holds);
    return HOLDS_AT;
}

static uint64_t keeps_write(void)
{
    uint64_t keeps[2] = {small(3), handle()};

    machine_write(HOLDS_AT + 512, keeps, sizeof keeps);
    return HOLDS_AT + 512;
}

/* As the creator's, or new; now and then anything. */
static uint8_t degree(enum pd_class class)
{
    uint8_t choice = bytes_8(&in);

    if (choice >= 224) {
        return choice % 5;
    }
    return class == PD_CPU || choice & 1 ? PD_NEW
           : choice & 6                  ? PD_SAME
                                         : PD_PART;
}

static void form_write(struct arch_frame *frame)
{
    struct syscall_domain form = {.bytes = sizeof form};

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        form.degree[i] = degree((enum pd_class)i);
    }
    form.on_fault = (uint8_t)small(3);
    form.program = bytes_8(&in) < 16 ? handle() : 0;
    form.entry = kernel.spec.domains[0].entry;
    form.name = scratch();
    form.name_bytes = (uint32_t)name();
    form.stack_pages = (uint32_t)small(4);
    form.heap_pages = (uint32_t)small(8);
    form.quota_pages = (uint32_t)small(200);
    form.pool_pages = (uint32_t)small(120);
    form.caps_slots = (uint32_t)small(100);
    form.files_slots = (uint32_t)small(50);
    form.flags = (uint32_t)small(4);
    form.hold_count = (uint32_t)(bytes_8(&in) % 4);
    form.holds = holds_write(form.hold_count);
    form.keep_count = (uint32_t)small(3);
    form.keeps = keeps_write();
    machine_write(FORM_AT, &form, sizeof form);
    frame->rdi = bytes_8(&in) < 240 ? FORM_AT : address();
}

/* Budgets and periods that make sense, and others. */
static void time_choose(struct arch_frame *frame)
{
    static const uint64_t ns[] = {0, 1000000, 10000000, 20000000};
    uint8_t choice = bytes_8(&in);

    frame->rsi = choice < 240 ? ns[choice % 4] : number();
    frame->rdx = choice < 240 ? ns[choice / 4 % 4] : number();
    frame->r10 = small(8);
}

static void registers_write(struct arch_frame *frame)
{
    struct syscall_registers registers;

    memset(&registers, bytes_8(&in), sizeof registers);
    registers.rip = address();
    registers.rsp = address();
    registers.rflags = bytes_32(&in);
    machine_write(FORM_AT, &registers, sizeof registers);
    frame->rsi = bytes_8(&in) < 200 ? FORM_AT : address();
}

static void arguments_reaching(struct arch_frame *frame)
{
    switch (frame->rax) {
    case SYSCALL_CPU_READ:
    case SYSCALL_CPU_WRITE:
        registers_write(frame);
        break;
    case SYSCALL_STEP:
        frame->rsi = number();
        break;
    case SYSCALL_PART_OF:
        frame->rsi = small(CAP_TYPE_COUNT);
        frame->rdx = small(16);
        break;
    case SYSCALL_ATTACH_TO:
        frame->rsi = small(16);
        frame->rdx = handle();
        break;
    case SYSCALL_HANDLER_BIND:
        frame->rsi = handle();
        break;
    case SYSCALL_WAIT:
        frame->rsi = small(3);
        break;
    default:
        break;
    }
}

void arguments_made(struct arch_frame *frame)
{
    switch (frame->rax) {
    case SYSCALL_DOMAIN_CREATE:
        form_write(frame);
        break;
    case SYSCALL_RANGE_CREATE:
        frame->rdi = small(40);
        frame->rsi = small(16);
        frame->rdx = small(2);
        frame->r10 = bytes_8(&in) & 1 ? handle() : 0;
        break;
    case SYSCALL_MAP:
        frame->rsi = handle();
        frame->rdx = small(40);
        frame->r10 = small(16);
        break;
    case SYSCALL_TIME_SET:
    case SYSCALL_TIME_CREATE:
        time_choose(frame);
        break;
    case SYSCALL_TIME_BIND:
        frame->rsi = bytes_8(&in) & 1 ? handle() : 0;
        break;
    default:
        arguments_reaching(frame);
        break;
    }
}
