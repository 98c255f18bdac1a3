/* SPDX-License-Identifier: Apache-2.0 */
/* Fault records in words, with symbols. */
#ifndef VMM_FAULT_TEXT_H
#define VMM_FAULT_TEXT_H

#include <abi/shared.h>
#include <image/image.h>
#include <stddef.h>

struct run;

/* "prober: read of app.stack at prober_main+0x1c (prober.c:12)" */
void fault_describe(const struct shared_fault *fault, const struct image *image,
                    char *out, size_t bytes);

/* "prober_main+0x1c (prober.c:12)" */
void fault_symbol(uint64_t rip, const struct image *image, char *out,
                  size_t bytes);

/* "app.stack", or "" when the address lies in no range. */
void fault_range(const struct shared_fault *fault, const struct image *image,
                 char *out, size_t bytes);

/* Words of the record's enums, for results. */
const char *fault_type_name(uint32_t type);
const char *fault_access_name(uint32_t access);

/* Prints the records that came since the last call; those that a domain
 * caught itself only when the run is verbose. */
void fault_tell_new(struct run *run);

#endif
