/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUITE_SUITES_H
#define SUITE_SUITES_H

#include <check.h>

TCase *capture_case(void);
TCase *report_case(void);
TCase *verdict_case(void);

#endif
