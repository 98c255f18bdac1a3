/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

int main(void)
{
    Suite *suite = suite_create("image");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, good_elf_case());
    suite_add_tcase(suite, bad_elf_case());
    suite_add_tcase(suite, bad_relocation_case());
    suite_add_tcase(suite, mutation_case());
    suite_add_tcase(suite, symbols_case());
    suite_add_tcase(suite, tree_case());
    suite_add_tcase(suite, module_case());
    suite_add_tcase(suite, refusal_case());
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
