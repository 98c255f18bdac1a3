/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
    SRunner *runner = srunner_create(suite_kinds());
    int failed;

    srunner_add_suite(runner, suite_quota());
    srunner_add_suite(runner, suite_quota_family());
    srunner_add_suite(runner, suite_form());
    srunner_add_suite(runner, suite_sense());
    srunner_add_suite(runner, suite_plan());
    srunner_add_suite(runner, suite_view());
    srunner_add_suite(runner, suite_build());
    srunner_add_suite(runner, suite_random());
    srunner_add_suite(runner, suite_lattice());
    srunner_add_suite(runner, suite_graph());
    srunner_add_suite(runner, suite_request());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
