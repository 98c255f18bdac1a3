/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNTIME_SUITES_H
#define RUNTIME_SUITES_H

#include <check.h>

TCase *format_case(void);
TCase *heap_case(void);
TCase *relocate_case(void);
TCase *string_case(void);

#endif
