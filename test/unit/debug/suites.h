/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_DEBUG_SUITES_H
#define TEST_DEBUG_SUITES_H

#include <check.h>

Suite *suite_core(void);
Suite *suite_page_walk(void);
Suite *suite_unwind(void);

#endif
