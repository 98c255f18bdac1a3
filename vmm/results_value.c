/* SPDX-License-Identifier: Apache-2.0 */
#include "results_parts.h"

#include <host/escape.h>

#include <abi/layout.h>
#include <host/sha256.h>
#include <stdlib.h>
#include <string.h>

void results_set(struct results *results, json_t *object, const char *key,
                 json_t *value)
{
    if (json_object_set_new(object, key, value) < 0) {
        results->failed = true;
    }
}

void results_append(struct results *results, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) < 0) {
        results->failed = true;
    }
}

void results_lack(struct results *results, json_t *object, const char *key,
                  const char *reason)
{
    char sibling[64];

    snprintf(sibling, sizeof(sibling), "%s_reason", key);
    results_set(results, object, key, json_null());
    results_set(results, object, sibling, json_string(reason));
}

/* JSON's integers here are signed; nothing counted comes near the end. */
static json_int_t integer(uint64_t value)
{
    return value > INT64_MAX ? INT64_MAX : (json_int_t)value;
}

json_t *results_number(uint64_t value, const char *unit, const char *source)
{
    return json_pack("{s:I,s:s,s:s}", "value", integer(value), "unit", unit,
                     "source", source);
}

json_t *results_unknown(const char *unit, const char *reason)
{
    return json_pack("{s:n,s:s,s:s}", "value", "unit", unit, "reason", reason);
}

json_t *results_ticks(const struct run *run, uint64_t ticks)
{
    return run_counts_instructions(run)
               ? results_number(ticks, "instructions", "icount")
               : results_number(ticks, "cycles", "tsc");
}

json_t *results_count(uint64_t value)
{
    return results_number(value, "count", "kernel");
}

json_t *results_pages(uint64_t pages)
{
    return pages > UINT64_MAX / ABI_PAGE_SIZE
               ? results_unknown("bytes", "the guest's number makes no sense")
               : results_number(pages * ABI_PAGE_SIZE, "bytes", "kernel");
}

json_t *results_hex(uint64_t address)
{
    return json_sprintf("0x%llx", (unsigned long long)address);
}

json_t *results_rights(uint32_t rights)
{
    char text[8];

    judge_rights_text(rights, text, sizeof(text));
    return json_string(text);
}

json_t *results_text(const char *text)
{
    return text ? results_bytes(text, strlen(text)) : json_null();
}

json_t *results_bytes(const char *bytes, size_t count)
{
    char *out = malloc(count * ESCAPE_GROWTH + 1);
    size_t used = 0, from = 0;
    json_t *value;

    if (!out) {
        return NULL;
    }
    while (from < count) {
        const char *end = memchr(bytes + from, '\n', count - from);
        size_t line = end ? (size_t)(end - bytes) - from : count - from;
        used += escape_text(bytes + from, line, out + used,
                            line * ESCAPE_GROWTH + 1);
        from += line;
        if (end) {
            out[used++] = '\n';
            from++;
        }
    }
    value = json_stringn(out, used);
    free(out);
    return value;
}

json_t *results_sha256(const uint8_t digest[32])
{
    char text[65];

    sha256_text(digest, text);
    return json_string(text);
}
