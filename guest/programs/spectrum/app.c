/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The app: owns what the children try to reach, and tries to reach what is
 * theirs. Its argument is the number of children.
 */
#include "protocol.h"
#include <ambit/ambit.h>

/* All that the app keeps while it serves. On its stack: the children that
 * share its memory would share a static variable too. */
struct app {
    struct ambit_handle turn, work, pool;
    uint64_t *marked; /* in its heap */
    uint64_t mark;
    char child[NAME_WORDS * sizeof(uint64_t)]; /* whose session it is */
    bool bit;                  /* of this round: 1, a frame is held */
    struct ambit_handle frame; /* when bit is set */
    uint32_t hits;
};

static void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

static void set_up(struct app *app)
{
    must(ambit_capability("turn", &app->turn));
    must(ambit_capability("work", &app->work));
    must(ambit_capability("pool", &app->pool));
    app->marked = ambit_malloc(sizeof *app->marked);
    ambit_assert(app->marked != 0);
    app->mark = ambit_random();
    *app->marked = app->mark;
}

/* Reads and writes back the lowest word of the child's stack, which no child
 * comes near. */
static void probe_stack(const struct app *app)
{
    char name[40];
    uint64_t base, bytes, value = 0;
    struct ambit_fault fault;

    ambit_snprintf(name, sizeof name, "%s.stack", app->child);
    must(ambit_locate(name, &base, &bytes));
    bool read = ambit_try_read(base, &value, &fault);
    bool written = ambit_try_write(base, value, &fault);
    ambit_report_about(app->child, "own stack from app",
                       access_text(read, written));
}

/* One bit of the secret: a frame taken from the pool, or none. */
static void begin_round(struct app *app)
{
    uint64_t number;

    app->bit = (ambit_random() >> 32 & 1) != 0;
    if (app->bit) {
        must(ambit_allocate(app->pool, &app->frame, &number));
    }
}

static void end_round(struct app *app, bool guess)
{
    app->hits += guess == app->bit;
    if (app->bit) {
        must(ambit_delete(app->frame));
        app->bit = false;
    }
}

/* 64 fair coins: all but 1 run in 500 lie within 32 +- 12. */
static void report_hits(const struct app *app)
{
    char text[32];
    bool chance = app->hits >= 20 && app->hits <= 44;

    ambit_snprintf(text, sizeof text, "%u%s", app->hits,
                   chance ? " (chance)" : "");
    ambit_report_about(app->child, "allocator leak /64", text);
}

static void serve(struct app *app, const struct ambit_message *message)
{
    switch ((enum work)message->words[0]) {
    case WORK_PROBE_STACK:
        probe_stack(app);
        break;
    case WORK_ROUND:
        begin_round(app);
        break;
    case WORK_GUESS:
        end_round(app, message->words[1] != 0);
        break;
    case WORK_SCORE:
        report_hits(app);
        break;
    case WORK_ECHO:
    case WORK_DONE:
        break;
    }
}

/* Lets one child in and serves it until it is done. */
static void session(struct app *app)
{
    struct ambit_message message = {0};

    must(ambit_receive(app->turn, &message));
    memcpy(app->child, message.words, sizeof app->child);
    app->child[sizeof app->child - 1] = '\0';
    app->hits = 0;
    message.words[0] = (uint64_t)app->marked;
    message.words[1] = app->mark;
    must(ambit_reply(&message));

    must(ambit_receive(app->work, &message));
    while (message.words[0] != WORK_DONE) {
        serve(app, &message);
        must(ambit_reply_receive(app->work, &message));
    }
    ambit_assert(*app->marked == app->mark);
    must(ambit_reply(&message));
}

AMBIT_ENTRY(app_main)
{
    struct app app = {0};
    uint64_t children = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &children));
    set_up(&app);
    for (uint64_t i = 0; i < children; i++) {
        session(&app);
    }
    ambit_free(app.marked);
    return 0;
}
