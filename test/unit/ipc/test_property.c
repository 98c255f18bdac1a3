/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random operations against the shadow. After every one: the invariants hold,
 * and the core says the same as the shadow. Reproducible by its seed.
 */
#include "model.h"

#define STEPS 60000u

enum operation { CALL, RECEIVE, REPLY, LEAVE, CLOSE, CANCEL, OPERATIONS };

struct run {
    struct model model;
    uint64_t random;
    uint32_t domains;
    uint32_t seen[OPERATIONS][STATUS_COUNT];
    uint32_t woken[OPERATIONS];
};

/* splitmix64 */
static uint64_t next(struct run *r)
{
    uint64_t z = r->random += 0x9e3779b97f4a7c15ull;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

static uint32_t below(struct run *r, uint32_t bound)
{
    return (uint32_t)(next(r) % bound);
}

/* A domain that can act, or NOBODY. */
static int some_idle(struct run *r)
{
    uint32_t start = below(r, r->domains);

    for (uint32_t i = 0; i < r->domains; i++) {
        uint32_t domain = (start + i) % r->domains;
        if (r->model.domain[domain].state == IPC_IDLE) {
            return (int)domain;
        }
    }
    return NOBODY;
}

static void act(struct run *r, enum operation operation, int domain)
{
    struct model *m = &r->model;
    struct world *w = m->w;
    int endpoint = (int)below(r, WORLD_ENDPOINTS);
    uint64_t seed = next(r) | 1;
    struct ipc_outcome outcome = {.block = true, .wake = 77};
    enum status want;
    enum status status;

    w->outcome = outcome;
    world_save(w);
    if (operation == CALL) {
        want = model_call(m, domain, endpoint, seed, &outcome);
        status = do_call(w, (uint32_t)domain, (uint32_t)endpoint, seed);
    } else if (operation == RECEIVE) {
        want = model_receive(m, domain, endpoint, &outcome);
        status = do_receive(w, (uint32_t)domain, (uint32_t)endpoint);
    } else {
        want = model_reply(m, domain, seed, &outcome);
        status = do_reply(w, (uint32_t)domain, seed);
    }
    expect(status == want);
    expect(status == STATUS_OK || status == STATUS_CLOSED || world_same(w));
    expect(w->outcome.block == outcome.block);
    expect(w->outcome.wake == outcome.wake);
    r->seen[operation][want]++;
    r->woken[operation] += want == STATUS_OK && outcome.wake != IPC_NONE;
}

/* Until nobody is left to wake. */
static void end(struct run *r, enum operation operation)
{
    struct model *m = &r->model;
    uint32_t subject =
        below(r, operation == LEAVE ? r->domains : WORLD_ENDPOINTS);
    struct ipc_outcome outcome;

    for (uint32_t calls = 0;; calls++) {
        expect(calls <= WORLD_PARTIES);
        if (operation == LEAVE) {
            model_leave(m, (int)subject, &outcome);
            ipc_leave(&m->w->ipc, subject, &m->w->outcome);
        } else {
            model_close(m, (int)subject, &outcome);
            ipc_close(&m->w->ipc, &m->w->endpoint[subject], &m->w->outcome);
        }
        expect(m->w->outcome.block == outcome.block);
        expect(m->w->outcome.wake == outcome.wake);
        if (outcome.wake == IPC_NONE) {
            break;
        }
        r->woken[operation]++;
    }
    if (operation == CLOSE) {
        ipc_endpoint_init(&m->w->endpoint[subject]);
        model_renew(m, (int)subject);
    }
    r->seen[operation][STATUS_OK]++;
}

static void cancel(struct run *r)
{
    struct model *m = &r->model;
    uint32_t domain = below(r, r->domains);
    struct ipc_outcome outcome;

    model_cancel(m, (int)domain, &outcome);
    ipc_cancel(&m->w->ipc, domain, STATUS_CLOSED, &m->w->outcome);
    expect(m->w->outcome.block == outcome.block);
    expect(m->w->outcome.wake == outcome.wake);
    r->woken[CANCEL] += outcome.wake != IPC_NONE;
    r->seen[CANCEL][STATUS_OK]++;
}

static void step(struct run *r)
{
    uint32_t dice = below(r, 1000);
    int domain = some_idle(r);

    /* With nobody left to act, someone has to go. */
    if (domain == NOBODY || dice < 15) {
        end(r, LEAVE);
    } else if (dice < 20) {
        end(r, CLOSE);
    } else if (dice < 30) {
        cancel(r);
    } else if (r->model.domain[domain].owes != NOBODY && dice < 500) {
        act(r, REPLY, domain);
    } else if (dice < 540) {
        act(r, REPLY, domain);
    } else {
        act(r, dice < 780 ? CALL : RECEIVE, domain);
    }
}

/* Every status that the header names came up, or the run proves little. */
static void all_seen(const struct run *r)
{
    static const struct {
        enum operation operation;
        enum status status;
    } expected[] = {
        {CALL, STATUS_OK},      {CALL, STATUS_WOULD_DEADLOCK},
        {RECEIVE, STATUS_OK},   {RECEIVE, STATUS_BUSY},
        {REPLY, STATUS_OK},     {REPLY, STATUS_NOT_FOUND},
        {REPLY, STATUS_CLOSED}, {LEAVE, STATUS_OK},
        {CLOSE, STATUS_OK},     {CANCEL, STATUS_OK},
    };

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        if (r->seen[expected[i].operation][expected[i].status] < 20) {
            ck_abort_msg("operation %d hardly ever said %d",
                         expected[i].operation, expected[i].status);
        }
    }
    expect(r->woken[CALL] > 20 && r->woken[REPLY] > 20);
    expect(r->woken[LEAVE] > 20 && r->woken[CLOSE] > 20);
    expect(r->woken[CANCEL] > 20);
}

START_TEST(random_operations)
{
    static const uint32_t domains[] = {3, 5, 8, 8, 16, WORLD_PARTIES};
    static struct run run;

    memset(&run, 0, sizeof(run));
    run.random = (uint64_t)_i * 1000003;
    run.domains = domains[_i];
    model_new(&run.model, world_new());
    for (uint32_t i = 0; i < STEPS; i++) {
        step(&run);
        const char *broken = world_check(run.model.w);
        if (broken != NULL) {
            ck_abort_msg("seed %d step %u: %s", _i, i, broken);
        }
        model_compare(&run.model);
    }
    all_seen(&run);
}
END_TEST

TCase *case_property(void)
{
    TCase *c = tcase_create("property");

    tcase_set_timeout(c, 240);
    tcase_add_loop_test(c, random_operations, 0, 6);
    return c;
}
