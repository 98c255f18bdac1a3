/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_AUDIT_SUITES_H
#define TEST_AUDIT_SUITES_H

#include <check.h>

Suite *suite_layout(void);
Suite *suite_view(void);
Suite *suite_frame(void);
Suite *suite_root(void);
Suite *suite_table(void);
Suite *suite_range(void);
Suite *suite_garbage(void);
Suite *suite_slots(void);
Suite *suite_made(void);

#endif
