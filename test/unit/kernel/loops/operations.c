/* SPDX-License-Identifier: Apache-2.0 */
/* Every system call that takes something, in each form that takes otherwise. */
#include "loops.h"

#include <string.h>

static void from(struct arch_frame *io, uint64_t rdi, uint64_t rsi,
                 uint64_t rdx)
{
    io->rdi = rdi;
    io->rsi = rsi;
    io->rdx = rdx;
}

static void thread_runs(struct arch_frame *io);

/* ---- capabilities ---- */

/* A domain of run time has its parts from when it asks for them. */
static void late_name(struct arch_frame *io)
{
    struct arch_frame form = {0};

    thread_runs(&form);
    done(SYSCALL_DOMAIN_CREATE, form.rdi, 0, 0);
    become(NULL);
    from(io, written("space", 5, 0), 5, 0);
}

/* Its parts first, where it has not asked for them. */
static void late_whole(struct arch_frame *io)
{
    late_name(io);
    from(io, written("domain", 6, 0), 6, 0);
}

static void whole(struct arch_frame *io)
{
    from(io, written("domain", 6, 0), 6, 0);
}

static void of_ring(struct arch_frame *io)
{
    from(io, held("ring"), CAP_READ, 0);
}

static uint64_t composed(void)
{
    uint64_t members[2] = {held("ring"), held("desk")};

    done(SYSCALL_COMPOSE, written(members, sizeof members, 0), 2, 0);
    return machine_frame()->rdx;
}

static void compose(struct arch_frame *io)
{
    uint64_t members[3] = {held("ring"), held("desk"), held("ring")};

    from(io, written(members, sizeof members, 0), 3, 0);
}

static void derive_composite(struct arch_frame *io)
{
    from(io, composed(), CAP_ALL, 0);
}

static void replace(struct arch_frame *io)
{
    from(io, composed(), 0, held("ring"));
    io->r10 = CAP_ALL;
}

static void member(struct arch_frame *io)
{
    from(io, composed(), 0, CAP_READ);
}

static void move_one(struct arch_frame *io)
{
    from(io, held("ring"), 0, 0);
}

static void move_composite(struct arch_frame *io)
{
    from(io, composed(), 0, 0);
}

static void badge(struct arch_frame *io)
{
    done(SYSCALL_ENDPOINT_CREATE, 0, 0, 0);
    from(io, machine_frame()->rdx, CAP_WRITE, 5);
}

static void nothing(struct arch_frame *io)
{
    (void)io;
}

/* ---- along with messages ---- */

static void server_waits(void)
{
    become("server");
    blocks(SYSCALL_RECEIVE, held("desk"));
    become("app");
}

static void call_with(struct arch_frame *io, uint64_t how)
{
    server_waits();
    from(io, held("desk"), 1, 0);
    io->r13 = held("ring") | how;
}

static void call_copies(struct arch_frame *io)
{
    call_with(io, (uint64_t)CAP_READ << SYSCALL_PASS_RIGHTS);
}

static void call_moves(struct arch_frame *io)
{
    uint64_t child;

    done(SYSCALL_DERIVE, held("ring"), CAP_READ, 0);
    child = machine_frame()->rdx;
    call_with(io, 0);
    io->r13 = child | SYSCALL_PASS_MOVE;
}

static void reply(struct arch_frame *io)
{
    server_waits();
    blocks(SYSCALL_CALL, held("desk"));
    become("server");
    from(io, held("desk"), 1, 0);
    io->r13 = held("ring") | (uint64_t)CAP_READ << SYSCALL_PASS_RIGHTS;
}

/* ---- memory ---- */

static void own_quota(struct arch_frame *io)
{
    from(io, held("quota"), 3, 0);
}

static void ceiling(struct arch_frame *io)
{
    from(io, held("quota"), 3, 1);
}

/* What one gives the other is not there when it is used. */
static void trade(struct arch_frame *io)
{
    uint64_t split;

    done(SYSCALL_QUOTA_SPLIT, held("quota"), 4, 0);
    split = machine_frame()->rdx; /* before the next call */
    from(io, held("quota"), split, 2);
}

static void pool_split(struct arch_frame *io)
{
    from(io, held("pool"), 3, 0);
}

static void two_granules(struct arch_frame *io)
{
    from(io, 600, CAP_READ | CAP_WRITE, 0); /* two granules */
}

static void bare(struct arch_frame *io)
{
    from(io, 600, CAP_READ | CAP_WRITE, SYSCALL_RANGE_BARE);
}

static void map_frame(struct arch_frame *io)
{
    uint64_t frame;

    done(SYSCALL_ALLOCATE, held("pool"), 0, 0);
    frame = machine_frame()->rdx;
    done(SYSCALL_RANGE_CREATE, 3, CAP_READ | CAP_WRITE, SYSCALL_RANGE_BARE);
    from(io, frame, machine_frame()->rdx, 1);
    io->r10 = CAP_READ;
}

static void attach_own(struct arch_frame *io)
{
    done(SYSCALL_RANGE_CREATE, 3, CAP_READ, 0);
    from(io, machine_frame()->rdx, CAP_READ, 0);
}

static void grow(struct arch_frame *io)
{
    from(io, held("heap"), 600, 0);
}

static void allocate(struct arch_frame *io)
{
    from(io, held("pool"), 0, 0);
}

/* ---- domains ---- */

/* Degrees: files cpu space pool quota caps handler. */
static void make_with(struct arch_frame *io, const char *degrees,
                      uint32_t flags)
{
    struct syscall_domain in = {.bytes = sizeof in,
                                .name_bytes = 4,
                                .stack_pages = 2,
                                .heap_pages = 3,
                                .quota_pages = 96,
                                .pool_pages = 64,
                                .caps_slots = 92,
                                .files_slots = 46,
                                .flags = flags};

    in.entry = kernel.spec.domains[machine_domain()->index].entry;
    for (uint32_t i = 0; i < sizeof in.degree; i++) {
        const char *at = strchr("spnx", degrees[i]);

        FUZZ_CHECK(at != NULL);
        in.degree[i] = (uint8_t)(at - "spnx");
    }
    in.name = written("made", 4, 256);
    from(io, written(&in, sizeof in, 0), 0, 0);
}

static void thread(struct arch_frame *io)
{
    make_with(io, "snsssss", 0);
}

static void thread_runs(struct arch_frame *io)
{
    make_with(io, "snsssss", SYSCALL_MAKE_START);
}

static void tis(struct arch_frame *io)
{
    make_with(io, "snpssss", SYSCALL_MAKE_KEEP_ALL);
}

static void process(struct arch_frame *io)
{
    make_with(io, "xnnsnnn", 0);
}

static void process_part(struct arch_frame *io)
{
    make_with(io, "pnnsppn", 0);
}

static void pir(struct arch_frame *io)
{
    make_with(io, "snnnnnn", 0);
}

static uint64_t made(void (*form)(struct arch_frame *io))
{
    struct arch_frame io = {0};

    form(&io);
    done(SYSCALL_DOMAIN_CREATE, io.rdi, 0, 0);
    return machine_frame()->rdx;
}

static void start(struct arch_frame *io)
{
    from(io, made(process), 0, 0);
}

static void spawn(struct arch_frame *io)
{
    from(io, held("late"), 0, 0);
}

static void part_of(struct arch_frame *io)
{
    from(io, made(process), CAP_CPU, CAP_READ);
}

static void attach_to(struct arch_frame *io)
{
    uint64_t space, domain = made(process);

    done(SYSCALL_PART_OF, domain, CAP_SPACE, CAP_WRITE);
    space = machine_frame()->rdx;
    done(SYSCALL_RANGE_CREATE, 3, CAP_READ, 0);
    from(io, machine_frame()->rdx, CAP_READ, space);
}

static void time_make(struct arch_frame *io)
{
    from(io, held("slow"), 1000000, 10000000);
    io->r10 = 2;
}

/* ---- files ---- */

static void open_file(struct arch_frame *io)
{
    from(io, held("files"), 0, 7);
    io->rsi = written("one.txt", 7, 0);
}

static void open_alone(struct arch_frame *io)
{
    open_file(io);
    io->r10 = CAP_READ;
    io->r8 = SYSCALL_OPEN_EXCLUSIVE;
}

#define PAGES (SCARCE(QUOTA) | SCARCE(POOL))
#define OBJECT (PAGES | SCARCE(CAPS))
#define LIFE (OBJECT | SCARCE(SPANS) | SCARCE(NUMBERS))

/* call, name, what too little of refuses it, arguments */
#define ROW(call, takes, prepare)                                              \
    {                                                                          \
        SYSCALL_##call, #call " " #prepare, takes, prepare                     \
    }
const struct operation operations[] = {
    ROW(CAPABILITY, SCARCE(CAPS), late_name),
    ROW(CAPABILITY, SCARCE(CAPS), late_whole),
    ROW(CAPABILITY, SCARCE(CAPS), whole),
    ROW(DERIVE, SCARCE(CAPS), of_ring),
    ROW(DERIVE, SCARCE(CAPS), derive_composite),
    ROW(COMPOSE, SCARCE(CAPS), compose),
    ROW(DERIVE_REPLACED, SCARCE(CAPS), replace),
    ROW(MEMBER, SCARCE(CAPS), member),
    ROW(MOVE, SCARCE(CAPS), move_one),
    ROW(MOVE, SCARCE(CAPS), move_composite),
    ROW(BADGE, SCARCE(CAPS), badge),
    ROW(ENDPOINT_CREATE, OBJECT, nothing),
    ROW(NOTIFICATION_CREATE, OBJECT, nothing),
    ROW(CALL, SCARCE(OTHERS), call_copies),
    ROW(CALL, SCARCE(OTHERS), call_moves),
    ROW(REPLY, SCARCE(OTHERS), reply),
    ROW(REPLY_RECEIVE, SCARCE(OTHERS), reply),
    ROW(QUOTA_SPLIT, OBJECT, own_quota),
    ROW(QUOTA_SPLIT, OBJECT, ceiling),
    ROW(QUOTA_TRADE, SCARCE(QUOTA), trade),
    ROW(POOL_SPLIT, OBJECT | SCARCE(SPANS), pool_split),
    ROW(RANGE_CREATE, OBJECT | SCARCE(SPANS), two_granules),
    ROW(RANGE_CREATE, OBJECT | SCARCE(SPANS), bare),
    ROW(MAP, SCARCE(CAPS), map_frame),
    ROW(ATTACH, OBJECT, attach_own),
    ROW(ATTACH_TO, SCARCE(CAPS), attach_to),
    ROW(GROW, PAGES, grow),
    ROW(ALLOCATE, OBJECT, allocate),
    ROW(DOMAIN_CREATE, LIFE, thread),
    ROW(DOMAIN_CREATE, LIFE, thread_runs),
    ROW(DOMAIN_CREATE, LIFE, tis),
    ROW(DOMAIN_CREATE, LIFE, process),
    ROW(DOMAIN_CREATE, LIFE, process_part),
    ROW(DOMAIN_CREATE, LIFE, pir),
    ROW(DOMAIN_START, 0, start),
    ROW(SPAWN, PAGES, spawn),
    ROW(PART_OF, SCARCE(CAPS), part_of),
    ROW(TIME_CREATE, OBJECT, time_make),
    ROW(OPEN, SCARCE(FILES), open_file),
    ROW(OPEN_WITH, SCARCE(FILES), open_alone),
};
const uint32_t operation_count = sizeof operations / sizeof operations[0];

/* RECEIVE: what comes along with a call needs a slot; test_loops.c has that. */
const uint32_t takes_nothing[] = {
    SYSCALL_EXIT,           SYSCALL_YIELD,        SYSCALL_CONSOLE,
    SYSCALL_REPORT,         SYSCALL_LOCATE,       SYSCALL_INSPECT,
    SYSCALL_DELETE,         SYSCALL_REVOKE,       SYSCALL_READ,
    SYSCALL_LIST,           SYSCALL_RECEIVE,      SYSCALL_STOP,
    SYSCALL_WAIT,           SYSCALL_TRY,          SYSCALL_RANDOM,
    SYSCALL_FAULT_WAIT,     SYSCALL_FAULT_RESUME, SYSCALL_SIGNAL,
    SYSCALL_AWAIT,          SYSCALL_QUOTA_RETURN, SYSCALL_POOL_RETURN,
    SYSCALL_DOMAIN_DESTROY, SYSCALL_CPU_READ,     SYSCALL_CPU_WRITE,
    SYSCALL_STEP,           SYSCALL_TIME_SET,     SYSCALL_TIME_QUERY,
    SYSCALL_TIME_BIND,      SYSCALL_PAUSE,        SYSCALL_CONTINUE,
    SYSCALL_PAUSE_WAIT,     SYSCALL_HANDLER_BIND, SYSCALL_UNMAP,
};
const uint32_t takes_nothing_count =
    sizeof takes_nothing / sizeof takes_nothing[0];
