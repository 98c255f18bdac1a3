/* SPDX-License-Identifier: Apache-2.0 */
/* What taking an option's value needs. */
#ifndef VMM_OPTIONS_VALUES_H
#define VMM_OPTIONS_VALUES_H

#include <stdint.h>

/* Says why the command line is not accepted; `format` is a constant with two
 * %s. Returns EXIT_USAGE. */
int options_usage(const char *format, const char *a, const char *b);

/* A decimal number of at most `most`. EXIT_MET, or EXIT_USAGE and said. */
int options_number(const char *option, const char *value, uint64_t most,
                   uint64_t *out);

#endif
