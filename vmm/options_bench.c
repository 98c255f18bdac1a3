/* SPDX-License-Identifier: Apache-2.0 */
#include "options_bench.h"

#include "options_values.h"

#include <bench/bench.h>
#include <string.h>

static int set_repeat(struct options *out, const char *value)
{
    uint64_t repeat = 0;

    if (options_number("repeat", value, BENCH_REPEAT_MAX, &repeat) !=
        EXIT_MET) {
        return EXIT_USAGE;
    }
    out->bench.repeat = (uint32_t)repeat;
    return repeat ? EXIT_MET
                  : options_usage("--repeat wants 1 or more%s%s", "", "");
}

int options_bench(struct options *out, int id, const char *value)
{
    switch ((enum options_bench_id)id) {
    case OPTION_BENCH_REPEAT:
        return set_repeat(out, value);
    case OPTION_BENCH_LINUX:
        out->bench.linux_file = value;
        return *value ? EXIT_MET
                      : options_usage("--linux wants a file%s%s", "", "");
    case OPTION_BENCH_KEEP:
        out->bench.keep = value;
        return *value ? EXIT_MET
                      : options_usage("--keep wants a folder%s%s", "", "");
    case OPTION_BENCH_HTML:
        out->bench.html = value;
        return *value && strcmp(value, "-") != 0
                   ? EXIT_MET
                   : options_usage("--html wants a path%s%s", "", "");
    default:
        out->bench.no_peers |= id == OPTION_BENCH_NO_PEERS;
        return EXIT_MET;
    }
}
