/* SPDX-License-Identifier: Apache-2.0 */
/* Closes every descriptor but those that are kept (close_range, Linux 5.9). */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* first > last: nothing to close. */
static int close_from_to(unsigned first, unsigned last)
{
    return first > last ? 0 : close_range(first, last, 0);
}

static void unavailable(struct sandbox_layer *out, int error)
{
    sandbox__say(out, SANDBOX_UNAVAILABLE,
                 error == ENOSYS ? "no close_range: needs Linux 5.9"
                                 : "close_range: %s",
                 strerror(error));
}

void sandbox__descriptors(const struct sandbox *sandbox,
                          struct sandbox_layer *out)
{
    unsigned next = 0;

    for (size_t i = 0; i < sandbox->kept; i++) {
        unsigned keep = (unsigned)sandbox->keep[i];

        if (keep > next && close_from_to(next, keep - 1) < 0) {
            unavailable(out, errno);
            return;
        }
        next = keep + 1;
    }
    if (close_from_to(next, UINT_MAX) < 0) {
        unavailable(out, errno);
        return;
    }
    sandbox__say(out, SANDBOX_APPLIED, "all but %zu are closed", sandbox->kept);
}

void sandbox__descriptors_probe(struct sandbox_layer *out)
{
    /* No descriptor has this number: nothing is closed. */
    if (close_range(UINT_MAX, UINT_MAX, 0) < 0) {
        unavailable(out, errno);
        return;
    }
    sandbox__say(out, SANDBOX_APPLIED, "what a run does not need is closed");
}
