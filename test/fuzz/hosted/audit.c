/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit of the VMM, on the hosted kernel's memory. What it reads there are
 * addresses of the kernel's direct map, where the hosted one has pointers of
 * this process: where it would follow them, it gets a copy that says the
 * former.
 */
#include "machine.h"

#include "fuzz.h"
#include "kernel.h"

#include <audit/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE_AT 0x40000ull /* no pool has these 32 KiB */

/* Every word of a page that is a pointer into memory. */
static void page_translate(uint64_t *words)
{
    uintptr_t base = (uintptr_t)machine.scene->memory;

    for (uint32_t i = 0; i < ABI_PAGE_SIZE / 8; i++) {
        if (words[i] - base < machine.scene->bytes) {
            words[i] += ABI_DIRECT_MAP - base;
        }
    }
}

static void table_translate(uint8_t *copy)
{
    uint64_t *table = (uint64_t *)(void *)(copy + TABLE_AT);
    struct shared *its = (struct shared *)(void *)(copy + ABI_SHARED_PHYS);

    for (uint32_t i = 0; i < kernel.domain_end; i++) {
        table[i] = kernel.domains[i]
                       ? ABI_DIRECT_MAP + arch_physical_of(kernel.domains[i])
                       : 0;
    }
    its->domain_table = TABLE_AT;
}

/* Memory as the host would find it. */
static const uint8_t *guest_memory(void)
{
    static uint8_t *copy;
    static uint64_t room;
    const struct scene *scene = machine.scene;

    memcpy(scene->memory + ABI_SHARED_PHYS, &shared,
           offsetof(struct shared, console));
    if (kernel.domain_end <= SPEC_MAX_DOMAINS) {
        return scene->memory; /* none was made at run time */
    }
    if (room < scene->bytes) {
        free(copy);
        copy = malloc(scene->bytes);
        room = scene->bytes;
        FUZZ_CHECK(copy != NULL);
    }
    memcpy(copy, scene->memory, scene->bytes);
    for (uint64_t at = 0; at < scene->module; at += ABI_PAGE_SIZE) {
        page_translate((uint64_t *)(void *)(copy + at));
    }
    table_translate(copy);
    return copy;
}

static uint64_t outcome_live(void)
{
    uint64_t live = 0;

    for (uint32_t i = 0; i < SHARED_DOMAINS; i++) {
        uint32_t outcome = shared.domains[i].outcome;

        if (outcome == OUTCOME_RUNNING || outcome == OUTCOME_BLOCKED) {
            live |= 1ull << i;
        }
    }
    return live;
}

void machine_audit(void)
{
    static struct audit audit;
    const struct scene *scene = machine.scene;
    struct audit_target target = {.memory = guest_memory(),
                                  .memory_bytes = scene->bytes,
                                  .spec = &scene->image->spec,
                                  .plan = scene->image->plan,
                                  .module_base = scene->module,
                                  .module_bytes = scene->image->module_bytes,
                                  .vcpu_cr3 = arch_this_cpu()->cr3,
                                  .complete = shared.phase >= PHASE_RUN,
                                  .live = outcome_live()};
    char text[256];

    memset(&audit, 0, sizeof(audit));
    if (audit_sample(&audit, &target)) {
        audit_describe(&audit.violations[0], target.spec, target.plan, text,
                       sizeof(text));
        FUZZ_FAIL(text);
    }
    FUZZ_CHECK(audit.samples == 1);
}
