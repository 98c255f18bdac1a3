/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "command.h"
#include "guards.h"
#include "options_bench.h"
#include "options_graph.h"
#include "options_lattice.h"
#include "options_rows.h"
#include "options_values.h"
#include "require.h"
#include "suggest.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <suite/suite.h>

bool options_json_only(const struct options *options)
{
    return options->json && strcmp(options->json, "-") == 0;
}

static int set_engine(struct options *out, const char *value)
{
    static const char *const names[] = {"auto", "kvm", "qemu", "all"};
    bool test = out->command->flag & (FOR_TEST | FOR_BENCH);

    for (unsigned i = 0; i < (test ? 4 : 3); i++) {
        if (strcmp(value, names[i]) == 0) {
            out->engine = (enum engine_choice)i;
            return EXIT_MET;
        }
    }
    return options_usage("--engine is auto, kvm%s, not '%s'",
                         test ? ", qemu or all" : " or qemu", value);
}

static int add_override(struct options *out, const char *text)
{
    if (out->override_count == OPTIONS_OVERRIDES) {
        return options_usage("too many --set%s%s", "", "");
    }
    if (!strchr(text, '=') || text[0] == '=') {
        return options_usage("--set wants PATH=VALUE, not '%s'%s", text, "");
    }
    out->overrides[out->override_count++].path_and_value = text;
    return EXIT_MET;
}

static int add_requirement(struct options *out, const char *text)
{
    char why[160];

    if (out->requirement_count == OPTIONS_REQUIREMENTS) {
        return options_usage("too many --require%s%s", "", "");
    }
    if (require_parse(text, &out->requirements[out->requirement_count], why,
                      sizeof(why)) < 0) {
        return options_usage("--require %s: %s", text, why);
    }
    out->requirement_count++;
    return EXIT_MET;
}

static int set_seed(struct options *out, const char *value)
{
    uint64_t seed;

    if (options_number("seed", value, UINT64_MAX, &seed) != EXIT_MET) {
        return EXIT_USAGE;
    }
    snprintf(out->seed, sizeof(out->seed), "seed=%llu",
             (unsigned long long)seed);
    return add_override(out, out->seed);
}

static int set_samples(struct options *out, const char *value)
{
    uint64_t samples;

    if (options_number("samples", value, 1000000, &samples) != EXIT_MET) {
        return EXIT_USAGE;
    }
    out->samples = (uint32_t)samples;
    out->samples_given = true;
    return EXIT_MET;
}

static int set_without_guard(struct options *out, const char *value)
{
    if (out->without_guard != GUARD_NONE) {
        return options_usage(
            "--without-guard: one guard at a time, not '%s' and '%s'",
            guards_row(out->without_guard)->name, value);
    }
    out->without_guard = guards_find(value);
    if (out->without_guard == GUARD_NONE) {
        guards_say_unknown(value);
        return EXIT_USAGE;
    }
    return EXIT_MET;
}

static int set_jobs(struct options *out, const char *value)
{
    uint64_t jobs;

    if (options_number("jobs", value, SUITE_JOBS_MAX, &jobs) != EXIT_MET) {
        return EXIT_USAGE;
    }
    out->jobs = (unsigned)jobs;
    return jobs ? EXIT_MET
                : options_usage("--jobs wants 1 or more%s%s", "", "");
}

static int set_text(struct options *out, int id, const char *value)
{
    const char **text = id == OPTION_TAP ? &out->tap : &out->filter;

    *text = value;
    return *value ? EXIT_MET
                  : options_usage("an option of test has an empty value%s%s",
                                  "", "");
}

static int set_gdb(struct options *out, const char *value)
{
    uint64_t port;

    if (options_number("gdb", value, UINT16_MAX, &port) != EXIT_MET) {
        return EXIT_USAGE;
    }
    out->gdb = true;
    out->gdb_port = (uint16_t)port;
    return EXIT_MET;
}

/* A path that is not empty. Standard output, which "-" elsewhere means, is no
 * place for it. */
static int set_path(const char **out, const char *option, const char *value)
{
    *out = value;
    if (strcmp(value, "-") == 0) {
        return options_usage(
            "--%s wants a path; write ./- for a file named -%s", option, "");
    }
    return *value ? EXIT_MET : options_usage("--%s wants a path%s", option, "");
}

static int set_flag(struct options *out, int id)
{
    out->icount |= id == OPTION_ICOUNT;
    out->resolved |= id == OPTION_RESOLVED;
    out->quiet |= id == OPTION_QUIET;
    out->verbose |= id == OPTION_VERBOSE;
    out->no_sandbox |= id == OPTION_NO_SANDBOX;
    return EXIT_MET;
}

static int apply(struct options *out, int id, const char *value)
{
    switch (id) {
    case OPTION_ENGINE:
        return set_engine(out, value);
    case OPTION_REQUIRE:
        return add_requirement(out, value);
    case OPTION_SET:
        return add_override(out, value);
    case OPTION_SEED:
        return set_seed(out, value);
    case OPTION_SAMPLES:
        return set_samples(out, value);
    case OPTION_WITHOUT_GUARD:
        return set_without_guard(out, value);
    case OPTION_JSON:
        out->json = value;
        return *value ? EXIT_MET
                      : options_usage("--json wants FILE or -%s%s", "", "");
    case OPTION_KERNEL:
        return set_path(&out->kernel, "kernel", value);
    case OPTION_GDB:
        return set_gdb(out, value);
    case OPTION_DUMP:
        return set_path(&out->dump, "dump", value);
    case OPTION_SYMBOLS:
        return set_path(&out->symbols, "symbols", value);
    case OPTION_TRACE:
        return set_path(&out->trace, "trace", value);
    case OPTION_CHROME:
        return set_path(&out->chrome, "chrome", value);
    case OPTION_JOBS:
        return set_jobs(out, value);
    case OPTION_JUNIT:
        return set_path(&out->junit, "junit", value);
    case OPTION_RESULTS:
        return set_path(&out->results, "results", value);
    case OPTION_TAP:
    case OPTION_FILTER:
        return set_text(out, id, value);
    case OPTION_TIMEOUT:
        out->timeout_given = true;
        return config_duration(value, &out->timeout_ns) == 0
                   ? EXIT_MET
                   : options_usage(
                         "--timeout wants a duration such as 500ms, 10s or "
                         "2m, not '%s'%s",
                         value, "");
    default:
        return id >= OPTION_BENCH     ? options_bench(out, id, value)
               : id >= OPTION_GRAPH   ? options_graph(out, id, value)
               : id >= OPTION_LATTICE ? options_lattice(out, id, value)
                                      : set_flag(out, id);
    }
}

/* getopt's '?': a letter, a flag that was given a value, or no such name. */
static int unknown(const struct command *command, const char *word)
{
    struct suggest suggest;
    char bare[64];

    while (*word == '-') {
        word++;
    }
    snprintf(bare, sizeof(bare), "%.*s", (int)strcspn(word, "="), word);
    suggest_init(&suggest, bare);
    for (size_t i = 0; i < option_row_count; i++) {
        if (option_rows[i].commands & command->flag) {
            suggest_offer(&suggest, option_rows[i].name);
        }
    }
    if (optopt >= OPTION_ENGINE) {
        return options_usage("option '--%s' takes no value%s", bare, "");
    }
    if (optopt) {
        bare[0] = (char)optopt;
        bare[1] = '\0';
        return options_usage("%s takes no option '-%s'", command->name, bare);
    }
    fprintf(stderr, "ambit: %s takes no option '--%s'", command->name, bare);
    if (suggest.best) {
        fprintf(stderr, " (did you mean '--%s'?)\n", suggest.best);
    } else {
        fprintf(stderr, "; see 'ambit help %s'\n", command->name);
    }
    return EXIT_USAGE;
}

static void getopt_rows(const struct command *command,
                        struct option out[OPTION_ROWS_MAX + 1])
{
    size_t used = 0;

    memset(out, 0, (OPTION_ROWS_MAX + 1) * sizeof(out[0]));
    for (size_t i = 0; i < option_row_count; i++) {
        if (option_rows[i].commands & command->flag) {
            out[used].name = option_rows[i].name;
            out[used].has_arg =
                option_rows[i].argument ? required_argument : no_argument;
            out[used++].val = option_rows[i].id;
        }
    }
}

/* What follows `--` goes to the guest, so getopt never sees it. */
static int split_args(int argc, char **argv, struct options *out)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            out->args = argv + i + 1;
            out->arg_count = argc - i - 1;
            return i;
        }
    }
    return argc;
}

static int take_operands(int argc, char **argv, struct options *out)
{
    const struct command *command = out->command;
    bool topic = command->flag == FOR_HELP;

    if (out->arg_count && command->flag != FOR_RUN &&
        command->flag != FOR_AUDIT) {
        return options_usage("%s passes no arguments on to a program%s",
                             command->name, "");
    }
    if (command->flag == FOR_TEST) {
        out->operands = argv + optind;
        out->operand_count = argc - optind;
        return argc > optind ? EXIT_MET
                             : options_usage("test wants a DIR or FILE; see "
                                             "'ambit help test'%s%s",
                                             "", "");
    }
    if (command->flag == FOR_BENCH) {
        out->operands = argv + optind;
        out->operand_count = argc - optind;
        return EXIT_MET;
    }
    if (command->flag == FOR_DIFF) {
        out->operands = argv + optind;
        out->operand_count = argc - optind;
        return argc == optind + 2
                   ? EXIT_MET
                   : options_usage("diff wants two configs; see 'ambit help "
                                   "diff'%s%s",
                                   "", "");
    }
    bool folder = command->flag == FOR_NEW;
    bool file = command->flag == FOR_TRACE;
    int most = command->config || topic || folder || file ? 1 : 0;
    if (argc - optind > most) {
        return options_usage("%s: unexpected argument '%s'", command->name,
                             argv[optind + most]);
    }
    if (optind < argc) {
        out->config = argv[optind];
    } else if (command->config) {
        return options_usage("%s wants a CONFIG; see 'ambit help %s'",
                             command->name, command->name);
    } else if (folder || file) {
        return options_usage(folder ? "%s wants a DIR; see 'ambit help %s'"
                                    : "%s wants a FILE; see 'ambit help %s'",
                             command->name, command->name);
    }
    return EXIT_MET;
}

int options_parse(const struct command *command, int argc, char **argv,
                  struct options *out)
{
    struct option known[OPTION_ROWS_MAX + 1];
    int id;

    memset(out, 0, sizeof(*out));
    out->command = command;
    out->timeout_ns = OPTIONS_TIMEOUT_NS;
    out->samples = OPTIONS_SAMPLES;
    getopt_rows(command, known);
    argc = split_args(argc, argv, out);
    opterr = 0;
    optind = 0; /* forgets what an earlier parse left (getopt(3)) */
    while ((id = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
        if (id == '?') {
            return unknown(command, argv[optind - 1]);
        }
        if (id == ':') {
            return options_usage("option '%s' wants a value%s",
                                 argv[optind - 1], "");
        }
        if (id == 'h' || id == OPTION_HELP) {
            out->config = command->name;
            out->command = command_find("help");
            return EXIT_MET;
        }
        if (apply(out, id, optarg) != EXIT_MET) {
            return EXIT_USAGE;
        }
    }
    return take_operands(argc, argv, out);
}

void options_describe(const struct command *command, FILE *out)
{
    for (size_t i = 0; i < option_row_count; i++) {
        char left[48];
        if (!(option_rows[i].commands & command->flag)) {
            continue;
        }
        snprintf(left, sizeof(left), "--%s%s%s", option_rows[i].name,
                 option_rows[i].argument ? " " : "",
                 option_rows[i].argument ? option_rows[i].argument : "");
        fprintf(out, "  %-26s %s\n", left, option_rows[i].text);
    }
}
