/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Results in the making. A value that could not be made (no memory) is noted
 * in `failed` and looked at once, at the end. Values given to a setter belong
 * to it, also when it fails.
 */
#ifndef VMM_RESULTS_PARTS_H
#define VMM_RESULTS_PARTS_H

#include "judge.h"

#include <jansson.h>

struct results {
    const struct run *run;             /* null in what needs no run */
    const struct judgement *judgement; /* likewise */
    bool failed;
};

void results_set(struct results *results, json_t *object, const char *key,
                 json_t *value);
void results_append(struct results *results, json_t *array, json_t *value);

/* What is not available: `key` is null and `key`_reason says why. */
void results_lack(struct results *results, json_t *object, const char *key,
                  const char *reason);

/* {value, unit, source}. */
json_t *results_number(uint64_t value, const char *unit, const char *source);
/* {value: null, unit, reason}. */
json_t *results_unknown(const char *unit, const char *reason);
/* TSC ticks of this run, which are instructions under icount. */
json_t *results_ticks(const struct run *run, uint64_t ticks);
json_t *results_count(uint64_t value);   /* as the kernel counted it */
json_t *results_pages(uint64_t pages);   /* as bytes */
json_t *results_hex(uint64_t address);   /* "0x1234" */
json_t *results_rights(uint32_t rights); /* "rw" */
/* Text that may be anything, escaped (escape.h). Null text: null. */
json_t *results_text(const char *text);
/* The same for bytes, whose line ends stay. */
json_t *results_bytes(const char *bytes, size_t count);
json_t *results_sha256(const uint8_t digest[32]);

/* Domains in the order of the config, in results_domain.c. */
json_t *results_domains(struct results *results);
const char *results_domain_name(const struct run *run, uint32_t domain);

/* Domains made at run time, in results_runtime.c. */
void results_runtime(struct results *results, json_t *out);

/* What this host is, in results_env.c. */
json_t *results_env(struct results *results);
json_t *results_features(struct results *results, uint32_t features);
json_t *results_versions(struct results *results);

/* How `ambit` was confined, in results_sandbox.c. */
json_t *results_sandbox(struct results *results,
                        const struct sandbox_report *report);
/* A guest that ended as it must not, in results_panic.c. */
json_t *results_panic(struct results *results);

/* Pairs of domains and what separates them, in results_plan.c. */
json_t *results_boundaries(struct results *results);

/* What the config lets domains share, in results_sharing.c. */
void results_sharing(struct results *results, json_t *out);

/* The config with every default spelled out: text that reloads identically. */
json_t *results_resolved(struct results *results);

/* All of it. Null: no memory. */
json_t *results_make(const struct run *run, const struct judgement *judgement);

#endif
