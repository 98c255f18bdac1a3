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
#include "fuzz.h"
#include "hosted/machine.h"

#include "kernel.h"

#include <string.h>

#define STEPS_MAX 300u
#define CORES_EVERY 8u /* steps between two checks of the cores */
#define KNOWN_MAX 192u
#define BUFFER 1280u
#define SCENES 2u

static struct scene scenes[SCENES];
static struct bytes in;
/* Handles that somebody was given, oldest lost first: foreign ones as well. */
static uint64_t known[KNOWN_MAX];
static uint32_t known_count;

static const char *const names[] = {"space",      "pool",
                                    "quota",      "cpu",
                                    "heap",       "stack",
                                    "handler",    "files",
                                    "domain",     "ring",
                                    "board",      "desk",
                                    "back",       "late",
                                    "tis",        "thread",
                                    "a",          "b",
                                    "c",          "inner",
                                    "cell",       "twin",
                                    "app.stack",  "app.heap",
                                    "tis.stack",  "child.image",
                                    "one.heap",   "one.txt",
                                    "deep",       "deep/two.txt",
                                    "../one.txt", "deep/../one.txt",
                                    "/",          ""};

static void know(uint64_t handle)
{
    known[known_count++ % KNOWN_MAX] = handle;
}

static uint64_t handle(void)
{
    uint8_t choice = bytes_8(&in);
    uint32_t count = known_count < KNOWN_MAX ? known_count : KNOWN_MAX;
    uint64_t value = count ? known[choice % count] : 0;

    if (choice < KNOWN_MAX) {
        return value;
    }
    value = count ? known[bytes_8(&in) % count] : 0;
    switch (choice % 6) {
    case 0:
        return value ^ 1ull << 24;
    case 1:
        return value + (1ull << 32);
    case 2:
        return value - (1ull << 32);
    case 3:
        return value ^ 1ull << bytes_8(&in) % 64;
    case 4:
        return bytes_8(&in) % 64 | 1ull << 32;
    default:
        return bytes_64(&in);
    }
}

/* Below the stack's top, where a program's variables are. */
static uint64_t scratch(void)
{
    return machine_frame()->rsp - BUFFER - 64;
}

static uint64_t range_address(void)
{
    const struct plan_range *range =
        &kernel.plan.ranges[bytes_8(&in) % kernel.plan.range_count];

    switch (bytes_8(&in) % 5) {
    case 0:
        return plan_range_start(range);
    case 1:
        return plan_range_start(range) +
               ((uint64_t)range->start_pages << ABI_PAGE_SHIFT) - bytes_8(&in);
    case 2:
        return plan_range_start(range) +
               ((uint64_t)range->pages << ABI_PAGE_SHIFT) - bytes_8(&in);
    case 3:
        return range->base;
    default:
        return plan_range_start(range) + bytes_32(&in) % 0x400000;
    }
}

static uint64_t address(void)
{
    uint8_t choice = bytes_8(&in);

    if (choice < 128) {
        return scratch();
    }
    switch (choice % 6) {
    case 0:
        return ABI_USER_LIMIT - bytes_8(&in);
    case 1:
        return ABI_DIRECT_MAP + bytes_32(&in);
    case 2:
        return ABI_KERNEL_VIRT + bytes_16(&in);
    case 3:
        return bytes_64(&in);
    default:
        return range_address();
    }
}

static uint64_t number(void)
{
    static const uint64_t odd[] = {
        0,          1,          2,          7,          8,
        9,          15,         16,         45,         46,
        63,         64,         255,        256,        512,
        1023,       1024,       1025,       4095,       4096,
        4097,       65536,      1u << 20,   0x7fffffff, 1u << 31,
        0xffffffff, 1ull << 32, 1ull << 63, UINT64_MAX, UINT64_MAX - 1,
        3,          11};
    uint8_t choice = bytes_8(&in);

    if (choice < 128) {
        return choice % 64;
    }
    return choice < 224 ? odd[choice % 32] : bytes_64(&in);
}

static uint64_t small(uint64_t usual)
{
    uint8_t choice = bytes_8(&in);

    return choice < 240 ? choice % usual : number();
}

/* Writes a name where the program's buffer is; returns its length. */
static uint64_t name(void)
{
    uint8_t choice = bytes_8(&in);
    char text[80];
    size_t length = choice % 80;

    if (choice < 224) {
        const char *known_name = names[choice % (sizeof names / sizeof *names)];

        length = strlen(known_name);
        memcpy(text, known_name, length);
    } else {
        bytes_copy(&in, text, length);
    }
    machine_write(scratch(), text, length);
    return choice == 255 ? number() : length;
}

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
static void arguments_wild(struct arch_frame *frame)
{
    frame->rdi = bytes_64(&in);
    frame->rsi = bytes_64(&in);
    frame->rdx = bytes_64(&in);
    frame->r10 = bytes_64(&in);
    frame->r8 = bytes_64(&in);
    frame->rflags = bytes_32(&in);
}

static bool gives_handle(uint64_t call)
{
    return call == SYSCALL_CAPABILITY ||
           (call >= SYSCALL_DERIVE && call <= SYSCALL_ATTACH) ||
           call == SYSCALL_ALLOCATE || call == SYSCALL_OPEN ||
           (call >= SYSCALL_MOVE && call <= SYSCALL_NOTIFICATION_CREATE) ||
           call == SYSCALL_OPEN_WITH || call == SYSCALL_QUOTA_SPLIT ||
           call == SYSCALL_POOL_SPLIT;
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
    if (before->rax == SYSCALL_DOMAIN_CREATE) {
        return; /* its registers say why */
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
    uint32_t index = domain->index, starts = shared.domains[index].starts;
    struct arch_frame before;
    enum machine_state state;

    frame->rax = number_of_call;
    frame->rdi = handle();
    arguments_capabilities(frame);
    arguments_memory(frame);
    arguments_domain(frame);
    if (number_of_call >= SYSCALL_COUNT) {
        frame->rax = number_of_call % 3 ? number_of_call : number();
        arguments_wild(frame);
    }
    before = *frame;
    state = machine_syscall();
    if (kernel.domains[index] == domain && domain->state == DOMAIN_RUNNABLE &&
        shared.domains[index].starts == starts &&
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
        FUZZ_CHECK(i < 4 * SPEC_MAX_DOMAINS);
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

    in = (struct bytes){data, size};
    (void)bytes_8(&in);
    known_count = 0;
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
