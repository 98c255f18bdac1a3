/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two light-weight contexts of one server: the same code, the descriptors that
 * the server had when they were made, and private memory, one for each session.
 * A context that is taken over has the secrets of its own session.
 */
#include "kinds.h"

static void serve_sessions(struct ambit_handle desk, uint32_t count)
{
    struct ambit_message message = {0};

    for (uint32_t i = 0; i < count; i++) {
        serve_echoes(desk, &message);
        must(ambit_reply(&message));
    }
}

AMBIT_ENTRY(context_server)
{
    volatile uint64_t *secret;
    uint64_t bytes;

    must(ambit_grow(held("heap"), 1, &bytes));
    secret = (volatile uint64_t *)base_of("server.heap");
    *secret = 0x5e55;
    serve_sessions(held("desk"), 2);
    ambit_assert(*secret == 0x5e55);
    return 0;
}

/* Starts the contexts of the server: what it holds of them, they would have
 * copies of if the server held it. */
AMBIT_ENTRY(context_starter)
{
    struct ambit_message message = {.words = {WORK_ECHO}};

    must(ambit_call(held("line"), &message)); /* the server has set up */
    start("ann");
    must(ambit_spawn(held("bob")));
    ended("ann", OUTCOME_EXIT);
    ended("bob", OUTCOME_EXIT);
    ambit_printf("two sessions, apart\n");
    return 0;
}

static const char *read_public(void)
{
    struct ambit_handle file;
    char byte;
    size_t got = 0;
    enum status status = ambit_open(held("files"), "public.txt", &file);

    if (status == STATUS_OK) {
        status = ambit_read(file, 0, &byte, 1, &got);
    }
    return got == 1 ? "r" : ambit_status_text(status);
}

/* Its secret is written before the other context's is looked for. */
AMBIT_ENTRY(context_main)
{
    bool ann = strcmp(argv[0], "ann") == 0;
    struct ambit_message message = {0};
    uint64_t bytes;
    char own[16];

    ambit_snprintf(own, sizeof own, "%s.heap", argv[0]);
    must(ambit_grow(held("heap"), 1, &bytes));
    *(volatile uint64_t *)base_of(own) = 0xc0ffee;
    report_call(held("line"));
    ambit_report("server.heap", try_word(base_of("server.heap")));
    ambit_report("server.stack", try_word(base_of("server.stack")));
    ambit_report("the other's heap",
                 try_word(base_of(ann ? "bob.heap" : "ann.heap")));
    ambit_report("own heap", try_word(base_of(own)));
    ambit_report("public file", read_public());
    must(ambit_call(held("line"), &message));
    return 0;
}
