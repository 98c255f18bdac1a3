/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_SUITES_H
#define CONFIG_SUITES_H

#include <check.h>

TCase *parts_case(void);
TCase *load_case(void);
TCase *memory_case(void);

#endif
