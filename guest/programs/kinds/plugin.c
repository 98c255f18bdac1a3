/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plug-in: the host lends it one buffer and calls it. It can allocate
 * nothing, open nothing and ask nobody; when it faults, the host's call comes
 * back closed, and the host starts it again.
 */
#include "kinds.h"

enum plugin_work { WORK_UPPER, WORK_PRY, WORK_CRASH, WORK_QUIT };

static struct ambit_message request(enum plugin_work work)
{
    return (struct ambit_message){.words = {work}};
}

static void use(struct ambit_handle plugin, volatile char *buffer)
{
    static const char text[] = "made of memory that i was lent";
    struct ambit_message message = request(WORK_UPPER);

    for (uint32_t i = 0; i < sizeof text; i++) {
        buffer[i] = text[i];
    }
    must(ambit_call(plugin, &message));
    ambit_assert(buffer[0] == 'M' && buffer[5] == 'O');
}

AMBIT_ENTRY(plugin_host)
{
    struct ambit_handle plugin = held("plugin-work");
    volatile char *buffer = (volatile char *)base_of("buffer");
    struct ambit_message message = request(WORK_PRY);
    uint64_t bytes;

    must(ambit_grow(held("heap"), 1, &bytes)); /* so that there is some */
    start("plugin");
    report_call(plugin);
    use(plugin, buffer);
    must(ambit_call(plugin, &message));
    ambit_assert(message.words[0] == 0); /* nothing that it tried */
    message = request(WORK_CRASH);
    ambit_assert(ambit_call(plugin, &message) == STATUS_CLOSED);
    ended("plugin", OUTCOME_FAULT);
    must(ambit_spawn(held("plugin")));
    use(plugin, buffer);
    ambit_printf("the plug-in crashed, and works again\n");
    message = request(WORK_QUIT);
    ambit_assert(ambit_call(plugin, &message) == STATUS_CLOSED);
    ended("plugin", OUTCOME_EXIT);
    return 0;
}

/* How many things come through that must not. */
static uint64_t pry(void)
{
    struct ambit_handle handle;
    uint64_t bytes;

    report_try("host.heap");
    report_try("host.stack");
    report_try("buffer");
    return (uint64_t)(strcmp(try_word(base_of("host.heap")), "fault") != 0) +
           (uint64_t)(strcmp(try_word(base_of("host.stack")), "fault") != 0) +
           (ambit_capability("files", &handle) == STATUS_OK) +
           (ambit_capability("pool", &handle) == STATUS_OK) +
           (ambit_capability("quota", &handle) == STATUS_OK) +
           (ambit_capability("heap", &handle) == STATUS_OK &&
            ambit_grow(handle, 1, &bytes) == STATUS_OK);
}

static void upper(volatile char *buffer)
{
    for (uint32_t i = 0; buffer[i]; i++) {
        if (buffer[i] >= 'a' && buffer[i] <= 'z') {
            buffer[i] = (char)(buffer[i] - 'a' + 'A');
        }
    }
}

AMBIT_ENTRY(plugin_main)
{
    struct ambit_handle work = held("work");
    struct ambit_message message = {0};

    for (;;) {
        serve_echoes(work, &message);
        if (message.words[0] == WORK_QUIT) {
            return 0;
        }
        if (message.words[0] == WORK_CRASH) {
            *(volatile uint64_t *)base_of("host.stack") = 0;
        }
        if (message.words[0] == WORK_PRY) {
            message.words[0] = pry();
        } else {
            upper((volatile char *)base_of("buffer"));
        }
        must(ambit_reply(&message));
    }
}
