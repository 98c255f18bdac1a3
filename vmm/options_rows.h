/* SPDX-License-Identifier: Apache-2.0 */
/* Every option there is, for parsing and for help. */
#ifndef VMM_OPTIONS_ROWS_H
#define VMM_OPTIONS_ROWS_H

#include "options.h"

#define OPTION_ROWS_MAX 96u

enum option_id {
    OPTION_ENGINE = 256,
    OPTION_ICOUNT,
    OPTION_REQUIRE,
    OPTION_JSON,
    OPTION_TIMEOUT,
    OPTION_SET,
    OPTION_SEED,
    OPTION_SAMPLES,
    OPTION_KERNEL,
    OPTION_GDB,
    OPTION_DUMP,
    OPTION_SYMBOLS,
    OPTION_TRACE,
    OPTION_CHROME,
    OPTION_RESOLVED,
    OPTION_WITHOUT_GUARD,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_NO_SANDBOX,
    OPTION_JOBS,
    OPTION_JUNIT,
    OPTION_TAP,
    OPTION_RESULTS,
    OPTION_FILTER,
    OPTION_HELP
};

struct option_row {
    const char *name;
    const char *argument; /* null: none */
    int id; /* enum option_id, options_lattice.h, _graph.h, _bench.h */
    unsigned commands;
    const char *text;
};

/* One name may stand there more than once, for different commands. */
extern const struct option_row option_rows[];
extern const size_t option_row_count; /* at most OPTION_ROWS_MAX */

#endif
