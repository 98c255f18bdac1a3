/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU runs already: what is left is to talk to it, to end and to reap it. */
#define _GNU_SOURCE
#include "qemu_internal.h"
#include <host/sandbox.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

void qemu_confine(struct engine *engine, struct sandbox *sandbox)
{
    const uint32_t child = (uint32_t)engine->child;
    const struct sandbox_rule rules[] = {
        {.call = SYS_sendto,
         .count = 1,
         .argument = {{0, ~0u, (uint32_t)engine->qmp.fd}}},
        {.call = SYS_kill,
         .count = 2,
         .argument = {{0, ~0u, child}, {1, ~0u, SIGKILL}}},
        {.call = SYS_wait4, .count = 1, .argument = {{0, ~0u, child}}},
    };

    /* It has opened its own. */
    (void)close(engine->kernel_fd);
    (void)close(engine->module_fd);
    engine->kernel_fd = -1;
    engine->module_fd = -1;
    sandbox->signals = true;
    sandbox_keep(sandbox, engine->bell);
    sandbox_keep(sandbox, engine->output);
    sandbox_keep(sandbox, engine->qmp.fd);
    sandbox_keep(sandbox, engine->kick);
    sandbox_allow(sandbox, rules, sizeof(rules) / sizeof(rules[0]));
}
