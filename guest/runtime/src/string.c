/* SPDX-License-Identifier: Apache-2.0 */
/*
 * String instructions where compilers would turn a loop back into a call of
 * the very function it is in.
 */
#include <ambit/string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    void *at = to;

    __asm__ volatile("rep movsb"
                     : "+D"(at), "+S"(from), "+c"(bytes)
                     :
                     : "memory");
    return to;
}

static void copy_backwards(unsigned char *to, const unsigned char *from,
                           size_t bytes)
{
    while (bytes > 0) {
        bytes--;
        to[bytes] = from[bytes];
        __asm__ volatile("" ::: "memory"); /* keep the loop a loop */
    }
}

void *memmove(void *to, const void *from, size_t bytes)
{
    if ((uintptr_t)to - (uintptr_t)from < bytes) {
        copy_backwards(to, from, bytes);
        return to;
    }
    return memcpy(to, from, bytes);
}

void *memset(void *to, int value, size_t bytes)
{
    void *at = to;

    __asm__ volatile("rep stosb"
                     : "+D"(at), "+c"(bytes)
                     : "a"(value)
                     : "memory");
    return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
    const unsigned char *x = a, *y = b;

    for (size_t i = 0; i < bytes; i++) {
        if (x[i] != y[i]) {
            return x[i] - y[i];
        }
    }
    return 0;
}

size_t strlen(const char *text)
{
    size_t bytes = 0;

    while (text[bytes] != '\0') {
        bytes++;
        __asm__ volatile("");
    }
    return bytes;
}

int strncmp(const char *a, const char *b, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];
        if (x != y || x == '\0') {
            return x - y;
        }
    }
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

static uint32_t digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (uint32_t)(c - 'a') + 10;
    }
    return c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10 : UINT32_MAX;
}

bool ambit_number(const char *text, uint64_t *value)
{
    uint32_t base = strncmp(text, "0x", 2) == 0 ? 16 : 10;
    const char *at = base == 16 ? text + 2 : text;
    uint64_t sum = 0;

    if (*at == '\0') {
        return false;
    }
    for (; *at != '\0'; at++) {
        uint32_t digit = digit_value(*at);
        if (digit >= base || __builtin_mul_overflow(sum, base, &sum) ||
            __builtin_add_overflow(sum, digit, &sum)) {
            return false;
        }
    }
    *value = sum;
    return true;
}
