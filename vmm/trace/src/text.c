/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include <debug/event_text.h>
#include <string.h>

void trace__name(const struct trace_about *about, uint32_t domain, char *out,
                 size_t bytes)
{
    if (domain < about->domain_count) {
        snprintf(out, bytes, "%s", about->names[domain]);
    } else if (domain == 0xffff) {
        snprintf(out, bytes, "-");
    } else {
        snprintf(out, bytes, "domain %u", domain);
    }
}

void trace__quota_name(const struct trace_about *about, uint64_t quota,
                       char *out, size_t bytes)
{
    if (quota < about->domain_count) {
        snprintf(out, bytes, "quota of %s", about->names[quota]);
    } else if (quota == SHARED_DOMAINS) {
        snprintf(out, bytes, "the machine's quota");
    } else {
        snprintf(out, bytes, "quota 0x%llx", (unsigned long long)quota);
    }
}

void trace_text(const struct trace_about *about, uint64_t number,
                uint64_t first_tick, const struct shared_record *record,
                FILE *out)
{
    const char *list[TRACE_NAMES];
    const struct event_names names = {.domains = list,
                                      .domain_count = about->domain_count};
    char domain[SHARED_NAME + 8], text[256], quota[64] = "";

    for (uint32_t i = 0; i < about->domain_count; i++) {
        list[i] = about->names[i];
    }
    trace__name(about, record->event.domain, domain, sizeof(domain));
    event_describe_by(&record->event, &names, text, sizeof(text));
    if (record->event.kind == EVENT_QUOTA) {
        trace__quota_name(about, record->third, quota, sizeof(quota) - 2);
        snprintf(quota + strlen(quota), 3, ": ");
    }
    fprintf(out, "%8llu %12llu %-12s %s%s\n", (unsigned long long)number,
            (unsigned long long)(record->tick - first_tick), domain, quota,
            text);
}
