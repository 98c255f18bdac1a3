/* SPDX-License-Identifier: Apache-2.0 */
#include <abi/layout.h>
#include <host/engine.h>

int engine_module_place(const struct engine_guest *guest, uint64_t *paddr,
                        struct failure *failure)
{
    const uint64_t tail = ABI_GRANULE_SIZE - ABI_PAGE_SIZE;
    const uint64_t lowest = ABI_KERNEL_PHYS + ABI_GRANULE_SIZE;
    uint64_t span;

    if (guest->module_bytes % ABI_GRANULE_SIZE != tail) {
        return failure_set(failure, EXIT_HOST,
                           "boot module of %zu bytes does not end one page "
                           "short of a granule",
                           guest->module_bytes);
    }
    span = guest->module_bytes + ABI_PAGE_SIZE;
    if (guest->memory_bytes % ABI_GRANULE_SIZE != 0 ||
        guest->memory_bytes < lowest || span > guest->memory_bytes - lowest) {
        (void)failure_set(failure, EXIT_USAGE,
                          "guest memory of %llu KiB is too small for a boot "
                          "module of %llu KiB",
                          (unsigned long long)(guest->memory_bytes >> 10),
                          (unsigned long long)(span >> 10));
        failure_remedy(failure, "give the guest more memory: "
                                "machine: {memory: ...} in the config");
        return -1;
    }
    *paddr = guest->memory_bytes - span;
    return 0;
}
