/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
    SRunner *runner = srunner_create(suite_console());
    int failed;

    srunner_add_suite(runner, suite_escape());
    srunner_add_suite(runner, suite_event());
    srunner_add_suite(runner, suite_judge());
    srunner_add_suite(runner, suite_options());
    srunner_add_suite(runner, suite_snapshot());
    srunner_add_suite(runner, suite_table());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
