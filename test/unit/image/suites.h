/* SPDX-License-Identifier: Apache-2.0 */
/* The cases of this program, one a file. */
#ifndef TEST_IMAGE_SUITES_H
#define TEST_IMAGE_SUITES_H

#include "fixture.h"

#include <stdio.h>

TCase *good_elf_case(void);
TCase *bad_elf_case(void);
TCase *bad_relocation_case(void);
TCase *mutation_case(void);
TCase *symbols_case(void);
TCase *tree_case(void);
TCase *module_case(void);
TCase *refusal_case(void);

#endif
