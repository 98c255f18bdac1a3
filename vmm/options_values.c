/* SPDX-License-Identifier: Apache-2.0 */
#include "options_values.h"

#include <errno.h>
#include <host/failure.h>
#include <stdio.h>
#include <stdlib.h>

int options_usage(const char *format, const char *a, const char *b)
{
    fputs("ambit: ", stderr);
    /* The formats are our own constants, with two %s each. */
    fprintf(stderr, format, a, b);
    fputs("\n", stderr);
    return EXIT_USAGE;
}

int options_number(const char *option, const char *value, uint64_t most,
                   uint64_t *out)
{
    char *end;

    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || errno || number > most) {
        return options_usage("--%s wants a number, not '%s'", option, value);
    }
    *out = number;
    return EXIT_MET;
}
