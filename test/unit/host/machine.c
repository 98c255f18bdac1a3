/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "machine.h"
#include <abi/boot.h>
#include <abi/layout.h>
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S 1000000000ull
#define NS_PER_MS 1000000ull
#define KERNEL_MAX (1u << 20)
#define EXIT_SKIP 77

static void read_kernel(struct machine *machine, const char *name)
{
    char path[512];
    FILE *file;
    void *data = malloc(KERNEL_MAX);

    ck_assert_ptr_nonnull(data);
    (void)snprintf(path, sizeof(path), "%s/%s.elf", TEST_GUESTS, name);
    file = fopen(path, "rbe");
    ck_assert_msg(file != NULL, "%s is missing", path);
    machine->guest.kernel_bytes = fread(data, 1, KERNEL_MAX, file);
    machine->guest.kernel = data;
    (void)fclose(file);
}

void machine_make(struct machine *machine, const struct engine_ops *ops,
                  const char *kernel, uint64_t memory_bytes)
{
    struct engine_guest *guest = &machine->guest;
    struct boot_module *module;

    *machine = (struct machine){.ops = ops};
    read_kernel(machine, kernel);
    guest->module_bytes = ABI_GRANULE_SIZE - ABI_PAGE_SIZE;
    module = calloc(1, guest->module_bytes);
    ck_assert_ptr_nonnull(module);
    module->magic = BOOT_MODULE_MAGIC;
    guest->module = module;
    guest->memory_bytes = memory_bytes;
    guest->memory_fd = memfd_create("guest", MFD_CLOEXEC);
    ck_assert_int_ge(guest->memory_fd, 0);
    ck_assert_int_eq(ftruncate(guest->memory_fd, (off_t)memory_bytes), 0);
    guest->memory = mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
                         guest->memory_fd, 0);
    ck_assert_ptr_ne(guest->memory, MAP_FAILED);
}

void machine_make_tiny(struct machine *machine, const struct engine_ops *ops,
                       enum tiny tiny)
{
    machine_make(machine, ops, "tiny", 64 * MIB);
    *machine_word(machine, MACHINE_INPUT) = (uint32_t)tiny;
}

int machine_open(struct machine *machine)
{
    return machine->ops->open(&machine->engine, &machine->guest,
                              &machine->options, &machine->failure);
}

enum engine_event machine_run(struct machine *machine, unsigned ms)
{
    uint64_t until = ms ? machine_now_ns() + ms * NS_PER_MS : 0;

    machine->ops->run(machine->engine, until, &machine->result);
    return machine->result.event;
}

void machine_free(struct machine *machine)
{
    struct engine_guest *guest = &machine->guest;

    machine->ops->close(machine->engine);
    (void)munmap(guest->memory, guest->memory_bytes);
    (void)close(guest->memory_fd);
    /* The engine only reads them; here they came from malloc. */
    free((void *)(uintptr_t)guest->kernel);
    free((void *)(uintptr_t)guest->module);
}

volatile uint32_t *machine_word(struct machine *machine, uint64_t at)
{
    return (volatile uint32_t *)((char *)machine->guest.memory + at);
}

uint64_t machine_now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

unsigned machine_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    ck_assert_ptr_nonnull(folder);
    while (readdir(folder) != NULL) {
        count++;
    }
    (void)closedir(folder);
    return count;
}

int machine_unusable(const struct engine_ops *ops)
{
    const char *ci = getenv("AMBIT_CI");
    struct engine_probe probe;

    ops->probe(&probe);
    if (probe.usable) {
        return 0;
    }
    printf("SKIP: %s (%s)\n", probe.why, probe.remedy);
    return ci && strcmp(ci, "1") == 0 ? EXIT_FAILURE : EXIT_SKIP;
}
