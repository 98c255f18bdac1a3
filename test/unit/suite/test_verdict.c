/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts on single cases, and the gravest of all. */
#include "suites.h"

#include "verdict.h"

#include <string.h>

#define EXITED(code) ((code) << 8) /* as waitpid(2) gives it */

static struct suite_case one;

/* A run that ended so and left results that say the same. */
static struct ending ended(int code)
{
    return (struct ending){
        .status = EXITED(code),
        .message = "",
        .facts = {.there = true, .exit = code, .audited = true, .pages = 9}};
}

static void judged(enum case_kind kind, int wanted, struct ending ending,
                   enum case_outcome outcome, int exit_code)
{
    memset(&one, 0, sizeof one);
    one.kind = kind;
    one.end.exit = wanted;
    verdict(&one, &ending);
    ck_assert_msg(one.outcome == outcome, "outcome %d: %s", one.outcome,
                  one.why);
    ck_assert_int_eq(one.exit_code, exit_code);
    ck_assert_int_eq(*one.why != '\0', outcome != CASE_PASSED);
}

/* Each exit code against each that is wanted, for each kind of case. */
START_TEST(exit_codes)
{
    static const int codes[] = {0, 1, 2, 3, 4, 5, 124};
    const size_t count = sizeof codes / sizeof codes[0];

    for (size_t w = 0; w < count; w++) {
        for (size_t c = 0; c < count; c++) {
            int code = codes[c];
            bool met = code == codes[w];
            int as_it_is = code ? code : EXIT_MISSED;
            int weakened = code == 2 || code == 3 ? code : EXIT_MISSED;

            judged(CASE_RUN, codes[w], ended(code),
                   met ? CASE_PASSED : CASE_FAILED, met ? 0 : as_it_is);
            judged(CASE_CONTROL, codes[w], ended(code),
                   met ? CASE_PASSED : CASE_FAILED, met ? 0 : weakened);
            judged(CASE_GUARD, codes[w], ended(code),
                   met ? CASE_PASSED : CASE_FAILED, met ? 0 : weakened);
        }
    }
}
END_TEST

START_TEST(other_ends)
{
    struct ending ending = ended(0);

    judged(CASE_RUN, 0, ended(77), CASE_SKIPPED, 0);
    ending.unsaid = "text";
    judged(CASE_RUN, 0, ending, CASE_FAILED, EXIT_MISSED);
    ck_assert_str_eq(one.why, "does not say 'text'");
    ending = ended(0);
    ending.status = 11; /* ended by SIGSEGV */
    judged(CASE_RUN, 0, ending, CASE_FAILED, EXIT_HOST);
    ending.late = true;
    judged(CASE_RUN, 124, ending, CASE_FAILED, EXIT_TIMEOUT);
    ending.asked = true;
    judged(CASE_RUN, 0, ending, CASE_INTERRUPTED, 0);
    judged(CASE_RUN, 0, ended(99), CASE_FAILED, EXIT_HOST);
}
END_TEST

/* What was not looked at does not pass. */
START_TEST(results_must_agree)
{
    struct ending ending = ended(0);

    ending.facts.there = false;
    judged(CASE_RUN, 0, ending, CASE_FAILED, EXIT_HOST);
    ending = ended(0);
    ending.facts.exit = 1;
    judged(CASE_RUN, 0, ending, CASE_FAILED, EXIT_HOST);
    ending = ended(0);
    ending.facts.pages = 0;
    judged(CASE_RUN, 0, ending, CASE_FAILED, EXIT_HOST);
    judged(CASE_GUARD, 0, ending, CASE_PASSED, 0); /* it may be overwritten */
    ending = ended(0);
    ending.facts.violations = 1;
    judged(CASE_RUN, 0, ending, CASE_FAILED, EXIT_VIOLATED);
    ending = ended(5);
    ending.facts.violations = 1;
    judged(CASE_RUN, 5, ending, CASE_PASSED, 0);
}
END_TEST

/* The order that docs/testing.md tells. */
START_TEST(the_gravest_wins)
{
    static const int order[] = {130, 5, 4, 3, 2, 124, 1, 77, 0};

    for (size_t a = 0; a < 9; a++) {
        for (size_t b = a; b < 9; b++) {
            ck_assert_int_eq(suite__graver(order[a], order[b]), order[a]);
            ck_assert_int_eq(suite__graver(order[b], order[a]), order[a]);
        }
    }
}
END_TEST

static int tally_of(enum case_outcome first, int first_code,
                    enum case_outcome second, bool strict)
{
    struct suite_options options = {.strict = strict};
    struct suite_case cases[2] = {{.outcome = first, .exit_code = first_code},
                                  {.outcome = second, .exit_code = 1}};
    struct suite suite = {.options = &options, .cases = cases, .count = 2};

    return suite__tally(&suite).exit_code;
}

START_TEST(skips)
{
    ck_assert_int_eq(tally_of(CASE_PASSED, 0, CASE_PASSED, true), 0);
    ck_assert_int_eq(tally_of(CASE_PASSED, 0, CASE_SKIPPED, false), 0);
    ck_assert_int_eq(tally_of(CASE_PASSED, 0, CASE_SKIPPED, true), 77);
    ck_assert_int_eq(tally_of(CASE_SKIPPED, 0, CASE_SKIPPED, false), 77);
    ck_assert_int_eq(tally_of(CASE_SKIPPED, 0, CASE_FAILED, true), 1);
    ck_assert_int_eq(tally_of(CASE_FAILED, 4, CASE_FAILED, false), 4);
}
END_TEST

TCase *verdict_case(void)
{
    TCase *tcase = tcase_create("verdict");

    tcase_add_test(tcase, exit_codes);
    tcase_add_test(tcase, other_ends);
    tcase_add_test(tcase, results_must_agree);
    tcase_add_test(tcase, the_gravest_wins);
    tcase_add_test(tcase, skips);
    return tcase;
}
