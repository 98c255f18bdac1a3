/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_KVM_H
#define TEST_KVM_H

#include <check.h>

TCase *register_cases(void);
TCase *device_cases(void);

#endif
