/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls against the hosted kernel. An input is what ring 3 does, domain
 * after domain as the scheduler chooses: the first byte is the scene and the
 * machine, then each step is an opcode and its arguments. Arguments are drawn
 * from what a program could know (handles that were given, addresses of
 * ranges, sizes near limits), and can be anything at all.
 *
 * Ring 3 can do nothing that panics; a call that fails leaves its value
 * registers alone; every invariant holds after each step; and what the page
 * tables allow in the end is what the plan allows.
 */
#include "choices.h"

#include <string.h>

#define STEPS_MAX 300u
#define CORES_EVERY 8u /* steps between two checks of the cores */
#define SCENES 2u

static struct scene scenes[SCENES];

static bool gives_handle(uint64_t call)
{
    return call == SYSCALL_CAPABILITY ||
           (call >= SYSCALL_DERIVE && call <= SYSCALL_ATTACH) ||
           call == SYSCALL_ALLOCATE || call == SYSCALL_OPEN ||
           (call >= SYSCALL_MOVE && call <= SYSCALL_NOTIFICATION_CREATE) ||
           call == SYSCALL_OPEN_WITH || call == SYSCALL_QUOTA_SPLIT ||
           call == SYSCALL_POOL_SPLIT || call == SYSCALL_RANGE_CREATE ||
           call == SYSCALL_MAP || call == SYSCALL_DOMAIN_CREATE ||
           call == SYSCALL_TIME_CREATE || call == SYSCALL_PART_OF ||
           call == SYSCALL_ATTACH_TO;
}

static void judge_return(const struct domain *domain,
                         const struct arch_frame *before)
{
    const struct arch_frame *after = &domain->frame;

    FUZZ_CHECK(after->rax < STATUS_COUNT && after->rax != STATUS_MORE);
    if (after->rax == STATUS_OK) {
        if (gives_handle(before->rax)) {
            know(after->rdx);
        }
        return;
    }
    if (before->rax == SYSCALL_DOMAIN_CREATE ||
        (before->rax == SYSCALL_WAIT && after->rax == STATUS_BUSY)) {
        return; /* registers say why, or how the domain ended */
    }
    FUZZ_CHECK(after->rdi == before->rdi && after->rsi == before->rsi);
    FUZZ_CHECK(after->rdx == before->rdx && after->r10 == before->r10);
    FUZZ_CHECK(after->r8 == before->r8 && after->r9 == before->r9);
    FUZZ_CHECK(after->r12 == before->r12);
}

static enum machine_state call(uint64_t number_of_call)
{
    struct domain *domain = machine_domain();
    struct arch_frame *frame = &domain->frame;
    uint32_t index = domain->index, starts = domain_result(domain)->starts;
    struct arch_frame before;
    enum machine_state state;

    frame->rax = number_of_call;
    arguments(frame);
    if (number_of_call >= SYSCALL_COUNT) {
        frame->rax = number_of_call % 3 ? number_of_call : number();
        arguments_wild(frame);
    }
    before = *frame;
    state = machine_syscall();
    if (kernel.domains[index] == domain && domain->state == DOMAIN_RUNNABLE &&
        domain_result(domain)->starts == starts &&
        frame->rip == before.rip + 2) {
        judge_return(domain, &before);
    }
    return state;
}

static enum machine_state fault(void)
{
    static const uint8_t vectors[] = {0, 1, 3, 6, 13, 14, 14, 14, 16, 19};
    uint8_t choice = bytes_8(&in);
    uint64_t vector = vectors[choice % 10];

    if (choice & 0x40) {
        machine_frame()->rsp = address();
    }
    if (choice & 0x20) {
        machine_frame()->rip = address() % ABI_USER_LIMIT;
    }
    return machine_fault(vector, bytes_8(&in) % 32, address());
}

static void touch(void)
{
    uint8_t data[16];

    bytes_copy(&in, data, sizeof data);
    if (data[0] & 1) {
        machine_write(address(), data, sizeof data);
    } else {
        machine_read(address(), data, sizeof data);
    }
}

static enum machine_state step(void)
{
    uint8_t opcode = bytes_8(&in);

    if (opcode < 220) {
        return call(opcode % (SYSCALL_COUNT + 3));
    }
    if (opcode < 230) {
        return machine_timer();
    }
    if (opcode < 242) {
        return fault();
    }
    touch();
    return MACHINE_RING3;
}

static void know_all(void)
{
    for (uint32_t i = 0; i < SPEC_MAX_DOMAINS; i++) {
        for (uint32_t n = 0;
             kernel.domains[i] && n < kernel.domains[i]->name_count; n++) {
            if (kernel.domains[i]->names[n].handle) {
                know(kernel.domains[i]->names[n].handle);
            }
        }
    }
}

/* Everybody who can run exits. */
static void finish(enum machine_state state)
{
    for (uint32_t i = 0; state == MACHINE_RING3; i++) {
        FUZZ_CHECK(i < 4 * DOMAIN_MAX);
        machine_frame()->rax = SYSCALL_EXIT;
        machine_frame()->rdi = 0;
        state = machine_syscall();
        machine_check();
    }
    FUZZ_CHECK(shared.phase == PHASE_DONE);
    machine_check_cores();
}

static const struct scene *scene_of(uint8_t choice)
{
    static const char *const paths[SCENES] = {SCENE_FOLDER "/family.yaml",
                                              SCENE_FOLDER "/peers.yaml"};
    struct scene *scene = &scenes[choice % SCENES];

    if (!scene->memory) {
        scene_open(scene, paths[choice % SCENES]);
    }
    return scene;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t first = size ? data[0] : 0;
    struct machine_options options = {.native = (first & 2) != 0,
                                      .holes = (first & 4) != 0,
                                      .steps = (first & 8) != 0};
    enum machine_state state;

    choices_begin(data, size);
    (void)bytes_8(&in);
    state = machine_boot(scene_of(first & 1), &options);
    know_all();
    for (uint32_t i = 0; i < STEPS_MAX && in.left && state == MACHINE_RING3;
         i++) {
        state = step();
        machine_check();
        if (i % CORES_EVERY == 0) {
            machine_check_cores();
        }
    }
    machine_check_cores();
    machine_audit();
    if ((first & 0x30) == 0x30) { /* dear: all of memory */
        machine_check_free();
    }
    finish(state);
    return 0;
}
