/* SPDX-License-Identifier: Apache-2.0 */
/* Sizes and numbers beyond what they are of: heaps, pools, buffers, files. */
#include "attack.h"

static enum status raw(uint64_t number, struct ambit_registers io)
{
    return ambit_syscall(number, &io);
}

static uint64_t grown_until(enum status wanted)
{
    struct ambit_handle heap = attack_capability("heap");
    enum status status = STATUS_OK;
    uint64_t bytes = 0, now;

    while ((status = ambit_grow(heap, 1, &now)) == STATUS_OK) {
        bytes = now;
    }
    attack_expect("grow", status, wanted);
    return bytes;
}

/* Its heap ends where the config says, and so do its addresses. */
AMBIT_ENTRY(grow_main)
{
    static const uint64_t too_many[] = {
        0x200, 0x10000, 1ull << 32, 1ull << 52, (1ull << 52) - 1, (uint64_t)-1};
    struct ambit_handle heap = attack_capability("heap");
    uint64_t bytes;

    for (uint32_t i = 0; i < sizeof too_many / sizeof too_many[0]; i++) {
        attack_expect("grow", ambit_grow(heap, too_many[i], &bytes),
                      STATUS_OUT_OF_RANGE);
    }
    (void)grown_until(STATUS_OUT_OF_RANGE);
    return 0;
}

/* Only heaps grow: not a stack, over its guard page, nor a named range. */
AMBIT_ENTRY(grow_kind_main)
{
    uint64_t bytes;

    attack_expect("a stack", ambit_grow(attack_capability("stack"), 1, &bytes),
                  STATUS_UNSUPPORTED);
    attack_expect("a range", ambit_grow(attack_capability("ring"), 1, &bytes),
                  STATUS_UNSUPPORTED);
    return 0;
}

/* A pool smaller than the quota: what it has no more of, it does not give. */
AMBIT_ENTRY(pool_main)
{
    uint64_t bytes = grown_until(STATUS_NO_MEMORY);

    ambit_printf("grew to %lu KiB\n", bytes >> 10);
    return 0;
}

/* Frames, until the quota is used up; then not one more. */
AMBIT_ENTRY(frames_main)
{
    struct ambit_handle pool = attack_capability("pool"), frame;
    enum status status = STATUS_OK;
    uint64_t number;

    while (status == STATUS_OK) {
        status = ambit_allocate(pool, &frame, &number);
    }
    attack_expect("one frame more", status, STATUS_NO_QUOTA);
    return 0;
}

/* ---- buffers of the kernel ---- */

static char long_text[8192];

static void fill(void)
{
    for (uint32_t i = 0; i < sizeof long_text; i++) {
        long_text[i] = 'a';
    }
}

AMBIT_ENTRY(name_main)
{
    struct ambit_registers io = {.rdi = (uint64_t)long_text,
                                 .rsi = sizeof long_text};

    fill();
    attack_expect("a name", raw(SYSCALL_CAPABILITY, io), STATUS_TOO_BIG);
    attack_expect("a place", raw(SYSCALL_LOCATE, io), STATUS_TOO_BIG);
    io = (struct ambit_registers){.rdi = attack_capability("files").bits,
                                  .rsi = (uint64_t)long_text,
                                  .rdx = sizeof long_text};
    attack_expect("a path", raw(SYSCALL_OPEN, io), STATUS_TOO_BIG);
    return 0;
}

AMBIT_ENTRY(console_main)
{
    struct ambit_registers io = {.rdi = (uint64_t)long_text,
                                 .rsi = sizeof long_text};

    fill();
    attack_expect("output", raw(SYSCALL_CONSOLE, io), STATUS_TOO_BIG);
    return 0;
}

/* Numbers in the gaps of the table of calls, and behind it. */
AMBIT_ENTRY(number_main)
{
#define KNOWN(number, name) [number] = true,
    static const bool known[4096] = {SYSCALL_LIST(KNOWN)};
#undef KNOWN

    for (uint64_t number = 0; number < 4096; number++) {
        struct ambit_registers io = {0};
        if (!known[number]) {
            attack_expect("a call", ambit_syscall(number, &io),
                          STATUS_NO_SUCH_CALL);
        }
    }
    return 0;
}

/* Where the console is when there is no place for reports any more. */
static void report_times(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        ambit_report("flood", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    }
}

/* Fills every place, prints, and reports on: what was printed arrives. */
AMBIT_ENTRY(report_flood_main)
{
    report_times(SHARED_REPORTS);
    ambit_printf("and still here\n");
    report_times(900);
    return 0;
}

/* ---- files ---- */

/* Behind the end of a file lie other files, of other trees. */
AMBIT_ENTRY(read_end_main)
{
    struct ambit_handle file = {0};
    char bytes[64];
    size_t got = 0;

    attack_expect("open",
                  ambit_open(attack_capability("files"), "public.txt", &file),
                  STATUS_OK);
    for (uint64_t page = 1; page < 32; page++) {
        attack_expect("read", ambit_read(file, page * 4096, bytes, 64, &got),
                      STATUS_OUT_OF_RANGE);
    }
    attack_expect("read", ambit_read(file, (uint64_t)-4096, bytes, 64, &got),
                  STATUS_OUT_OF_RANGE);
    return 0;
}

/* Its last bytes, and what is asked for beside: no more comes. */
AMBIT_ENTRY(read_over_main)
{
    static char bytes[4096];
    struct ambit_handle file = {0};
    struct ambit_info info;
    size_t got = 0;

    attack_expect("open",
                  ambit_open(attack_capability("files"), "public.txt", &file),
                  STATUS_OK);
    attack_expect("inspect", ambit_inspect(file, &info), STATUS_OK);
    attack_expect("read", ambit_read(file, 0, bytes, sizeof bytes, &got),
                  STATUS_OK);
    if (got != info.first) {
        attack_succeeded("more than the file came");
    }
    return 0;
}

/* The kernel copies with interrupts off: not more than a page at a time. */
AMBIT_ENTRY(read_limit_main)
{
    static char bytes[1 << 16];
    struct ambit_handle file = {0};
    struct ambit_registers io;

    attack_expect("open",
                  ambit_open(attack_capability("files"), "public.txt", &file),
                  STATUS_OK);
    io = (struct ambit_registers){
        .rdi = file.bits, .rdx = (uint64_t)bytes, .r10 = sizeof bytes};
    attack_expect("read", ambit_syscall(SYSCALL_READ, &io), STATUS_TOO_BIG);
    return 0;
}

/* Behind a directory's last entry stand those of other directories. */
AMBIT_ENTRY(list_end_main)
{
    struct ambit_entry entry;
    uint64_t count = 0;

    while (ambit_list(attack_capability("files"), count, &entry) == STATUS_OK) {
        if (strcmp(entry.name, "secret.txt") == 0) {
            attack_succeeded("the secret's name");
        }
        count++;
    }
    ambit_printf("%lu entries\n", count);
    return count == 1 ? 0 : ATTACK_SUCCEEDED;
}

/* A file's pages are numbered as a directory's entries are. */
AMBIT_ENTRY(through_file_main)
{
    struct ambit_handle files = attack_capability("files"), none = {0};
    char path[32];

    for (uint32_t i = 0; i < 100; i++) {
        ambit_snprintf(path, sizeof path, "s00/s%02u", i);
        attack_expect(path, ambit_open(files, path, &none), STATUS_NOT_FOUND);
    }
    return 0;
}

/* ---- directories among the other capabilities ---- */

/* In memory that app and viewer share: the composite of the app's files. */
static struct ambit_handle smuggled;
static bool refused;

/* Composes its directory, for the viewer to find in the table they share. */
AMBIT_ENTRY(smuggler_main)
{
    struct ambit_handle files = attack_capability("files");
    struct ambit_message message;
    enum status status = ambit_compose(&files, 1, &smuggled);

    refused = status == STATUS_INVALID_ARGUMENT;
    attack_let_one_in(&message);
    attack_let_it_go(&message);
    return 0;
}

AMBIT_ENTRY(smuggled_main)
{
    struct ambit_handle directory = {0}, secret = {0};
    char byte;
    size_t got = 0;

    attack_wait();
    if (refused) {
        return 0;
    }
    attack_expect("member",
                  ambit_member(smuggled, 0, AMBIT_READ | AMBIT_USE, &directory),
                  STATUS_OK);
    attack_expect("open", ambit_open(directory, "secret.txt", &secret),
                  STATUS_OK);
    attack_expect("read", ambit_read(secret, 0, &byte, 1, &got), STATUS_OK);
    attack_succeeded("the secret was read");
}
