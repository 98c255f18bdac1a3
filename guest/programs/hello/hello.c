/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The smallest domain program: one entry function, which the config's domain
 * starts in. It says who it is and what it was given.
 */
#include <ambit/ambit.h>

AMBIT_ENTRY(main)
{
    ambit_printf("hello, I am %s\n", argv[0]);
    for (int i = 1; i < argc; i++) {
        ambit_printf("argument %d: %s\n", i, argv[i]);
    }
    return 0;
}
