/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ENGINE_CASES_H
#define TEST_ENGINE_CASES_H

#include <check.h>
#include <host/engine.h>

/* What host/engine.h promises, whichever engine: cases for a suite. */
TCase *engine_cases(const struct engine_ops *ops);

#endif
