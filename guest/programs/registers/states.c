/* SPDX-License-Identifier: Apache-2.0 */
#include "states.h"
#include <ambit/ambit.h>

state_function plant_xmm, look_xmm, plant_ymm, look_ymm, plant_zmm, look_zmm,
    plant_zmm31, look_zmm31, plant_mask, look_mask, plant_mmx, look_mmx,
    plant_mxcsr, look_mxcsr, plant_x87_control, look_x87_control,
    plant_x87_pointer, look_x87_pointer, plant_fs_base, look_fs_base,
    plant_gs_base, look_gs_base, plant_ds, look_ds, plant_es, look_es, plant_fs,
    look_fs, plant_gs, look_gs, plant_pkru, look_pkru, plant_flags, look_flags,
    plant_debug, look_debug;

/* Canonical addresses too, so that they serve as segment bases. */
#define SECRET_VICTIM 0x0000517ec0de0a5aull
#define SECRET_SPY 0x00003c3c12345678ull
#define WHOLE UINT64_MAX

/* Set by states_init. */
#define LATER_VICTIM 1
#define LATER_SPY 2

#define PLAIN(name) plant_##name, look_##name

struct state states[STATE_COUNT] = {
    {"xmm15", PLAIN(xmm), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    {"ymm14", PLAIN(ymm), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    {"zmm12", PLAIN(zmm), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    {"zmm31", PLAIN(zmm31), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    {"k7", PLAIN(mask), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    {"mm7", PLAIN(mmx), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    /* All exceptions masked, different rounding. */
    {"mxcsr", PLAIN(mxcsr), 0xffff, 0x5f80, 0x3f80, true},
    {"x87 control", PLAIN(x87_control), 0xffff, 0x0b7f, 0x077f, true},
    {"x87 pointer", PLAIN(x87_pointer), WHOLE, LATER_VICTIM, LATER_SPY, true},
    {"fs base", PLAIN(fs_base), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    {"gs base", PLAIN(gs_base), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    /* Keys 2 to 5; a domain's own pages have key 0. */
    {"pkru", PLAIN(pkru), 0xfff0, 0x00f0, 0x0f00, true},
    {"flags", PLAIN(flags), 0x200000, 0x200000, 0, true},
    {"dr0", PLAIN(debug), WHOLE, SECRET_VICTIM, SECRET_SPY, true},
    /* Selectors last: STATE_SELECTORS. */
    {"ds", PLAIN(ds), 0xffff, LATER_VICTIM, LATER_SPY, false},
    {"es", PLAIN(es), 0xffff, LATER_VICTIM, LATER_SPY, false},
    {"fs", PLAIN(fs), 0xffff, LATER_VICTIM, LATER_SPY, false},
    {"gs", PLAIN(gs), 0xffff, LATER_VICTIM, LATER_SPY, false},
};
_Static_assert(sizeof states / sizeof *states == STATE_COUNT, "a row each");

struct state *state_named(const char *name)
{
    for (uint32_t i = 0; i < STATE_COUNT; i++) {
        if (strcmp(states[i].name, name) == 0) {
            return &states[i];
        }
    }
    ambit_assert(name == 0); /* no such state */
    return 0;
}

static void set(const char *name, uint64_t victim, uint64_t spy)
{
    struct state *state = state_named(name);

    state->victim = victim;
    state->spy = spy;
}

void states_init(uint64_t shared)
{
    uint64_t data = 0, code = 0;

    /* The selectors that a domain has are the only ones it can load. */
    __asm__("movw %%ss, %w0\n\tmovw %%cs, %w1" : "+r"(data), "+r"(code));
    set("ds", data, code);
    set("es", data, code);
    set("fs", data, code);
    set("gs", data, code);
    set("x87 pointer", shared, shared + sizeof(uint64_t));
}

bool state_plant(const struct state *state, uint64_t value)
{
    struct ambit_fault fault;
    uint64_t nothing;

    return ambit_try_exec((uint64_t)state->plant, value, &nothing, &fault);
}

bool state_look(const struct state *state, uint64_t *value)
{
    struct ambit_fault fault;
    bool there = ambit_try_exec((uint64_t)state->look, 0, value, &fault);

    *value = there ? *value & state->mask : 0;
    return there;
}
