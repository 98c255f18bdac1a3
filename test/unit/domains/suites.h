/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_DOMAINS_SUITES_H
#define TEST_DOMAINS_SUITES_H

#include <check.h>

Suite *suite_kinds(void);
Suite *suite_quota(void);
Suite *suite_quota_family(void);
Suite *suite_form(void);
Suite *suite_sense(void);
Suite *suite_plan(void);
Suite *suite_view(void);
Suite *suite_build(void);
Suite *suite_random(void);
Suite *suite_lattice(void);
Suite *suite_graph(void);
Suite *suite_request(void);

#endif
