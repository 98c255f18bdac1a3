/* SPDX-License-Identifier: Apache-2.0 */
/* Register state that ring 3 can write: how to plant a value, how to look. */
#ifndef REGISTERS_STATES_H
#define REGISTERS_STATES_H

#include <stdbool.h>
#include <stdint.h>

typedef uint64_t state_function(uint64_t value);

struct state {
    const char *name;
    state_function *plant; /* writes its argument */
    state_function *look;  /* returns what is there */
    uint64_t mask;         /* bits that both mean */
    uint64_t victim, spy;  /* what each plants: different under the mask */
    bool kept;             /* the kernel promises to keep it for a domain */
};

#define STATE_COUNT 18u
#define STATE_SELECTORS 14u /* from here on: segment selectors */
extern struct state states[STATE_COUNT];

/* Before anything else. `shared`: 16 bytes that both can read at one address.
 */
void states_init(uint64_t shared);

struct state *state_named(const char *name);

/* False: the processor refused, there is no such state here. */
bool state_plant(const struct state *state, uint64_t value);
bool state_look(const struct state *state, uint64_t *value);

/* rcx or r11 after a system call: which must not tell of the kernel. */
state_function look_rcx, look_r11;

#endif
