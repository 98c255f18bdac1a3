/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4): names the bytes that a result comes from. */
#ifndef HOST_SHA256_H
#define HOST_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BLOCK_BYTES 64u

/* Bytes that come in pieces. */
struct sha256 {
    uint32_t state[8];
    uint8_t block[SHA256_BLOCK_BYTES];
    uint64_t bytes; /* taken */
};
void sha256_start(struct sha256 *hash);
void sha256_take(struct sha256 *hash, const void *bytes, size_t count);
/* The digest of what was taken; `hash` itself can go on. */
void sha256_end(struct sha256 hash, uint8_t digest[32]);

void sha256(const void *bytes, size_t count, uint8_t digest[32]);
/* 64 lower-case hexadecimal digits and a NUL. */
void sha256_text(const uint8_t digest[32], char text[65]);

#endif
