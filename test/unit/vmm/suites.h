/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_VMM_SUITES_H
#define TEST_VMM_SUITES_H

#include <check.h>

Suite *suite_console(void);
Suite *suite_escape(void);
Suite *suite_event(void);
Suite *suite_judge(void);
Suite *suite_options(void);
Suite *suite_snapshot(void);
Suite *suite_table(void);

#endif
