/* SPDX-License-Identifier: Apache-2.0 */
/* The options that only `graph` and `diff` have. */
#ifndef VMM_OPTIONS_GRAPH_H
#define VMM_OPTIONS_GRAPH_H

#include "options.h"

/* Above the ids of options_lattice.h. */
enum options_graph_id {
    OPTION_GRAPH = 640,
    OPTION_FORMAT,
    OPTION_OUT,
    OPTION_LIVE,
    OPTION_FAIL_IF
};

/* Takes one of them. EXIT_MET, or EXIT_USAGE after one message. */
int options_graph(struct options *out, int id, const char *value);

#endif
