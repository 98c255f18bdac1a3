/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Samples of an operation: the counter read before and after it, as often as
 * asked, printed as they are. What they mean is worked out by `ambit bench`,
 * which reads the lines.
 */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <abi/measure.h>
#include <ambit/ambit.h>

#define SAMPLES_MAX 10000u

struct samples {
    uint64_t *values;
    uint32_t wanted; /* of each series */
};

/* One series: what was done, by or with whom, and how. One word each. */
struct series {
    const char *operation, *subject, *detail;
    uint32_t batch; /* times that each sample did it */
};

/* Takes the number of samples from a program's first argument. */
void samples_begin(struct samples *samples, int argc, char **argv);

/* Prints the series: lines of `sample OPERATION SUBJECT DETAIL BATCH : ...`. */
void samples_print(const struct samples *samples, struct series series);

#define must(call) ambit_assert((call) == STATUS_OK)

/* Where a sample begins and ends; the marks are not in what is counted. */
static inline uint64_t sample_begin(void)
{
    __asm__ volatile("nopl %c0(%%rax)" ::"i"(MEASURE_BEGIN) : "memory");
    return ambit_ticks();
}

static inline uint64_t sample_end(uint64_t start)
{
    uint64_t ticks = ambit_ticks() - start;

    __asm__ volatile("nopl %c0(%%rax)" ::"i"(MEASURE_END) : "memory");
    return ticks;
}

/* Fills the samples with what `statement` costs; it is done once before. */
#define SAMPLES(samples, statement)                                            \
    do {                                                                       \
        statement;                                                             \
        for (uint32_t at_ = 0; at_ < (samples)->wanted; at_++) {               \
            uint64_t start_ = sample_begin();                                  \
            statement;                                                         \
            (samples)->values[at_] = sample_end(start_);                       \
        }                                                                      \
    } while (0)

#endif
