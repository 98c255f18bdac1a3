/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Marks around what is measured: a no-operation with one of these numbers as
 * its displacement, `nopl NUMBER(%rax)`. They cost nothing that is counted, and
 * tell who watches the machine from outside what belongs to a sample.
 */
#ifndef ABI_MEASURE_H
#define ABI_MEASURE_H

#define MEASURE_BEGIN 0x41424d31
#define MEASURE_END 0x41424d32

#endif
