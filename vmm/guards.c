/* SPDX-License-Identifier: Apache-2.0 */
#include "guards.h"

#include "suggest.h"

#include <embedded.h>
#include <stdio.h>
#include <string.h>

static const struct guard_row rows[GUARD_COUNT] = {
#define GUARDS_ROW(id, name, text) [GUARD_##id] = {#id, name, text},
    ABI_GUARDS(GUARDS_ROW)
#undef GUARDS_ROW
};

const struct guard_row *guards_row(uint32_t guard)
{
    return &rows[guard];
}

uint32_t guards_find(const char *name)
{
    for (uint32_t i = 1; i < GUARD_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return i;
        }
    }
    return GUARD_NONE;
}

void guards_say_unknown(const char *name)
{
    struct suggest suggest;

    suggest_init(&suggest, name);
    for (uint32_t i = 1; i < GUARD_COUNT; i++) {
        suggest_offer(&suggest, rows[i].name);
    }
    fprintf(stderr, "ambit: --without-guard: no such guard '%s'", name);
    if (suggest.best) {
        fprintf(stderr, " (did you mean '%s'?)", suggest.best);
    }
    fputs("; these are known:\n", stderr);
    for (uint32_t i = 1; i < GUARD_COUNT; i++) {
        fprintf(stderr, "  %s\n", rows[i].name);
    }
}

struct guards_kernel guards_kernel(uint32_t guard)
{
    if (guard != GUARD_NONE) {
        return (struct guards_kernel){
            embedded_mutant, (size_t)(embedded_mutant_end - embedded_mutant)};
    }
    return (struct guards_kernel){
        embedded_kernel, (size_t)(embedded_kernel_end - embedded_kernel)};
}
