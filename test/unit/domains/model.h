/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan must be, said a second time and another way: the declarative
 * model that plans are compared with. */
#ifndef TEST_DOMAINS_MODEL_H
#define TEST_DOMAINS_MODEL_H

#include <domains/build.h>

/* Name of the first invariant of the room's README that does not hold, or
 * null. Names of domains and ranges must be unique. */
const char *model_fault(const struct spec *spec, const struct plan *plan);

/* Rights of a range in a domain's view, stacks aside. */
uint8_t model_view(const struct spec *spec, const struct plan *plan,
                   uint32_t domain, uint32_t range);

#endif
