/* SPDX-License-Identifier: Apache-2.0 */
#include "listing.h"

#include <stdio.h>

static const char *status_name(enum status status)
{
#define STATUS_NAME(name, code, text) [code] = #name,
    static const char *const names[STATUS_COUNT] = {
        ABI_STATUS_LIST(STATUS_NAME)};
#undef STATUS_NAME

    return (uint32_t)status < STATUS_COUNT ? names[status] : "?";
}

void listing_trace(const struct result *result)
{
    char text[96];

    for (uint32_t i = 0; i < result->length; i++) {
        (void)printf("  %2u  %-52s %s\n", i + 1,
                     action_text(&result->trace[i], text, sizeof text),
                     status_name(result->status[i]));
    }
}
