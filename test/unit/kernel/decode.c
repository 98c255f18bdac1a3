/* SPDX-License-Identifier: Apache-2.0 */
/* One instruction's bytes a line in hexadecimal; prints its length. */
#include "arch.h"

#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[64];

    while (fgets(line, sizeof(line), stdin)) {
        uint8_t code[16];
        uint32_t bytes = 0;
        unsigned value;

        while (bytes < sizeof(code) &&
               sscanf(line + 2 * bytes, "%2x", &value) == 1) {
            code[bytes++] = (uint8_t)value;
        }
        printf("%u\n", arch_instruction_length(code, bytes));
    }
    return 0;
}
