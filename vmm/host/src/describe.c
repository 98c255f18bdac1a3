/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <abi/layout.h>
#include <abi/shared.h>
#include <host/describe.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define RIP_BYTES 16u

void failure_append(struct failure *failure, const char *format, ...)
{
    size_t used = strnlen(failure->text, sizeof(failure->text) - 1);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(failure->text + used, sizeof(failure->text) - used, format,
                    args);
    va_end(args);
}

static void describe_domain(struct failure *failure,
                            const struct guest_memory *memory)
{
    const struct gpa page = {ABI_SHARED_PHYS};
    uint32_t head[4]; /* magic, version, phase, current */

    _Static_assert(offsetof(struct shared, current) == 12, "head of shared");
    if (!guest_read(memory, page, head, sizeof(head)) ||
        head[0] != SHARED_MAGIC || head[1] != SHARED_VERSION) {
        failure_append(failure, "\nrunning: the guest kernel has not come up");
    } else if (head[3] < SHARED_DOMAINS) {
        failure_append(failure, "\nrunning: domain %u (phase %u)", head[3],
                       head[2]);
    } else {
        failure_append(failure, "\nrunning: the guest kernel (phase %u)",
                       head[2]);
    }
}

static void describe_code(struct failure *failure,
                          const struct guest_memory *memory,
                          const struct engine_registers *registers)
{
    uint8_t code[RIP_BYTES];
    size_t got =
        guest_read_linear(memory, registers, registers->rip, code, RIP_BYTES);
    size_t i;

    failure_append(failure, "\nbytes at rip:");
    for (i = 0; i < got; i++) {
        failure_append(failure, " %02x", code[i]);
    }
    if (got < RIP_BYTES) {
        failure_append(failure, got == 0 ? " none mapped" : " (end of page)");
    }
}

void engine_describe(struct failure *failure, const struct guest_memory *memory,
                     const struct engine_registers *registers)
{
    describe_domain(failure, memory);
    if (registers) {
        describe_code(failure, memory, registers);
    }
}
