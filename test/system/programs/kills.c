/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ten domains of four kinds call one another, send capabilities along, signal,
 * and make things; their creator kills one at random, again and again, wherever
 * it stands. In between all ten go: then everything is as it was.
 */
#include "tools.h"

#define WORKERS 10u
#define ROUND 500u /* kills between two times that all go */

/* What a worker finds under these names. */
static const char *const lines[WORKERS] = {"l0", "l1", "l2", "l3", "l4",
                                           "l5", "l6", "l7", "l8", "l9"};

/* ---- a worker ---- */

struct worker {
    uint32_t self;
    uint64_t random; /* a domain's own begins alike in each life */
    struct ambit_handle line[WORKERS], bell;
};

/* Nobody keeps what came along: tables are small, lives are many. It may have
 * gone with whoever sent it. */
static void forget(struct ambit_handle handle)
{
    enum status status = handle.bits ? ambit_delete(handle) : STATUS_OK;

    ambit_assert(status == STATUS_OK || status == STATUS_INVALID_HANDLE ||
                 status == STATUS_STALE_HANDLE);
}

/* xorshift64 */
static uint64_t choose(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void calls(const struct worker *w, uint64_t choice)
{
    struct ambit_handle line = w->line[choice % WORKERS];
    struct ambit_message message = {.words = {w->self, choice}};
    struct ambit_gift gift = {0};
    enum status status;

    if (choice & 0x1000) {
        gift = ambit_copy_of(w->line[choice / WORKERS % WORKERS], AMBIT_WRITE);
    }
    status = ambit_call_with(line, &message, gift);
    if (status == STATUS_OK) {
        ambit_assert(message.words[0] == choice % WORKERS &&
                     message.words[1] == choice + 1);
        forget(message.capability);
        ambit_assert(ambit_signal(w->bell, 1u << w->self) == STATUS_OK);
        return;
    }
    ambit_assert(status == STATUS_CLOSED || status == STATUS_WOULD_DEADLOCK ||
                 status == STATUS_NO_SLOT || status == STATUS_REVOKING ||
                 status == STATUS_INVALID_HANDLE ||
                 status == STATUS_STALE_HANDLE);
}

/* The badge says who calls, and so does the first word. */
static void serves(const struct worker *w)
{
    struct ambit_message message = {0};
    enum status status = ambit_receive(w->line[w->self], &message);

    if (status == STATUS_CLOSED) {
        return;
    }
    ambit_assert(status == STATUS_OK);
    ambit_assert(message.badge == message.words[0] + 1);
    forget(message.capability);
    message.words[0] = w->self;
    message.words[1]++;
    status = ambit_reply(&message);
    ambit_assert(status == STATUS_OK || status == STATUS_CLOSED);
}

/* What it makes lies with it, and goes with it. */
static void makes(uint64_t choice)
{
    struct ambit_handle handle;
    struct ambit_info info;
    enum status status;

    if (ambit_capability("quota", &handle) != STATUS_OK ||
        ambit_inspect(handle, &info) != STATUS_OK || info.second > 128) {
        return; /* its creator's own: nothing of that goes with it */
    }
    status = choice & 1 ? ambit_endpoint_create(&handle)
                        : ambit_notification_create(&handle);
    ambit_assert(status == STATUS_OK || status == STATUS_NO_SLOT ||
                 status == STATUS_NO_QUOTA);
}

AMBIT_ENTRY(kills_worker_main)
{
    struct worker w = {.self = (uint32_t)number(argv[1]),
                       .random = number(argv[2]),
                       .bell = held("bell")};

    for (uint32_t i = 0; i < WORKERS; i++) {
        w.line[i] = held(lines[i]);
    }
    for (;;) {
        uint64_t choice = choose(&w.random) >> 16;

        switch (choice >> 32 & 7) {
        case 0:
        case 1:
        case 2:
            calls(&w, choice & 0xffff);
            break;
        case 3:
            makes(choice);
            break;
        case 4:
            ambit_yield();
            break;
        default:
            serves(&w);
            break;
        }
    }
    return 0;
}

/* ---- their creator ---- */

struct kills {
    struct ambit_handle line[WORKERS], bell, worker[WORKERS];
    bool lives[WORKERS];
    uint64_t rung[WORKERS];
};

static uint64_t first_of(const char *name)
{
    struct ambit_info info;

    must(ambit_inspect(held(name), &info));
    return info.first;
}

/* 0 to 3 processes, then TISes, threads, and processes under a ceiling. */
static void shape(struct ambit_domain_spec *spec, uint32_t i)
{
    bool process = i < 4 || i >= 8;

    spec->degree.files = AMBIT_NONE;
    spec->degree.cpu = AMBIT_NEW;
    if (process) {
        spec->degree.space = AMBIT_NEW;
        spec->degree.caps = AMBIT_NEW;
        spec->degree.quota = i < 4 ? AMBIT_NEW : AMBIT_PART;
        spec->quota_pages = 64;
    } else if (i < 6) {
        spec->degree.space = AMBIT_PART;
        spec->keep_all = 1;
    }
}

static void make(struct kills *k, uint32_t i)
{
    struct ambit_hold holds[WORKERS + 1] = {0};
    char arguments[] = {(char)('0' + i), 0, '1', 0, 0, 0, 0, 0, 0, 0};
    struct ambit_domain_spec spec = {.name = lines[i],
                                     .entry = kills_worker_main,
                                     .start = 1,
                                     .args = arguments,
                                     .args_bytes = sizeof arguments,
                                     .argc = 2,
                                     .holds = holds,
                                     .hold_count = WORKERS + 1};
    struct ambit_refusal why = {0};
    enum status status;

    shape(&spec, i);
    for (uint32_t n = 3; n < sizeof arguments - 1; n++) {
        arguments[n] = (char)('0' + (ambit_random() >> 32) % 10);
    }
    for (uint32_t n = 0; n < WORKERS; n++) {
        holds[n] = (struct ambit_hold){
            .name = lines[n],
            .handle = k->line[n],
            .badge = n == i ? 0 : i + 1,
            .rights = n == i ? AMBIT_WRITE | AMBIT_USE : AMBIT_WRITE};
    }
    holds[WORKERS] = (struct ambit_hold){
        .name = "bell", .handle = k->bell, .rights = AMBIT_WRITE};
    status = ambit_domain_create(&spec, &k->worker[i], &why);
    if (status != STATUS_OK) {
        ambit_refusal_print(status, &why);
        ambit_exit(2);
    }
    k->lives[i] = true;
}

static void kill(struct kills *k, uint32_t i)
{
    enum status status;

    must(ambit_domain_destroy(k->worker[i]));
    status = ambit_domain_start(k->worker[i]);
    ambit_assert(status == STATUS_INVALID_HANDLE ||
                 status == STATUS_STALE_HANDLE); /* a thread took its place */
    k->lives[i] = false;
}

static void hear(struct kills *k)
{
    uint64_t word = 0;

    must(ambit_poll(k->bell, &word));
    for (uint32_t i = 0; i < WORKERS; i++) {
        k->rung[i] += word >> i & 1;
    }
}

/* A round: all are made, some killed and made again, all go. */
static void round_of(struct kills *k, uint32_t count)
{
    uint64_t random;

    for (uint32_t i = 0; i < WORKERS; i++) {
        make(k, i);
    }
    while (count-- != 0) {
        random = ambit_random() >> 8;
        for (uint64_t turns = random >> 32 & 7; turns != 0; turns--) {
            ambit_yield();
        }
        hear(k);
        kill(k, (uint32_t)(random % WORKERS));
        make(k, (uint32_t)(random % WORKERS));
    }
    for (uint32_t i = 0; i < WORKERS; i++) {
        kill(k, i);
    }
}

static void begin(struct kills *k)
{
    for (uint32_t i = 0; i < WORKERS; i++) {
        must(ambit_endpoint_create(&k->line[i]));
    }
    must(ambit_notification_create(&k->bell));
    round_of(k, 20); /* what stays from the first time on: page directories */
}

static void end(struct kills *k)
{
    for (uint32_t i = 0; i < WORKERS; i++) {
        must(ambit_delete(k->line[i]));
    }
    must(ambit_delete(k->bell));
}

static void everything_is_back(uint64_t pages, uint64_t charged)
{
    if (first_of("pool") != pages || first_of("quota") != charged) {
        ambit_printf("%lu pages free of %lu, %lu charged of %lu\n",
                     first_of("pool"), pages, first_of("quota"), charged);
        ambit_exit(4);
    }
}

AMBIT_ENTRY(kills_main)
{
    uint64_t wanted = number(argv[1]), killed = 0, pages, charged, rung = 0;
    struct kills k = {0};

    begin(&k);
    pages = first_of("pool");
    charged = first_of("quota");
    while (killed < wanted) {
        uint64_t left = wanted - killed;
        uint32_t count = left < ROUND ? (uint32_t)left : ROUND;

        round_of(&k, count);
        killed += count;
        everything_is_back(pages, charged);
    }
    for (uint32_t i = 0; i < WORKERS; i++) {
        ambit_assert(k.rung[i] != 0); /* each has been answered */
        rung += k.rung[i];
    }
    ambit_printf("%lu killed, %lu bells heard\n", killed, rung);
    end(&k);
    return 0;
}
