/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include <stdlib.h>

int main(void)
{
    Suite *suite = suite_create("runtime");
    SRunner *runner;
    int failed;

    suite_add_tcase(suite, format_case());
    suite_add_tcase(suite, heap_case());
    suite_add_tcase(suite, relocate_case());
    suite_add_tcase(suite, string_case());
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
