/* SPDX-License-Identifier: Apache-2.0 */
/*
 * More domains at once than a byte has numbers: each keeps a value in a vector
 * register while all others run, and finds it again.
 */
#include <ambit/ambit.h>

#define DOMAINS 320u
#define TURNS 6u

static void keep(uint64_t value)
{
    __asm__ volatile("movq %0, %%xmm9" : : "r"(value) : "xmm9");
}

static uint64_t kept(void)
{
    uint64_t value;

    __asm__ volatile("movq %%xmm9, %0" : "=r"(value));
    return value;
}

/* Argument: what nobody else keeps. */
AMBIT_ENTRY(number_main)
{
    uint64_t number = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &number));
    if (kept() != 0) {
        return 1; /* somebody else's */
    }
    keep(number);
    for (uint32_t i = 0; i < TURNS; i++) {
        ambit_yield();
        if (kept() != number) {
            return 2;
        }
    }
    return 0;
}

static struct ambit_handle made(uint32_t number)
{
    const char text[4] = {(char)('0' + number / 100),
                          (char)('0' + number / 10 % 10),
                          (char)('0' + number % 10), '\0'};
    const struct ambit_domain_spec spec = {
        .name = "number",
        .entry = number_main,
        .degree = {.cpu = AMBIT_NEW},
        .args = text,
        .args_bytes = sizeof(text),
        .argc = 1,
    };
    struct ambit_handle domain = {0};
    struct ambit_refusal why = {0};

    ambit_assert(ambit_domain_create(&spec, &domain, &why) == STATUS_OK);
    return domain;
}

AMBIT_ENTRY(numbers_main)
{
    static struct ambit_handle domains[DOMAINS];
    struct ambit_outcome outcome;

    for (uint32_t i = 0; i < DOMAINS; i++) {
        domains[i] = made(i + 1);
    }
    for (uint32_t i = 0; i < DOMAINS; i++) {
        ambit_assert(ambit_domain_start(domains[i]) == STATUS_OK);
    }
    for (uint32_t i = 0; i < DOMAINS; i++) {
        ambit_assert(ambit_wait(domains[i], &outcome) == STATUS_OK);
        if (outcome.kind != OUTCOME_EXIT || outcome.code != 0) {
            ambit_printf("%u of %u ended with %d\n", i + 1, DOMAINS,
                         outcome.code);
            return 1;
        }
    }
    for (uint32_t i = 0; i < DOMAINS; i++) {
        ambit_assert(ambit_domain_destroy(domains[i]) == STATUS_OK);
    }
    ambit_printf("%u domains at once, each with its own registers\n", DOMAINS);
    return 0;
}
