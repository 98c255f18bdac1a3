/* SPDX-License-Identifier: Apache-2.0 */
#include "runtime.h"

#include "judge.h"

#include <host/escape.h>
#include <stdlib.h>

#define SAID 8u /* domains that ended badly, by name */

struct audit_made *runtime_read(const struct run *run, uint32_t *count)
{
    const struct audit_target target = {
        .memory = run->sampler.memory,
        .memory_bytes = run->sampler.memory_bytes,
    };

    return audit_made_read(&target, count);
}

const char *runtime_name(const struct run *run, uint32_t domain,
                         char out[RUNTIME_NAME])
{
    if (domain < run->config->domain_count) {
        return run->config->domains[domain].name.text;
    }
    if (domain < SHARED_DOMAINS || domain >= AUDIT_MADE_NONE) {
        return NULL;
    }
    snprintf(out, RUNTIME_NAME, "domain %u", domain);
    return out;
}

const char *runtime_outcome(const struct run *run,
                            const struct audit_made *made)
{
    return judge_outcome_kind(run, made->result.outcome);
}

static bool ended_badly(const struct audit_made *made)
{
    return made->result.outcome == OUTCOME_FAULT ||
           (made->result.outcome == OUTCOME_EXIT && made->result.code != 0);
}

static void say(const struct run *run, const struct audit_made *made, FILE *out)
{
    char name[RUNTIME_NAME], own[sizeof(made->record.name) * ESCAPE_GROWTH];
    const char *maker = runtime_name(run, made->record.parent, name);

    escape_string(made->record.name, own, sizeof(own));
    fprintf(out, "domain %u (%s), made by %s: ", made->number, own,
            maker ? maker : "nobody");
    if (made->result.outcome == OUTCOME_EXIT) {
        fprintf(out, "exited with %d\n", made->result.code);
    } else {
        fputs("stands at a fault\n", out);
    }
}

void runtime_print(const struct run *run, FILE *out)
{
    uint32_t count, bad = 0;
    struct audit_made *made = runtime_read(run, &count);

    if (made && count) {
        fprintf(out, "%u domain%s made at run time %s there at the end\n",
                count, count == 1 ? "" : "s", count == 1 ? "was" : "were");
    }
    for (uint32_t i = 0; made && i < count; i++) {
        if (ended_badly(&made[i]) && bad++ < SAID) {
            say(run, &made[i], out);
        }
    }
    if (bad > SAID) {
        fprintf(out, "and %u more that did not end well\n", bad - SAID);
    }
    free(made);
}
