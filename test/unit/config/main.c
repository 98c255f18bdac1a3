/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
    Suite *suite = suite_create("config");
    SRunner *runner;
    int failed;

    suite_add_tcase(suite, parts_case());
    suite_add_tcase(suite, load_case());
    suite_add_tcase(suite, memory_case());
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
