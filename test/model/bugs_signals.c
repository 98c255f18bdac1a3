/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes in signals: lost, late, or somebody else's. */
#include "bugs.h"

/* What was signalled before and not taken yet is overwritten. */
static void signal_overwrites(struct ipc *ipc, struct ipc_endpoint *n,
                              uint64_t bits, struct ipc_outcome *outcome)
{
    n->word = 0;
    ipc_signal(ipc, n, bits, outcome);
}

/* The bits are set, and whoever waits sleeps on. */
static void signal_silent(struct ipc *ipc, struct ipc_endpoint *n,
                          uint64_t bits, struct ipc_outcome *outcome)
{
    (void)ipc;
    n->word |= bits;
    *outcome = (struct ipc_outcome){.block = false, .wake = IPC_NONE};
}

/* Whoever wakes takes the word, and the next one may, too. */
static void signal_twice(struct ipc *ipc, struct ipc_endpoint *n, uint64_t bits,
                         struct ipc_outcome *outcome)
{
    ipc_signal(ipc, n, bits, outcome);
    if (outcome->wake != IPC_NONE && n->first_receiver == IPC_NONE) {
        n->word = bits;
    }
}

/* Whoever came last wakes. */
static void signal_last(struct ipc *ipc, struct ipc_endpoint *n, uint64_t bits,
                        struct ipc_outcome *outcome)
{
    uint32_t first = n->first_receiver, last = n->last_receiver;

    if (first != last && ipc->party[first]->next == last) {
        n->first_receiver = last;
        n->last_receiver = first;
        ipc->party[last]->next = first;
        ipc->party[last]->previous = IPC_NONE;
        ipc->party[first]->next = IPC_NONE;
        ipc->party[first]->previous = last;
    }
    ipc_signal(ipc, n, bits, outcome);
}

/* It looks, and waits, and the signal came between. */
static void await_late(struct ipc *ipc, uint32_t domain, struct ipc_endpoint *n,
                       bool poll, struct ipc_outcome *outcome)
{
    uint64_t word = n->word;

    n->word = poll ? word : 0;
    ipc_await(ipc, domain, n, poll, outcome);
    n->word = poll ? n->word : word;
}

/* The word that was taken can be taken again. */
static void await_keeps(struct ipc *ipc, uint32_t domain,
                        struct ipc_endpoint *n, bool poll,
                        struct ipc_outcome *outcome)
{
    uint64_t word = n->word;

    ipc_await(ipc, domain, n, poll, outcome);
    n->word = word;
}

/* A poll waits, too. */
static void await_polls(struct ipc *ipc, uint32_t domain,
                        struct ipc_endpoint *n, bool poll,
                        struct ipc_outcome *outcome)
{
    (void)poll;
    ipc_await(ipc, domain, n, false, outcome);
}

/* Whoever waits for a word is not told that it will not come. */
static void close_calls_only(struct ipc *ipc, struct ipc_endpoint *endpoint,
                             struct ipc_outcome *outcome)
{
    *outcome = (struct ipc_outcome){.block = false, .wake = IPC_NONE};
    if (endpoint->object.type != CAP_NOTIFICATION) {
        ipc_close(ipc, endpoint, outcome);
    }
}

/* Whoever dies waiting takes a place in the queue with it. */
static void leave_waiting(struct ipc *ipc, uint32_t domain,
                          struct ipc_outcome *outcome)
{
    struct ipc_endpoint *n = ipc->party[domain]->endpoint;

    ipc_leave(ipc, domain, outcome);
    if (n != NULL && n->object.type == CAP_NOTIFICATION &&
        n->last_receiver == IPC_NONE) {
        n->first_receiver = domain;
        n->last_receiver = domain;
    }
}

const struct bug bugs_signals[] = {
    {"signal-overwrites",
     "a second signal overwrites the first",
     "signals",
     {.signal = signal_overwrites},
     "M19 crossing",
     2},
    {"signal-silent",
     "a signal wakes nobody",
     "signals",
     {.signal = signal_silent},
     "M19 crossing",
     2},
    {"signal-twice",
     "one signal comes twice",
     "signals",
     {.signal = signal_twice},
     "M19 crossing",
     2},
    {"signal-last",
     "whoever came last wakes",
     "signals",
     {.signal = signal_last},
     "M19 crossing",
     3},
    {"await-late",
     "a signal between looking and waiting is lost",
     "signals",
     {.await = await_late},
     "M19 crossing",
     2},
    {"await-keeps",
     "a word is taken twice",
     "signals",
     {.await = await_keeps},
     "M19 crossing",
     2},
    {"await-polls",
     "a poll waits",
     "signals",
     {.await = await_polls},
     "M19 crossing",
     1},
    {"close-calls-only",
     "who waits for a word is not told of the end",
     "signals",
     {.close = close_calls_only},
     "M19 crossing",
     2},
    {"leave-waiting",
     "a dead one is first in the queue",
     "signals",
     {.leave = leave_waiting},
     "M19 crossing",
     2},
};
const uint32_t bugs_signals_count =
    sizeof bugs_signals / sizeof bugs_signals[0];
