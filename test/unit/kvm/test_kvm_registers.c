/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The register host call, seen from ring 3 (guest/registers.S): what one
 * domain leaves in its registers must not meet another.
 */
#include "machine.h"
#include "test_kvm.h"
#include <abi/hostcall.h>
#include <kvm/kvm_engine.h>
#include <stdio.h>
#include <string.h>

#define RESULTS 0x410000u
#define STEPS_MAX 16u
#define VECTORS 32u
#define VECTOR_BYTES 64u
#define USE_AVX 1u
#define USE_AVX512 2u
#define X87_CONTROL_RESET 0x37fu
#define X87_EMPTY 0xffffu
#define MXCSR_RESET 0x1f80u

struct step {
    uint32_t call;
    uint32_t fill; /* byte; 0: leave as it is */
};

/* What guest/registers.S writes for a step. */
struct look {
    uint8_t vector[VECTORS][VECTOR_BYTES];
    uint32_t x87[7]; /* control, status, tags, ... (fnstenv) */
    uint32_t reserved;
    uint32_t mxcsr;
    uint32_t pkru;
    uint32_t has_pkru;
    uint32_t has_bases;
    uint64_t gs_base;
    uint64_t fs_base;
    uint64_t mask[8];
    uint8_t rest[4096 - 2176];
};
_Static_assert(sizeof(struct look) == 4096, "a page a step");

static struct machine machine;
static struct look looks[STEPS_MAX];

static uint32_t call(uint32_t operation, uint32_t from, uint32_t to)
{
    return from | to << HOSTCALL_REGISTERS_TO |
           operation << HOSTCALL_REGISTERS_OPERATION;
}

/* Ring 3 reaches vector state beyond SSE only where the guest kernel cannot
 * forbid it; on hardware this guest leaves CR4.OSXSAVE clear. */
static uint32_t uses(void)
{
    struct engine_probe probe;

    kvm_engine.probe(&probe);
    if (strcmp(probe.ring0, "emulated") != 0) {
        return 0;
    }
    if (__builtin_cpu_supports("avx512f")) {
        return USE_AVX512;
    }
    return __builtin_cpu_supports("avx") ? USE_AVX : 0;
}

static void play(const struct step *steps, uint32_t count)
{
    char *script;

    ck_assert_uint_le(count, STEPS_MAX);
    machine_make(&machine, &kvm_engine, "registers", 64 * MIB);
    *machine_word(&machine, MACHINE_INPUT) = count;
    *machine_word(&machine, MACHINE_INPUT + 4) = uses();
    script = (char *)machine.guest.memory + MACHINE_INPUT + 8;
    memcpy(script, steps, count * sizeof(*steps));
    ck_assert_msg(machine_open(&machine) == 0, "%s", machine.failure.text);
    ck_assert_int_eq(machine_run(&machine, 0), ENGINE_DONE);
    ck_assert_uint_eq(machine.result.value, HOSTCALL_EXIT_DONE);
    memcpy(looks, (char *)machine.guest.memory + RESULTS,
           count * sizeof(looks[0]));
    machine_free(&machine);
}

/* Every vector byte that was looked at is `byte`. */
static void vectors_are(const struct look *look, uint8_t byte)
{
    uint32_t use = uses();
    unsigned count = use & USE_AVX512 ? 32 : 16;
    unsigned bytes = use & USE_AVX512 ? 64 : use & USE_AVX ? 32 : 16;
    unsigned i, j;

    for (i = 0; i < count; i++) {
        for (j = 0; j < bytes; j++) {
            ck_assert_msg(look->vector[i][j] == byte,
                          "step %ld: vector %u byte %u is %02x, not %02x",
                          (long)(look - looks), i, j, look->vector[i][j], byte);
        }
    }
}

static void is_clean(const struct look *look)
{
    unsigned i;

    vectors_are(look, 0);
    ck_assert_uint_eq(look->x87[0] & 0xffff, X87_CONTROL_RESET);
    ck_assert_uint_eq(look->x87[1] & 0xffff, 0);
    ck_assert_uint_eq(look->x87[2] & 0xffff, X87_EMPTY);
    ck_assert_uint_eq(look->mxcsr, MXCSR_RESET);
    for (i = 0; i < 8; i++) {
        ck_assert_uint_eq(look->mask[i], 0);
    }
    ck_assert_uint_eq(look->pkru, 0);
    ck_assert_uint_eq(look->gs_base, 0);
    ck_assert_uint_eq(look->fs_base, 0);
}

static void is_filled(const struct look *look, uint8_t byte)
{
    vectors_are(look, byte);
    ck_assert_uint_ne(look->x87[2] & 0xffff, X87_EMPTY);
    ck_assert_uint_eq(look->mxcsr, 0x1fc0);
    if (look->has_pkru) {
        uint32_t all = byte * 0x01010101u;

        ck_assert_uint_eq(look->pkru, all & ~3u);
    }
}

/* Without a call in between the fill is there to see: the probe can fail. */
START_TEST(fill_is_seen_without_a_call)
{
    const struct step steps[] = {
        {call(HOSTCALL_REGISTERS_RESET, HOSTCALL_NO_DOMAIN, 1), 0x55},
        {call(HOSTCALL_REGISTERS_FORGET, 9, 9), 0},
    };

    play(steps, 2);
    is_clean(&looks[0]);
    is_filled(&looks[1], 0x55);
    if (looks[1].has_bases) {
        ck_assert_uint_eq(looks[1].gs_base, 0x55555555);
    }
    printf("ring 3 reaches: vectors %s, PKRU %s, FS and GS base %s\n",
           uses() & USE_AVX512 ? "zmm"
           : uses() & USE_AVX  ? "ymm"
                               : "xmm",
           looks[1].has_pkru ? "yes" : "no", looks[1].has_bases ? "yes" : "no");
}
END_TEST

START_TEST(first_switch_is_clean)
{
    const struct step steps[] = {
        {call(HOSTCALL_REGISTERS_FORGET, 1, 1), 0xaa}, /* before any save */
        {call(HOSTCALL_REGISTERS_SWITCH, HOSTCALL_NO_DOMAIN, 2), 0},
    };

    play(steps, 2);
    is_clean(&looks[1]);
}
END_TEST

START_TEST(reset_drops_everything)
{
    const struct step steps[] = {
        {call(HOSTCALL_REGISTERS_SWITCH, HOSTCALL_NO_DOMAIN, 1), 0xaa},
        {call(HOSTCALL_REGISTERS_RESET, 1, 2), 0x33},
        {call(HOSTCALL_REGISTERS_RESET, 2, 1), 0},
    };

    play(steps, 3);
    is_clean(&looks[1]);
    is_clean(&looks[2]);
}
END_TEST

/* What either side had saved before is gone, too. */
START_TEST(reset_forgets_what_was_saved)
{
    const struct step steps[] = {
        {call(HOSTCALL_REGISTERS_SWITCH, HOSTCALL_NO_DOMAIN, 1), 0xaa},
        {call(HOSTCALL_REGISTERS_SWITCH, 1, 2), 0x33},
        {call(HOSTCALL_REGISTERS_RESET, 2, 1), 0x55},
        {call(HOSTCALL_REGISTERS_RESET, 1, 3), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 3, 2), 0x11},
        {call(HOSTCALL_REGISTERS_SWITCH, 2, 3), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 3, 2), 0},
        {call(HOSTCALL_REGISTERS_RESET, 2, 1), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 1, 2), 0},
    };

    play(steps, 9);
    is_clean(&looks[2]);
    is_clean(&looks[3]);
    is_clean(&looks[4]);
    is_filled(&looks[6], 0x11);
    is_clean(&looks[7]);
    is_clean(&looks[8]);
}
END_TEST

START_TEST(switch_keeps_each_its_own)
{
    const struct step steps[] = {
        {call(HOSTCALL_REGISTERS_SWITCH, HOSTCALL_NO_DOMAIN, 1), 0xaa},
        {call(HOSTCALL_REGISTERS_SWITCH, 1, 2), 0x33},
        {call(HOSTCALL_REGISTERS_SWITCH, 2, 1), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 1, 2), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 2, 4095), 0x77},
        {call(HOSTCALL_REGISTERS_SWITCH, 4095, 1), 0},
        {call(HOSTCALL_REGISTERS_FORGET, 2, 0), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 1, 2), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 2, 4095), 0},
    };

    play(steps, 9);
    is_clean(&looks[1]);
    is_filled(&looks[2], 0xaa);
    is_filled(&looks[3], 0x33);
    is_clean(&looks[4]);
    is_filled(&looks[5], 0xaa);
    is_clean(&looks[7]);
    is_filled(&looks[8], 0x77);
}
END_TEST

/* Numbers that a byte would not tell apart. */
START_TEST(all_numbers_are_told_apart)
{
    const struct step steps[] = {
        {call(HOSTCALL_REGISTERS_SWITCH, HOSTCALL_NO_DOMAIN, 44), 0xaa},
        {call(HOSTCALL_REGISTERS_SWITCH, 44, 300), 0x33},
        {call(HOSTCALL_REGISTERS_SWITCH, 300, 255), 0},
        {call(HOSTCALL_REGISTERS_FORGET, 44, 0), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 255, 300), 0},
        {call(HOSTCALL_REGISTERS_SWITCH, 300, 44), 0},
    };

    play(steps, 6);
    is_clean(&looks[1]);
    is_clean(&looks[2]);
    is_filled(&looks[4], 0x33);
    is_clean(&looks[5]);
}
END_TEST

/* A kernel that makes no sense ends the run, not the host. */
START_TEST(number_that_cannot_be)
{
    machine_make(&machine, &kvm_engine, "registers", 64 * MIB);
    *machine_word(&machine, MACHINE_INPUT) = 1;
    *machine_word(&machine, MACHINE_INPUT + 8) =
        call(HOSTCALL_REGISTERS_SWITCH, HOSTCALL_DOMAINS, 1);
    ck_assert_msg(machine_open(&machine) == 0, "%s", machine.failure.text);
    ck_assert_int_eq(machine_run(&machine, 0), ENGINE_FAILED);
    ck_assert_ptr_nonnull(
        strstr(machine.result.failure.text, "for a domain that cannot exist"));
    machine_free(&machine);
}
END_TEST

TCase *register_cases(void)
{
    TCase *cases = tcase_create("registers");

    tcase_add_test(cases, fill_is_seen_without_a_call);
    tcase_add_test(cases, first_switch_is_clean);
    tcase_add_test(cases, reset_drops_everything);
    tcase_add_test(cases, reset_forgets_what_was_saved);
    tcase_add_test(cases, switch_keeps_each_its_own);
    tcase_add_test(cases, all_numbers_are_told_apart);
    tcase_add_test(cases, number_that_cannot_be);
    return cases;
}
