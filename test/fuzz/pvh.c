/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's ELF file, as an engine reads it. What is accepted can be copied
 * from the file, and is entered inside a segment.
 */
#include "fuzz.h"

#include <host/pvh.h>

static void judge(const struct pvh_kernel *kernel, size_t size)
{
    bool entered = false;

    FUZZ_CHECK(kernel->segments >= 1 && kernel->segments <= PVH_SEGMENTS_MAX);
    for (uint32_t i = 0; i < kernel->segments; i++) {
        const struct pvh_segment *s = &kernel->segment[i];

        FUZZ_CHECK(s->file_bytes <= s->memory_bytes);
        FUZZ_CHECK(s->file_offset <= size &&
                   s->file_bytes <= size - s->file_offset);
        entered |= kernel->entry - s->paddr < s->memory_bytes;
    }
    FUZZ_CHECK(entered);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pvh_kernel kernel = {0};
    struct failure failure = {0};

    if (pvh_parse(data, size, &kernel, &failure) == 0) {
        judge(&kernel, size);
    } else {
        FUZZ_CHECK(failure.exit_code == EXIT_HOST && failure.text[0]);
    }
    return 0;
}
