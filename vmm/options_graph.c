/* SPDX-License-Identifier: Apache-2.0 */
#include "options_graph.h"

#include "options_values.h"

#include <string.h>

static int set_format(struct options *out, const char *value)
{
    static const char *const names[] = {"text", "dot", "json", "csv", "svg"};

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(value, names[i]) == 0) {
            out->format = (enum graph_format)i;
            return EXIT_MET;
        }
    }
    return options_usage("--format is text, dot, json, csv or svg, not '%s'%s",
                         value, "");
}

int options_graph(struct options *out, int id, const char *value)
{
    switch ((enum options_graph_id)id) {
    case OPTION_FORMAT:
        return set_format(out, value);
    case OPTION_OUT:
        out->out = value;
        return *value ? EXIT_MET
                      : options_usage("--out wants FILE or -%s%s", "", "");
    case OPTION_FAIL_IF:
        out->fail_if_weaker = true;
        return strcmp(value, "weaker") == 0
                   ? EXIT_MET
                   : options_usage("--fail-if is weaker, not '%s'%s", value,
                                   "");
    default:
        out->live = true;
        return EXIT_MET;
    }
}
