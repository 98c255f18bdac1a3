/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

/* Bytes of the UTF-8 sequence that begins here, or 0: it is none. */
static size_t sequence(const unsigned char *at, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80 ? 1 : 0;
    uint32_t code = at[0];

    if (at[0] >= 0xc2 && at[0] < 0xe0) {
        length = 2;
        code = at[0] & 0x1fu;
    } else if (at[0] >= 0xe0 && at[0] < 0xf0) {
        length = 3;
        code = at[0] & 0xfu;
    } else if (at[0] >= 0xf0 && at[0] < 0xf5) {
        length = 4;
        code = at[0] & 7u;
    }
    if (length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        code = code << 6 | (at[i] & 0x3fu);
    }
    if (length && (code < least[length] || code > 0x10ffff ||
                   (code >= 0xd800 && code < 0xe000))) {
        return 0;
    }
    return length;
}

static bool forbidden(unsigned char byte)
{
    return byte == 0x7f ||
           (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r');
}

bool check_encoding(struct reader *reader, const char *text, size_t bytes,
                    struct mark mark)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t left = bytes;

    while (left > 0) {
        size_t length = sequence(at, left);

        if (length == 0) {
            report(reader, mark,
                   "byte 0x%02x is not UTF-8: save the file as UTF-8", *at);
            return false;
        }
        if (forbidden(*at)) {
            report(reader, mark, "control character 0x%02x is not allowed",
                   *at);
            return false;
        }
        mark.column++;
        if (*at == '\n' && mark.line != 0) {
            mark.line++;
            mark.column = 1;
        }
        at += length;
        left -= length;
    }
    return true;
}
