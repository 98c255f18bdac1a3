/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
    SRunner *runner = srunner_create(suite_stat());
    int failed;

    srunner_add_suite(runner, suite_rows());
    srunner_add_suite(runner, suite_decode());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
