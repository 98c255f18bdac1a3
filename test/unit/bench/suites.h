/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_BENCH_SUITES_H
#define TEST_BENCH_SUITES_H

#include <check.h>

Suite *suite_decode(void);
Suite *suite_rows(void);
Suite *suite_stat(void);

#endif
