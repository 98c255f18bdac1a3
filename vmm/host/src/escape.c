/* SPDX-License-Identifier: Apache-2.0 */
#include <host/escape.h>

#include <string.h>

/* Length and smallest code point by the lead byte (RFC 3629, section 3). */
static size_t sequence(uint8_t lead, uint32_t *value, uint32_t *least)
{
    if (lead < 0x80) {
        *value = lead;
        *least = 0;
        return 1;
    }
    if ((lead & 0xe0) == 0xc0) {
        *value = lead & 0x1fu;
        *least = 0x80;
        return 2;
    }
    if ((lead & 0xf0) == 0xe0) {
        *value = lead & 0x0fu;
        *least = 0x800;
        return 3;
    }
    if ((lead & 0xf8) == 0xf0) {
        *value = lead & 0x07u;
        *least = 0x10000;
        return 4;
    }
    return 0;
}

/* Not printable: C0, DEL, C1, surrogates, no characters, and what is invisible
 * or changes the order of other characters (bidirectional controls, tags). */
static int forbidden(uint32_t point)
{
    return (point < 0x20 && point != '\t') || (point >= 0x7f && point < 0xa0) ||
           (point >= 0xd800 && point < 0xe000) ||
           (point >= 0x200b && point < 0x2010) ||
           (point >= 0x2028 && point < 0x202f) ||
           (point >= 0x2060 && point < 0x2070) || point == 0x61c ||
           point == 0xad || point == 0xfeff ||
           (point >= 0xfff0 && point < 0xfffc) || (point | 1) == 0xffff ||
           (point >= 0xe0000 && point < 0xe1000) || point > 0x10ffff;
}

size_t escape_printable(const uint8_t *bytes, size_t count)
{
    uint32_t value = 0, least = 0;
    size_t length = count ? sequence(bytes[0], &value, &least) : 0;

    if (length == 0 || length > count) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (bytes[i] & 0x3fu);
    }
    return value < least || forbidden(value) ? 0 : length;
}

size_t escape_text(const void *bytes, size_t count, char *out, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *in = bytes;
    size_t used = 0;

    for (size_t i = 0; i < count && size;) {
        size_t length = escape_printable(in + i, count - i);
        if (used + (length ? length : ESCAPE_GROWTH) >= size) {
            break;
        }
        if (length) {
            memcpy(out + used, in + i, length);
            used += length;
            i += length;
            continue;
        }
        out[used++] = '\\';
        out[used++] = 'x';
        out[used++] = digits[in[i] >> 4];
        out[used++] = digits[in[i++] & 15];
    }
    if (size) {
        out[used] = '\0';
    }
    return used;
}

size_t escape_string(const char *text, char *out, size_t size)
{
    return escape_text(text, strlen(text), out, size);
}
