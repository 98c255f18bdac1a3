/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Self-relocation of a static-PIE. Only R_X86_64_RELATIVE and packed relative
 * (DT_RELR) relocations occur in one (ELF gABI; x86-64 psABI, table 4.9).
 *
 * Domains that share an image may start in any order and be preempted
 * anywhere, so one of them relocates and the others yield until it is done.
 * Packed relocations add the base to what is there: twice would be wrong.
 */
#include "internal.h"
#include <ambit/syscall.h>

enum { DT_NULL = 0, DT_RELA = 7, DT_RELASZ = 8, DT_RELRSZ = 35, DT_RELR = 36 };
#define R_X86_64_RELATIVE 8u

struct elf_dynamic {
    int64_t tag;
    uint64_t value;
};

struct elf_rela {
    uint64_t offset;
    uint64_t info; /* type in the low 32 bits */
    int64_t addend;
};

/* Made by the linker. */
extern HIDDEN const struct elf_dynamic _DYNAMIC[];

enum { IMAGE_FRESH, IMAGE_BUSY, IMAGE_DONE, IMAGE_BAD };
static uint32_t image_state;

static bool apply_rela(uint64_t base, const struct elf_rela *rela,
                       uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes / sizeof *rela; i++) {
        if ((uint32_t)rela[i].info != R_X86_64_RELATIVE) {
            return false;
        }
        *(uint64_t *)(base + rela[i].offset) = base + (uint64_t)rela[i].addend;
    }
    return true;
}

/* Tables of pointers are the rule: eight in a row are added to without looking
 * at each bit. */
static void apply_bitmap(uint64_t base, uint64_t *at, uint64_t bits)
{
    for (; bits; bits >>= 8, at += 8) {
        if ((bits & 0xff) == 0xff) {
#pragma GCC unroll 8
            for (uint32_t i = 0; i < 8; i++) {
                at[i] += base;
            }
            continue;
        }
        for (uint64_t some = bits & 0xff; some; some &= some - 1) {
            at[__builtin_ctzll(some)] += base;
        }
    }
}

/*
 * An even word is the offset of one relocation; each odd word that follows is
 * a bitmap of the next 63 words (gABI, "Relative relocation table").
 */
static void apply_relr(uint64_t base, const uint64_t *relr, uint64_t bytes)
{
    uint64_t *next = 0;

    for (uint64_t i = 0; i < bytes / sizeof *relr; i++) {
        if ((relr[i] & 1) == 0) {
            next = (uint64_t *)(base + relr[i]);
            *next++ += base;
            continue;
        }
        apply_bitmap(base, next, relr[i] >> 1);
        next += 63;
    }
}

static bool relocate_image(uint64_t base)
{
    uint64_t rela = 0, rela_bytes = 0, relr = 0, relr_bytes = 0;

    for (const struct elf_dynamic *d = _DYNAMIC; d->tag != DT_NULL; d++) {
        rela = d->tag == DT_RELA ? d->value : rela;
        rela_bytes = d->tag == DT_RELASZ ? d->value : rela_bytes;
        relr = d->tag == DT_RELR ? d->value : relr;
        relr_bytes = d->tag == DT_RELRSZ ? d->value : relr_bytes;
    }
    apply_relr(base, (const uint64_t *)(base + relr), relr_bytes);
    return apply_rela(base, (const struct elf_rela *)(base + rela), rela_bytes);
}

static uint32_t wait_for_image(void)
{
    for (;;) {
        uint32_t state = __atomic_load_n(&image_state, __ATOMIC_ACQUIRE);
        if (state >= IMAGE_DONE) {
            return state;
        }
        struct ambit_registers io = {0};
        (void)ambit_syscall(SYSCALL_YIELD, &io);
    }
}

bool ambit__relocate(uint64_t base)
{
    uint32_t state = IMAGE_FRESH;

    if (__atomic_compare_exchange_n(&image_state, &state, IMAGE_BUSY, false,
                                    __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        state = relocate_image(base) ? IMAGE_DONE : IMAGE_BAD;
        __atomic_store_n(&image_state, state, __ATOMIC_RELEASE);
    }
    return wait_for_image() == IMAGE_DONE;
}
