/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of `test`: how `ambit test` judges a run. */
#include "table.h"

#include <config/config.h>
#include <stddef.h>

#define LINE_WHAT "a line of text"

static const struct type line_type = {.kind = TYPE_TEXT, .what = LINE_WHAT};
/* 77 would be a skip, and 130 an interrupt: neither is a run's end. */
static const char *const codes[] = {"0", "1", "2", "3", "4", "5", "124", NULL};
static const struct type code_type = {
    .kind = TYPE_CODE,
    .what = "an exit code of a run (0, 1, 2, 3, 4, 5 or 124)",
    .words = codes};
static const struct type duration_type = {
    .kind = TYPE_DURATION,
    .what = "a duration such as 500ms, 10s or 2m",
    .max = CONFIG_DURATION_MAX};
static const struct type says_type = {.kind = TYPE_LIST,
                                      .what = "a list of 1 to 64 texts",
                                      .item = &line_type,
                                      .min = 1,
                                      .max = 64};
static const char *const engine_words[] = {"kvm", "qemu", NULL};
static const struct type engine_type = {
    .kind = TYPE_WORD, .what = "kvm or qemu", .words = engine_words};
static const struct type engines_type = {.kind = TYPE_LIST,
                                         .what = "a list of kvm, qemu or both",
                                         .item = &engine_type,
                                         .min = 1,
                                         .max = 2};
static const struct type guards_type = {.kind = TYPE_NAMED,
                                        .what =
                                            "a mapping of guards to exit codes",
                                        .item = &code_type,
                                        .max = 64};
static const struct type changes_type = {
    .kind = TYPE_CHANGES,
    .what = "a mapping of paths such as domains.app.kind to values",
    .max = CONFIG_CHANGES_MAX};
static const struct key control_keys[] = {
    {"set", &changes_type, true, NULL, "{domains.app.kind: thread}",
     "What is changed, as by --set; null deletes."},
    {"exit", &code_type, true, NULL, "5",
     "What the changed run must end with."},
    {"says", &says_type, false, "absent", "[\"asserts deny\"]",
     "What the changed run must print."},
    {0}};
static const struct type control_type = {.kind = TYPE_MAP,
                                         .what =
                                             "{set: {PATH: VALUE}, exit: CODE}",
                                         .keys = control_keys};
static const struct type controls_type = {.kind = TYPE_NAMED,
                                          .what = "a mapping of controls",
                                          .item = &control_type,
                                          .max = 64};
static const struct key test_keys[] = {
    {"tries", &line_type, false, "absent", "\"reads another's stack\"",
     "An attack: what it tries, in one line."},
    {"guards", &guards_type, false, "{}", "{quota-limit: 1}",
     "The kernel's checks that stop it: without one, the run must end with "
     "that code."},
    {"guards_on", &engines_type, false, "[kvm, qemu]", "[qemu]",
     "Where guards are left out; elsewhere the run itself is all there is."},
    {"exit", &code_type, false, "0", "1", "What the run must end with."},
    {"says", &says_type, false, "absent", "[\"asserts deny\"]",
     "Texts that must each stand on its standard output or error."},
    {"engines", &engines_type, false, "[kvm, qemu]", "[qemu]",
     "Where the test runs; elsewhere it is skipped."},
    {"timeout", &duration_type, false, "60s", "2m",
     "Time for each run, unless --timeout says otherwise."},
    {"controls", &controls_type, false, "{}",
     "{open: {set: {domains.app.kind: thread}, exit: 5}}",
     "Runs with something changed that must end differently: they show that "
     "the test can fail."},
    {0}};
const struct type table_test = {
    .kind = TYPE_MAP, .what = "a mapping", .keys = test_keys};
