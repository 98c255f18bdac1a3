/* SPDX-License-Identifier: Apache-2.0 */
#include <debug/unwind.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

/* DWARF's numbers (System V psABI for AMD64, 3.6.2). */
#define REGISTERS 17u /* 0 to 15, and the return address */
#define DWARF_RSP 7u
#define DWARF_RIP 16u
#define STACK_MAX 8u /* of an expression */

struct unwind {
    Elf *elf;
    Dwarf *dwarf;
    Dwarf_CFI *cfi; /* belongs to dwarf */
};

struct state {
    const struct guest_memory *memory;
    const struct engine_registers *registers; /* for the walk */
    uint64_t value[REGISTERS];
    uint64_t cfa;
};

struct unwind *unwind_open(const uint8_t *elf, size_t bytes)
{
    struct unwind *unwind = calloc(1, sizeof(*unwind));
    char *image;

    if (!unwind) {
        return NULL;
    }
    /* elf_memory() wants a pointer that is not const, and only reads. */
    memcpy(&image, &elf, sizeof(image));
    elf_version(EV_CURRENT);
    unwind->elf = elf_memory(image, bytes);
    if (unwind->elf) {
        unwind->dwarf = dwarf_begin_elf(unwind->elf, DWARF_C_READ, NULL);
    }
    if (unwind->dwarf) {
        unwind->cfi = dwarf_getcfi(unwind->dwarf);
    }
    if (!unwind->cfi) {
        unwind_close(unwind);
        return NULL;
    }
    return unwind;
}

void unwind_close(struct unwind *unwind)
{
    if (!unwind) {
        return;
    }
    if (unwind->dwarf) {
        dwarf_end(unwind->dwarf);
    }
    if (unwind->elf) {
        elf_end(unwind->elf);
    }
    free(unwind);
}

/* Order of engine_registers.general, by DWARF number. */
static void state_init(struct state *state, const struct guest_memory *memory,
                       const struct engine_registers *registers)
{
    static const uint8_t general[16] = {0, 2, 1,  3,  6,  7,  5,  4,
                                        8, 9, 10, 11, 12, 13, 14, 15};

    *state = (struct state){.memory = memory, .registers = registers};
    for (unsigned i = 0; i < 16; i++) {
        state->value[i] = registers->general[general[i]];
    }
    state->value[DWARF_RSP] = registers->rsp;
    state->value[DWARF_RIP] = registers->rip;
}

static bool load(const struct state *state, uint64_t address, uint64_t *out)
{
    return guest_read_linear(state->memory, state->registers, address, out,
                             sizeof(*out)) == sizeof(*out);
}

/* What compilers use in call frame information, and no more. */
static bool evaluate(const struct state *state, const Dwarf_Op *ops,
                     size_t count, uint64_t *out)
{
    uint64_t stack[STACK_MAX];
    size_t depth = 0;

    for (size_t i = 0; i < count; i++) {
        uint64_t value;

        if (ops[i].atom == DW_OP_plus_uconst && depth > 0) {
            stack[depth - 1] += ops[i].number;
            continue;
        }
        if (ops[i].atom == DW_OP_call_frame_cfa) {
            value = state->cfa;
        } else if (ops[i].atom == DW_OP_bregx && ops[i].number < REGISTERS) {
            value = state->value[ops[i].number] + ops[i].number2;
        } else if (ops[i].atom >= DW_OP_breg0 &&
                   ops[i].atom < DW_OP_breg0 + REGISTERS) {
            value = state->value[ops[i].atom - DW_OP_breg0] + ops[i].number;
        } else {
            return false;
        }
        if (depth == STACK_MAX) {
            return false;
        }
        stack[depth++] = value;
    }
    if (depth != 1) {
        return false;
    }
    *out = stack[0];
    return true;
}

/* One register of the caller. A register without a rule keeps its value,
 * but for the return address, which then nobody has. */
static enum unwind_end restore(const struct state *state, Dwarf_Frame *frame,
                               unsigned number, uint64_t *out)
{
    Dwarf_Op room[3], *ops;
    uint64_t address;
    size_t count;
    bool value;

    if (dwarf_frame_register(frame, (int)number, room, &ops, &count) != 0) {
        return UNWIND_NO_SENSE;
    }
    if (count == 0) {
        *out = number == DWARF_RSP ? state->cfa : state->value[number];
        return number == DWARF_RIP ? UNWIND_BOTTOM : UNWIND_MANY;
    }
    value = ops[count - 1].atom == DW_OP_stack_value;
    if (!evaluate(state, ops, value ? count - 1 : count, &address)) {
        return UNWIND_NO_SENSE;
    }
    if (value) {
        *out = address;
        return UNWIND_MANY;
    }
    return load(state, address, out) ? UNWIND_MANY : UNWIND_MEMORY;
}

static enum unwind_end restore_all(struct state *state, Dwarf_Frame *frame)
{
    uint64_t caller[REGISTERS];
    Dwarf_Op *ops;
    size_t count;

    if (dwarf_frame_cfa(frame, &ops, &count) != 0 ||
        !evaluate(state, ops, count, &state->cfa)) {
        return UNWIND_NO_SENSE;
    }
    for (unsigned i = 0; i < REGISTERS; i++) {
        enum unwind_end end = restore(state, frame, i, &caller[i]);

        if (end != UNWIND_MANY) {
            return end;
        }
    }
    /* Stacks grow down: a caller's is above. */
    if (caller[DWARF_RSP] <= state->value[DWARF_RSP]) {
        return UNWIND_NO_SENSE;
    }
    memcpy(state->value, caller, sizeof(caller));
    return UNWIND_MANY;
}

/* A call of what is no code: where it came from is on top of the stack. */
static enum unwind_end return_from_nowhere(const struct unwind *unwind,
                                           uint64_t bias, struct state *state)
{
    Dwarf_Frame *frame = NULL;
    uint64_t back;

    if (!load(state, state->value[DWARF_RSP], &back) ||
        dwarf_cfi_addrframe(unwind->cfi, back - bias - 1, &frame) != 0) {
        return UNWIND_NO_INFO;
    }
    free(frame);
    state->value[DWARF_RIP] = back;
    state->value[DWARF_RSP] += sizeof(back);
    return UNWIND_MANY;
}

/* From one frame to its caller's; UNWIND_MANY: it went on. */
static enum unwind_end step(const struct unwind *unwind, uint64_t bias,
                            struct state *state, bool call)
{
    uint64_t at = state->value[DWARF_RIP] - bias - (call ? 1 : 0);
    Dwarf_Frame *frame = NULL;
    enum unwind_end end;

    if (dwarf_cfi_addrframe(unwind->cfi, at, &frame) != 0) {
        return call ? UNWIND_NO_INFO : return_from_nowhere(unwind, bias, state);
    }
    end = restore_all(state, frame);
    free(frame);
    return end;
}

void unwind_make(const struct unwind *unwind, uint64_t bias,
                 const struct guest_memory *memory,
                 const struct engine_registers *registers,
                 struct unwind_trace *out)
{
    struct state state;

    state_init(&state, memory, registers);
    out->count = 0;
    out->end = UNWIND_MANY;
    while (out->end == UNWIND_MANY && out->count < UNWIND_FRAMES) {
        bool call = out->count > 0;

        out->frames[out->count].rip = state.value[DWARF_RIP];
        out->frames[out->count++].call = call;
        out->end = unwind ? step(unwind, bias, &state, call) : UNWIND_NO_INFO;
    }
}

const char *unwind_end_words(enum unwind_end end)
{
    static const char *const words[] = {
        "nobody called this", "no call frame information for this address",
        "the stack is not mapped there", "what the stack holds makes no sense",
        "more frames than are shown"};

    return words[end];
}

const char *unwind_end_name(enum unwind_end end)
{
    static const char *const names[] = {"bottom", "no-information", "memory",
                                        "no-sense", "more"};

    return names[end];
}
