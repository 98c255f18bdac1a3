/* SPDX-License-Identifier: Apache-2.0 */
/* Durations, on the command line and in configs. */
#include <config/config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int config_duration(const char *text, uint64_t *ns)
{
    static const struct {
        const char *unit;
        uint64_t ns;
    } units[] = {{"ms", 1000000ull},
                 {"s", 1000000000ull},
                 {"m", 60000000000ull},
                 {"h", 3600000000000ull}};
    char *end;

    if (*text < '0' || *text > '9') {
        return -1;
    }
    errno = 0;
    unsigned long long count = strtoull(text, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        uint64_t value;

        if (strcmp(end, units[i].unit) == 0) {
            if (errno || count == 0 ||
                __builtin_mul_overflow(count, units[i].ns, &value) ||
                value > INT64_MAX / 2) {
                return -1;
            }
            *ns = value;
            return 0;
        }
    }
    return -1;
}
