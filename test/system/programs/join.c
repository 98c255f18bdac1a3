/* SPDX-License-Identifier: Apache-2.0 */
/* A life in two calls: made and started; waited for and destroyed. */
#include <ambit/ambit.h>
#include <ambit/syscall.h>

static volatile uint64_t ran;

static void must(const char *what, enum status got, enum status wanted)
{
    if (got != wanted) {
        ambit_printf("%s: %s; wanted: %s\n", what, ambit_status_text(got),
                     ambit_status_text(wanted));
        ambit_exit(1);
    }
}

static uint64_t first_of(const char *name)
{
    struct ambit_handle handle;
    struct ambit_info info;

    must(name, ambit_capability(name, &handle), STATUS_OK);
    must(name, ambit_inspect(handle, &info), STATUS_OK);
    return info.first;
}

AMBIT_ENTRY(joined_main)
{
    ran++;
    return 40 + (int)ran;
}

/* Makes one of its own, which it leaves behind. */
AMBIT_ENTRY(leaves_main)
{
    struct ambit_domain_spec spec = {
        .name = "left", .entry = joined_main, .degree = {.cpu = AMBIT_NEW}};
    struct ambit_handle made;

    return ambit_domain_create(&spec, &made, NULL) == STATUS_OK ? 9 : 1;
}

static struct ambit_handle started(int (*entry)(int argc, char **argv))
{
    struct ambit_domain_spec spec = {.name = "joined",
                                     .entry = entry,
                                     .degree = {.cpu = AMBIT_NEW},
                                     .start = 1};
    struct ambit_handle handle = {0};

    must("create", ambit_domain_create(&spec, &handle, NULL), STATUS_OK);
    return handle;
}

static void join(struct ambit_handle domain, enum status wanted, int32_t code)
{
    struct ambit_outcome outcome = {0};

    must("join", ambit_domain_join(domain, &outcome), wanted);
    if (outcome.kind != OUTCOME_EXIT || outcome.code != code) {
        ambit_printf("ended: %u, %d\n", outcome.kind, outcome.code);
        ambit_exit(2);
    }
}

/* A copy of the handle without write may wait, and no more. */
static void reader_joins(void)
{
    struct ambit_handle domain = started(joined_main), reader;
    struct ambit_outcome outcome;

    must("derive", ambit_derive(domain, AMBIT_READ, &reader), STATUS_OK);
    must("a reader's join", ambit_domain_join(reader, &outcome),
         STATUS_NO_RIGHTS);
    must("a reader's wait", ambit_wait(reader, &outcome), STATUS_OK);
    join(domain, STATUS_OK, 42);
    must("gone", ambit_wait(domain, &outcome), STATUS_INVALID_HANDLE);
}

static void unknown_flags(void)
{
    struct ambit_handle domain = started(joined_main);
    struct ambit_registers io = {.rdi = domain.bits, .rsi = 2};
    struct syscall_domain in = {.bytes = sizeof(in), .flags = 4};

    must("flags of wait", ambit_syscall(SYSCALL_WAIT, &io),
         STATUS_INVALID_ARGUMENT);
    join(domain, STATUS_OK, 43);
    io = (struct ambit_registers){.rdi = (uint64_t)&in};
    must("flags of create", ambit_syscall(SYSCALL_DOMAIN_CREATE, &io),
         STATUS_INVALID_ARGUMENT);
}

/* What has a domain of its own cannot be destroyed; how it ended is told. */
static void parent_stays(void)
{
    struct ambit_handle domain = started(leaves_main);
    struct ambit_outcome outcome;

    join(domain, STATUS_BUSY, 9);
    must("still there", ambit_wait(domain, &outcome), STATUS_OK);
}

/* Deletes what it was given, and keeps what it derived from it. */
AMBIT_ENTRY(heirs_main)
{
    struct ambit_handle quota, heir;

    must("quota", ambit_capability("quota", &quota), STATUS_OK);
    must("derive", ambit_derive(quota, AMBIT_READ, &heir), STATUS_OK);
    must("delete", ambit_delete(quota), STATUS_OK);
    return 7;
}

/* In the table it shares, and in one of its own. */
static void heirs_go(uint8_t caps)
{
    struct ambit_domain_spec spec = {.name = "heirs",
                                     .entry = heirs_main,
                                     .degree = {.cpu = AMBIT_NEW, .caps = caps},
                                     .start = 1};
    struct ambit_handle domain;

    must("create", ambit_domain_create(&spec, &domain, NULL), STATUS_OK);
    join(domain, STATUS_OK, 7);
}

/* By what was derived from a handle that is deleted. */
static void heir_joins(void)
{
    struct ambit_handle domain = started(joined_main), heir, other;
    struct ambit_outcome outcome;

    must("derive", ambit_derive(domain, AMBIT_READ | AMBIT_WRITE, &heir),
         STATUS_OK);
    must("derive", ambit_derive(domain, AMBIT_READ, &other), STATUS_OK);
    must("delete", ambit_delete(domain), STATUS_OK);
    join(heir, STATUS_OK, 44);
    must("gone", ambit_wait(other, &outcome), STATUS_INVALID_HANDLE);
}

AMBIT_ENTRY(range_keeper_main)
{
    return 5;
}

/* More lives than the table has slots: what they keep goes with them. */
static void kept_goes(uint8_t caps)
{
    struct ambit_handle range, attached, domain;
    uint64_t keeps[2] = {KEEP_IMAGE};
    struct ambit_domain_spec spec = {
        .name = "keeper",
        .entry = range_keeper_main,
        .degree = {.cpu = AMBIT_NEW, .space = AMBIT_PART, .caps = caps},
        .keeps = keeps,
        .keep_count = 2,
        .start = 1};

    must("range", ambit_range_create(1, AMBIT_READ | AMBIT_WRITE, &range),
         STATUS_OK);
    must("attach", ambit_attach(range, AMBIT_READ, &attached), STATUS_OK);
    keeps[1] = range.bits;
    for (uint32_t i = 0; i < 300; i++) {
        must("create", ambit_domain_create(&spec, &domain, NULL), STATUS_OK);
        join(domain, STATUS_OK, 5);
    }
    must("revoke", ambit_revoke(range), STATUS_OK);
    must("delete", ambit_delete(range), STATUS_OK);
}

AMBIT_ENTRY(join_main)
{
    uint64_t pages = first_of("pool"), used = first_of("quota");

    join(started(joined_main), STATUS_OK, 41);
    reader_joins();
    unknown_flags();
    heir_joins();
    heirs_go(AMBIT_SAME);
    heirs_go(AMBIT_NEW);
    kept_goes(AMBIT_SAME);
    kept_goes(AMBIT_NONE);
    ambit_assert(ran == 4);
    ambit_assert(first_of("pool") == pages && first_of("quota") == used);
    parent_stays();
    return 0;
}
