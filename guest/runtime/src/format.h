/* SPDX-License-Identifier: Apache-2.0 */
/* Formatting into any sink. Pure: tested on the host too. */
#ifndef AMBIT_FORMAT_H
#define AMBIT_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

struct format_sink {
    void (*put)(struct format_sink *sink, const char *text, size_t bytes);
    size_t total; /* bytes put so far */
};

/* Formats as ambit/print.h describes, piece by piece into the sink. */
__attribute__((format(printf, 2, 0))) void
ambit__format(struct format_sink *sink, const char *format, va_list arguments);

#endif
