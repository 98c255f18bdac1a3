/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain says: much of it, and odd bytes. */
#include "tools.h"

#define LINE 64

/* argv[1] lines of 64 bytes. */
AMBIT_ENTRY(flood_main)
{
    uint64_t lines = number(argv[1]);

    for (uint64_t i = 0; i < lines; i++) {
        ambit_printf("%06lu %.*s\n", i, LINE - 8,
                     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
                     "abcdefghijklmnopqrstuvwxyz");
    }
    ambit_printf("the flood is over\n");
    return 0;
}

/* Control characters, quotes, UTF-8 whole and broken, an unended line. */
AMBIT_ENTRY(odd_main)
{
    static const char text[] = "\x1b[2J \"quoted\" \\ \x01\x7f \xc3\xa4 \xff "
                               "\xe2\x82\n\r\n\nno end";

    must(ambit_console(text, sizeof text - 1));
    for (int i = 1; i < argc; i++) {
        ambit_printf("[%s]", argv[i]);
    }
    return 0;
}

/* The same seed gives the same numbers. */
AMBIT_ENTRY(random_main)
{
    for (uint32_t i = 0; i < 4; i++) {
        ambit_printf("%016lx\n", ambit_random());
    }
    return 0;
}

/* Never ends. */
AMBIT_ENTRY(spin_main)
{
    for (;;) {
        __asm__ volatile("pause");
    }
}

/* Does nothing but ask the kernel, for ever. */
AMBIT_ENTRY(yield_main)
{
    for (;;) {
        ambit_yield();
    }
}
