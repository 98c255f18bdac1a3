/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that QEMU says is taken in here, whatever we wait for: QEMU
 * writes a doorbell while it holds its big lock, so a full socket would stop
 * it from answering QMP, too.
 */
#define _GNU_SOURCE
#include "qemu_internal.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000
#define CHUNK 4096u

enum { POLL_BELL, POLL_QMP, POLL_OUTPUT, POLL_KICK, POLL_COUNT };

int qemu_bell_take(struct qemu_bells *bells)
{
    uint8_t byte;

    if (bells->count == 0) {
        return -1;
    }
    byte = bells->queue[bells->first];
    bells->first = (bells->first + 1) % QEMU_BELLS;
    bells->count--;
    bells->queued[byte] = false;
    return byte;
}

/* A byte that waits already says what this one would: never overflows. */
static void bell_put(struct qemu_bells *bells, uint8_t byte)
{
    if (!bells->queued[byte]) {
        bells->queued[byte] = true;
        bells->queue[(bells->first + bells->count) % QEMU_BELLS] = byte;
        bells->count++;
    }
}

/* read() that tells end (0) and nothing yet (-1) apart; errors are the end. */
static ssize_t take(int fd, void *to, size_t bytes)
{
    ssize_t n = read(fd, to, bytes);

    if (n < 0) {
        return errno == EAGAIN || errno == EINTR ? -1 : 0;
    }
    return n;
}

static void take_bells(struct engine *engine)
{
    uint8_t bytes[CHUNK];
    ssize_t n = take(engine->bell, bytes, sizeof(bytes));
    ssize_t i;

    for (i = 0; i < n; i++) {
        bell_put(&engine->bells, bytes[i]);
    }
    engine->bells.closed = n == 0;
}

static void take_qmp(struct qemu_qmp *qmp)
{
    ssize_t n =
        take(qmp->fd, qmp->buffer + qmp->used, sizeof(qmp->buffer) - qmp->used);

    if (n > 0) {
        qmp->used += (size_t)n;
    } else if (n == 0) {
        qmp->closed = true;
    }
}

/* The first bytes are kept: they name the cause. */
static void take_output(struct engine *engine)
{
    char bytes[CHUNK];
    ssize_t n = take(engine->output, bytes, sizeof(bytes));
    size_t room = sizeof(engine->text) - engine->kept;

    if (n == 0) {
        (void)close(engine->output);
        engine->output = -1;
    }
    if (n <= 0) {
        return;
    }
    if (engine->echo && write(STDERR_FILENO, bytes, (size_t)n) < 0) {
        engine->echo = false;
    }
    if ((size_t)n < room) {
        room = (size_t)n;
    }
    memcpy(engine->text + engine->kept, bytes, room);
    engine->kept += room;
}

static bool take_kick(const struct engine *engine)
{
    uint64_t kicks;

    return read(engine->kick, &kicks, sizeof(kicks)) > 0;
}

bool qemu_pump(struct engine *engine, int64_t timeout_ns)
{
    struct pollfd fds[POLL_COUNT] = {
        [POLL_BELL] = {engine->bells.closed ? -1 : engine->bell, POLLIN, 0},
        [POLL_QMP] = {engine->qmp.closed ? -1 : engine->qmp.fd, POLLIN, 0},
        [POLL_OUTPUT] = {engine->output, POLLIN, 0},
        [POLL_KICK] = {engine->kick, POLLIN, 0},
    };
    struct timespec wait = {.tv_sec = (time_t)(timeout_ns / NS_PER_S),
                            .tv_nsec = (long)(timeout_ns % NS_PER_S)};

    if (ppoll(fds, POLL_COUNT, timeout_ns < 0 ? NULL : &wait, NULL) < 0) {
        return errno == EINTR;
    }
    if (fds[POLL_OUTPUT].revents) {
        take_output(engine);
    }
    if (fds[POLL_QMP].revents) {
        take_qmp(&engine->qmp);
    }
    if (fds[POLL_BELL].revents) {
        take_bells(engine);
    }
    return fds[POLL_KICK].revents && take_kick(engine);
}
