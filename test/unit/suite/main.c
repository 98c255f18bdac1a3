/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
    Suite *suite = suite_create("suite");
    SRunner *runner;
    int failed;

    suite_add_tcase(suite, capture_case());
    suite_add_tcase(suite, report_case());
    suite_add_tcase(suite, verdict_case());
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
