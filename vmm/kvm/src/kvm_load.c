/* SPDX-License-Identifier: Apache-2.0 */
/* Guest memory as a PVH kernel expects to find it. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <abi/boot.h>
#include <abi/layout.h>
#include <errno.h>
#include <host/pvh.h>
#include <string.h>
#include <unistd.h>

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

static bool is_zero(const uint8_t *bytes, size_t count)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0;
}

static bool write_all(int fd, const uint8_t *from, size_t bytes, uint64_t at)
{
    while (bytes > 0) {
        ssize_t n = pwrite(fd, from, bytes, (off_t)at);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        from += n;
        bytes -= (size_t)n;
        at += (uint64_t)n;
    }
    return true;
}

/* Bytes that go to guest physical `at`. */
struct bytes {
    uint64_t at;
    const uint8_t *from;
    size_t left;
};

static void advance(struct bytes *bytes, size_t count)
{
    bytes->at += count;
    bytes->from += count;
    bytes->left -= count;
}

/* How many of the bytes lie in pages that are all zero (or all are not). */
static size_t run_of(struct bytes bytes, bool zero)
{
    size_t run = 0;

    while (bytes.left > 0) {
        size_t page = (size_t)(ABI_PAGE_SIZE - bytes.at % ABI_PAGE_SIZE);

        if (page > bytes.left) {
            page = bytes.left;
        }
        if (is_zero(bytes.from, page) != zero) {
            break;
        }
        run += page;
        advance(&bytes, page);
    }
    return run;
}

/*
 * Copies through the descriptor, because that neither faults nor zeroes a page
 * first (half the time of a copy through the mapping), and without the pages
 * of zeroes, which are there already.
 */
static int place(const struct engine_guest *guest, struct bytes bytes,
                 struct failure *failure)
{
    while (bytes.left > 0) {
        size_t run;

        advance(&bytes, run_of(bytes, true));
        run = run_of(bytes, false);
        if (!write_all(guest->memory_fd, bytes.from, run, bytes.at)) {
            return failure_set(failure, EXIT_HOST,
                               "kvm: cannot fill guest memory: %s",
                               strerror(errno));
        }
        advance(&bytes, run);
    }
    return 0;
}

static int copy_kernel(const struct engine_guest *guest, uint64_t module_at,
                       uint32_t *entry, struct failure *failure)
{
    struct pvh_kernel kernel;
    uint32_t i;

    if (pvh_parse(guest->kernel, guest->kernel_bytes, &kernel, failure) < 0) {
        return -1;
    }
    for (i = 0; i < kernel.segments; i++) {
        const struct pvh_segment *s = &kernel.segment[i];

        if (s->paddr < HIGH_MEMORY || s->paddr > module_at ||
            s->memory_bytes > module_at - s->paddr) {
            return failure_set(failure, EXIT_HOST,
                               "guest kernel: segment %u does not fit between "
                               "1 MiB and the boot module",
                               i);
        }
        if (place(guest,
                  (struct bytes){
                      s->paddr, (const uint8_t *)guest->kernel + s->file_offset,
                      s->file_bytes},
                  failure) < 0) {
            return -1;
        }
    }
    *entry = kernel.entry;
    return 0;
}

static int copy_module(const struct engine_guest *guest, uint64_t at,
                       struct failure *failure)
{
    if (guest->module == (const uint8_t *)guest->memory + at) {
        return 0;
    }
    return place(guest, (struct bytes){at, guest->module, guest->module_bytes},
                 failure);
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

int kvm_load(const struct engine_guest *guest, uint32_t *entry,
             uint64_t *start_info, struct failure *failure)
{
    struct start_page page;
    uint64_t module_at;

    if (engine_module_place(guest, &module_at, failure) < 0 ||
        copy_kernel(guest, module_at, entry, failure) < 0 ||
        copy_module(guest, module_at, failure) < 0) {
        return -1;
    }
    fill_start_page(&page, module_at, guest);
    *start_info = START_PAGE;
    return place(
        guest, (struct bytes){START_PAGE, (const uint8_t *)&page, sizeof(page)},
        failure);
}
