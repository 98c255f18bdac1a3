/* SPDX-License-Identifier: Apache-2.0 */
/* Memory, boot and the ways into the hosted kernel. */
#define _GNU_SOURCE
#include "machine.h"

#include "fake_cpu.h"
#include "fuzz.h"
#include "kernel.h"

#include <host/engine.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define START_INFO 0x2000ull /* where a VMM would put it */

struct machine machine;
static jmp_buf leave;

static _Noreturn void fail_load(const char *path,
                                const struct diagnostics *diagnostics,
                                const struct failure *failure)
{
    fprintf(stderr, "%s: %s\n", path, failure->text);
    diagnostics_print(diagnostics, stderr);
    FUZZ_FAIL("a scene cannot be loaded");
}

void scene_place(struct scene *scene, struct config *config,
                 struct image *image)
{
    struct engine_guest guest = {.module_bytes = image->module_bytes,
                                 .memory_bytes = config->memory_bytes};
    struct failure failure = {0};

    scene->config = config;
    scene->image = image;
    scene->bytes = config->memory_bytes;
    scene->memory = mmap(NULL, scene->bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    FUZZ_CHECK(scene->memory != MAP_FAILED);
    FUZZ_CHECK(engine_module_place(&guest, &scene->module, &failure) == 0);
    image_copy(image, scene->memory + scene->module);
    /* Nobody writes here: the kernel has it read-only. */
    FUZZ_CHECK(mprotect(scene->memory + scene->module,
                        scene->bytes - scene->module, PROT_READ) == 0);
}

void scene_open(struct scene *scene, const char *path)
{
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    struct config *config = config_load(path, NULL, 0, &diagnostics, &failure);
    struct image *image =
        config ? image_make(config, BOOT_FLAG_HOST_REGISTERS | BOOT_FLAG_STEPS,
                            NULL, 0, &diagnostics, &failure)
               : NULL;

    if (!image) {
        fail_load(path, &diagnostics, &failure);
    }
    diagnostics_free(&diagnostics);
    scene_place(scene, config, image);
}

void scene_close(struct scene *scene)
{
    munmap(scene->memory, scene->bytes);
    image_free(scene->image);
    config_free(scene->config);
    memset(scene, 0, sizeof(*scene));
}

static void start_info_write(const struct scene *scene)
{
    struct pvh_start_info *info = arch_physical(START_INFO);
    struct pvh_module *module = (struct pvh_module *)(void *)(info + 1);
    struct pvh_memmap_entry *map =
        (struct pvh_memmap_entry *)(void *)(module + 1);

    *info = (struct pvh_start_info){.magic = PVH_START_MAGIC,
                                    .version = 1,
                                    .module_count = 1,
                                    .module_list = START_INFO + sizeof(*info),
                                    .memmap = START_INFO + sizeof(*info) +
                                              sizeof(*module),
                                    .memmap_entries = 1};
    *module = (struct pvh_module){.paddr = scene->module,
                                  .size = scene->image->module_bytes};
    *map =
        (struct pvh_memmap_entry){.size = scene->bytes, .type = PVH_MEMMAP_RAM};
}

void machine_enter(void (*enter)(void))
{
    if (setjmp(leave) == 0) {
        enter();
        FUZZ_FAIL("the kernel returned");
    }
}

_Noreturn void machine_leave(enum machine_state state)
{
    machine.state = state;
    longjmp(leave, 1);
}

static void boot(void)
{
    kernel_main(START_INFO);
}

enum machine_state machine_boot(const struct scene *scene,
                                const struct machine_options *options)
{
    memset(&kernel, 0, sizeof(kernel));
    memset(&shared, 0, sizeof(shared));
    machine = (struct machine){.scene = scene, .options = *options};
    arch_fake_reset();
    FUZZ_CHECK(madvise(scene->memory, scene->module, MADV_DONTNEED) == 0);
    start_info_write(scene);
    machine_enter(boot);
    return machine.state;
}

struct domain *machine_domain(void)
{
    return (struct domain *)(void *)machine.frame;
}

struct arch_frame *machine_frame(void)
{
    return machine.frame;
}

static void trap(void)
{
    trap_from_user(machine.frame);
}

/* As syscall_entry of entry.S makes the frame, or the fault that stands for
 * it where `syscall` stays in ring 3. */
enum machine_state machine_syscall(void)
{
    struct arch_frame *frame = machine.frame;

    frame->rcx = frame->rip + 2;
    frame->r11 = frame->rflags;
    if (machine.options.native) {
        frame->vector = VECTOR_SYSCALL;
        frame->error = 0;
        frame->rip = frame->rcx;
    } else {
        frame->vector = VECTOR_PAGE;
        frame->error = 0x15;
        frame->rip = (uintptr_t)syscall_entry;
        frame->rflags &= ~(uint64_t)RFLAGS_IF;
        fake_cr2 = frame->rip;
    }
    machine_enter(trap);
    return machine.state;
}

enum machine_state machine_timer(void)
{
    machine.frame->vector = VECTOR_TIMER;
    machine.frame->error = 0;
    machine_enter(trap);
    return machine.state;
}

enum machine_state machine_fault(uint64_t vector, uint64_t error,
                                 uint64_t address)
{
    machine.frame->vector = vector;
    machine.frame->error = error;
    fake_cr2 = address;
    machine_enter(trap);
    return machine.state;
}

size_t machine_write(uint64_t address, const void *from, size_t bytes)
{
    const uint8_t *own = from;

    for (size_t i = 0; i < bytes; i++) {
        uint64_t at = arch_fake_translate(address + i, CAP_WRITE);

        if (!at) {
            return i;
        }
        machine.scene->memory[at] = own[i];
    }
    return bytes;
}

size_t machine_read(uint64_t address, void *to, size_t bytes)
{
    uint8_t *own = to;

    for (size_t i = 0; i < bytes; i++) {
        uint64_t at = arch_fake_translate(address + i, CAP_READ);

        if (!at) {
            return i;
        }
        own[i] = machine.scene->memory[at];
    }
    return bytes;
}
