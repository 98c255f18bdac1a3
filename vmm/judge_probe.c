/* SPDX-License-Identifier: Apache-2.0 */
/* What came of the accesses that were tried in ring 3 for an assertion. */
#include "judge.h"

#include <capabilities/cap.h>
#include <string.h>

static const char *reason_of(uint32_t outcome)
{
    switch (outcome) {
    case PROBE_NOT_TRIED:
        return "the guest was ended before anything was tried";
    case PROBE_NO_DOMAIN:
        return "the domain does not exist any more";
    case PROBE_NO_CODE:
        return "its program has no ambit__probe of libambit to try with";
    case PROBE_NO_RANGE:
        return "the range does not exist any more";
    default:
        return "the code that tried did not come to its end";
    }
}

static const char *place_of(const struct run *run,
                            const struct spec_probe *probe, char *out,
                            size_t bytes)
{
    static const char *const whats[] = {"image", "heap", "stack"};
    const struct config *config = run->config;

    if (probe->what == SPEC_PROBE_RANGE) {
        snprintf(out, bytes, "%s", config->ranges[probe->object].name.text);
    } else {
        snprintf(out, bytes, "%s.%s", config->domains[probe->object].name.text,
                 whats[probe->what]);
    }
    return out;
}

static void witness(const struct run *run, const struct spec_probe *probe,
                    bool allowed, uint64_t address, struct judged_assert *out)
{
    char place[2 * SPEC_NAME_MAX + 8];

    if (*out->witness) {
        return;
    }
    snprintf(out->witness, sizeof(out->witness), "probe: %s %s %s at 0x%llx",
             run->config->domains[probe->domain].name.text,
             !allowed                   ? "could not reach"
             : probe->access & CAP_READ ? "reached"
                                        : "wrote",
             place_of(run, probe, place, sizeof(place)),
             (unsigned long long)address);
}

/* One that must fail wherever it is tried, or succeed. */
static void judge_one(const struct run *run, const struct spec_probe *probe,
                      const struct shared_probe *result, bool deny,
                      struct judged_assert *out)
{
    uint64_t address = deny ? result->allowed : result->denied;

    if (!deny && result->pages == 0) {
        out->no_probe = "the range has no page to try";
    } else if (address) {
        out->probe = FINDING_BROKEN;
        witness(run, probe, deny, address, out);
    } else if (out->probe == FINDING_UNKNOWN) {
        out->probe = FINDING_HOLDS;
    }
}

bool judge__probes(const struct run *run, uint32_t index,
                   struct judged_assert *out)
{
    const struct spec *spec = &run->image->spec;
    bool deny = run->config->asserts[index].kind != ASSERT_ALLOW;
    const char *lacks = NULL;
    bool any = false;

    for (uint32_t i = 0; i < spec->header->probes.count; i++) {
        const struct spec_probe *probe = &spec->probes[i];
        const struct shared_probe *result = &run->snapshot.shared->probes[i];

        if (probe->about != index) {
            continue;
        }
        any = true;
        if (result->outcome == PROBE_TRIED) {
            judge_one(run, probe, result, deny, out);
        } else {
            lacks = reason_of(result->outcome);
        }
    }
    /* Half of it says nothing that holds. */
    if (lacks && out->probe == FINDING_HOLDS) {
        out->probe = FINDING_UNKNOWN;
    }
    if (out->probe == FINDING_UNKNOWN && any && !out->no_probe) {
        out->no_probe = lacks;
    }
    return any;
}
