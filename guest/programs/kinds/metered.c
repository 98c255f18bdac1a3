/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two metered workers of one program. Each has a heap of its own and a ceiling
 * on what it takes of its parent's memory. One takes all it can; that is its
 * ceiling, and neither its sibling nor their parent feels it.
 */
#include "kinds.h"

enum { FULL, DONE };

static uint32_t grow_all(enum status *status)
{
    struct ambit_handle heap = held("heap");
    uint64_t bytes;
    uint32_t pages = 0;

    do {
        *status = ambit_grow(heap, 1, &bytes);
        pages += *status == STATUS_OK;
    } while (*status == STATUS_OK);
    return pages;
}

static void ask(uint64_t work)
{
    struct ambit_message message = {.words = {work}};

    must(ambit_call(held("desk"), &message));
}

AMBIT_ENTRY(metered_greedy)
{
    enum status status;
    char text[24];
    uint32_t pages = grow_all(&status);

    ambit_assert(status == STATUS_NO_QUOTA);
    ambit_assert(take_all(&status) == 0 && status == STATUS_NO_QUOTA);
    ambit_snprintf(text, sizeof text, "%u pages", pages);
    ambit_report("heap grew by", text);
    report_try("app.heap");
    report_try("app.stack");
    report_call(held("desk"));
    ask(FULL);
    return 0;
}

AMBIT_ENTRY(metered_modest)
{
    uint64_t bytes;

    must(ambit_grow(held("heap"), 4, &bytes));
    ambit_report("heap grew by", "4 pages");
    ask(DONE);
    return 0;
}

/* While the greedy one stands at its ceiling, the others have memory. */
AMBIT_ENTRY(metered_app)
{
    struct ambit_handle desk = held("desk");
    struct ambit_message message = {0};
    uint64_t bytes;
    enum status status;

    must(ambit_grow(held("heap"), 1, &bytes));
    start("greedy");
    serve_echoes(desk, &message);
    ambit_assert(message.words[0] == FULL);
    ambit_assert(take_all(&status) > 100);
    start("modest");
    must(ambit_reply(&message));
    must(ambit_receive(desk, &message));
    ambit_assert(message.words[0] == DONE);
    must(ambit_reply(&message));
    ended("greedy", OUTCOME_EXIT);
    ended("modest", OUTCOME_EXIT);
    ambit_printf("one worker took all it could: nobody else noticed\n");
    return 0;
}
