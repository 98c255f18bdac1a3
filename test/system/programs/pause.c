/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A debugger that stops domains wherever they are: threads of its own, so that
 * they have its variables. Nobody handles their faults but where one is due.
 */
#include "pausing.h"

#include <ambit/syscall.h>

uint64_t spinning(volatile uint64_t *count);
void elsewhere(void);

static volatile uint64_t count, said, released;
static struct ambit_handle gate, target, target_cpu;

static void wants(enum status got, enum status wanted, int line)
{
    if (got != wanted) {
        ambit_printf("line %d: %s; wanted: %s\n", line, ambit_status_text(got),
                     ambit_status_text(wanted));
        ambit_exit(1);
    }
}
#define WANTS(got, wanted) wants((got), (wanted), __LINE__)

static struct ambit_handle made(int (*entry)(int, char **))
{
    struct ambit_domain_spec spec = {
        .name = "thread",
        .entry = entry,
        .degree = {.cpu = AMBIT_NEW, .handler = AMBIT_NONE},
    };
    struct ambit_handle handle = {0};

    must(ambit_domain_create(&spec, &handle, 0));
    return handle;
}

static struct ambit_handle started(int (*entry)(int, char **))
{
    struct ambit_handle domain = made(entry);

    must(ambit_domain_start(domain));
    return domain;
}

static void ends_with(struct ambit_handle domain, int32_t code)
{
    struct ambit_outcome outcome;

    must(ambit_wait(domain, &outcome));
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == code);
    must(ambit_domain_destroy(domain));
}

/* ---- one that runs ---- */

AMBIT_ENTRY(paused_spinner_main)
{
    return (int)spinning(&count);
}

static void steps(struct ambit_handle cpu)
{
    struct syscall_registers before = registers_of(cpu), after;
    enum syscall_stand stand;

    must(ambit_step(cpu, 4 * 25));
    must(ambit_continue(cpu));
    WANTS(ambit_cpu_read(cpu, &after), STATUS_BUSY);
    must(ambit_pause_wait(cpu, &stand));
    ambit_assert(stand == SYSCALL_STAND_INSTRUCTION);
    after = registers_of(cpu);
    ambit_assert(after.rip == before.rip && after.rcx == before.rcx + 25);
    ambit_assert(!(after.rflags & 0x100));
}

static void runs(void)
{
    struct ambit_handle domain = started(paused_spinner_main),
                        cpu = cpu_of(domain);
    struct syscall_registers in;
    uint64_t seen;

    WANTS(ambit_cpu_read(cpu, &in), STATUS_BUSY);
    WANTS(ambit_continue(cpu), STATUS_NOT_FOUND);
    while (count == 0) {
        ambit_yield();
    }
    ambit_assert(paused(cpu) == SYSCALL_STAND_INSTRUCTION);
    seen = count;
    turns();
    ambit_assert(count == seen && paused(cpu) == SYSCALL_STAND_INSTRUCTION);
    in = registers_of(cpu);
    ambit_assert(in.rdi == (uint64_t)&count && in.rbx == 0);
    ambit_assert(in.rcx - seen <= 1);
    steps(cpu);
    must(ambit_continue(cpu));
    while (count < seen + 1000) {
        ambit_yield();
    }
    (void)paused(cpu);
    in = registers_of(cpu);
    in.rbx = 42;
    must(ambit_cpu_write(cpu, &in));
    must(ambit_continue(cpu));
    ends_with(domain, 42);
    WANTS(ambit_continue(cpu), STATUS_INVALID_HANDLE);
}

/* ---- one that calls, one that serves ---- */

AMBIT_ENTRY(paused_caller_main)
{
    struct ambit_message message = {.words = {7}};

    said = 0;
    must(ambit_call(gate, &message));
    said = message.words[0];
    return 0;
}

static void calls(void)
{
    struct ambit_handle domain, cpu;
    struct ambit_message message;
    struct syscall_registers in;

    must(ambit_endpoint_create(&gate));
    domain = started(paused_caller_main);
    cpu = cpu_of(domain);
    must(ambit_receive(gate, &message));
    ambit_assert(paused(cpu) == SYSCALL_STAND_CALL);
    in = registers_of(cpu);
    ambit_assert(in.rax == SYSCALL_CALL && in.rsi == 7);
    WANTS(ambit_cpu_write(cpu, &in), STATUS_BUSY);
    message.words[0] = 8;
    must(ambit_reply(&message));
    turns();
    ambit_assert(said == 0 && paused(cpu) == SYSCALL_STAND_INSTRUCTION);
    in = registers_of(cpu);
    ambit_assert(in.rax == STATUS_OK && in.rsi == 8);
    in.rsi = 9;
    must(ambit_cpu_write(cpu, &in));
    must(ambit_continue(cpu));
    ends_with(domain, 0);
    ambit_assert(said == 9);
}

AMBIT_ENTRY(paused_server_main)
{
    struct ambit_message message;

    must(ambit_receive(gate, &message));
    message.words[0]++;
    must(ambit_reply(&message));
    return 0;
}

/* The call arrives at one that stands still; who calls waits. */
static void serves(void)
{
    struct ambit_handle server = started(paused_server_main),
                        cpu = cpu_of(server);
    struct ambit_handle caller;

    turns();
    ambit_assert(paused(cpu) == SYSCALL_STAND_CALL);
    caller = started(paused_caller_main);
    turns();
    ambit_assert(said == 0 && paused(cpu) == SYSCALL_STAND_INSTRUCTION);
    ambit_assert(registers_of(cpu).rsi == 7);
    must(ambit_continue(cpu));
    ends_with(caller, 0);
    ends_with(server, 0);
    ambit_assert(said == 8);
}

/* ---- one that waits for an end: it asks again ---- */

AMBIT_ENTRY(paused_waiter_main)
{
    struct ambit_outcome outcome;

    must(ambit_wait(target, &outcome));
    return outcome.code;
}

static void waits(void)
{
    struct ambit_handle waiter, cpu;
    struct syscall_registers in;

    target = started(paused_spinner_main);
    target_cpu = cpu_of(target);
    waiter = started(paused_waiter_main);
    cpu = cpu_of(waiter);
    turns();
    ambit_assert(paused(cpu) == SYSCALL_STAND_INSTRUCTION);
    ambit_assert(registers_of(cpu).rax == SYSCALL_WAIT);
    (void)paused(target_cpu);
    in = registers_of(target_cpu);
    in.rbx = 5;
    must(ambit_cpu_write(target_cpu, &in));
    must(ambit_continue(target_cpu));
    turns();
    ambit_assert(registers_of(cpu).rax == SYSCALL_WAIT);
    must(ambit_continue(cpu));
    ends_with(waiter, 5);
    must(ambit_domain_destroy(target));
}

/* ---- a number that comes back with another domain ---- */

static volatile uint64_t waited;

AMBIT_ENTRY(twice_waiting_main)
{
    struct ambit_outcome outcome;

    if (ambit_wait(target, &outcome) == STATUS_OK) {
        return 1; /* it should have gone, its handle too */
    }
    waited = 1;
    while (waited == 1) {
        ambit_yield();
    }
    return ambit_wait(target, &outcome) == STATUS_NOT_RUNNING ? 0 : 2;
}

/* Its first wait fails, and says nothing about the next. */
static void waits_for_another(void)
{
    struct ambit_handle first, waiter;

    waited = 0;
    first = target = started(paused_spinner_main);
    waiter = started(twice_waiting_main);
    turns();
    must(ambit_domain_destroy(first));
    while (waited == 0) {
        ambit_yield();
    }
    target = made(paused_spinner_main); /* with the number of the first */
    waited = 2;
    ends_with(waiter, 0);
    must(ambit_domain_destroy(target));
}

/* ---- one that has not been started ---- */

static void begins(void)
{
    struct ambit_handle domain = made(paused_spinner_main),
                        cpu = cpu_of(domain);
    struct syscall_registers in = registers_of(cpu);
    enum syscall_stand stand;

    ambit_assert(in.rax == 0 && in.rdi != 0 && in.rsp == in.rdi - 8);
    in.rip = (uint64_t)elsewhere;
    in.rbx = 43;
    must(ambit_cpu_write(cpu, &in));
    ambit_assert(paused(cpu) == SYSCALL_STAND_START);
    must(ambit_domain_start(domain));
    turns();
    ambit_assert(paused(cpu) == SYSCALL_STAND_INSTRUCTION);
    ambit_assert(registers_of(cpu).rip == (uint64_t)elsewhere);
    must(ambit_step(cpu, 1));
    must(ambit_continue(cpu));
    must(ambit_pause_wait(cpu, &stand));
    ambit_assert(registers_of(cpu).rip == (uint64_t)elsewhere + 1);
    must(ambit_continue(cpu));
    ends_with(domain, 43);
}

/* ---- debuggers that end, and others ---- */

static volatile uint64_t steps_too;

AMBIT_ENTRY(pausing_main)
{
    enum syscall_stand stand;

    must(ambit_pause(target_cpu, &stand));
    if (steps_too) {
        must(ambit_step(target_cpu, 1000000));
        must(ambit_continue(target_cpu));
    }
    while (!released) {
        ambit_yield();
    }
    return 0;
}

AMBIT_ENTRY(paused_counter_main)
{
    while (released < 2) {
        count++;
        ambit_yield();
    }
    return 6;
}

/* Written, and not paused: it begins there. Afresh, it begins as ever. */
static void begins_afresh(void)
{
    struct ambit_handle domain = made(paused_counter_main),
                        cpu = cpu_of(domain);
    struct syscall_registers in = registers_of(cpu);
    struct ambit_outcome outcome;

    released = 2;
    in.rip = (uint64_t)elsewhere;
    in.rbx = 44;
    must(ambit_cpu_write(cpu, &in));
    must(ambit_domain_start(domain));
    must(ambit_wait(domain, &outcome));
    ambit_assert(outcome.code == 44);
    WANTS(ambit_cpu_read(cpu, &in), STATUS_NOT_RUNNING);
    must(ambit_domain_start(domain));
    ends_with(domain, 6);
}

static void let_go_of(uint64_t stepping)
{
    struct ambit_handle debugger;
    enum syscall_stand stand;
    uint64_t seen;

    released = 0;
    steps_too = stepping;
    target = started(paused_counter_main);
    target_cpu = cpu_of(target);
    turns();
    debugger = started(pausing_main);
    turns();
    seen = count;
    turns();
    ambit_assert((count == seen) == !stepping);
    WANTS(ambit_pause(target_cpu, &stand), STATUS_BUSY);
    released = 1;
    ends_with(debugger, 0);
    seen = count;
    turns();
    ambit_assert(count > seen);
    ambit_assert(paused(target_cpu) == SYSCALL_STAND_INSTRUCTION);
    ambit_assert(!(registers_of(target_cpu).rflags & 0x100));
    must(ambit_continue(target_cpu));
    released = 2;
    ends_with(target, 6);
}

/* Whoever may write registers lets go, whoever has paused. */
static void others(void)
{
    struct ambit_handle debugger;

    released = steps_too = 0;
    target = started(paused_counter_main);
    target_cpu = cpu_of(target);
    debugger = started(pausing_main);
    turns();
    must(ambit_continue(target_cpu));
    WANTS(ambit_continue(target_cpu), STATUS_NOT_FOUND);
    released = 2;
    ends_with(target, 6);
    ends_with(debugger, 0);
}

static void itself(void)
{
    enum syscall_stand stand;
    struct syscall_registers in;
    struct ambit_handle cpu = held("cpu");

    WANTS(ambit_pause(cpu, &stand), STATUS_WOULD_DEADLOCK);
    WANTS(ambit_pause_wait(cpu, &stand), STATUS_WOULD_DEADLOCK);
    WANTS(ambit_continue(cpu), STATUS_NOT_FOUND);
    WANTS(ambit_cpu_read(cpu, &in), STATUS_BUSY);
}

/* ---- paused, and gone ---- */

static void goes(void)
{
    struct ambit_handle domain = started(paused_spinner_main),
                        cpu = cpu_of(domain);
    struct ambit_outcome outcome;
    enum syscall_stand stand;

    (void)paused(cpu);
    must(ambit_domain_stop(domain));
    must(ambit_wait(domain, &outcome));
    ambit_assert(outcome.kind == OUTCOME_STOPPED);
    WANTS(ambit_pause(cpu, &stand), STATUS_NOT_RUNNING);
    WANTS(ambit_continue(cpu), STATUS_NOT_RUNNING);
    WANTS(ambit_pause_wait(cpu, &stand), STATUS_NOT_RUNNING);
    count = 0;
    must(ambit_domain_start(domain)); /* afresh: nothing of the pause is left */
    while (count == 0) {
        ambit_yield();
    }
    (void)paused(cpu);
    must(ambit_domain_destroy(domain));
    domain = made(paused_spinner_main);
    (void)paused(cpu_of(domain));
    must(ambit_domain_destroy(domain));
}

AMBIT_ENTRY(pause_main)
{
    for (int i = 0; i < 2; i++) {
        runs();
        calls();
        serves();
        waits();
        waits_for_another();
        begins();
        begins_afresh();
        let_go_of(0);
        let_go_of(1);
        others();
        itself();
        goes();
        count = 0;
    }
    return 0;
}
