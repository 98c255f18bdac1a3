/* SPDX-License-Identifier: Apache-2.0 */
/* Only in the mutation kernel: which guard it does without. */
#include "kernel.h"

uint32_t guard_off;

/* main.c judges what is read here again, and panics where it is not right. */
void guards_select(uint64_t start_info)
{
    const struct pvh_start_info *info = arch_physical(start_info);
    const struct pvh_module *module;
    const struct boot_module *boot;

    if (info->magic != PVH_START_MAGIC || info->module_count != 1) {
        return;
    }
    module = arch_physical(info->module_list);
    boot = arch_physical(module->paddr);
    if (boot->magic == BOOT_MODULE_MAGIC &&
        boot->version == BOOT_MODULE_VERSION) {
        guard_off = boot->without_guard;
        shared.without_guard = guard_off;
    }
}
