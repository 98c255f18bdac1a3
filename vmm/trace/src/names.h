/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms of a trace call domains and quotas. */
#ifndef TRACE_NAMES_H
#define TRACE_NAMES_H

#include <trace/trace.h>

/* Its name in the config, "domain 70", or "-" for none. */
void trace__name(const struct trace_about *about, uint32_t domain, char *out,
                 size_t bytes);
/* "quota of app", "the machine's quota", "quota 0x1234". */
void trace__quota_name(const struct trace_about *about, uint64_t quota,
                       char *out, size_t bytes);

#endif
