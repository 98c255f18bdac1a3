/* SPDX-License-Identifier: Apache-2.0 */
/* The options that only `bench` has. */
#ifndef VMM_OPTIONS_BENCH_H
#define VMM_OPTIONS_BENCH_H

#include "options.h"

/* Above the ids of options_graph.h. */
enum options_bench_id {
    OPTION_BENCH = 2048,
    OPTION_BENCH_REPEAT,
    OPTION_BENCH_LINUX,
    OPTION_BENCH_HTML,
    OPTION_BENCH_KEEP,
    OPTION_BENCH_NO_PEERS
};

/* Takes one of them. EXIT_MET, or EXIT_USAGE after one message. */
int options_bench(struct options *out, int id, const char *value);

#endif
