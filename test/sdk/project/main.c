/* SPDX-License-Identifier: Apache-2.0 */
/* FIRST comes from the command line. */
#include <sum.h>

#include <ambit/ambit.h>

AMBIT_ENTRY(main)
{
    ambit_printf("the sum is %d\n", sum(FIRST, 2));
    return 0;
}
