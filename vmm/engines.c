/* SPDX-License-Identifier: Apache-2.0 */
#include "engines.h"

#include <kvm/kvm_engine.h>
#include <qemu/qemu_engine.h>
#include <string.h>

const struct engine_ops *const engines_all[] = {&kvm_engine, &qemu_engine,
                                                NULL};

static bool wanted(const struct options *options, const struct engine_ops *ops)
{
    if ((options->icount || options->gdb) && ops != &qemu_engine) {
        return false; /* only there can instructions be counted, or stepped */
    }
    return options->engine == CHOOSE_AUTO ||
           (options->engine == CHOOSE_KVM && ops == &kvm_engine) ||
           (options->engine == CHOOSE_QEMU && ops == &qemu_engine);
}

void engines_pass_over(struct engine_pick *pick, const char *why,
                       const char *remedy)
{
    size_t used = strlen(pick->passed_over);

    snprintf(pick->passed_over + used, sizeof(pick->passed_over) - used,
             "%s%s: %s", used ? "; " : "", pick->ops->name, why);
    if (!*pick->remedy) {
        snprintf(pick->remedy, sizeof(pick->remedy), "%s", remedy);
    }
}

int engines_next(const struct options *options, struct engine_pick *pick,
                 struct failure *failure)
{
    if (options->icount && options->engine == CHOOSE_KVM) {
        failure_set(failure, EXIT_USAGE,
                    "--icount counts under qemu only, not with --engine kvm");
        failure_remedy(failure, "use --engine qemu --icount");
        return -1;
    }
    if (options->gdb && options->engine == CHOOSE_KVM) {
        failure_set(failure, EXIT_USAGE,
                    "--gdb works under qemu only, not with --engine kvm");
        failure_remedy(failure, "use --engine qemu --gdb %u",
                       options->gdb_port);
        return -1;
    }
    while (engines_all[pick->next]) {
        pick->ops = engines_all[pick->next++];
        if (!wanted(options, pick->ops)) {
            continue;
        }
        memset(&pick->probe, 0, sizeof(pick->probe));
        pick->ops->probe(&pick->probe);
        if (pick->probe.usable) {
            return 0;
        }
        engines_pass_over(pick, pick->probe.why, pick->probe.remedy);
    }
    failure_set(failure, EXIT_UNAVAILABLE, "no usable engine (%s)",
                pick->passed_over);
    failure_remedy(failure, "%s", pick->remedy);
    return -1;
}
