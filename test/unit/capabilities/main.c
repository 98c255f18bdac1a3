/* SPDX-License-Identifier: Apache-2.0 */
/* Unit tests of core 1, hosted. */
#include "world.h"

int main(void)
{
    Suite *suite = suite_create("capabilities");

    suite_add_tcase(suite, case_table());
    suite_add_tcase(suite, case_uses());
    suite_add_tcase(suite, case_derive());
    suite_add_tcase(suite, case_composite());
    suite_add_tcase(suite, case_replaced());
    suite_add_tcase(suite, case_delete());
    suite_add_tcase(suite, case_revoke());
    suite_add_tcase(suite, case_clear());
    suite_add_tcase(suite, case_move());
    suite_add_tcase(suite, case_check());
    suite_add_tcase(suite, case_fault());
    suite_add_tcase(suite, case_property());

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
