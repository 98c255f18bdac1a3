/* SPDX-License-Identifier: Apache-2.0 */
/* Intel SDM, volume 2, appendix A: opcode maps. 64-bit mode; where 32-bit code
 * means something else by these bytes (REX), nothing is measured. */
#include "decode.h"

#include <abi/measure.h>
#include <stdbool.h>
#include <string.h>

/* An instruction without its prefixes. */
struct parts {
    const uint8_t *at;
    size_t left;
    bool operand, repeat, repeat_not; /* 66, F3, F2 */
};

static bool prefix(uint8_t byte)
{
    static const uint8_t list[] = {0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x36,
                                   0x3e, 0x26, 0x64, 0x65, 0xf0};

    return memchr(list, byte, sizeof(list)) || (byte & 0xf0) == 0x40;
}

static struct parts strip(const uint8_t *bytes, size_t size)
{
    struct parts parts = {.at = bytes, .left = size};

    while (parts.left && prefix(*parts.at)) {
        parts.operand |= *parts.at == 0x66;
        parts.repeat |= *parts.at == 0xf3;
        parts.repeat_not |= *parts.at == 0xf2;
        parts.at++;
        parts.left--;
    }
    return parts;
}

static unsigned reg_of(uint8_t modrm)
{
    return modrm >> 3 & 7;
}

static bool memory(uint8_t modrm)
{
    return modrm >> 6 != 3;
}

/* 0F 01: the group of the system tables. */
static enum privileged group_01(uint8_t modrm)
{
    if (memory(modrm)) {
        return reg_of(modrm) == 7 ? PRIVILEGED_FLUSH : PRIVILEGED_NONE;
    }
    return modrm == 0xf8 ? PRIVILEGED_SWAPGS : PRIVILEGED_NONE;
}

/* 0F AE: saving and restoring state; with F3 and a register, the bases. */
static enum privileged group_ae(const struct parts *parts, uint8_t modrm)
{
    static const bool state[8] = {
        [0] = true, [1] = true, [4] = true, [5] = true, [6] = true};

    if (!memory(modrm)) {
        return parts->repeat && (reg_of(modrm) == 2 || reg_of(modrm) == 3)
                   ? PRIVILEGED_BASE
                   : PRIVILEGED_NONE;
    }
    /* With 66 the last two are clflushopt and clwb. */
    return state[reg_of(modrm)] && !parts->operand ? PRIVILEGED_STATE
                                                   : PRIVILEGED_NONE;
}

/* 0F 1F with a displacement of 32 bits from rax. */
static enum privileged mark(const struct parts *parts)
{
    uint32_t number;

    if (parts->left < 7 || parts->at[2] != 0x80) {
        return PRIVILEGED_NONE;
    }
    memcpy(&number, parts->at + 3, sizeof(number));
    if (number == MEASURE_BEGIN) {
        return MARK_BEGIN;
    }
    return number == MEASURE_END ? MARK_END : PRIVILEGED_NONE;
}

static enum privileged with_modrm(const struct parts *parts, uint8_t modrm)
{
    switch (parts->at[1]) {
    case 0x01:
        return group_01(modrm);
    case 0x22:
        return reg_of(modrm) == 3 ? PRIVILEGED_CR3 : PRIVILEGED_CR;
    case 0x1f:
        return mark(parts);
    case 0x38:
        return modrm == 0x82 && parts->operand ? PRIVILEGED_FLUSH
                                               : PRIVILEGED_NONE;
    case 0xae:
        return group_ae(parts, modrm);
    case 0xc7: /* xrstors, xsavec, xsaves */
        return memory(modrm) && reg_of(modrm) >= 3 && reg_of(modrm) <= 5
                   ? PRIVILEGED_STATE
                   : PRIVILEGED_NONE;
    default:
        return PRIVILEGED_NONE;
    }
}

static enum privileged two_bytes(const struct parts *parts)
{
    switch (parts->at[1]) {
    case 0x05:
        return PRIVILEGED_SYSCALL;
    case 0x07:
        return PRIVILEGED_SYSRET;
    case 0x30:
        return PRIVILEGED_WRMSR;
    case 0x32:
        return PRIVILEGED_RDMSR;
    default:
        return parts->left > 2 ? with_modrm(parts, parts->at[2])
                               : PRIVILEGED_NONE;
    }
}

/* movs, cmps, stos, lods, scas: QEMU executes a step after the other. */
static bool string(const struct parts *parts)
{
    uint8_t opcode = *parts->at;

    return (parts->repeat || parts->repeat_not) &&
           ((opcode >= 0xa4 && opcode <= 0xa7) ||
            (opcode >= 0xaa && opcode <= 0xaf));
}

static bool ports(uint8_t opcode)
{
    return (opcode & 0xfc) == 0x6c || (opcode & 0xf4) == 0xe4;
}

enum privileged decode(const uint8_t *bytes, size_t size)
{
    struct parts parts = strip(bytes, size);

    if (parts.left == 0) {
        return PRIVILEGED_NONE;
    }
    switch (*parts.at) {
    case 0x0f:
        return parts.left > 1 ? two_bytes(&parts) : PRIVILEGED_NONE;
    case 0xcf:
        return PRIVILEGED_IRET;
    default:
        if (string(&parts)) {
            return REPEATED;
        }
        return ports(*parts.at) ? PRIVILEGED_IO : PRIVILEGED_NONE;
    }
}
