/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Linux does in the place of Ambit's operations. One program, natively and
 * as process 1 of a Linux in QEMU: it prints samples as guests of Ambit do.
 */
#ifndef PEERS_H
#define PEERS_H

#include <abi/measure.h>
#include <stdbool.h>
#include <stdint.h>
#include <x86intrin.h>

#define SAMPLES_MAX 10000u
#define NOTHING "nothing" /* argument: end at once */

struct peers {
    uint64_t *values;
    uint32_t wanted; /* samples of each series */
    char *self;      /* the path of this program */
};

/* One thing that Linux does. It takes samples, or says why it cannot. */
struct peer {
    const char *operation, *name;
    uint32_t batch;
    const char *(*measure)(struct peers *peers); /* null, or the reason */
};

/* Ended by a null name; one list a file. */
extern const struct peer peers_crossing[];
extern const struct peer peers_create[];
extern const struct peer peers_fault[];
extern const struct peer peers_file[];

static inline uint64_t sample_begin(void)
{
    __asm__ volatile("nopl %c0(%%rax)" ::"i"(MEASURE_BEGIN) : "memory");
    return __rdtsc();
}

static inline uint64_t sample_end(uint64_t start)
{
    uint64_t ticks = __rdtsc() - start;

    __asm__ volatile("nopl %c0(%%rax)" ::"i"(MEASURE_END) : "memory");
    return ticks;
}

/* Fills the samples with what `statement` costs; it is done once before. */
#define SAMPLES(peers, statement)                                              \
    do {                                                                       \
        statement;                                                             \
        for (uint32_t at_ = 0; at_ < (peers)->wanted; at_++) {                 \
            uint64_t start_ = sample_begin();                                  \
            statement;                                                         \
            (peers)->values[at_] = sample_end(start_);                         \
        }                                                                      \
    } while (0)

/* Ends this process and says where, unless it holds. */
#define MUST(condition) ((condition) ? (void)0 : peers_failed(#condition))
_Noreturn void peers_failed(const char *what);

#endif
