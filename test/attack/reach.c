/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain accesses to memory, one after another, none of them tried: a forbidden
 * one is this domain's fault. Arguments: pairs of an access (r, w, x) and a
 * place: a number, or a range's name, or RANGE+NUMBER, RANGE-NUMBER.
 *
 * `x` calls the place as a function. In a range that the domain can write, it
 * first puts a `ret` there.
 */
#include "attack.h"

/* Something harmless to call: its address is found by the argument `self`. */
static uint64_t harmless(uint64_t argument)
{
    return argument;
}

static uint64_t offset_of(const char *sign)
{
    uint64_t value = 0;

    ambit_assert(ambit_number(sign + 1, &value));
    return *sign == '-' ? 0 - value : value;
}

static uint64_t place_of(const char *text)
{
    char name[48];
    uint64_t base = 0, bytes = 0;
    size_t length = 0;

    if (ambit_number(text, &base)) {
        return base;
    }
    if (strcmp(text, "self") == 0) {
        return (uint64_t)harmless;
    }
    while (text[length] != '\0' && text[length] != '+' && text[length] != '-') {
        length++;
    }
    ambit_assert(length < sizeof name);
    memcpy(name, text, length);
    name[length] = '\0';
    attack_expect(name, ambit_locate(name, &base, &bytes), STATUS_OK);
    return text[length] == '\0' ? base : base + offset_of(text + length);
}

static bool is_own_data(uint64_t place)
{
    uint64_t here = (uint64_t)&place;
    void *block = ambit_malloc(1);
    bool heap = block != 0 && place >> ABI_GRANULE_SHIFT ==
                                  (uint64_t)block >> ABI_GRANULE_SHIFT;

    ambit_free(block);
    return heap || place >> ABI_GRANULE_SHIFT == here >> ABI_GRANULE_SHIFT;
}

static void reach(char access, uint64_t place)
{
    volatile unsigned char *byte = (volatile unsigned char *)place;

    switch (access) {
    case 'r':
        (void)*byte;
        break;
    case 'w':
        *byte = 0xc3; /* ret */
        break;
    default:
        if (is_own_data(place)) {
            *byte = 0xc3;
        }
        ((void (*)(void))place)();
        break;
    }
}

AMBIT_ENTRY(reach_main)
{
    ambit_assert(argc >= 3 && argc % 2 == 1);
    for (int i = 1; i < argc; i += 2) {
        reach(argv[i][0], place_of(argv[i + 1]));
    }
    return 0;
}

/* For `on_fault: continue`: says how far it came. */
AMBIT_ENTRY(reach_all_main)
{
    int code = reach_main(argc, argv);

    ambit_printf("went on to the end\n");
    return code;
}

/* Whose memory others reach for: a heap with a page, a stack, and time. */
AMBIT_ENTRY(owner_main)
{
    ambit_assert(ambit_malloc(64) != 0);
    for (uint32_t i = 0; i < 100; i++) {
        ambit_yield();
    }
    return 0;
}
