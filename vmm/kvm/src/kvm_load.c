/* SPDX-License-Identifier: Apache-2.0 */
/* Guest memory as a PVH kernel expects to find it. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <abi/boot.h>
#include <abi/layout.h>
#include <host/pvh.h>
#include <string.h>

/* One page of low memory: start information, module list, memory map. */
#define START_PAGE 0x6000ull
#define LOW_MEMORY_END 0xa0000ull
#define HIGH_MEMORY 0x100000ull

struct start_page {
    struct pvh_start_info info;
    struct pvh_module module;
    struct pvh_memmap_entry memmap[2];
    char cmdline[8]; /* empty */
};

static int copy_kernel(const struct engine *engine,
                       const struct engine_guest *guest, uint64_t module_at,
                       uint32_t *entry, struct failure *failure)
{
    struct pvh_kernel kernel;
    uint32_t i;

    if (pvh_parse(guest->kernel, guest->kernel_bytes, &kernel, failure) < 0) {
        return -1;
    }
    for (i = 0; i < kernel.segments; i++) {
        const struct pvh_segment *s = &kernel.segment[i];
        const struct gpa at = {s->paddr};

        /* Memory beyond file_bytes is zero already (host/engine.h). */
        if (s->paddr < HIGH_MEMORY || s->paddr > module_at ||
            s->memory_bytes > module_at - s->paddr ||
            !guest_write(&engine->memory, at,
                         (const uint8_t *)guest->kernel + s->file_offset,
                         s->file_bytes)) {
            return failure_set(failure, EXIT_HOST,
                               "guest kernel: segment %u does not fit between "
                               "1 MiB and the boot module",
                               i);
        }
    }
    *entry = kernel.entry;
    return 0;
}

static int copy_module(const struct engine *engine,
                       const struct engine_guest *guest, uint64_t at,
                       struct failure *failure)
{
    const uint8_t *place = (const uint8_t *)engine->memory.base + at;

    if (guest->module == place) {
        return 0;
    }
    if (!guest_write(&engine->memory, (struct gpa){at}, guest->module,
                     guest->module_bytes)) {
        return failure_set(failure, EXIT_HOST,
                           "the boot module lies outside guest memory");
    }
    return 0;
}

static void fill_start_page(struct start_page *page, uint64_t module_at,
                            const struct engine_guest *guest)
{
    *page = (struct start_page){
        .info = {.magic = PVH_START_MAGIC,
                 .version = 1,
                 .module_count = 1,
                 .module_list =
                     START_PAGE + offsetof(struct start_page, module),
                 .cmdline = START_PAGE + offsetof(struct start_page, cmdline),
                 .memmap = START_PAGE + offsetof(struct start_page, memmap),
                 .memmap_entries = 2},
        .module = {.paddr = module_at, .size = guest->module_bytes},
        .memmap = {{.addr = 0, .size = LOW_MEMORY_END, .type = PVH_MEMMAP_RAM},
                   {.addr = HIGH_MEMORY,
                    .size = guest->memory_bytes - HIGH_MEMORY,
                    .type = PVH_MEMMAP_RAM}},
    };
}

int kvm_load(const struct engine *engine, const struct engine_guest *guest,
             uint32_t *entry, uint64_t *start_info, struct failure *failure)
{
    struct start_page page;
    uint64_t module_at;

    if (engine_module_place(guest, &module_at, failure) < 0 ||
        copy_kernel(engine, guest, module_at, entry, failure) < 0 ||
        copy_module(engine, guest, module_at, failure) < 0) {
        return -1;
    }
    fill_start_page(&page, module_at, guest);
    if (!guest_write(&engine->memory, (struct gpa){START_PAGE}, &page,
                     sizeof(page))) {
        return failure_set(failure, EXIT_HOST, "guest memory is too small");
    }
    *start_info = START_PAGE;
    return 0;
}
