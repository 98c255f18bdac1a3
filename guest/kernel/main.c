/* SPDX-License-Identifier: Apache-2.0 */
/* Boot order, as a list. */
#include "kernel.h"

#include <capabilities/assert.h>

struct kernel kernel;

static void start_info_read(uint64_t address)
{
    const struct pvh_start_info *info = arch_physical(address);
    const struct pvh_module *module;
    const struct pvh_memmap_entry *map;

    if (info->magic != PVH_START_MAGIC || info->version < 1 ||
        info->module_count != 1) {
        kernel_panic("no PVH start information with one module", 0);
    }
    module = arch_physical(info->module_list);
    kernel.module_physical = module->paddr;
    kernel.module = arch_physical(module->paddr);
    map = arch_physical(info->memmap);
    for (uint32_t i = 0; i < info->memmap_entries; i++) {
        uint64_t end = map[i].addr + map[i].size;

        if (map[i].type == PVH_MEMMAP_RAM && end <= ABI_MEMORY_MAX &&
            end > kernel.memory) {
            kernel.memory = end;
        }
    }
}

static void module_check(void)
{
    const struct boot_module *module = kernel.module;

    if (module->magic != BOOT_MODULE_MAGIC ||
        module->version != BOOT_MODULE_VERSION) {
        kernel_panic("the boot module is not this kernel's", 0);
    }
    if (kernel.module_physical % ABI_GRANULE_SIZE != 0 ||
        module->exec_page == 0 || module->exec_page % ABI_GRANULE_PAGES != 0 ||
        module->exec_page + module->exec_pages > module->pages ||
        kernel.module_physical + ((uint64_t)module->pages << ABI_PAGE_SHIFT) >
            kernel.memory) {
        kernel_panic("the boot module is misplaced", kernel.module_physical);
    }
}

/* The module fills whole granules but for its last page; the head's are
 * read-only from here on, the executable arena's are in no kernel mapping. */
static void paging(void)
{
    uint64_t head = (uint64_t)kernel.module->exec_page << ABI_PAGE_SHIFT;
    uint64_t bytes = (uint64_t)kernel.module->pages << ABI_PAGE_SHIFT;
    uint64_t exec =
        (bytes - head + ABI_GRANULE_SIZE - 1) & ~(ABI_GRANULE_SIZE - 1);

    arch_paging_init(kernel.module_physical, head,
                     kernel.module_physical + head, exec);
}

static void spec_read(void)
{
    const uint8_t *module = (const uint8_t *)kernel.module;
    struct spec_error error;

    if (spec_validate(
            module + ((uint64_t)kernel.module->spec_page << ABI_PAGE_SHIFT),
            kernel.module->spec_bytes, &kernel.spec, &error) != STATUS_OK) {
        kernel_panic(error.what, error.domain);
    }
    if (kernel.spec.header->module_pages > kernel.module->pages ||
        kernel.spec.header->exec_page != kernel.module->exec_page ||
        kernel.spec.header->exec_pages > kernel.module->exec_pages) {
        kernel_panic("spec and boot module do not agree on their pages", 0);
    }
    if (plan_make(&kernel.spec, &kernel.plan) != STATUS_OK) {
        kernel_panic("the plan does not fit the address layout", 0);
    }
}

_Noreturn static void kernel_compose(void)
{
    shared.phase = PHASE_COMPOSE;
    shared.registers_host = arch_this_cpu()->holes &&
                            (kernel.module->flags & BOOT_FLAG_HOST_REGISTERS);
    if (arch_this_cpu()->holes && !shared.registers_host) {
        kernel_panic("ring 3 reaches registers that neither the kernel nor "
                     "the host can save",
                     0);
    }
    shared.features = arch_this_cpu()->features |
                      (arch_this_cpu()->native_syscall ? FEATURE_SYSCALL : 0);
    memory_init(2 * ABI_GRANULE_SIZE + trace_init(2 * ABI_GRANULE_SIZE),
                kernel.module_physical);
    if (address_init() != STATUS_OK) {
        kernel_panic("the machine has too little memory for its ranges", 0);
    }
    time_init();
    give_init();
    compose_init();
    share_start();
    fast_update();
    schedule();
}

_Noreturn void kernel_main(uint64_t start_info)
{
    shared.magic = SHARED_MAGIC;
    shared.version = SHARED_VERSION;
    shared.phase = PHASE_BOOT;
    shared.entry_tick = arch_entry_tick();
    shared.current = SHARED_NO_DOMAIN;
    shared.kernel_root = arch_kernel_root();
    shared.probe_frame = arch_probe_frame();
    shared.domain_table =
        (uint64_t)(uintptr_t)kernel.domains - ABI_KERNEL_OFFSET;
    kernel.current = NO_DOMAIN;
    kernel.resident = NO_DOMAIN;
    kernel.preferred = NO_DOMAIN;
    guards_select(start_info);
    arch_init();
    start_info_read(start_info);
    module_check();
    paging();
    guards_apply();
    spec_read();
    arch_probe(kernel_compose);
}
