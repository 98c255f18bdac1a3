/* SPDX-License-Identifier: Apache-2.0 */
#include "loops.h"
#include "snapshot.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 1200u /* requests of one operation */

static struct scene scene;

/* ---- the hosted machine ---- */

static uint32_t domain_named(const char *name)
{
    for (uint32_t i = 0; i < kernel.spec.header->domains.count; i++) {
        if (strcmp(spec_string(&kernel.spec, kernel.spec.domains[i].name),
                   name) == 0) {
            return i;
        }
    }
    abort();
}

static bool is_named(const struct domain *domain, const char *name)
{
    return name ? domain->index == domain_named(name)
                : domain->index >= SPEC_MAX_DOMAINS;
}

void become(const char *name)
{
    for (uint32_t i = 0; !is_named(machine_domain(), name); i++) {
        ck_assert_uint_lt(i, SPEC_MAX_DOMAINS);
        machine_frame()->rax = SYSCALL_YIELD;
        ck_assert_int_eq(machine_syscall(), MACHINE_RING3);
    }
}

void blocks(uint64_t call, uint64_t rdi)
{
    struct domain *domain = machine_domain();

    domain->frame.rax = call;
    domain->frame.rdi = rdi;
    domain->frame.r13 = 0;
    ck_assert_int_eq(machine_syscall(), MACHINE_RING3);
    ck_assert_int_eq(domain->state, DOMAIN_CROSSING);
}

void done(uint64_t call, uint64_t rdi, uint64_t rsi, uint64_t rdx)
{
    struct domain *domain = machine_domain();

    domain->frame.rax = call;
    domain->frame.rdi = rdi;
    domain->frame.rsi = rsi;
    domain->frame.rdx = rdx;
    domain->frame.r10 = 0;
    domain->frame.r8 = 0;
    domain->frame.r13 = 0;
    ck_assert_int_eq(machine_syscall(), MACHINE_RING3);
    ck_assert_ptr_eq(machine_domain(), domain);
    ck_assert_msg(domain->frame.rax == STATUS_OK, "call %u: status %u",
                  (unsigned)call, (unsigned)domain->frame.rax);
}

uint64_t written(const void *data, size_t bytes, uint64_t offset)
{
    uint64_t at = machine_frame()->rsp - 1024 + offset;

    ck_assert_uint_eq(machine_write(at, data, bytes), bytes);
    return at;
}

uint64_t held(const char *name)
{
    done(SYSCALL_CAPABILITY, written(name, strlen(name), 0), strlen(name), 0);
    return machine_frame()->rdx;
}

/* ---- too little of one thing ---- */

struct shortage {
    enum scarce kind;
    struct cap_table *table;
    uint64_t *counter; /* that says what is left, in its way */
    uint64_t before;
    struct bitmap *map, full;
};

/* The lowest `left` that are free stay so. */
static void bits_fill(struct shortage *s, struct bitmap *map, uint32_t left)
{
    s->map = map;
    s->full = (struct bitmap){
        .used = malloc(map->words * 8), .words = map->words, .hint = map->hint};
    memcpy(s->full.used, map->used, map->words * 8);
    for (uint32_t i = 0; i < map->words * 64; i++) {
        uint64_t bit = UINT64_C(1) << i % 64;

        if (!(map->used[i / 64] & bit)) {
            map->used[i / 64] |= left == 0 ? bit : 0;
            left -= left != 0;
        }
    }
}

static void table_fill(struct shortage *s, struct cap_table *table,
                       uint32_t left)
{
    s->table = table;
    s->before = table->used;
    table->used = table->size - 1 - left;
}

static struct domain *other(void)
{
    return domain_at(domain_named(
        machine_domain()->index == domain_named("server") ? "app" : "server"));
}

static bool shorten(struct shortage *s, enum scarce kind, uint32_t left)
{
    struct domain *domain = machine_domain();
    struct quota *quota = domain->is.quota;
    struct pool *pool = domain->is.pool;

    *s = (struct shortage){.kind = kind};
    switch (kind) {
    case SCARCE_QUOTA:
        s->before = quota->limit;
        quota->limit = quota->used + left;
        return quota->limit <= s->before;
    case SCARCE_POOL:
        s->before = pool->reserved;
        pool->reserved = pool->free - left;
        return pool->reserved >= s->before;
    case SCARCE_CAPS:
        table_fill(s, caps_of(domain->index), left);
        return s->table->used >= s->before;
    case SCARCE_FILES:
        table_fill(s, &domain->files, left);
        return domain->files.size == 0 || domain->files.used >= s->before;
    case SCARCE_OTHERS:
        table_fill(s, &other()->caps, left);
        return s->table->used >= s->before;
    case SCARCE_SPANS:
        bits_fill(s, &pool->window->granules, left);
        return true;
    default:
        bits_fill(s, &pool->window->numbers, left);
        return true;
    }
}

/* After a refusal everything is put back; after a success what it has taken
 * counts on. */
static void relieve(struct shortage *s, struct domain *domain, bool refused,
                    uint32_t left)
{
    struct pool *pool = domain->is.pool;

    switch (s->kind) {
    case SCARCE_QUOTA:
        domain->is.quota->limit = s->before;
        break;
    case SCARCE_POOL:
        pool->reserved = s->before;
        break;
    case SCARCE_SPANS:
    case SCARCE_NUMBERS:
        for (uint32_t i = 0; i < s->map->words && refused; i++) {
            s->map->used[i] = s->full.used[i];
        }
        s->map->hint = refused ? s->full.hint : s->map->hint;
        break;
    default:
        s->table->used -= s->table->size - 1 - left - (uint32_t)s->before;
        break;
    }
    free(s->full.used);
}

/* ---- the loop ---- */

static bool is_refusal(uint64_t status, enum scarce kind)
{
    switch (kind) {
    case SCARCE_QUOTA:
        return status == STATUS_NO_QUOTA;
    case SCARCE_POOL:
        return status == STATUS_NO_MEMORY;
    case SCARCE_SPANS:
    case SCARCE_NUMBERS:
        return status == STATUS_OUT_OF_RANGE;
    default:
        return status == STATUS_NO_SLOT;
    }
}

static void begin(const struct operation *op, struct arch_frame *io)
{
    const struct machine_options options = {.native = true};

    ck_assert_int_eq(machine_boot(&scene, &options), MACHINE_RING3);
    become("app");
    memset(io, 0, sizeof *io);
    op->prepare(io);
    machine_check();
}

/* True: it has been done. */
static bool attempt(const struct operation *op, const struct arch_frame *io,
                    enum scarce kind, uint32_t left)
{
    struct domain *domain = machine_domain();
    struct arch_frame *frame = &domain->frame;
    struct shortage shortage;
    bool refused;

    snapshot_take();
    if (!shorten(&shortage, kind, left)) {
        ck_abort_msg("%s: the scene has too little itself", op->name);
    }
    frame->rax = op->call;
    frame->rdi = io->rdi;
    frame->rsi = io->rsi;
    frame->rdx = io->rdx;
    frame->r10 = io->r10;
    frame->r8 = io->r8;
    frame->r13 = io->r13;
    (void)machine_syscall();
    refused = domain->state != DOMAIN_CROSSING && frame->rax != STATUS_OK;
    relieve(&shortage, domain, refused, left);
    if (refused) {
        ck_assert_msg(is_refusal(frame->rax, kind),
                      "%s, %u left of kind %u: status %u", op->name, left, kind,
                      (unsigned)frame->rax);
        ck_assert_ptr_eq(machine_domain(), domain);
        ck_assert_msg(snapshot_holds(), "%s, %u left of kind %u: not undone",
                      op->name, left, kind);
    }
    if (kind != SCARCE_SPANS && kind != SCARCE_NUMBERS) {
        machine_check();
        machine_check_cores();
        machine_audit();
    }
    return !refused;
}

/* Of each kind: none is left, then one, and so on. */
START_TEST(refused_whole_until_there_is_enough)
{
    const struct operation *op = &operations[_i];
    uint32_t refusals[SCARCE_KINDS] = {0};
    struct arch_frame io;

    for (uint32_t kind = 0; kind < SCARCE_KINDS; kind++) {
        begin(op, &io);
        while (!attempt(op, &io, (enum scarce)kind, refusals[kind])) {
            refusals[kind]++;
            ck_assert_msg(refusals[kind] < MOST, "%s: never", op->name);
        }
        ck_assert_msg((refusals[kind] != 0) == ((op->takes >> kind & 1) != 0),
                      "%s: refused %u times for kind %u", op->name,
                      refusals[kind], kind);
    }
    printf("%-32s quota %3u, pool %3u, slots %u %u %u, spans %u, numbers %u\n",
           op->name, refusals[0], refusals[1], refusals[2], refusals[3],
           refusals[4], refusals[5], refusals[6]);
}
END_TEST

static void nothing_first(struct arch_frame *io)
{
    (void)io;
}

/* A caller whose capability finds no room is told so; the server waits on, and
 * takes the next. */
START_TEST(received_whole_or_not)
{
    struct arch_frame io;
    struct domain *app, *server;
    struct shortage shortage;
    uint64_t desk;
    const struct operation op = {.prepare = nothing_first};

    begin(&op, &io);
    app = machine_domain();
    desk = held("desk");
    app->frame.r13 = held("ring") | (uint64_t)CAP_READ << SYSCALL_PASS_RIGHTS;
    app->frame.rdi = desk;
    app->frame.rax = SYSCALL_CALL;
    (void)machine_syscall();
    ck_assert_int_eq(app->state, DOMAIN_CROSSING);
    become("server");
    server = machine_domain();
    desk = held("desk");
    ck_assert(shorten(&shortage, SCARCE_CAPS, 0));
    server->frame.rax = SYSCALL_RECEIVE;
    server->frame.rdi = desk;
    (void)machine_syscall();
    relieve(&shortage, server, true, 0);
    ck_assert_int_eq(server->state, DOMAIN_CROSSING);
    ck_assert_ptr_eq(machine_domain(), app);
    ck_assert_uint_eq(app->frame.rax, STATUS_NO_SLOT);
    machine_check();
    machine_check_cores();
    app->frame.rax = SYSCALL_CALL; /* the registers are as they were */
    (void)machine_syscall();
    ck_assert_ptr_eq(machine_domain(), server);
    ck_assert_uint_eq(server->frame.rax, STATUS_OK);
    ck_assert_uint_ne(server->frame.r13, 0);
    machine_check();
    machine_check_cores();
}
END_TEST

static const char *name_of(uint32_t call)
{
    switch (call) {
#define NAME(number, name)                                                     \
    case number:                                                               \
        return #name;
        SYSCALL_LIST(NAME)
#undef NAME
    default:
        return "?";
    }
}

/* A new call belongs into one of the two lists, and into one only. */
START_TEST(every_call_is_listed)
{
    static const uint32_t calls[] = {
#define NUMBER(number, name) number,
        SYSCALL_LIST(NUMBER)
#undef NUMBER
    };

    for (uint32_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        uint32_t rows = 0, nothing = 0;

        for (uint32_t k = 0; k < operation_count; k++) {
            rows += operations[k].call == calls[i];
        }
        for (uint32_t k = 0; k < takes_nothing_count; k++) {
            nothing += takes_nothing[k] == calls[i];
        }
        ck_assert_msg(rows != 0 || nothing != 0,
                      "%s has no row in operations[]; if it takes nothing, "
                      "name it in takes_nothing[] (operations.c)",
                      name_of(calls[i]));
        ck_assert_msg(rows == 0 || nothing == 0, "%s is in both lists",
                      name_of(calls[i]));
    }
}
END_TEST

/* The control: what a refusal leaves behind is seen. */
START_TEST(a_leak_is_found)
{
    struct arch_frame io;

    begin(&operations[0], &io);
    snapshot_take();
    ck_assert(snapshot_holds());
    machine_domain()->is.quota->used++;
    ck_assert(!snapshot_holds());
    machine_domain()->is.quota->used--;
    ck_assert(snapshot_holds());
    machine_domain()->caps.first++;
    ck_assert(!snapshot_holds());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fault loops of the kernel");
    TCase *tests = tcase_create("loops");
    SRunner *runner = srunner_create(suite);
    int failed;

    scene_open(&scene, LOOPS_FOLDER "/loops.yaml");
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, every_call_is_listed);
    tcase_add_test(tests, a_leak_is_found);
    tcase_add_test(tests, received_whole_or_not);
    tcase_add_loop_test(tests, refused_whole_until_there_is_enough, 0,
                        (int)operation_count);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    scene_close(&scene);
    return failed == 0 ? 0 : 1;
}
