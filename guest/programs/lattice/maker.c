/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The maker: a parent that composes the points itself, one after the other, out
 * of what it holds. What the validator refuses must be refused by the same
 * class, for the same reason; what it allows must isolate what was predicted;
 * and nothing may stay behind, either way. Its file `points` says what to do.
 * With the argument `leak` it keeps a frame, as a control.
 */
#include "lattice.h"

#include <abi/refusals.h>

#define PAGES_QUOTA 128u
#define PAGES_POOL 192u
#define SLOTS_CHILD 322u
#define CHUNK 512u /* records read at a time */
#define LINES_MAX 20u

/* What must be as before after each point. */
struct balance {
    uint64_t charged, free, slot;
};

struct maker {
    struct ambit_handle clerk, handler, heap, pool, quota, mark;
    uint64_t last; /* handle of the clerk's file */
    struct balance before;
    uint32_t refused, tried, wrong, leaks;
    bool leaky;
};

static const char letters[] = {
#define LETTER(id, letter, text) letter,
    LATTICE_FINDING_LIST(LETTER)
#undef LETTER
};

/* The heap grows for good, and is charged here: it does not count. */
static struct balance balance(const struct maker *m)
{
    struct ambit_info pool, quota;
    struct ambit_handle probe;
    uint64_t bytes, pages;

    must(ambit_inspect(m->pool, &pool));
    must(ambit_inspect(m->quota, &quota));
    must(ambit_grow(m->heap, 0, &bytes));
    must(ambit_derive(m->mark, AMBIT_READ, &probe));
    must(ambit_delete(probe));
    pages = bytes / ABI_PAGE_SIZE;
    pages += (pages + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES;
    return (struct balance){quota.first - pages, pool.first + pages,
                            probe.bits & 0xffffff};
}

static void check_balance(struct maker *m, uint32_t point)
{
    struct balance now = balance(m);

    if (now.charged == m->before.charged && now.free == m->before.free &&
        now.slot == m->before.slot) {
        return;
    }
    if (m->leaks++ < LINES_MAX) {
        ambit_printf("L %u %lu %lu %lu\n", point,
                     (unsigned long)(now.charged - m->before.charged),
                     (unsigned long)(m->before.free - now.free),
                     (unsigned long)now.slot);
    }
    m->before = now;
}

static enum status create(const struct maker *m, uint32_t point,
                          const struct lattice_record *record,
                          int (*entry)(int, char **), struct ambit_handle *out,
                          struct ambit_refusal *why)
{
    const struct ambit_hold hold = {
        .name = "clerk", .handle = m->clerk, .rights = AMBIT_WRITE};
    uint8_t degree[7];
    char last[24];
    struct ambit_domain_spec spec = {
        .name = "c0",
        .entry = entry,
        .keep_all = 1,
        .stack_pages = CHILD_STACK,
        .heap_pages = 16,
        .quota_pages = PAGES_QUOTA,
        .pool_pages = PAGES_POOL,
        .caps_slots = SLOTS_CHILD,
        .files_slots = 46,
        .args = last,
        .argc = 1,
        .holds = &hold,
    };

    for (uint32_t i = 7; i-- > 0; point >>= 2) {
        degree[i] = point & 3;
    }
    memcpy(&spec.degree, degree, sizeof degree);
    ambit_snprintf(last, sizeof last, "%lu", (unsigned long)m->last);
    spec.args_bytes = (uint32_t)strlen(last) + 1;
    spec.hold_count =
        spec.degree.caps != AMBIT_NONE && record->ask == LATTICE_TRY;
    spec.on_fault =
        record->ask == LATTICE_TRY && record->faults != LATTICE_IS_NOBODY ? 2
                                                                          : 0;
    return ambit_domain_create(&spec, out, why);
}

static void refuse(struct maker *m, uint32_t point,
                   const struct lattice_record *record)
{
    struct ambit_refusal why = {7, 0};
    struct ambit_handle domain;
    enum status status = create(m, point, record, fault_main, &domain, &why);

    m->refused++;
    if (status != record->status || why.pd_class != record->pd_class ||
        why.refusal != record->refusal) {
        m->wrong++;
        ambit_printf("R %u %u %u %u\n", point, status, why.pd_class,
                     why.refusal);
        if (status == STATUS_OK) {
            must(ambit_domain_destroy(domain));
        }
    }
}

/* Makes a child that does one thing, and tells how it ended. */
static enum status live(struct maker *m, uint32_t point,
                        const struct lattice_record *record,
                        int (*entry)(int, char **), struct ambit_handle *domain)
{
    struct ambit_refusal why = {7, 0};
    enum status status = create(m, point, record, entry, domain, &why);

    if (status != STATUS_OK) {
        ambit_printf("N %u %u %u %u\n", point, status, why.pd_class,
                     why.refusal);
    }
    return status;
}

static int32_t run(struct ambit_handle domain, struct ambit_outcome *outcome)
{
    must(ambit_domain_start(domain));
    must(ambit_wait(domain, outcome));
    return outcome->kind == OUTCOME_EXIT ? outcome->code : -1;
}

static void unpack(uint64_t code, char *text)
{
    for (uint32_t i = LATTICE_PROBES; i-- > 0;) {
        if (i != LATTICE_CHILD_STACK && i != LATTICE_FAULTS) {
            text[i] = (code & 15) < LATTICE_FINDINGS ? letters[code & 15] : '?';
            code >>= 4;
        }
    }
}

static void try_reach(struct maker *m, uint32_t point,
                      const struct lattice_record *record, char *text)
{
    struct ambit_handle domain;
    struct ambit_outcome outcome;
    enum status status;
    int32_t code;

    ask(m->clerk, WORK_CLOSE, 0, 0);
    m->last += 1ull << 32; /* what it will be when it is opened again */
    status = live(m, point, record, late_main, &domain);
    ambit_assert(ask(m->clerk, WORK_REOPEN, 0, 0) == m->last);
    if (status != STATUS_OK) {
        return;
    }
    code = run(domain, &outcome);
    if (code >= 0) {
        unpack((uint64_t)code, text);
    }
    must(ambit_domain_destroy(domain));
}

static void try_stack(struct maker *m, uint32_t point,
                      const struct lattice_record *record, char *text)
{
    struct ambit_handle domain;
    struct ambit_outcome outcome;
    uint64_t value = 0;
    int32_t granule;

    if (live(m, point, record, where_main, &domain) != STATUS_OK) {
        return;
    }
    granule = run(domain, &outcome);
    if (granule > 0) {
        text[LATTICE_CHILD_STACK] =
            letters[try_word(stack_low((uint64_t)granule), &value)];
    }
    must(ambit_domain_destroy(domain));
}

/* A fault that comes here is let go on; one that goes on without was handled by
 * whoever handles this domain's. */
static void try_fault(struct maker *m, uint32_t point,
                      const struct lattice_record *record, char *text)
{
    enum lattice_finding found = LATTICE_IS_ABOVE;
    struct ambit_outcome outcome;
    struct syscall_fault fault;
    struct ambit_handle domain;

    if (live(m, point, record, fault_main, &domain) != STATUS_OK) {
        return;
    }
    must(ambit_domain_start(domain));
    if (record->faults == LATTICE_IS_PARENT) {
        must(ambit_fault_wait(m->handler, &fault));
        must(ambit_fault_resume(m->handler, fault.domain, AMBIT_RESUME_SKIP));
        found = LATTICE_IS_PARENT;
    }
    must(ambit_wait(domain, &outcome));
    if (outcome.kind == OUTCOME_FAULT) {
        found = LATTICE_IS_NOBODY;
    }
    text[LATTICE_FAULTS] = letters[found];
    must(ambit_domain_destroy(domain));
}

static void try_point(struct maker *m, uint32_t point,
                      const struct lattice_record *record)
{
    char text[LATTICE_PROBES + 1] = {0};

    memset(text, '?', LATTICE_PROBES);
    try_reach(m, point, record, text);
    try_stack(m, point, record, text);
    try_fault(m, point, record, text);
    m->tried++;
    ambit_printf("P %u %s\n", point, text);
}

static void leak(struct maker *m)
{
    struct ambit_handle frame;
    uint64_t number;

    must(ambit_allocate(m->pool, &frame, &number));
}

static void work(struct maker *m)
{
    struct lattice_record records[CHUNK];
    struct ambit_handle file;
    uint32_t point = 0;
    size_t got = 0;

    must(ambit_open(held("files"), "points", &file));
    m->before = balance(m);
    do {
        must(ambit_read(file, point * sizeof *records, records, sizeof records,
                        &got));
        for (uint32_t i = 0; i < got / sizeof *records; i++, point++) {
            if (records[i].ask == LATTICE_SKIP) {
                continue;
            }
            if (records[i].ask == LATTICE_REFUSE) {
                refuse(m, point, &records[i]);
            } else {
                try_point(m, point, &records[i]);
            }
            if (m->leaky) {
                leak(m);
            }
            check_balance(m, point);
        }
    } while (got == sizeof records);
    must(ambit_delete(file));
}

/* As each point leaves it: the lowest free slot is that of a domain that was
 * made while the clerk had closed what it opens, and is gone. */
static void set_up(struct maker *m)
{
    struct ambit_handle place;

    ask(m->clerk, WORK_REOPEN, 0, 0); /* and the clerk has set up */
    ask(m->clerk, WORK_CLOSE, 0, 0);
    must(ambit_derive(m->mark, AMBIT_READ, &place));
    m->last = ask(m->clerk, WORK_REOPEN, 0, 0);
    must(ambit_delete(place));
}

AMBIT_ENTRY(maker_main)
{
    struct maker m = {
        .clerk = held("clerk"),
        .handler = held("handler"),
        .heap = held("heap"),
        .pool = held("pool"),
        .quota = held("quota"),
        .mark = held("mark"),
    };

    set_up(&m);
    m.leaky = argc == 2 && strcmp(argv[1], "leak") == 0;
    work(&m);
    ambit_printf("done: %u refused, %u tried, %u wrong, %u leaks\n", m.refused,
                 m.tried, m.wrong, m.leaks);
    ask(m.clerk, WORK_DONE, 0, 0);
    (void)*(volatile uint64_t *)KEEPER_QUIT;
    return 0;
}
