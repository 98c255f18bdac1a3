/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A naive shadow of core 2, written from ipc.h's words: who is blocked on what,
 * since when, and what each has been told.
 */
#ifndef TEST_IPC_MODEL_H
#define TEST_IPC_MODEL_H

#include "world.h"

#define NOBODY (-1)
#define LEFT (-2)

struct model_domain {
    enum ipc_state state;
    int endpoint;   /* CALLING, RECEIVING */
    uint64_t since; /* when it was queued: the order of a queue */
    int server;     /* WAITING */
    int owes;       /* domain, NOBODY, or LEFT */
    uint64_t seed;  /* of the message that it sent, or got; 0: unspecified */
    uint64_t badge;
    enum status result;
};

enum model_serves { SERVES_NOT, SERVES, HAS_LEFT };

struct model {
    struct world *w;
    struct model_domain domain[WORLD_PARTIES];
    enum model_serves serves[WORLD_ENDPOINTS][WORLD_PARTIES];
    bool many[WORLD_ENDPOINTS]; /* too many servers to know them all */
    uint64_t now;
};

void model_new(struct model *m, struct world *w);
/* Predict the status; when OK (or CLOSED), also do it and set the outcome. */
enum status model_call(struct model *m, int caller, int endpoint, uint64_t seed,
                       struct ipc_outcome *outcome);
enum status model_receive(struct model *m, int server, int endpoint,
                          struct ipc_outcome *outcome);
enum status model_reply(struct model *m, int server, uint64_t seed,
                        struct ipc_outcome *outcome);
void model_leave(struct model *m, int domain, struct ipc_outcome *outcome);
void model_cancel(struct model *m, int domain, struct ipc_outcome *outcome);
void model_close(struct model *m, int endpoint, struct ipc_outcome *outcome);
/* The endpoint is a new one: nobody is queued there. */
void model_renew(struct model *m, int endpoint);
/* Fails the test unless the core says the same as the model. */
void model_compare(const struct model *m);

#endif
