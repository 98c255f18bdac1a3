/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4): names the bytes that a result comes from. */
#ifndef HOST_SHA256_H
#define HOST_SHA256_H

#include <stddef.h>
#include <stdint.h>

void sha256(const void *bytes, size_t count, uint8_t digest[32]);
/* 64 lower-case hexadecimal digits and a NUL. */
void sha256_text(const uint8_t digest[32], char text[65]);

#endif
