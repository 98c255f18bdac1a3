/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "run.h"

#include <errno.h>
#include <string.h>
#include <trace/trace.h>

/* Text has the numbers and times that the trace begins with. */
struct text {
    const struct trace_about *about;
    uint64_t number, first;
};

static int print_record(void *to, const struct shared_record *record)
{
    struct text *text = to;

    if (text->number == 0) {
        text->first = record->tick;
    }
    trace_text(text->about, text->number++, text->first, record, stdout);
    return ferror(stdout) ? -1 : 0;
}

static int each(struct trace_file *file, const struct trace_sink *sink,
                const char *path, struct failure *failure)
{
    struct shared_record record;
    int more;

    while ((more = trace_file_next(file, &record, failure)) == 1) {
        if (sink->record(sink->to, &record) < 0) {
            failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                        strerror(errno));
            return -1;
        }
    }
    return more;
}

static int to_text(struct trace_file *file, struct failure *failure)
{
    struct text text = {.about = &file->about};
    const struct trace_sink sink = {print_record, &text};
    int result;

    printf("%8s %12s %-12s %s\n", "record",
           file->about.instructions ? "instruction" : "tick", "domain", "");
    result = each(file, &sink, "standard output", failure);
    if (file->about.lost) {
        printf("%llu records found no room and are lost\n",
               (unsigned long long)file->about.lost);
    }
    return result;
}

static int to_chrome(struct trace_file *file, const char *path,
                     struct failure *failure)
{
    FILE *out = fopen(path, "we");
    struct trace_chrome *chrome =
        out ? trace_chrome_open(&file->about, out) : NULL;
    const struct trace_sink sink = {trace_chrome_record, chrome};
    int result = -1;

    if (chrome) {
        result = each(file, &sink, path, failure);
        if (trace_chrome_close(chrome, file->about.lost) < 0 && result == 0) {
            result = -1;
        }
    }
    if (result < 0 && !*failure->text) {
        failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                    strerror(errno));
    }
    if (out && fclose(out) != 0 && result == 0) {
        failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                    strerror(errno));
        result = -1;
    }
    return result;
}

int cmd_trace(const struct options *options)
{
    struct trace_file file;
    struct failure failure = {0};
    int result;

    if (trace_file_open(&file, options->config, &failure) < 0) {
        return run_say_failure(&failure);
    }
    result = options->chrome ? to_chrome(&file, options->chrome, &failure)
                             : to_text(&file, &failure);
    trace_file_close(&file);
    return result < 0 ? run_say_failure(&failure) : EXIT_MET;
}
