/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of core 2, hosted. */
#include "world.h"

int main(void)
{
    Suite *suite = suite_create("ipc");

    suite_add_tcase(suite, case_call());
    suite_add_tcase(suite, case_deadlock());
    suite_add_tcase(suite, case_leave());
    suite_add_tcase(suite, case_notify());
    suite_add_tcase(suite, case_check());
    suite_add_tcase(suite, case_property());

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
