/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include "command.h"

#include <abi/guards.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS 90

static struct options options;
static char said[8192]; /* on stderr */
static char *words[WORDS + 1];

/* Parses `COMMAND ...`, words separated by blanks; returns the exit code. */
static int parse(const char *line)
{
    static char copy[2048];
    char *save = NULL;
    int argc = 0, exit_code, kept = dup(2);
    FILE *file = tmpfile();

    ck_assert_ptr_nonnull(file);
    snprintf(copy, sizeof(copy), "%s", line);
    for (char *w = strtok_r(copy, " ", &save); w;
         w = strtok_r(NULL, " ", &save)) {
        ck_assert_int_lt(argc, WORDS);
        words[argc++] = strcmp(w, "''") == 0 ? w + 2 : w;
    }
    words[argc] = NULL;
    fflush(stderr);
    ck_assert_int_ge(dup2(fileno(file), 2), 0);
    exit_code = options_parse(command_find(words[0]), argc, words, &options);
    fflush(stderr);
    ck_assert_int_ge(dup2(kept, 2), 0);
    close(kept);
    rewind(file);
    said[fread(said, 1, sizeof(said) - 1, file)] = '\0';
    fclose(file);
    return exit_code;
}

static void good(const char *line)
{
    int exit_code = parse(line);

    ck_assert_str_eq(said, "");
    ck_assert_int_eq(exit_code, EXIT_MET);
}

static void bad(const char *line, const char *message)
{
    int exit_code = parse(line);

    ck_assert_str_eq(said, message);
    ck_assert_int_eq(exit_code, EXIT_USAGE);
}

START_TEST(defaults)
{
    good("run x.yaml");
    ck_assert_str_eq(options.config, "x.yaml");
    ck_assert_int_eq(options.engine, CHOOSE_AUTO);
    ck_assert_uint_eq(options.timeout_ns, OPTIONS_TIMEOUT_NS);
    ck_assert_uint_eq(options.samples, OPTIONS_SAMPLES);
    ck_assert(!options.samples_given && !options.quiet && !options.verbose);
    ck_assert_ptr_null(options.json);
    ck_assert_int_eq(options.arg_count, 0);
    ck_assert_uint_eq(options.without_guard, GUARD_NONE);
}
END_TEST

START_TEST(everything)
{
    good("run --engine kvm x.yaml --json=- --timeout 2m --samples 0 --seed 7 "
         "--set a.b=c --require ring0=tcg --require feature=nx --quiet "
         "--verbose --icount -- --engine -x");
    ck_assert_int_eq(options.engine, CHOOSE_KVM);
    ck_assert(options_json_only(&options));
    ck_assert_uint_eq(options.timeout_ns, 120000000000ull);
    ck_assert_uint_eq(options.samples, 0);
    ck_assert(options.samples_given && options.quiet && options.verbose &&
              options.icount);
    ck_assert_uint_eq(options.override_count, 2);
    ck_assert_str_eq(options.overrides[0].path_and_value, "seed=7");
    ck_assert_str_eq(options.overrides[1].path_and_value, "a.b=c");
    ck_assert_uint_eq(options.requirement_count, 2);
    ck_assert_str_eq(options.requirements[1].key, "feature");
    ck_assert_str_eq(options.requirements[1].value, "nx");
    ck_assert_int_eq(options.arg_count, 2);
    ck_assert_str_eq(options.args[0], "--engine");
    ck_assert_str_eq(options.config, "x.yaml");
}
END_TEST

START_TEST(did_you_mean)
{
    bad("run x.yaml --engin3 kvm",
        "ambit: run takes no option '--engin3' (did you mean '--engine'?)\n");
    bad("run x.yaml --timeuot=5s",
        "ambit: run takes no option '--timeuot' (did you mean '--timeout'?)\n");
    bad("check x.yaml --frobnicate",
        "ambit: check takes no option '--frobnicate'; see 'ambit help "
        "check'\n");
    /* Only what this command takes is offered. */
    bad("check x.yaml --resolve",
        "ambit: check takes no option '--resolve'; see 'ambit help check'\n");
    bad("plan x.yaml --resolvd",
        "ambit: plan takes no option '--resolvd' (did you mean "
        "'--resolved'?)\n");
}
END_TEST

START_TEST(letters)
{
    bad("run x.yaml -x", "ambit: run takes no option '-x'\n");
    bad("run x.yaml -qx", "ambit: run takes no option '-q'\n");
    good("run x.yaml"); /* and nothing of the letters is left */
    ck_assert_str_eq(options.config, "x.yaml");
}
END_TEST

START_TEST(values)
{
    bad("run x.yaml --engine", "ambit: option '--engine' wants a value\n");
    bad("run x.yaml --quiet=yes", "ambit: option '--quiet' takes no value\n");
    bad("run x.yaml --engine xen",
        "ambit: --engine is auto, kvm or qemu, not 'xen'\n");
    bad("run x.yaml --samples -1",
        "ambit: --samples wants a number, not '-1'\n");
    bad("run x.yaml --samples 1000001",
        "ambit: --samples wants a number, not '1000001'\n");
    bad("run x.yaml --seed 18446744073709551616",
        "ambit: --seed wants a number, not '18446744073709551616'\n");
    bad("run x.yaml --seed 0x10", "ambit: --seed wants a number, not '0x10'\n");
    bad("run x.yaml --set =1", "ambit: --set wants PATH=VALUE, not '=1'\n");
    bad("run x.yaml --set a", "ambit: --set wants PATH=VALUE, not 'a'\n");
    bad("run x.yaml --json ''", "ambit: --json wants FILE or -\n");
    bad("run x.yaml --timeout 10",
        "ambit: --timeout wants a duration such as 500ms, 10s or 2m, not "
        "'10'\n");
    bad("run x.yaml --require speed=fast",
        "ambit: --require speed=fast: expected engine=, ring0=, registers= or "
        "feature=\n");
    bad("run x.yaml --require engine=xen",
        "ambit: --require engine=xen: engine is kvm or qemu\n");
    good("run x.yaml --seed 18446744073709551615");
    ck_assert_str_eq(options.seed, "seed=18446744073709551615");
}
END_TEST

START_TEST(without_guard)
{
    good("run x.yaml --without-guard handle-rights");
    ck_assert_uint_eq(options.without_guard, GUARD_HANDLE_RIGHTS);
    bad("plan x.yaml --without-guard handle-rights",
        "ambit: plan takes no option '--without-guard'; see 'ambit help "
        "plan'\n");
    bad("run x.yaml --without-guard handle-type --without-guard quota-limit",
        "ambit: --without-guard: one guard at a time, not 'handle-type' and "
        "'quota-limit'\n");
    ck_assert_int_eq(parse("run x.yaml --without-guard handle-right"),
                     EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(said, "no such guard 'handle-right' (did you "
                                       "mean 'handle-rights'?); these are "
                                       "known:\n  "));
    ck_assert_ptr_nonnull(strstr(said, "\n  handle-type\n"));
    ck_assert_int_eq(parse("run x.yaml --without-guard ''"), EXIT_USAGE);
}
END_TEST

START_TEST(operands)
{
    bad("run", "ambit: run wants a CONFIG; see 'ambit help run'\n");
    bad("run a b c", "ambit: run: unexpected argument 'b'\n");
    bad("doctor a", "ambit: doctor: unexpected argument 'a'\n");
    bad("check a -- b", "ambit: check passes no arguments on to a program\n");
    good("run - -- ");
    ck_assert_str_eq(options.config, "-");
    good("help run");
    ck_assert_str_eq(options.config, "run");
    good("help");
    ck_assert_ptr_null(options.config);
}
END_TEST

START_TEST(help)
{
    good("run --help");
    ck_assert_str_eq(options.command->name, "help");
    ck_assert_str_eq(options.config, "run");
    good("plan -h");
    ck_assert_str_eq(options.config, "plan");
}
END_TEST

START_TEST(too_many)
{
    char line[2048] = "run x";

    for (uint32_t i = 0; i < OPTIONS_OVERRIDES; i++) {
        strcat(line, " --set=a=1");
    }
    good(line);
    ck_assert_uint_eq(options.override_count, OPTIONS_OVERRIDES);
    strcat(line, " --seed=1");
    bad(line, "ambit: too many --set\n");
}
END_TEST

START_TEST(durations)
{
    static const char *const wrong[] = {"",           "s",
                                        "10",         "-1s",
                                        "+1s",        " 1s",
                                        "1 s",        "1s ",
                                        "0s",         "1.5s",
                                        "1e3s",       "10S",
                                        "10sec",      "99999999999999999999s",
                                        "5000000000h"};
    static const struct {
        const char *text;
        uint64_t ns;
    } right[] = {{"1ms", 1000000},         {"500ms", 500000000},
                 {"10s", 10000000000ull},  {"2m", 120000000000ull},
                 {"1h", 3600000000000ull}, {"007s", 7000000000ull}};
    uint64_t ns = 5;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ck_assert_msg(config_duration(wrong[i], &ns) == -1, "%s", wrong[i]);
        ck_assert_uint_eq(ns, 5);
    }
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        ck_assert_int_eq(config_duration(right[i].text, &ns), 0);
        ck_assert_uint_eq(ns, right[i].ns);
    }
}
END_TEST

Suite *suite_options(void)
{
    Suite *suite = suite_create("options");
    TCase *all = tcase_create("options");

    tcase_add_test(all, defaults);
    tcase_add_test(all, everything);
    tcase_add_test(all, did_you_mean);
    tcase_add_test(all, letters);
    tcase_add_test(all, values);
    tcase_add_test(all, without_guard);
    tcase_add_test(all, operands);
    tcase_add_test(all, help);
    tcase_add_test(all, too_many);
    tcase_add_test(all, durations);
    suite_add_tcase(suite, all);
    return suite;
}
