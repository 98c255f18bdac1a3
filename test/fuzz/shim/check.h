/* SPDX-License-Identifier: Apache-2.0 */
/* Check's assertions for its fixtures outside its runner: world.c. */
#ifndef SHIM_CHECK_H
#define SHIM_CHECK_H

#include "fuzz.h"

#define ck_assert(condition) FUZZ_CHECK(condition)
#define ck_assert_ptr_nonnull(pointer) FUZZ_CHECK((pointer) != NULL)
#define ck_assert_int_eq(a, b) FUZZ_CHECK((a) == (b))
#define ck_assert_uint_eq(a, b) FUZZ_CHECK((a) == (b))
#define ck_assert_str_eq(a, b) FUZZ_CHECK(strcmp((a), (b)) == 0)
#define ck_abort_msg(...) FUZZ_FAIL("a fixture cannot be made")

#endif
