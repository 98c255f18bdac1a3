/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Formatted text. Conversions:
 *   %d %i  signed decimal          %u  unsigned decimal
 *   %x %X  hexadecimal             %p  pointer, as 0x and hexadecimal
 *   %c     one character           %s  string ("(null)" for a null pointer)
 *   %%     a percent sign
 * Before the conversion, in this order: flags `-` (left) and `0` (zeroes
 * before numbers), a width, for %s a precision (".8" or ".*": most bytes
 * taken), and for numbers one of `l`, `ll` (64 bits) and `z` (size_t).
 * Width and precision may be `*`: an int argument. Anything else is printed
 * as it stands.
 */
#ifndef AMBIT_PRINT_H
#define AMBIT_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Prints to the console. Text is kept until a newline, 1,024 bytes or the end
 * of the domain, then handed over as one piece: lines of several domains do
 * not mix. Returns the number of bytes printed.
 */
__attribute__((format(printf, 1, 2))) int ambit_printf(const char *format, ...);
__attribute__((format(printf, 1, 0))) int ambit_vprintf(const char *format,
                                                        va_list arguments);

/* Hands over what is kept of a line that has not ended. */
void ambit_flush(void);

/*
 * Formats into `out`, cut to `bytes` with its NUL (0: only counts).
 * Returns the number of bytes, without the NUL, that the whole text has.
 */
__attribute__((format(printf, 3, 4))) int
ambit_snprintf(char *out, size_t bytes, const char *format, ...);
__attribute__((format(printf, 3, 0))) int
ambit_vsnprintf(char *out, size_t bytes, const char *format, va_list arguments);

#endif
