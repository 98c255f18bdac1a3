/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cells of file, directory, endpoint, notification and time. Needs a tree with
 * a.txt and hello.elf, and a time `slow`.
 */
#include "matrix.h"

#include <ambit/create.h>

#define ALL_SLOTS 64u
#define BITS 6u

static struct {
    struct ambit_handle made, out, child;
    volatile uint64_t served, answered; /* counted by threads */
} at;

static void made_drop(void)
{
    matrix_must("delete", ambit_delete(at.made));
}

static void out_drop(void)
{
    matrix_must("delete", ambit_delete(at.out));
}

/* ---- directories and files ---- */

static struct ambit_handle files(void)
{
    return matrix_held("files");
}

/* Slots that are free in the files table, which the counts do not show. */
static uint64_t files_free(void)
{
    struct ambit_handle taken[ALL_SLOTS];
    uint64_t count = 0;

    while (count < ALL_SLOTS &&
           ambit_derive(files(), AMBIT_READ, &taken[count]) == STATUS_OK) {
        count++;
    }
    for (uint64_t i = count; i > 0; i--) {
        matrix_must("delete", ambit_delete(taken[i - 1]));
    }
    return count;
}

static enum status list(struct ambit_handle handle)
{
    struct ambit_entry entry;

    return ambit_list(handle, 0, &entry);
}

static enum status walk(struct ambit_handle handle)
{
    return ambit_open(handle, "a.txt", &at.out);
}

static enum status open_read(struct ambit_handle handle)
{
    return ambit_open_with(handle, "a.txt", AMBIT_READ, 0, &at.out);
}

static enum status open_exec(struct ambit_handle handle)
{
    return ambit_open_with(handle, "hello.elf", AMBIT_EXEC, 0, &at.out);
}

static struct ambit_handle program_make(void)
{
    matrix_must("open", ambit_open(files(), "hello.elf", &at.made));
    return at.made;
}

static enum status file_read(struct ambit_handle handle)
{
    char byte;
    size_t got;

    return ambit_read(handle, 0, &byte, 1, &got);
}

static enum status tell(struct ambit_handle handle)
{
    struct ambit_info info = {0};
    enum status status = ambit_inspect(handle, &info);

    matrix_told = info.first | info.second;
    return status;
}

static enum status file_run(struct ambit_handle handle)
{
    const struct ambit_domain_spec spec = {
        .name = "child",
        .program = handle,
        .degree = {.cpu = AMBIT_NEW, .space = AMBIT_NEW},
    };

    return ambit_domain_create(&spec, &at.child, 0);
}

static void child_drop(void)
{
    matrix_must("destroy", ambit_domain_destroy(at.child));
}

/* ---- endpoints: a thread of this one on the other side ---- */

AMBIT_ENTRY(server_main)
{
    struct ambit_message message;

    matrix_must("receive", ambit_receive(at.made, &message));
    for (;;) {
        at.served++;
        matrix_must("next", ambit_reply_receive(at.made, &message));
    }
}

AMBIT_ENTRY(caller_main)
{
    struct ambit_message message = {.words = {7}};

    matrix_must("call", ambit_call(at.made, &message));
    at.answered += message.words[0];
    return 0;
}

static void thread_start(int (*entry)(int, char **))
{
    const struct ambit_domain_spec spec = {
        .name = "child",
        .entry = entry,
        .degree = {.cpu = AMBIT_NEW},
    };

    matrix_must("make", ambit_domain_create(&spec, &at.child, 0));
    matrix_must("start", ambit_domain_start(at.child));
    for (int i = 0; i < 4; i++) {
        ambit_yield(); /* it waits, now */
    }
}

static struct ambit_handle endpoint_make(void)
{
    matrix_must("endpoint", ambit_endpoint_create(&at.made));
    return at.made;
}

static struct ambit_handle served_make(void)
{
    (void)endpoint_make();
    thread_start(server_main);
    return at.made;
}

static struct ambit_handle called_make(void)
{
    (void)endpoint_make();
    thread_start(caller_main);
    return at.made;
}

static void both_drop(void)
{
    child_drop();
    made_drop();
}

static enum status call(struct ambit_handle handle)
{
    struct ambit_message message = {.words = {1}};

    return ambit_call(handle, &message);
}

static uint64_t served(void)
{
    return at.served;
}

static uint64_t answered(void)
{
    return at.answered;
}

static enum status receive(struct ambit_handle handle)
{
    struct ambit_message message;
    struct ambit_outcome outcome;
    enum status status = ambit_receive(handle, &message);

    if (status == STATUS_OK) {
        matrix_must("reply", ambit_reply(&message));
        matrix_must("wait", ambit_wait(at.child, &outcome));
    }
    return status;
}

static enum status badge(struct ambit_handle handle)
{
    return ambit_badge(handle, AMBIT_WRITE, 5, &at.out);
}

/* ---- notifications ---- */

static struct ambit_handle notification_make(void)
{
    matrix_must("notification", ambit_notification_create(&at.made));
    return at.made;
}

static struct ambit_handle signalled_make(void)
{
    (void)notification_make();
    matrix_must("signal", ambit_signal(at.made, BITS));
    return at.made;
}

/* Its word, which looking takes and has to put back. */
static uint64_t word(void)
{
    uint64_t bits = 0;

    matrix_must("poll", ambit_poll(at.made, &bits));
    if (bits) {
        matrix_must("signal", ambit_signal(at.made, bits));
    }
    return bits;
}

static enum status signal_bits(struct ambit_handle handle)
{
    return ambit_signal(handle, BITS);
}

static enum status take_polling(struct ambit_handle handle)
{
    uint64_t bits;

    return ambit_poll(handle, &bits);
}

static enum status take_waiting(struct ambit_handle handle)
{
    uint64_t bits;

    return ambit_await(handle, &bits);
}

/* ---- times ---- */

static struct ambit_handle time_make(void)
{
    const struct ambit_time as = {.priority = 3};

    matrix_must("time", ambit_time_create(matrix_held("slow"), &as, &at.made));
    return at.made;
}

static uint64_t time_priority(void)
{
    struct ambit_time now;

    matrix_must("query", ambit_time_query(at.made, &now));
    return now.priority;
}

static enum status time_query(struct ambit_handle handle)
{
    struct ambit_time now;

    return ambit_time_query(handle, &now);
}

static enum status time_set(struct ambit_handle handle)
{
    const struct ambit_time to = {.priority = 2};

    return ambit_time_set(handle, &to);
}

static enum status time_create(struct ambit_handle handle)
{
    const struct ambit_time as = {.priority = 1};

    return ambit_time_create(handle, &as, &at.out);
}

static struct ambit_handle time_and_child_make(void)
{
    matrix_must("make", ambit_domain_create(
                            &(struct ambit_domain_spec){
                                .name = "child",
                                .entry = caller_main,
                                .degree = {.cpu = AMBIT_NEW},
                            },
                            &at.child, 0));
    return time_make();
}

static enum status time_bind(struct ambit_handle handle)
{
    return ambit_time_bind(handle, at.child);
}

#define READ AMBIT_READ
#define WRITE AMBIT_WRITE
#define EXEC AMBIT_EXEC
#define USE AMBIT_USE
#define NOT STATUS_NO_RIGHTS

static const struct cell cells[] = {
    {AMBIT_TYPE_DIRECTORY, READ, 0, "list", NOT, files, list, NULL, NULL, NULL},
    {AMBIT_TYPE_DIRECTORY, READ, USE, "open, to read", NOT, files, open_read,
     files_free, out_drop, NULL},
    {AMBIT_TYPE_DIRECTORY, EXEC, USE, "open, to execute", NOT, files, open_exec,
     files_free, out_drop, NULL},
    {AMBIT_TYPE_DIRECTORY, USE, READ, "walk", NOT, files, walk, files_free,
     out_drop, NULL},

    {AMBIT_TYPE_FILE, READ, 0, "read", NOT, program_make, file_read, NULL, NULL,
     made_drop},
    {AMBIT_TYPE_FILE, READ, 0, "inspect: its size", STATUS_OK, program_make,
     tell, NULL, NULL, made_drop},
    {AMBIT_TYPE_FILE, EXEC, 0, "run", NOT, program_make, file_run, NULL,
     child_drop, made_drop},

    {AMBIT_TYPE_ENDPOINT, WRITE, 0, "call", NOT, served_make, call, served,
     NULL, both_drop},
    {AMBIT_TYPE_ENDPOINT, USE, 0, "receive", NOT, called_make, receive,
     answered, NULL, both_drop},
    {AMBIT_TYPE_ENDPOINT, USE, WRITE, "badge", NOT, endpoint_make, badge, NULL,
     out_drop, made_drop},

    {AMBIT_TYPE_NOTIFICATION, WRITE, 0, "signal", NOT, notification_make,
     signal_bits, word, NULL, made_drop},
    {AMBIT_TYPE_NOTIFICATION, USE, 0, "take, polling", NOT, signalled_make,
     take_polling, word, NULL, made_drop},
    {AMBIT_TYPE_NOTIFICATION, USE, 0, "take, waiting", NOT, signalled_make,
     take_waiting, word, NULL, made_drop},
    {AMBIT_TYPE_NOTIFICATION, USE, WRITE, "badge", NOT, notification_make,
     badge, NULL, out_drop, made_drop},

    {AMBIT_TYPE_TIME, READ, 0, "query", NOT, time_make, time_query, NULL, NULL,
     made_drop},
    {AMBIT_TYPE_TIME, WRITE, 0, "set", NOT, time_make, time_set, time_priority,
     NULL, made_drop},
    {AMBIT_TYPE_TIME, USE, 0, "bind", NOT, time_and_child_make, time_bind, NULL,
     NULL, both_drop},
    {AMBIT_TYPE_TIME, USE, 0, "make one out of it", NOT, time_make, time_create,
     NULL, out_drop, made_drop},
};

const struct cell_table other_cells = {cells, sizeof(cells) / sizeof(cells[0])};
