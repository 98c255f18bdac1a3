/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lengths of the instructions that compilers emit for ring 3, so that a
 * faulting access can be left out. Intel SDM vol. 2, chapter 2 and appendix A.
 * Unknown ones have length 0: the domain then ends instead of going on wrongly.
 */
#include "arch.h"

enum shape {
    NO,      /* not known */
    PLAIN,   /* opcode alone */
    MODRM,   /* and a ModRM operand */
    MODRM_1, /* ... and an 8-bit immediate */
    MODRM_4, /* ... and an immediate of operand size, at most 4 bytes */
    IMM_1,
    IMM_4,
    IMM_8,   /* mov r64, imm64 with REX.W, else of operand size */
    GROUP_1, /* F6: an 8-bit immediate only for /0 and /1 */
    GROUP_4, /* F7: likewise, of operand size */
    MOFFS    /* a 64-bit address */
};

struct run {
    uint8_t first, last, shape;
};

/* One-byte opcodes; what no run names is NO. */
static const struct run one_byte[] = {
    {0x38, 0x3b, MODRM},   {0x3c, 0x3c, IMM_1},   {0x3d, 0x3d, IMM_4},
    {0x50, 0x5f, PLAIN},   {0x63, 0x63, MODRM},   {0x68, 0x68, IMM_4},
    {0x69, 0x69, MODRM_4}, {0x6a, 0x6a, IMM_1},   {0x6b, 0x6b, MODRM_1},
    {0x6c, 0x6f, PLAIN},   {0x70, 0x7f, IMM_1},   {0x80, 0x80, MODRM_1},
    {0x81, 0x81, MODRM_4}, {0x83, 0x83, MODRM_1}, {0x84, 0x8b, MODRM},
    {0x8c, 0x8f, MODRM},   {0x90, 0x99, PLAIN},   {0x9b, 0x9f, PLAIN},
    {0xa0, 0xa3, MOFFS},   {0xa4, 0xa7, PLAIN},   {0xa8, 0xa8, IMM_1},
    {0xa9, 0xa9, IMM_4},   {0xaa, 0xaf, PLAIN},   {0xb0, 0xb7, IMM_1},
    {0xb8, 0xbf, IMM_8},   {0xc0, 0xc1, MODRM_1}, {0xc3, 0xc3, PLAIN},
    {0xc6, 0xc6, MODRM_1}, {0xc7, 0xc7, MODRM_4}, {0xc9, 0xc9, PLAIN},
    {0xcc, 0xcc, PLAIN},   {0xcd, 0xcd, IMM_1},   {0xcf, 0xcf, PLAIN},
    {0xd0, 0xd3, MODRM},   {0xd8, 0xdf, MODRM},   {0xe0, 0xe7, IMM_1},
    {0xe8, 0xe9, IMM_4},   {0xeb, 0xeb, IMM_1},   {0xec, 0xef, PLAIN},
    {0xf4, 0xf5, PLAIN},   {0xf6, 0xf6, GROUP_1}, {0xf7, 0xf7, GROUP_4},
    {0xf8, 0xfd, PLAIN},   {0xfe, 0xff, MODRM},
};

/* Opcodes behind 0F. */
static const struct run two_byte[] = {
    {0x00, 0x03, MODRM},   {0x05, 0x09, PLAIN},   {0x0b, 0x0b, PLAIN},
    {0x0d, 0x0d, MODRM},   {0x10, 0x17, MODRM},   {0x18, 0x23, MODRM},
    {0x28, 0x2f, MODRM},   {0x30, 0x35, PLAIN},   {0x40, 0x6f, MODRM},
    {0x70, 0x73, MODRM_1}, {0x74, 0x76, MODRM},   {0x77, 0x77, PLAIN},
    {0x7c, 0x7f, MODRM},   {0x80, 0x8f, IMM_4},   {0x90, 0x9f, MODRM},
    {0xa0, 0xa2, PLAIN},   {0xa3, 0xa3, MODRM},   {0xa4, 0xa4, MODRM_1},
    {0xa5, 0xa5, MODRM},   {0xab, 0xab, MODRM},   {0xac, 0xac, MODRM_1},
    {0xad, 0xb9, MODRM},   {0xba, 0xba, MODRM_1}, {0xbb, 0xc1, MODRM},
    {0xc2, 0xc2, MODRM_1}, {0xc3, 0xc3, MODRM},   {0xc4, 0xc6, MODRM_1},
    {0xc7, 0xc7, MODRM},   {0xc8, 0xcf, PLAIN},   {0xd0, 0xfe, MODRM},
};

struct cursor {
    const uint8_t *code;
    uint32_t at, bytes;
    bool operand16, wide;
};

static uint8_t run_shape(const struct run *runs, uint32_t count, uint8_t opcode)
{
    for (uint32_t i = 0; i < count; i++) {
        if (opcode >= runs[i].first && opcode <= runs[i].last) {
            return runs[i].shape;
        }
    }
    return NO;
}

/* add or adc sbb and sub xor: six forms each, eight apart. */
static uint8_t arithmetic_shape(uint8_t opcode)
{
    static const uint8_t shapes[8] = {MODRM, MODRM, MODRM, MODRM,
                                      IMM_1, IMM_4, NO,    NO};

    return opcode < 0x38 ? shapes[opcode & 7] : NO;
}

static bool prefixes(struct cursor *c)
{
    while (c->at < c->bytes) {
        uint8_t byte = c->code[c->at];

        if (byte == 0x66) {
            c->operand16 = true;
        } else if (byte != 0xf2 && byte != 0xf3 && byte != 0xf0 &&
                   byte != 0x2e && byte != 0x36 && byte != 0x3e &&
                   byte != 0x26 && byte != 0x64 && byte != 0x65) {
            break;
        }
        c->at++;
    }
    if (c->at < c->bytes && (c->code[c->at] & 0xf0) == 0x40) {
        c->wide = (c->code[c->at] & 8) != 0;
        c->at++;
    }
    return c->at < c->bytes;
}

static uint8_t opcode_shape(struct cursor *c)
{
    uint8_t opcode = c->code[c->at++];

    if (opcode == 0x0f && c->at < c->bytes) {
        opcode = c->code[c->at++];
        return run_shape(two_byte, sizeof(two_byte) / sizeof(two_byte[0]),
                         opcode);
    }
    if (opcode < 0x38) {
        return arithmetic_shape(opcode);
    }
    return run_shape(one_byte, sizeof(one_byte) / sizeof(one_byte[0]), opcode);
}

/* ModRM, SIB and displacement. Returns the reg field, or 8 past the end. */
static uint32_t modrm(struct cursor *c)
{
    uint32_t mod, rm, base;
    uint8_t byte;

    if (c->at >= c->bytes) {
        return 8;
    }
    byte = c->code[c->at++];
    mod = byte >> 6;
    rm = byte & 7;
    base = rm;
    if (mod != 3 && rm == 4) {
        if (c->at >= c->bytes) {
            return 8;
        }
        base = c->code[c->at++] & 7;
    }
    if (mod == 1) {
        c->at += 1;
    } else if (mod == 2 || (mod == 0 && base == 5)) {
        c->at += 4;
    }
    return byte >> 3 & 7;
}

static uint32_t immediate(const struct cursor *c, uint8_t shape, uint32_t reg)
{
    uint32_t operand = c->operand16 && !c->wide ? 2 : 4;

    switch (shape) {
    case MODRM_1:
    case IMM_1:
        return 1;
    case MODRM_4:
    case IMM_4:
        return operand;
    case IMM_8:
        return c->wide ? 8 : operand;
    case GROUP_1:
        return reg < 2 ? 1 : 0;
    case GROUP_4:
        return reg < 2 ? operand : 0;
    case MOFFS:
        return 8;
    default:
        return 0;
    }
}

uint32_t arch_instruction_length(const uint8_t *code, uint32_t bytes)
{
    struct cursor c = {.code = code, .bytes = bytes < 15 ? bytes : 15};
    uint32_t reg = 0;
    uint8_t shape;

    if (!prefixes(&c)) {
        return 0;
    }
    shape = opcode_shape(&c);
    if (shape == NO) {
        return 0;
    }
    if ((shape >= MODRM && shape <= MODRM_4) || shape == GROUP_1 ||
        shape == GROUP_4) {
        reg = modrm(&c);
    }
    if (reg == 8) {
        return 0;
    }
    c.at += immediate(&c, shape, reg);
    return c.at <= c.bytes ? c.at : 0;
}

bool arch_is_prefix(uint8_t byte)
{
    static const uint8_t legacy[] = {0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
                                     0x66, 0x67, 0xf0, 0xf2, 0xf3};

    for (uint32_t i = 0; i < sizeof(legacy); i++) {
        if (byte == legacy[i]) {
            return true;
        }
    }
    return (byte & 0xf0) == 0x40; /* REX */
}

enum arch_flags_use arch_flags_used(uint8_t opcode)
{
    switch (opcode) {
    case 0x9c: /* PUSHF */
        return ARCH_FLAGS_PUSHED;
    case 0x9d: /* POPF */
    case 0xcf: /* IRET */
        return ARCH_FLAGS_POPPED;
    default:
        return ARCH_FLAGS_KEPT;
    }
}

/* Neither prefixes nor the operand's size change its length. On some processors
 * LSS is none of these. */
uint32_t arch_shadow_length(const uint8_t *code, uint32_t bytes)
{
    uint32_t at = 0, length;

    while (at < bytes && arch_is_prefix(code[at])) {
        at++;
    }
    if (bytes - at < 2) {
        return 0;
    }
    length = arch_instruction_length(code + at, bytes - at);
    if (length && ((code[at] == 0x8e && (code[at + 1] >> 3 & 7) == 2) ||
                   (code[at] == 0x0f && code[at + 1] == 0xb2))) {
        return at + length;
    }
    return 0;
}
