/* SPDX-License-Identifier: Apache-2.0 */
/* What every fuzz target shares: the entry point, checks, a byte reader. */
#ifndef TEST_FUZZ_H
#define TEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* libFuzzer's entry point: one input. Returns 0; a finding is an abort. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts with the place and the sentence: the input is then a finding. */
_Noreturn void fuzz_fail(const char *file, int line, const char *what);
#define FUZZ_CHECK(condition)                                                  \
    ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
#define FUZZ_FAIL(what) fuzz_fail(__FILE__, __LINE__, what)

/* Bytes of the input as choices; past the end everything is 0. */
struct bytes {
    const uint8_t *at;
    size_t left;
};
uint8_t bytes_8(struct bytes *bytes);
uint16_t bytes_16(struct bytes *bytes);
uint32_t bytes_32(struct bytes *bytes);
uint64_t bytes_64(struct bytes *bytes);
/* Copies what is there, then zeroes. */
void bytes_copy(struct bytes *bytes, void *to, size_t count);

#endif
