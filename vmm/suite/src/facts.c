/* SPDX-License-Identifier: Apache-2.0 */
/* What a run's results say. */
#include "verdict.h"

#include <jansson.h>

/* A number of the results: {value, unit, source}. */
static bool number(const json_t *audit, const char *name, uint64_t *out)
{
    const json_t *value = json_object_get(audit, name);

    value = json_is_object(value) ? json_object_get(value, "value") : value;
    if (!json_is_integer(value) || json_integer_value(value) < 0) {
        return false;
    }
    *out = (uint64_t)json_integer_value(value);
    return true;
}

struct facts facts_read(const char *path)
{
    struct facts facts = {0};
    json_error_t error;
    json_t *results = json_load_file(path, 0, &error);
    const json_t *code = json_object_get(results, "exit");
    const json_t *audit = json_object_get(results, "audit");

    facts.there = json_is_integer(code);
    facts.exit = (int)json_integer_value(code);
    facts.audited = number(audit, "pages", &facts.pages) &&
                    number(audit, "violation_count", &facts.violations);
    json_decref(results);
    return facts;
}
