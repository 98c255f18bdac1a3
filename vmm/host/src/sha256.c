/* SPDX-License-Identifier: Apache-2.0 */
#include <host/sha256.h>
#include <string.h>

#define ROUNDS 64u

/* FIPS 180-4, 4.2.2: from the cube roots of the first 64 primes. */
static const uint32_t constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t word, unsigned by)
{
    return word >> by | word << (32 - by);
}

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

/* 6.2.2, step 1: the block's words, and 48 made of them. */
static void schedule(const uint8_t *block, uint32_t words[ROUNDS])
{
    for (unsigned i = 0; i < 16; i++) {
        words[i] = big_endian(block + 4 * (size_t)i);
    }
    for (unsigned i = 16; i < ROUNDS; i++) {
        uint32_t far = words[i - 15], near = words[i - 2];

        words[i] = (turn(near, 17) ^ turn(near, 19) ^ near >> 10) +
                   words[i - 7] + (turn(far, 7) ^ turn(far, 18) ^ far >> 3) +
                   words[i - 16];
    }
}

/* Steps 2 to 4. v holds the working variables a to h. */
static void take_block(uint32_t state[8], const uint8_t *block)
{
    uint32_t words[ROUNDS], v[8];

    schedule(block, words);
    memcpy(v, state, sizeof v);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint32_t chosen = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        uint32_t first = v[7] +
                         (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
                         chosen + constants[i] + words[i];
        uint32_t second =
            (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + majority;

        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += first;
        v[0] = first + second;
    }
    for (unsigned i = 0; i < 8; i++) {
        state[i] += v[i];
    }
}

void sha256_start(struct sha256 *hash)
{
    static const uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                      0xa54ff53a, 0x510e527f, 0x9b05688c,
                                      0x1f83d9ab, 0x5be0cd19};

    memset(hash, 0, sizeof *hash);
    memcpy(hash->state, state, sizeof state);
}

void sha256_take(struct sha256 *hash, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;

    while (count) {
        size_t used = (size_t)(hash->bytes % SHA256_BLOCK_BYTES);
        size_t piece = SHA256_BLOCK_BYTES - used;

        piece = count < piece ? count : piece;
        memcpy(hash->block + used, at, piece);
        hash->bytes += piece;
        at += piece;
        count -= piece;
        if (hash->bytes % SHA256_BLOCK_BYTES == 0) {
            take_block(hash->state, hash->block);
        }
    }
}

/* 5.1.1: a one, zeros, and the number of bits in the last eight bytes. */
void sha256_end(struct sha256 hash, uint8_t digest[32])
{
    static const uint8_t padding[SHA256_BLOCK_BYTES] = {0x80};
    uint64_t bits = hash.bytes * 8;
    size_t used = (size_t)(hash.bytes % SHA256_BLOCK_BYTES);
    uint8_t length[8];

    for (unsigned i = 0; i < 8; i++) {
        length[7 - i] = (uint8_t)(bits >> 8 * i);
    }
    sha256_take(&hash, padding,
                used < SHA256_BLOCK_BYTES - 8
                    ? SHA256_BLOCK_BYTES - 8 - used
                    : 2 * SHA256_BLOCK_BYTES - 8 - used);
    sha256_take(&hash, length, sizeof length);
    for (unsigned i = 0; i < 32; i++) {
        digest[i] = (uint8_t)(hash.state[i / 4] >> (24 - 8 * (i % 4)));
    }
}

void sha256(const void *bytes, size_t count, uint8_t digest[32])
{
    struct sha256 hash;

    sha256_start(&hash);
    sha256_take(&hash, bytes, count);
    sha256_end(hash, digest);
}

void sha256_text(const uint8_t digest[32], char text[65])
{
    static const char hex[] = "0123456789abcdef";

    for (unsigned i = 0; i < 32; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    text[64] = '\0';
}
