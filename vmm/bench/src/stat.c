/* SPDX-License-Identifier: Apache-2.0 */
/* What samples come to. */
#include <bench/bench.h>

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Nearest rank: the least sample that so many of a hundred do not exceed. */
static double percentile(const double *sorted, uint32_t count, uint32_t percent)
{
    uint64_t rank = ((uint64_t)count * percent + 99) / 100;

    return sorted[rank ? rank - 1 : 0];
}

struct bench_stat bench_stat_of(double *samples, uint32_t count)
{
    struct bench_stat stat = {.n = count};

    if (count == 0) {
        return stat;
    }
    qsort(samples, count, sizeof(samples[0]), compare);
    stat.min = samples[0];
    stat.max = samples[count - 1];
    stat.median = (samples[(count - 1) / 2] + samples[count / 2]) / 2;
    stat.p99 = percentile(samples, count, 99);
    return stat;
}
