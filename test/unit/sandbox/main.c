/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include <stdlib.h>

int main(void)
{
    SRunner *runner = srunner_create(suite_seccomp());
    int failed;

    srunner_add_suite(runner, suite_landlock());
    srunner_add_suite(runner, suite_sandbox());
    srunner_add_suite(runner, suite_late_file());
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
