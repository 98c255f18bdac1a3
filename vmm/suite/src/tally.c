/* SPDX-License-Identifier: Apache-2.0 */
/* What comes of all cases together. */
#include "suite_internal.h"

/* From the gravest on. What is certain about the guest comes before what
 * kept a verdict from being had. */
static const struct {
    int code;
    const char *text;
} codes[] = {{EXIT_INTERRUPTED, "interrupted"},
             {EXIT_VIOLATED, "isolation violated"},
             {EXIT_PANIC, "guest kernel panic"},
             {EXIT_HOST, "host or VMM failed"},
             {EXIT_USAGE, "usage or config"},
             {EXIT_TIMEOUT, "timeout"},
             {EXIT_MISSED, "an expectation missed"},
             {EXIT_UNAVAILABLE, "no usable engine or feature"},
             {EXIT_MET, "everything met"}};
#define CODES (sizeof(codes) / sizeof(codes[0]))

static size_t rank(int exit_code)
{
    for (size_t i = 0; i < CODES; i++) {
        if (codes[i].code == exit_code) {
            return i;
        }
    }
    return 3; /* one that `ambit` does not have: as a failure of the VMM */
}

int suite__graver(int a, int b)
{
    return codes[rank(a) < rank(b) ? rank(a) : rank(b)].code;
}

const char *suite__code_text(int exit_code)
{
    for (size_t i = 0; i < CODES; i++) {
        if (codes[i].code == exit_code) {
            return codes[i].text;
        }
    }
    return "no exit code of ambit";
}

struct suite_tally suite__tally(const struct suite *suite)
{
    struct suite_tally tally = {.exit_code = EXIT_MET};

    for (size_t i = 0; i < suite->count; i++) {
        const struct suite_case *one = &suite->cases[i];

        tally.passed += one->outcome == CASE_PASSED;
        tally.failed += one->outcome == CASE_FAILED;
        tally.skipped += one->outcome == CASE_SKIPPED;
        tally.interrupted += one->outcome == CASE_INTERRUPTED;
        if (one->outcome == CASE_FAILED) {
            tally.exit_code = suite__graver(tally.exit_code, one->exit_code);
        }
    }
    if (tally.skipped && (suite->options->strict || !tally.passed)) {
        tally.exit_code = suite__graver(tally.exit_code, EXIT_UNAVAILABLE);
    }
    if (suite->interrupted) {
        tally.exit_code = EXIT_INTERRUPTED;
    }
    return tally;
}
