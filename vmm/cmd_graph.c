/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "command.h"
#include "graph_write.h"
#include "judge.h"
#include "output.h"
#include "report.h"
#include "results.h"
#include "run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void put_json(const struct sharing *sharing, FILE *out)
{
    json_t *graph = graph_json(sharing);
    json_t *metrics = graph_metrics_json(sharing);
    json_t *value = graph && metrics
                        ? json_pack("{s:i,s:O,s:O}", "schema", RESULTS_SCHEMA,
                                    "graph", graph, "metrics", metrics)
                        : NULL;

    /* Nothing written is what the caller takes for no memory. */
    if (value &&
        json_dumpf(value, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0) {
        fputc('\n', out);
    }
    json_decref(value);
    json_decref(graph);
    json_decref(metrics);
}

/* The whole text in its form; 0, or -1 and *failure. */
static int make_text(const struct sharing *sharing, enum graph_format format,
                     char **text, size_t *bytes, struct failure *failure)
{
    FILE *out;

    if (format == FORMAT_SVG) {
        return graph_svg(sharing, text, bytes, failure);
    }
    out = open_memstream(text, bytes);
    if (out) {
        switch (format) {
        case FORMAT_CSV:
            graph_csv(sharing, out);
            break;
        case FORMAT_DOT:
            graph_dot(sharing, out);
            break;
        case FORMAT_JSON:
            put_json(sharing, out);
            break;
        default:
            graph_text(sharing, out);
        }
        if (fclose(out) == 0 && *bytes) {
            return 0;
        }
    }
    return failure_set(failure, EXIT_HOST, "no memory on the host");
}

static int write_text(const char *text, size_t bytes, const char *path,
                      struct failure *failure)
{
    struct late_file file = {0};
    int result = 0;

    if (!path || strcmp(path, "-") == 0) {
        /* main says what could not be written. */
        fwrite(text, 1, bytes, stdout);
        return 0;
    }
    if (late_file_open(&file, path, failure) < 0 ||
        late_file_write(&file, text, bytes, failure) < 0 ||
        late_file_commit(&file, failure) < 0) {
        result = -1;
    }
    late_file_drop(&file);
    return result;
}

static int print(const struct run *run, const struct options *options)
{
    struct failure failure = {0};
    struct sharing sharing;
    char *text = NULL;
    size_t bytes = 0;
    int exit_code = EXIT_MET;

    if (sharing_make(&sharing, &run->image->spec, run->image->plan) < 0) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
        exit_code = run_say_failure(&failure);
    } else if (make_text(&sharing, options->format, &text, &bytes, &failure) <
                   0 ||
               write_text(text, bytes, options->out, &failure) < 0) {
        exit_code = run_say_failure(&failure);
    }
    free(text);
    sharing_free(&sharing);
    return exit_code;
}

/* What the guest was left with: standard output has the graph and nothing
 * else, and a file was opened before the sandbox closed. */
static int print_live(struct run *run, const struct options *options)
{
    struct audit_target target = sampler_target(&run->sampler, &run->snapshot);
    struct failure failure = {0};
    struct sharing sharing;
    char *text = NULL;
    size_t bytes = 0;
    int exit_code = EXIT_MET;

    target.live = snapshot_built(&run->snapshot);
    target.at_rest = run->snapshot.shared->phase == PHASE_DONE;
    if (sharing_live(&sharing, &target) < 0) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
    } else if (make_text(&sharing, options->format, &text, &bytes, &failure) ==
               0) {
        if (!run->results.path) {
            fwrite(text, 1, bytes, stdout);
        } else if (late_file_write(&run->results, text, bytes, &failure) == 0) {
            (void)late_file_commit(&run->results, &failure);
        }
    }
    if (failure.exit_code) {
        exit_code = run_say_failure(&failure);
    }
    free(text);
    sharing_free(&sharing);
    return exit_code;
}

static int live(const struct options *given)
{
    struct options options = *given;
    struct judgement judgement;
    struct run run;
    int exit_code;

    if (options.format == FORMAT_SVG) {
        fputs("ambit: svg is drawn by another program, and none is started "
              "after a run\n  take --format dot, and draw it with dot -Tsvg\n",
              stderr);
        return EXIT_USAGE;
    }
    options.json = options.out ? options.out : "-";
    if (run_make(&run, &options) < 0) {
        exit_code = run.exit_code;
    } else {
        run_guest(&run);
        report_end(&run);
        exit_code =
            judge(&run, &judgement) < 0 ? EXIT_HOST : judgement.exit_code;
        judge_free(&judgement);
        if (run.snapshot.valid && run.snapshot.shared->phase >= PHASE_RUN) {
            int printed = print_live(&run, &options);
            exit_code = exit_code == EXIT_MET ? printed : exit_code;
        }
    }
    run_free(&run);
    return exit_code;
}

int cmd_graph(const struct options *options)
{
    struct run run;
    int exit_code;

    if (options->live) {
        return live(options);
    }
    exit_code = run_load(&run, options, 0);
    if (exit_code == EXIT_MET) {
        exit_code = print(&run, options);
    }
    run_free(&run);
    return exit_code;
}
