/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boots a kernel with a ready-made boot module on one engine and shows what
 * comes out: doorbells, console, and on failure everything that is known.
 *
 *   bootkernel [--engine kvm|qemu] [--icount] [--memory MiB] [--seconds N]
 *              [--quiet] kernel.elf [module.bin]
 *
 * Without a module, an empty one of the right size with the engine's boot
 * flags is made. A debugging aid, not a test.
 */
#define _GNU_SOURCE
#include <abi/boot.h>
#include <abi/hostcall.h>
#include <abi/layout.h>
#include <abi/shared.h>
#include <getopt.h>
#include <kvm/kvm_engine.h>
#include <qemu/qemu_engine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const struct engine_ops *ops = &kvm_engine;
static struct engine_options options;
static uint64_t memory_mib = 64;
static uint64_t seconds = 10;
static int quiet;

static void *slurp(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    char *data;
    long size;

    if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0) {
        perror(path);
        exit(2);
    }
    rewind(file);
    data = malloc((size_t)size + 1);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(2);
    }
    (void)fclose(file);
    *bytes = (size_t)size;
    return data;
}

static void *empty_module(size_t *bytes)
{
    struct boot_module *module;

    *bytes = ABI_GRANULE_SIZE - ABI_PAGE_SIZE;
    module = calloc(1, *bytes);
    if (module) {
        *module = (struct boot_module){.magic = BOOT_MODULE_MAGIC,
                                       .version = BOOT_MODULE_VERSION,
                                       .pages = ABI_GRANULE_PAGES - 1};
    }
    return module;
}

static void drain(volatile struct shared *s)
{
    uint32_t end = s->console_written;
    uint32_t at = s->console_taken;

    if (end - at > SHARED_CONSOLE_BYTES) {
        printf("[console counters make no sense: %u..%u]\n", at, end);
        return;
    }
    while (end - at >= sizeof(struct shared_console_chunk)) {
        uint8_t head[4];
        unsigned i, domain, bytes;

        for (i = 0; i < 4; i++) {
            head[i] = s->console[at++ % SHARED_CONSOLE_BYTES];
        }
        domain = head[0] | (unsigned)head[1] << 8;
        bytes = head[2] | (unsigned)head[3] << 8;
        printf("[console %d] ", domain == 0xffff ? -1 : (int)domain);
        for (i = 0; i < bytes && at != end; i++) {
            putchar(s->console[at++ % SHARED_CONSOLE_BYTES]);
        }
        putchar('\n');
    }
    s->console_taken = at;
}

static void show_shared(volatile struct shared *s)
{
    char panic[sizeof(s->panic) + 1] = {0};
    unsigned i;

    for (i = 0; i < sizeof(s->panic); i++) {
        panic[i] = s->panic[i];
    }
    printf(
        "shared: magic %08x phase %u current %d panic \"%s\" panic_value %llx"
        " faults %u reports %u calls %llu cr3 %llu registers_host %u"
        " features %x boot..ring3 %llu ticks\n",
        s->magic, s->phase, (int)s->current, panic,
        (unsigned long long)s->panic_value, s->fault_count, s->report_count,
        (unsigned long long)s->system_calls, (unsigned long long)s->cr3_writes,
        s->registers_host, s->features,
        (unsigned long long)(s->ring3_tick - s->entry_tick));
}

static void show_registers(struct engine *engine)
{
    struct engine_registers r;
    unsigned i;

    if (ops->registers(engine, &r) < 0) {
        printf("registers: not available\n");
        return;
    }
    printf("rip %llx cs %llx rflags %llx cr0 %llx cr2 %llx cr3 %llx cr4 %llx "
           "efer %llx",
           (unsigned long long)r.rip, (unsigned long long)r.cs,
           (unsigned long long)r.rflags, (unsigned long long)r.cr0,
           (unsigned long long)r.cr2, (unsigned long long)r.cr3,
           (unsigned long long)r.cr4, (unsigned long long)r.efer);
    for (i = 0; i < 16; i++) {
        printf("%s r%u %llx", i % 4 ? "" : "\n", i,
               (unsigned long long)r.general[i]);
    }
    printf("\n(r0..r7 are rax rcx rdx rbx rsp rbp rsi rdi)\n");
}

static uint64_t now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Runs to the end; returns the exit code. */
static int run(struct engine *engine, volatile struct shared *s)
{
    uint64_t start = now_ns();
    struct engine_result result;

    for (;;) {
        ops->run(engine, start + seconds * 1000000000u, &result);
        drain(s);
        if (result.event == ENGINE_DOORBELL) {
            if (!quiet) {
                printf("[%llu us] doorbell '%c' (phase %u)\n",
                       (unsigned long long)(now_ns() - start) / 1000,
                       result.value, s->phase);
            }
            continue;
        }
        if (result.event != ENGINE_SIGNAL) {
            break;
        }
    }
    printf("[%llu us] ", (unsigned long long)(now_ns() - start) / 1000);
    switch (result.event) {
    case ENGINE_DONE:
        printf("done: 0x%x\n", result.value);
        return result.value == HOSTCALL_EXIT_DONE ? 0 : 4;
    case ENGINE_PAUSED:
        printf("still running after %llu s:\n", (unsigned long long)seconds);
        show_registers(engine);
        return 124;
    default:
        printf("failed (%d): %s\n%s\n", result.failure.exit_code,
               result.failure.text, result.failure.remedy);
        return 3;
    }
}

static void parse(int argc, char **argv)
{
    static const struct option longs[] = {
        {"engine", 1, NULL, 'e'}, {"icount", 0, NULL, 'i'},
        {"memory", 1, NULL, 'm'}, {"seconds", 1, NULL, 's'},
        {"quiet", 0, NULL, 'q'},  {NULL, 0, NULL, 0}};
    int c;

    while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
        switch (c) {
        case 'e':
            ops = strcmp(optarg, "qemu") ? &kvm_engine : &qemu_engine;
            break;
        case 'i':
            options.icount = true;
            break;
        case 'm':
            memory_mib = strtoull(optarg, NULL, 0);
            break;
        case 's':
            seconds = strtoull(optarg, NULL, 0);
            break;
        case 'q':
            quiet = 1;
            break;
        default:
            exit(2);
        }
    }
    if (optind >= argc) {
        fprintf(stderr, "bootkernel: which kernel?\n");
        exit(2);
    }
}

int main(int argc, char **argv)
{
    struct engine_guest guest = {0};
    struct engine *engine;
    struct failure failure;
    void *module;
    int code;

    setlinebuf(stdout);
    parse(argc, argv);
    options.verbose = true;
    guest.kernel = slurp(argv[optind], &guest.kernel_bytes);
    module = optind + 1 < argc ? slurp(argv[optind + 1], &guest.module_bytes)
                               : empty_module(&guest.module_bytes);
    if (guest.module_bytes >= sizeof(struct boot_module)) {
        ((struct boot_module *)module)->flags = ops->boot_flags(&options);
    }
    guest.module = module;
    guest.memory_bytes = memory_mib << 20;
    guest.memory_fd = memfd_create("guest", MFD_CLOEXEC);
    if (ftruncate(guest.memory_fd, (off_t)guest.memory_bytes) < 0) {
        perror("memory");
        return 3;
    }
    guest.memory = mmap(NULL, guest.memory_bytes, PROT_READ | PROT_WRITE,
                        MAP_SHARED, guest.memory_fd, 0);
    if (ops->open(&engine, &guest, &options, &failure) < 0) {
        printf("open (%d): %s\n%s\n", failure.exit_code, failure.text,
               failure.remedy);
        return failure.exit_code;
    }
    code = run(engine, (volatile struct shared *)((char *)guest.memory +
                                                  ABI_SHARED_PHYS));
    show_shared(
        (volatile struct shared *)((char *)guest.memory + ABI_SHARED_PHYS));
    ops->close(engine);
    return code;
}
