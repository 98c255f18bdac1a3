/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cells of cpu, handler and domain. Needs a child `other` in the config, which
 * is there as long as the caller.
 */
#include "matrix.h"

#include <ambit/create.h>
#include <ambit/parts.h>

#define RW (AMBIT_READ | AMBIT_WRITE)

static struct {
    struct ambit_handle child, made, out, never;
    uint32_t number; /* of a child at a fault */
} at;

static void made_drop(void)
{
    matrix_must("delete", ambit_delete(at.made));
}

static void out_drop(void)
{
    matrix_must("delete", ambit_delete(at.out));
}

static void child_drop(void)
{
    matrix_must("destroy", ambit_domain_destroy(at.child));
}

static void both_drop(void)
{
    made_drop();
    child_drop();
}

/* Never ends by itself, and costs the others no turn. */
AMBIT_ENTRY(idle_main)
{
    uint64_t bits;

    matrix_must("await", ambit_await(at.never, &bits));
    return 0;
}

AMBIT_ENTRY(ending_main)
{
    return 0;
}

AMBIT_ENTRY(faulting_main)
{
    uint64_t nowhere = 8;

    __asm__ volatile("movq (%0), %0" : "+r"(nowhere) : : "memory");
    return 0;
}

static struct ambit_handle made(int (*entry)(int, char **))
{
    const struct ambit_domain_spec spec = {
        .name = "child",
        .entry = entry,
        .degree = {.cpu = AMBIT_NEW, .handler = AMBIT_NEW},
        .on_fault = 2,
    };

    matrix_must("make", ambit_domain_create(&spec, &at.child, 0));
    return at.child;
}

static struct ambit_handle unstarted_make(void)
{
    return made(idle_main);
}

static struct ambit_handle running_make(void)
{
    matrix_must("start", ambit_domain_start(made(idle_main)));
    return at.child;
}

static struct ambit_handle ended_make(void)
{
    struct ambit_outcome outcome;

    matrix_must("start", ambit_domain_start(made(ending_main)));
    matrix_must("wait", ambit_wait(at.child, &outcome));
    return at.child;
}

static uint64_t outcome_of_child(void)
{
    struct ambit_info info;

    matrix_must("inspect", ambit_inspect(at.child, &info));
    return info.first;
}

static enum status tell(struct ambit_handle handle)
{
    struct ambit_info info = {0};
    enum status status = ambit_inspect(handle, &info);

    matrix_told = info.first | info.second;
    return status;
}

/* ---- cpu ---- */

static struct ambit_handle part(struct ambit_handle domain,
                                enum ambit_type type, uint32_t rights)
{
    matrix_must("part", ambit_part_of(domain, type, rights, &at.made));
    return at.made;
}

static struct ambit_handle cpu_make(void)
{
    return part(unstarted_make(), AMBIT_TYPE_CPU, RW);
}

/* It runs, and can be paused. */
static struct ambit_handle cpu_running_make(void)
{
    return part(running_make(), AMBIT_TYPE_CPU, RW);
}

static struct ambit_handle cpu_paused_make(void)
{
    enum syscall_stand stand;

    matrix_must("pause", ambit_pause(cpu_running_make(), &stand));
    return at.made;
}

static enum status cpu_read(struct ambit_handle handle)
{
    struct syscall_registers registers;

    return ambit_cpu_read(handle, &registers);
}

static enum status cpu_wait(struct ambit_handle handle)
{
    enum syscall_stand stand;

    return ambit_pause_wait(handle, &stand);
}

static uint64_t child_rbx(void)
{
    struct syscall_registers registers;

    matrix_must("read", ambit_cpu_read(at.made, &registers));
    return registers.rbx;
}

static enum status cpu_write(struct ambit_handle handle)
{
    struct syscall_registers registers;

    matrix_must("read", ambit_cpu_read(at.made, &registers));
    registers.rbx = 42;
    return ambit_cpu_write(handle, &registers);
}

static enum status cpu_step(struct ambit_handle handle)
{
    return ambit_step(handle, 3);
}

/* 1: it stands still. */
static uint64_t stands(void)
{
    struct syscall_registers registers;

    return ambit_cpu_read(at.made, &registers) == STATUS_OK;
}

static enum status cpu_pause(struct ambit_handle handle)
{
    enum syscall_stand stand;

    return ambit_pause(handle, &stand);
}

static enum status cpu_continue(struct ambit_handle handle)
{
    return ambit_continue(handle);
}

/* ---- handler ---- */

/* One whose fault waits for the caller's decision. */
static struct ambit_handle faulted_make(void)
{
    matrix_must("start", ambit_domain_start(made(faulting_main)));
    for (int i = 0; i < 4; i++) {
        ambit_yield();
    }
    return matrix_held("handler");
}

static struct ambit_handle told_make(void)
{
    struct ambit_handle handler = faulted_make();
    struct syscall_fault fault;

    matrix_must("wait", ambit_fault_wait(handler, &fault));
    at.number = fault.domain;
    return handler;
}

static enum status fault_wait(struct ambit_handle handle)
{
    struct syscall_fault fault;

    return ambit_fault_wait(handle, &fault);
}

static enum status fault_decide(struct ambit_handle handle)
{
    return ambit_fault_resume(handle, at.number, AMBIT_RESUME_STOP);
}

static struct ambit_handle handler_make(void)
{
    (void)unstarted_make();
    return part(matrix_held("other"), AMBIT_TYPE_HANDLER, RW | AMBIT_USE);
}

static enum status handler_bind(struct ambit_handle handle)
{
    return ambit_handler_bind(handle, at.child);
}

/* ---- domain ---- */

static enum status wait_for(struct ambit_handle handle)
{
    struct ambit_outcome outcome;

    return ambit_wait(handle, &outcome);
}

static enum status part_to_read(struct ambit_handle handle)
{
    return ambit_part_of(handle, AMBIT_TYPE_CPU, AMBIT_READ, &at.out);
}

static enum status part_to_write(struct ambit_handle handle)
{
    return ambit_part_of(handle, AMBIT_TYPE_CPU, AMBIT_WRITE, &at.out);
}

static enum status part_to_bind(struct ambit_handle handle)
{
    return ambit_part_of(handle, AMBIT_TYPE_HANDLER, AMBIT_USE, &at.out);
}

static struct ambit_handle handled_make(void)
{
    (void)handler_make();
    return at.child;
}

static enum status bind_to_other(struct ambit_handle handle)
{
    return ambit_handler_bind(at.made, handle);
}

static enum status bind_time(struct ambit_handle handle)
{
    return ambit_time_bind(matrix_held("slow"), handle);
}

static enum status domain_stop(struct ambit_handle handle)
{
    return ambit_domain_stop(handle);
}

static enum status domain_destroy(struct ambit_handle handle)
{
    return ambit_domain_destroy(handle);
}

static enum status domain_start(struct ambit_handle handle)
{
    return ambit_domain_start(handle);
}

/* The name `handler` is made when it is first asked for. */
void parts_prepare(void)
{
    (void)matrix_held("handler");
    matrix_must("never", ambit_notification_create(&at.never));
}

#define READ AMBIT_READ
#define WRITE AMBIT_WRITE
#define USE AMBIT_USE
#define NOT STATUS_NO_RIGHTS

static const struct cell cells[] = {
    {AMBIT_TYPE_CPU, READ, 0, "read registers", NOT, cpu_make, cpu_read, NULL,
     NULL, both_drop},
    {AMBIT_TYPE_CPU, READ, 0, "wait for its standstill", NOT, cpu_paused_make,
     cpu_wait, NULL, NULL, both_drop},
    {AMBIT_TYPE_CPU, WRITE, 0, "write registers", NOT, cpu_make, cpu_write,
     child_rbx, NULL, both_drop},
    {AMBIT_TYPE_CPU, WRITE, 0, "step", NOT, cpu_make, cpu_step, NULL, NULL,
     both_drop},
    {AMBIT_TYPE_CPU, WRITE, 0, "pause", NOT, cpu_running_make, cpu_pause,
     stands, NULL, both_drop},
    {AMBIT_TYPE_CPU, WRITE, 0, "continue", NOT, cpu_paused_make, cpu_continue,
     stands, NULL, both_drop},

    {AMBIT_TYPE_HANDLER, READ, 0, "wait for a fault", NOT, faulted_make,
     fault_wait, NULL, NULL, child_drop},
    {AMBIT_TYPE_HANDLER, WRITE, 0, "decide", NOT, told_make, fault_decide,
     outcome_of_child, NULL, child_drop},
    {AMBIT_TYPE_HANDLER, USE, 0, "bind", NOT, handler_make, handler_bind, NULL,
     NULL, both_drop},

    {AMBIT_TYPE_DOMAIN, READ, 0, "inspect: how it ended", STATUS_OK, ended_make,
     tell, NULL, NULL, child_drop},
    {AMBIT_TYPE_DOMAIN, READ, 0, "wait for its end", NOT, ended_make, wait_for,
     NULL, NULL, child_drop},
    {AMBIT_TYPE_DOMAIN, READ, 0, "its cpu, to read", NOT, unstarted_make,
     part_to_read, NULL, out_drop, child_drop},
    {AMBIT_TYPE_DOMAIN, WRITE, 0, "its cpu, to write", NOT, unstarted_make,
     part_to_write, NULL, out_drop, child_drop},
    {AMBIT_TYPE_DOMAIN, WRITE, 0, "its handler, to bind", NOT, unstarted_make,
     part_to_bind, NULL, out_drop, child_drop},
    {AMBIT_TYPE_DOMAIN, WRITE, 0, "bind a handler to it", NOT, handled_make,
     bind_to_other, NULL, NULL, both_drop},
    {AMBIT_TYPE_DOMAIN, WRITE, 0, "bind it to a time", NOT, unstarted_make,
     bind_time, NULL, NULL, child_drop},
    {AMBIT_TYPE_DOMAIN, WRITE, 0, "stop", NOT, running_make, domain_stop,
     outcome_of_child, NULL, child_drop},
    {AMBIT_TYPE_DOMAIN, WRITE, 0, "destroy", NOT, running_make, domain_destroy,
     NULL, NULL, NULL},
    {AMBIT_TYPE_DOMAIN, USE, 0, "start", NOT, unstarted_make, domain_start,
     NULL, NULL, child_drop},
};

const struct cell_table parts_cells = {cells, sizeof(cells) / sizeof(cells[0])};

/* Whose handler others are bound to. */
AMBIT_ENTRY(bound_main)
{
    return 0;
}
