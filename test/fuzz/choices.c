/* SPDX-License-Identifier: Apache-2.0 */
#include "choices.h"

#include <string.h>

#define KNOWN_MAX 192u

struct bytes in;
/* Handles that somebody was given, oldest lost first: foreign ones as well. */
static uint64_t known[KNOWN_MAX];
static uint32_t known_count;

void choices_begin(const uint8_t *data, size_t size)
{
    in = (struct bytes){data, size};
    known_count = 0;
}

static const char *const names[] = {"space",      "pool",
                                    "quota",      "cpu",
                                    "heap",       "stack",
                                    "handler",    "files",
                                    "domain",     "ring",
                                    "board",      "desk",
                                    "back",       "late",
                                    "tis",        "thread",
                                    "a",          "b",
                                    "c",          "inner",
                                    "cell",       "twin",
                                    "app.stack",  "app.heap",
                                    "tis.stack",  "child.image",
                                    "one.heap",   "one.txt",
                                    "deep",       "deep/two.txt",
                                    "../one.txt", "deep/../one.txt",
                                    "/",          ""};

void know(uint64_t handle)
{
    known[known_count++ % KNOWN_MAX] = handle;
}

uint64_t handle(void)
{
    uint8_t choice = bytes_8(&in);
    uint32_t count = known_count < KNOWN_MAX ? known_count : KNOWN_MAX;
    uint64_t value = count ? known[choice % count] : 0;

    if (choice < KNOWN_MAX) {
        return value;
    }
    value = count ? known[bytes_8(&in) % count] : 0;
    switch (choice % 6) {
    case 0:
        return value ^ 1ull << 24;
    case 1:
        return value + (1ull << 32);
    case 2:
        return value - (1ull << 32);
    case 3:
        return value ^ 1ull << bytes_8(&in) % 64;
    case 4:
        return bytes_8(&in) % 64 | 1ull << 32;
    default:
        return bytes_64(&in);
    }
}

/* Below the stack's top, where a program's variables are. */
uint64_t scratch(void)
{
    return machine_frame()->rsp - BUFFER - 64;
}

static uint64_t range_address(void)
{
    const struct plan_range *range =
        &kernel.plan.ranges[bytes_8(&in) % kernel.plan.range_count];

    switch (bytes_8(&in) % 5) {
    case 0:
        return plan_range_start(range);
    case 1:
        return plan_range_start(range) +
               ((uint64_t)range->start_pages << ABI_PAGE_SHIFT) - bytes_8(&in);
    case 2:
        return plan_range_start(range) +
               ((uint64_t)range->pages << ABI_PAGE_SHIFT) - bytes_8(&in);
    case 3:
        return range->base;
    default:
        return plan_range_start(range) + bytes_32(&in) % 0x400000;
    }
}

uint64_t address(void)
{
    uint8_t choice = bytes_8(&in);

    if (choice < 128) {
        return scratch();
    }
    switch (choice % 6) {
    case 0:
        return ABI_USER_LIMIT - bytes_8(&in);
    case 1:
        return ABI_DIRECT_MAP + bytes_32(&in);
    case 2:
        return ABI_KERNEL_VIRT + bytes_16(&in);
    case 3:
        return bytes_64(&in);
    default:
        return range_address();
    }
}

uint64_t number(void)
{
    static const uint64_t odd[] = {
        0,          1,          2,          7,          8,
        9,          15,         16,         45,         46,
        63,         64,         255,        256,        512,
        1023,       1024,       1025,       4095,       4096,
        4097,       65536,      1u << 20,   0x7fffffff, 1u << 31,
        0xffffffff, 1ull << 32, 1ull << 63, UINT64_MAX, UINT64_MAX - 1,
        3,          11};
    uint8_t choice = bytes_8(&in);

    if (choice < 128) {
        return choice % 64;
    }
    return choice < 224 ? odd[choice % 32] : bytes_64(&in);
}

uint64_t small(uint64_t usual)
{
    uint8_t choice = bytes_8(&in);

    return choice < 240 ? choice % usual : number();
}

/* Writes a name where the program's buffer is; returns its length. */
uint64_t name(void)
{
    uint8_t choice = bytes_8(&in);
    char text[80];
    size_t length = choice % 80;

    if (choice < 224) {
        const char *known_name = names[choice % (sizeof names / sizeof *names)];

        length = strlen(known_name);
        memcpy(text, known_name, length);
    } else {
        bytes_copy(&in, text, length);
    }
    machine_write(scratch(), text, length);
    return choice == 255 ? number() : length;
}
