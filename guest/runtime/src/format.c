/* SPDX-License-Identifier: Apache-2.0 */
#include "format.h"
#include <ambit/print.h>
#include <stdbool.h>
#include <stdint.h>

/* One conversion, as written after the percent sign. */
struct conversion {
    bool left, zeroes;
    uint32_t width;
    uint32_t precision; /* NO_PRECISION: none given */
    bool wide;          /* l, ll, z: 64 bits */
    char letter;
};

#define NO_PRECISION UINT32_MAX
#define WIDTH_MAX 4096u
#define DIGITS_MAX 20u /* of 2^64 - 1 in decimal */

static void put(struct format_sink *sink, const char *text, size_t bytes)
{
    if (bytes > 0) {
        sink->put(sink, text, bytes);
        sink->total += bytes;
    }
}

static void fill(struct format_sink *sink, char c, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put(sink, &c, 1);
    }
}

/* sign or 0x, then digits or text, in a field. */
static void put_field(struct format_sink *sink, const struct conversion *c,
                      const char *prefix, const char *body, size_t bytes)
{
    size_t prefix_bytes = 0;
    while (prefix[prefix_bytes] != '\0') {
        prefix_bytes++;
    }
    size_t used = prefix_bytes + bytes;
    size_t space = c->width > used ? c->width - used : 0;
    bool zeroes = c->zeroes && !c->left;

    if (!c->left && !zeroes) {
        fill(sink, ' ', space);
    }
    put(sink, prefix, prefix_bytes);
    if (zeroes) {
        fill(sink, '0', space);
    }
    put(sink, body, bytes);
    if (c->left) {
        fill(sink, ' ', space);
    }
}

static void put_number(struct format_sink *sink, const struct conversion *c,
                       const char *prefix, uint64_t value)
{
    bool decimal = c->letter == 'd' || c->letter == 'i' || c->letter == 'u';
    uint32_t base = decimal ? 10 : 16;
    const char *digits =
        c->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[DIGITS_MAX];
    uint32_t at = DIGITS_MAX;

    do {
        text[--at] = digits[value % base];
        value /= base;
    } while (value != 0);
    put_field(sink, c, prefix, text + at, DIGITS_MAX - at);
}

static void put_signed(struct format_sink *sink, const struct conversion *c,
                       int64_t value)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    put_number(sink, c, value < 0 ? "-" : "", size);
}

static void put_string(struct format_sink *sink, const struct conversion *c,
                       const char *text)
{
    struct conversion plain = *c;
    size_t bytes = 0;

    if (text == 0) {
        text = "(null)";
    }
    while (bytes < c->precision && text[bytes] != '\0') {
        bytes++;
    }
    plain.zeroes = false;
    put_field(sink, &plain, "", text, bytes);
}

static uint32_t read_count(const char **at, va_list *arguments)
{
    uint32_t count = 0;

    if (**at == '*') {
        int given = va_arg(*arguments, int);
        (*at)++;
        count = given < 0 ? 0 : (uint32_t)given;
        return count < WIDTH_MAX ? count : WIDTH_MAX;
    }
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        count = count * 10 + (uint32_t)(**at - '0');
        count = count < WIDTH_MAX ? count : WIDTH_MAX;
    }
    return count;
}

/* Reads a conversion at `at`, which is left after its letter. */
static void read_conversion(const char **at, va_list *arguments,
                            struct conversion *c)
{
    *c = (struct conversion){.precision = NO_PRECISION};
    for (; **at == '-' || **at == '0'; (*at)++) {
        c->left = c->left || **at == '-';
        c->zeroes = c->zeroes || **at == '0';
    }
    c->width = read_count(at, arguments);
    if (**at == '.') {
        (*at)++;
        c->precision = read_count(at, arguments);
    }
    for (; **at == 'l' || **at == 'z'; (*at)++) {
        c->wide = true;
    }
    c->letter = **at;
    *at += c->letter != '\0';
}

static void put_integer(struct format_sink *sink, const struct conversion *c,
                        va_list *arguments)
{
    if (c->letter == 'd' || c->letter == 'i') {
        put_signed(sink, c,
                   c->wide ? va_arg(*arguments, int64_t)
                           : va_arg(*arguments, int));
        return;
    }
    put_number(sink, c, "",
               c->wide ? va_arg(*arguments, uint64_t)
                       : va_arg(*arguments, unsigned));
}

/* False: no such conversion; no argument was taken. */
static bool put_conversion(struct format_sink *sink, const struct conversion *c,
                           va_list *arguments)
{
    char one;

    switch (c->letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
        put_integer(sink, c, arguments);
        return true;
    case 'p':
        put_number(sink, c, "0x", (uint64_t)va_arg(*arguments, void *));
        return true;
    case 's':
        put_string(sink, c, va_arg(*arguments, const char *));
        return true;
    case 'c':
        one = (char)va_arg(*arguments, int);
        put_field(sink,
                  &(struct conversion){.left = c->left, .width = c->width}, "",
                  &one, 1);
        return true;
    case '%':
        put(sink, "%", 1);
        return true;
    default:
        return false;
    }
}

void ambit__format(struct format_sink *sink, const char *format,
                   va_list arguments)
{
    va_list rest;

    va_copy(rest, arguments);
    while (*format != '\0') {
        const char *start = format;
        while (*format != '\0' && *format != '%') {
            format++;
        }
        put(sink, start, (size_t)(format - start));
        if (*format == '\0') {
            break;
        }
        struct conversion conversion;
        start = format++;
        read_conversion(&format, &rest, &conversion);
        if (!put_conversion(sink, &conversion, &rest)) {
            put(sink, start, (size_t)(format - start));
        }
    }
    va_end(rest);
}

struct buffer_sink {
    struct format_sink sink; /* first */
    char *out;
    size_t bytes;
};

static void put_buffer(struct format_sink *sink, const char *text, size_t bytes)
{
    struct buffer_sink *buffer = (struct buffer_sink *)sink;

    for (size_t i = 0; i < bytes; i++) {
        if (sink->total + i + 1 < buffer->bytes) {
            buffer->out[sink->total + i] = text[i];
        }
    }
}

int ambit_vsnprintf(char *out, size_t bytes, const char *format,
                    va_list arguments)
{
    struct buffer_sink buffer = {{put_buffer, 0}, out, bytes};

    ambit__format(&buffer.sink, format, arguments);
    if (bytes > 0) {
        size_t last = bytes - 1;
        out[buffer.sink.total < last ? buffer.sink.total : last] = '\0';
    }
    return (int)buffer.sink.total;
}

int ambit_snprintf(char *out, size_t bytes, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int total = ambit_vsnprintf(out, bytes, format, arguments);
    va_end(arguments);
    return total;
}
