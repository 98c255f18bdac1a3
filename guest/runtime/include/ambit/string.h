/* SPDX-License-Identifier: Apache-2.0 */
/* The few functions of <string.h> that compilers and programs need, with the
 * C standard's meaning. */
#ifndef AMBIT_STRING_H
#define AMBIT_STRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);
size_t strlen(const char *text);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t bytes);

/* Reads a whole string as an unsigned number: decimal, or hexadecimal after
 * 0x. False when it is anything else or does not fit. */
bool ambit_number(const char *text, uint64_t *value);

#endif
