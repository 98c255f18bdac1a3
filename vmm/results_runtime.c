/* SPDX-License-Identifier: Apache-2.0 */
/* Domains made at run time that were there at the end. */
#include "results_parts.h"

#include "runtime.h"

#include <domains/kinds.h>
#include <stdlib.h>

static json_t *degrees(struct results *results, const struct shared_pd *record)
{
    json_t *out = json_object();

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        results_set(
            results, out, pd_class_name((enum pd_class)i),
            results_text(pd_degree_name((enum pd_degree)record->degree[i])));
    }
    return out;
}

static json_t *outcome(struct results *results, const struct audit_made *made)
{
    json_t *out = json_object();

    results_set(results, out, "kind",
                json_string(runtime_outcome(results->run, made)));
    if (made->result.outcome == OUTCOME_EXIT) {
        results_set(results, out, "code", json_integer(made->result.code));
    }
    return out;
}

static void set_relations(struct results *results, json_t *out,
                          const struct shared_pd *record)
{
    const struct {
        const char *key;
        uint32_t domain;
    } relations[] = {{"parent", record->parent},
                     {"caps", record->caps},
                     {"files", record->files},
                     {"handler", record->handler}};
    char name[RUNTIME_NAME];

    for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
        results_set(results, out, relations[i].key,
                    results_text(
                        runtime_name(results->run, relations[i].domain, name)));
    }
}

static json_t *make_one(struct results *results, const struct audit_made *made)
{
    const struct shared_domain *result = &made->result;
    json_t *out = json_object(), *counters = json_object();
    json_t *memory = json_object();

    results_set(results, out, "number", json_integer(made->number));
    results_set(results, out, "name", results_text(made->record.name));
    set_relations(results, out, &made->record);
    results_set(results, out, "degrees", degrees(results, &made->record));
    results_set(results, out, "root", json_integer(made->record.root));
    results_set(results, out, "outcome", outcome(results, made));
    results_set(results, memory, "quota", results_pages(result->quota_pages));
    results_set(results, memory, "peak", results_pages(result->peak_pages));
    results_set(results, memory, "heap", results_pages(result->heap_pages));
    results_set(results, out, "memory", memory);
    results_set(results, counters, "calls", results_count(result->calls));
    results_set(results, counters, "faults", results_count(result->faults));
    results_set(results, counters, "switches", results_count(result->switches));
    results_set(results, out, "counters", counters);
    return out;
}

void results_runtime(struct results *results, json_t *out)
{
    json_t *list;
    struct audit_made *made;
    uint32_t count;

    if (!results->run->snapshot.valid) {
        results_lack(results, out, "runtime", "the guest kernel never told");
        return;
    }
    made = runtime_read(results->run, &count);
    list = json_array();
    for (uint32_t i = 0; made && i < count; i++) {
        results_append(results, list, make_one(results, &made[i]));
    }
    results->failed |= !made;
    results_set(results, out, "runtime", list);
    free(made);
}
