/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "command.h"
#include "guards.h"
#include "options_graph.h"
#include "options_lattice.h"
#include "options_values.h"
#include "require.h"
#include "suggest.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <suite/suite.h>

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
    int id;               /* enum option_id, options_lattice.h, _graph.h */
    unsigned commands;
    const char *text;
};

static const struct option_row rows[] = {
    {"engine", "auto|kvm|qemu", OPTION_ENGINE,
     FOR_GUEST | FOR_DOCTOR | FOR_LATTICE | FOR_GRAPH,
     "where the guest runs (auto: kvm where it works, else qemu)"},
    {"engine", "auto|kvm|qemu|all", OPTION_ENGINE, FOR_TEST,
     "where tests run (auto: kvm where it works, else qemu)"},
    {"config", "FILE", OPTION_LATTICE_CONFIG, FOR_LATTICE,
     "name points by the kinds of this config, too"},
    {"valid", NULL, OPTION_LATTICE_VALID, FOR_LATTICE, "list the valid points"},
    {"all", NULL, OPTION_LATTICE_ALL, FOR_LATTICE,
     "list every point, refused ones with the reason"},
    {"filter", "CLASS=DEGREE,...", OPTION_FILTER, FOR_LATTICE,
     "only points that have it; one class may be named twice"},
    {"boot", NULL, OPTION_LATTICE_BOOT, FOR_LATTICE,
     "boot every valid point and try what is predicted"},
    {"at-run-time", NULL, OPTION_LATTICE_AT_RUN_TIME, FOR_LATTICE,
     "--boot: a domain composes them; so it does what is refused"},
    {"sample", "N", OPTION_LATTICE_SAMPLE, FOR_LATTICE,
     "boot so many valid points, chosen at random"},
    {"seed", "N", OPTION_LATTICE_SEED, FOR_LATTICE, "which ones (default 1)"},
    {"jobs", "N", OPTION_JOBS, FOR_LATTICE,
     "guests at a time (default: one for each CPU)"},
    {"timeout", "DURATION", OPTION_TIMEOUT, FOR_LATTICE,
     "of each guest (default 5m)"},
    {"csv", "FILE|-", OPTION_LATTICE_CSV, FOR_LATTICE,
     "write a line a point; with -, stdout is CSV only"},
    {"jobs", "N", OPTION_JOBS, FOR_TEST,
     "runs at a time (default: one for each CPU)"},
    {"filter", "PATTERN", OPTION_FILTER, FOR_TEST,
     "only tests whose name holds this, or matches it with * and ?"},
    {"junit", "FILE", OPTION_JUNIT, FOR_TEST, "write JUnit XML, for CI"},
    {"tap", "FILE|-", OPTION_TAP, FOR_TEST,
     "write TAP; with -, stdout is TAP only"},
    {"results", "DIR", OPTION_RESULTS, FOR_TEST,
     "keep each run's results there, as NAME.ENGINE.json"},
    {"icount", NULL, OPTION_ICOUNT, FOR_GUESTS,
     "qemu only: count executed instructions exactly"},
    {"require", "KEY=VALUE", OPTION_REQUIRE, FOR_GUESTS,
     "exit 77 unless so: engine, ring0, registers, feature"},
    {"timeout", "DURATION", OPTION_TIMEOUT, FOR_GUEST | FOR_GRAPH,
     "stop after 500ms, 10s, 2m (default 60s); exit 124"},
    {"timeout", "DURATION", OPTION_TIMEOUT, FOR_TEST,
     "of each run (default: its config's test.timeout, else 60s)"},
    {"samples", "N", OPTION_SAMPLES, FOR_GUESTS,
     "pauses at which the page tables are walked"},
    {"without-guard", "NAME", OPTION_WITHOUT_GUARD, FOR_GUEST | FOR_LATTICE,
     "in a kernel that does without this guard (ambit guards)"},
    {"kernel", "FILE", OPTION_KERNEL, FOR_GUESTS,
     "boot this kernel ELF file instead of the built-in one"},
    {"gdb", "PORT", OPTION_GDB, FOR_RUN,
     "qemu only: wait for gdb on this port (0: any) before the start"},
    {"dump", "FILE", OPTION_DUMP, FOR_RUN,
     "write the guest's end as a core file that gdb reads"},
    {"symbols", "DIR", OPTION_SYMBOLS, FOR_RUN,
     "write ELF files and a script for gdb there"},
    {"seed", "N", OPTION_SEED, FOR_CONFIGS, "short for --set seed=N"},
    {"set", "PATH=VALUE", OPTION_SET, FOR_DIFF,
     "change B: a YAML value, null deletes"},
    {"set", "PATH=VALUE", OPTION_SET, FOR_CONFIGS,
     "change the config: a YAML value, null deletes"},
    {"json", "FILE|-", OPTION_JSON,
     FOR_GUEST | FOR_PLAN | FOR_DOCTOR | FOR_GUARDS | FOR_LATTICE | FOR_DIFF,
     "write results as JSON; with -, stdout is JSON only"},
    {"resolved", NULL, OPTION_RESOLVED, FOR_PLAN,
     "print the config with every default spelled out"},
    {"live", NULL, OPTION_LIVE, FOR_GRAPH,
     "run it, and take the graph from its page tables at the end"},
    {"fail-if", "weaker", OPTION_FAIL_IF, FOR_DIFF,
     "exit 1 if B lets a domain reach what A does not"},
    {"format", "text|dot|json|csv|svg", OPTION_FORMAT, FOR_GRAPH,
     "how it is written (default: text, metrics only)"},
    {"out", "FILE|-", OPTION_OUT, FOR_GRAPH,
     "where it is written (default: -, standard output)"},
    {"quiet", NULL, OPTION_QUIET,
     FOR_GUEST | FOR_CHECK | FOR_PLAN | FOR_LATTICE,
     "say only what went wrong"},
    {"quiet", NULL, OPTION_QUIET, FOR_TEST,
     "say only what failed, and how many"},
    {"verbose", NULL, OPTION_VERBOSE, FOR_TEST, "what passed, and its output"},
    {"verbose", NULL, OPTION_VERBOSE, FOR_GUEST | FOR_CHECK | FOR_DOCTOR,
     "phases, features and every fault, on stderr"},
    {"no-sandbox", NULL, OPTION_NO_SANDBOX,
     FOR_GUESTS | FOR_DOCTOR | FOR_LATTICE,
     "for debugging: let ambit keep every system call and file"},
    {"help", NULL, OPTION_HELP,
     FOR_CONFIGS | FOR_DOCTOR | FOR_SCHEMA | FOR_HELP | FOR_GUARDS | FOR_NEW |
         FOR_LATTICE | FOR_DIFF,
     "what this command does"},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

bool options_json_only(const struct options *options)
{
    return options->json && strcmp(options->json, "-") == 0;
}

static int set_engine(struct options *out, const char *value)
{
    static const char *const names[] = {"auto", "kvm", "qemu", "all"};
    bool test = out->command->flag == FOR_TEST;

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
        return id >= OPTION_GRAPH     ? options_graph(out, id, value)
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
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].commands & command->flag) {
            suggest_offer(&suggest, rows[i].name);
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
                        struct option out[ROWS + 1])
{
    size_t used = 0;

    memset(out, 0, (ROWS + 1) * sizeof(out[0]));
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].commands & command->flag) {
            out[used].name = rows[i].name;
            out[used].has_arg =
                rows[i].argument ? required_argument : no_argument;
            out[used++].val = rows[i].id;
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
    int most = command->config || topic || folder ? 1 : 0;
    if (argc - optind > most) {
        return options_usage("%s: unexpected argument '%s'", command->name,
                             argv[optind + most]);
    }
    if (optind < argc) {
        out->config = argv[optind];
    } else if (command->config) {
        return options_usage("%s wants a CONFIG; see 'ambit help %s'",
                             command->name, command->name);
    } else if (folder) {
        return options_usage("%s wants a DIR; see 'ambit help %s'",
                             command->name, command->name);
    }
    return EXIT_MET;
}

int options_parse(const struct command *command, int argc, char **argv,
                  struct options *out)
{
    struct option known[ROWS + 1];
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
    for (size_t i = 0; i < ROWS; i++) {
        char left[48];
        if (!(rows[i].commands & command->flag)) {
            continue;
        }
        snprintf(left, sizeof(left), "--%s%s%s", rows[i].name,
                 rows[i].argument ? " " : "",
                 rows[i].argument ? rows[i].argument : "");
        fprintf(out, "  %-26s %s\n", left, rows[i].text);
    }
}
