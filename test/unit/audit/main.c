/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
    SRunner *runner = srunner_create(suite_layout());
    int failed;

    srunner_add_suite(runner, suite_view());
    srunner_add_suite(runner, suite_frame());
    srunner_add_suite(runner, suite_root());
    srunner_add_suite(runner, suite_table());
    srunner_add_suite(runner, suite_range());
    srunner_add_suite(runner, suite_garbage());
    srunner_add_suite(runner, suite_slots());
    srunner_add_suite(runner, suite_made());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
