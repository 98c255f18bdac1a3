/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a life costs: made, started, ended by itself, waited for, destroyed. The
 * counter counts instructions under --icount; create.py holds them against the
 * limits.
 */
#include <ambit/ambit.h>

#define ROUNDS 16u

AMBIT_ENTRY(ends_main)
{
    return 0;
}

/* Serves whoever calls, for ever. */
AMBIT_ENTRY(serves_main)
{
    struct ambit_handle gate;
    struct ambit_message message;

    ambit_assert(ambit_capability("gate", &gate) == STATUS_OK);
    ambit_assert(ambit_receive(gate, &message) == STATUS_OK);
    while (ambit_reply_receive(gate, &message) == STATUS_OK) {
    }
    return 1;
}

static const struct ambit_domain_spec thread = {
    .name = "thread", .entry = ends_main, .degree = {.cpu = AMBIT_NEW}};
static const struct ambit_domain_spec tis = {
    .name = "tis",
    .entry = ends_main,
    .degree = {.cpu = AMBIT_NEW, .space = AMBIT_PART},
    .keep_all = 1};
static const struct ambit_domain_spec process = {
    .name = "process",
    .entry = ends_main,
    .degree = {.cpu = AMBIT_NEW,
               .space = AMBIT_NEW,
               .quota = AMBIT_NEW,
               .caps = AMBIT_NEW,
               .handler = AMBIT_NEW},
    .quota_pages = 16};

static uint64_t free_pages(void)
{
    struct ambit_handle pool;
    struct ambit_info info;

    ambit_assert(ambit_capability("pool", &pool) == STATUS_OK);
    ambit_assert(ambit_inspect(pool, &info) == STATUS_OK);
    return info.first;
}

static struct ambit_handle created(const struct ambit_domain_spec *spec)
{
    struct ambit_handle domain = {0};
    struct ambit_refusal why = {0};
    enum status status = ambit_domain_create(spec, &domain, &why);

    if (status != STATUS_OK) {
        ambit_refusal_print(status, &why);
        ambit_exit(2);
    }
    return domain;
}

static void life(const struct ambit_domain_spec *spec)
{
    struct ambit_handle domain = created(spec);
    struct ambit_outcome outcome;

    ambit_assert(ambit_domain_start(domain) == STATUS_OK);
    ambit_assert(ambit_wait(domain, &outcome) == STATUS_OK);
    ambit_assert(ambit_domain_destroy(domain) == STATUS_OK);
}

/* The same in two calls. */
static void life_joined(const struct ambit_domain_spec *spec)
{
    struct ambit_outcome outcome;

    ambit_assert(ambit_domain_join(created(spec), &outcome) == STATUS_OK);
}

/* The first is not counted: what is made once is made by it. */
static void lives(const char *key, const struct ambit_domain_spec *spec,
                  void (*one)(const struct ambit_domain_spec *spec))
{
    struct ambit_handle neighbour = created(spec);
    uint64_t start;

    one(spec);
    start = ambit_ticks();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        one(spec);
    }
    ambit_report_instructions(key, (ambit_ticks() - start) / ROUNDS);
    ambit_assert(ambit_domain_destroy(neighbour) == STATUS_OK);
}

static void lives_joined(const char *key, struct ambit_domain_spec spec)
{
    spec.start = 1;
    lives(key, &spec, life_joined);
}

/* One of its own kind is there: what several share is not counted. */
static void bytes(const char *key, const struct ambit_domain_spec *spec)
{
    struct ambit_handle neighbour = created(spec), domain;
    uint64_t before = free_pages();

    domain = created(spec);
    ambit_report_instructions(key, (before - free_pages()) * 4096);
    ambit_assert(ambit_domain_destroy(domain) == STATUS_OK);
    ambit_assert(ambit_domain_destroy(neighbour) == STATUS_OK);
}

AMBIT_ENTRY(cost_main)
{
    lives("thread", &thread, life);
    lives("tis", &tis, life);
    lives("process", &process, life);
    lives_joined("thread-two", thread);
    lives_joined("tis-two", tis);
    lives_joined("process-two", process);
    bytes("thread-bytes", &thread);
    bytes("tis-bytes", &tis);
    bytes("process-bytes", &process);
    return 0;
}

static uint64_t call_ticks(struct ambit_handle gate)
{
    struct ambit_message message = {0};
    uint64_t start;

    ambit_assert(ambit_call(gate, &message) == STATUS_OK);
    start = ambit_ticks();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        ambit_assert(ambit_call(gate, &message) == STATUS_OK);
    }
    return (ambit_ticks() - start) / ROUNDS;
}

/* Argument: how many it makes. They run, and wait for calls; it ends. */
AMBIT_ENTRY(maker_main)
{
    struct ambit_domain_spec spec = process;
    struct ambit_hold hold = {.name = "gate", .rights = AMBIT_USE};
    uint64_t count = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &count));
    ambit_assert(ambit_capability("gate", &hold.handle) == STATUS_OK);
    spec.entry = serves_main;
    spec.holds = &hold;
    spec.hold_count = 1;
    for (uint64_t i = 0; i < count; i++) {
        ambit_assert(ambit_domain_start(created(&spec)) == STATUS_OK);
        ambit_yield();
    }
    return 0;
}

/* A table has 736 slots: more domains than that take several makers. */
static void make_many(const char *count, uint32_t bytes, uint32_t pages)
{
    struct ambit_domain_spec spec = process;
    struct ambit_hold hold = {.name = "gate", .rights = AMBIT_USE};
    struct ambit_outcome outcome;
    struct ambit_handle maker;

    ambit_assert(ambit_capability("gate", &hold.handle) == STATUS_OK);
    spec.name = "maker";
    spec.entry = maker_main;
    spec.args = count;
    spec.args_bytes = bytes;
    spec.argc = 1;
    spec.stack_pages = 4;
    spec.caps_slots = 736;
    spec.quota_pages = pages;
    spec.holds = &hold;
    spec.hold_count = 1;
    maker = created(&spec);
    ambit_assert(ambit_domain_start(maker) == STATUS_OK);
    ambit_assert(ambit_wait(maker, &outcome) == STATUS_OK);
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    ambit_assert(ambit_domain_destroy(maker) == STATUS_BUSY);
}

/* 10 servers, then 2,000 at once, and what a call to one costs. */
AMBIT_ENTRY(many_main)
{
    struct ambit_handle dial;

    ambit_assert(ambit_capability("dial", &dial) == STATUS_OK);
    make_many("10", 3, 512);
    ambit_report_instructions("call-10", call_ticks(dial));
    make_many("663", 4, 11264);
    make_many("663", 4, 11264);
    make_many("664", 4, 11264);
    ambit_report_instructions("call-2000", call_ticks(dial));
    return 0;
}
