/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lab 1. `app` has something in its heap, on its stack, in its static data and
 * in a file; `subject` tries each, and reports. Nothing here is to be changed:
 * what differs stands in the configs.
 */
#include <ambit/ambit.h>

static uint64_t visits; /* static data: part of the image */

static uint64_t where(const char *range)
{
    uint64_t base, bytes;

    ambit_assert(ambit_locate(range, &base, &bytes) == STATUS_OK);
    return base;
}

static struct ambit_handle held(const char *name)
{
    struct ambit_handle handle;

    ambit_assert(ambit_capability(name, &handle) == STATUS_OK);
    return handle;
}

/* Lets each subject in, one after the other, and counts it. */
AMBIT_ENTRY(main)
{
    struct ambit_message message;
    struct ambit_handle turn = held("turn");

    ambit_assert(ambit_malloc(64) != NULL); /* a heap begins empty */
    visits = 1000;
    ambit_assert(ambit_receive(turn, &message) == STATUS_OK);
    for (;;) {
        ambit_assert(ambit_reply_receive(turn, &message) == STATUS_OK);
    }
}

/* Really reads and writes the first word of a range. */
static void try_range(const char *range)
{
    struct ambit_fault fault;
    uint64_t value = 0, at = where(range);
    bool good = ambit_try_read(at, &value, &fault) &&
                ambit_try_write(at, value, &fault);

    ambit_report(range, good ? "yes" : "no");
}

/* Is this the variable that the app has set? */
static void try_static(void)
{
    ambit_report("app.static", visits == 1000 ? "yes" : "no");
}

static void try_file(const char *path)
{
    struct ambit_handle files, file;
    char byte;
    size_t got = 0;
    bool good = ambit_capability("files", &files) == STATUS_OK &&
                ambit_open(files, path, &file) == STATUS_OK &&
                ambit_read(file, 0, &byte, 1, &got) == STATUS_OK && got == 1;

    ambit_report(path, good ? "yes" : "no");
}

AMBIT_ENTRY(subject_main)
{
    struct ambit_message message = {0};

    ambit_assert(ambit_call(held("turn"), &message) == STATUS_OK);
    try_range("app.heap");
    try_range("app.stack");
    try_static();
    try_file("secret.txt");
    return 0;
}
