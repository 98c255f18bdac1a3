/* SPDX-License-Identifier: Apache-2.0 */
#include "samples.h"

#define A_LINE 32u /* values; a console line has 1,024 bytes */

void samples_begin(struct samples *samples, int argc, char **argv)
{
    uint64_t wanted = 0;

    ambit_assert(argc > 1 && ambit_number(argv[1], &wanted));
    ambit_assert(wanted > 0 && wanted <= SAMPLES_MAX);
    samples->wanted = (uint32_t)wanted;
    samples->values = ambit_malloc(wanted * sizeof(samples->values[0]));
    ambit_assert(samples->values != NULL);
}

void samples_print(const struct samples *samples, struct series series)
{
    for (uint32_t i = 0; i < samples->wanted; i++) {
        if (i % A_LINE == 0) {
            ambit_printf("%ssample %s %s %s %u :", i ? "\n" : "",
                         series.operation, series.subject, series.detail,
                         series.batch);
        }
        ambit_printf(" %lu", samples->values[i]);
    }
    ambit_printf("\n");
}
