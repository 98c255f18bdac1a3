/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of system calls, chosen by an input's bytes. */
#include "choices.h"

#include <string.h>

static void handles_write(void)
{
    uint64_t handles[SYSCALL_COMPOSE_MAX];
    uint32_t count = bytes_8(&in) % SYSCALL_COMPOSE_MAX + 1;

    for (uint32_t i = 0; i < count; i++) {
        handles[i] = handle();
    }
    machine_write(scratch(), handles, count * sizeof handles[0]);
}

static void report_write(void)
{
    struct syscall_report report = {.kind = bytes_8(&in) % 3};
    uint64_t length;

    bytes_copy(&in, report.key, bytes_8(&in) % (sizeof report.key + 1));
    length = name();
    machine_read(scratch(), report.about,
                 length < sizeof report.about ? length : sizeof report.about);
    machine_write(scratch(), &report, sizeof report);
}

/* Words, and perhaps a capability that goes along. */
static void words(struct arch_frame *frame)
{
    uint8_t choice = bytes_8(&in);
    frame->rsi = choice;
    frame->r12 = 0x1234;
    frame->r13 = choice & 1 ? handle() | (choice & 62ull) << 25 : 0;
}

static void arguments_capabilities(struct arch_frame *frame)
{
    switch (frame->rax) {
    case SYSCALL_CAPABILITY:
    case SYSCALL_LOCATE:
        frame->rsi = name();
        frame->rdi = address();
        break;
    case SYSCALL_COMPOSE:
        handles_write();
        frame->rdi = address();
        frame->rsi = small(9);
        break;
    case SYSCALL_DERIVE:
        frame->rsi = small(16);
        frame->rdx = bytes_8(&in) & 1 ? number() : 0;
        frame->r10 = bytes_8(&in) & 1 ? number() : 0;
        break;
    case SYSCALL_DERIVE_REPLACED:
        frame->rsi = small(8);
        frame->rdx = handle();
        frame->r10 = small(16);
        break;
    case SYSCALL_BADGE:
        frame->rsi = small(16);
        frame->rdx = number();
        break;
    case SYSCALL_MEMBER:
        frame->rsi = small(8);
        frame->rdx = small(16);
        break;
    default:
        break;
    }
}

static void arguments_memory(struct arch_frame *frame)
{
    switch (frame->rax) {
    case SYSCALL_ATTACH:
        frame->rsi = small(16);
        break;
    case SYSCALL_GROW:
    case SYSCALL_POOL_SPLIT:
        frame->rsi = number();
        break;
    case SYSCALL_QUOTA_SPLIT:
        frame->rsi = number();
        frame->rdx = small(2);
        break;
    case SYSCALL_QUOTA_TRADE:
        frame->rsi = handle();
        frame->rdx = number();
        break;
    case SYSCALL_OPEN:
        frame->rdx = name();
        frame->rsi = address();
        break;
    case SYSCALL_OPEN_WITH:
        frame->rdx = name();
        frame->rsi = address();
        frame->r10 = small(16);
        frame->r8 = small(3);
        break;
    case SYSCALL_READ:
        frame->rsi = number();
        frame->rdx = address();
        frame->r10 = number();
        break;
    case SYSCALL_LIST:
        frame->rsi = small(8);
        frame->rdx = address();
        break;
    default:
        break;
    }
}

static void arguments_domain(struct arch_frame *frame)
{
    switch (frame->rax) {
    case SYSCALL_CONSOLE:
        frame->rdi = address();
        frame->rsi = number();
        break;
    case SYSCALL_REPORT:
        report_write();
        frame->rdi = address();
        break;
    case SYSCALL_TRY:
        frame->rdi = address();
        frame->rsi = bytes_8(&in) & 1 ? address() : scratch();
        break;
    case SYSCALL_FAULT_WAIT:
        frame->rsi = address();
        break;
    case SYSCALL_FAULT_RESUME:
        frame->rsi = small(8);
        frame->rdx = small(4);
        break;
    case SYSCALL_SIGNAL:
        frame->rsi = number();
        break;
    case SYSCALL_AWAIT:
        frame->rsi = small(3);
        break;
    case SYSCALL_CALL:
    case SYSCALL_REPLY:
    case SYSCALL_REPLY_RECEIVE:
        words(frame);
        break;
    default:
        break;
    }
}

/* What only a hostile program does: any registers at all. */
void arguments_wild(struct arch_frame *frame)
{
    frame->rdi = bytes_64(&in);
    frame->rsi = bytes_64(&in);
    frame->rdx = bytes_64(&in);
    frame->r10 = bytes_64(&in);
    frame->r8 = bytes_64(&in);
    frame->rflags = bytes_32(&in);
}

void arguments(struct arch_frame *frame)
{
    frame->rdi = handle();
    arguments_capabilities(frame);
    arguments_memory(frame);
    arguments_domain(frame);
    arguments_made(frame);
}
