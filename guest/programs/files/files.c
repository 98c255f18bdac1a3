/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files are reached through a directory capability, and in no other way. Lists
 * and reads what the domain was given, then tries every way out.
 */
#include <abi/layout.h>
#include <ambit/ambit.h>

/* No name is special: what is not in the tree is not found. */
static void refuse(struct ambit_handle files, const char *path)
{
    struct ambit_handle handle = {0};

    ambit_assert(ambit_open(files, path, &handle) == STATUS_NOT_FOUND);
    ambit_assert(handle.bits == 0);
}

static void list(struct ambit_handle directory)
{
    struct ambit_entry entry;
    uint64_t index = 0;

    while (ambit_list(directory, index, &entry) == STATUS_OK) {
        ambit_printf("%-12s %s\n", entry.name,
                     entry.directory ? "directory" : "file");
        index++;
    }
    ambit_assert(ambit_list(directory, index, &entry) == STATUS_NOT_FOUND);
}

static void read_file(struct ambit_handle file)
{
    char text[64];
    size_t got = 0, again = 1;

    ambit_assert(ambit_read(file, 0, text, sizeof text, &got) == STATUS_OK);
    ambit_assert(got > 0 && got < sizeof text);
    ambit_printf("%.*s", (int)got, text);
    /* At the end nothing more comes; past it there is nothing to ask for. */
    ambit_assert(ambit_read(file, got, text, sizeof text, &again) == STATUS_OK);
    ambit_assert(again == 0);
    ambit_assert(ambit_read(file, got + 1, text, sizeof text, &again) ==
                 STATUS_OUT_OF_RANGE);
    ambit_assert(ambit_read(file, UINT64_MAX, text, sizeof text, &again) ==
                 STATUS_OUT_OF_RANGE);
}

static void read_refusals(struct ambit_handle files, struct ambit_handle file)
{
    char byte;
    size_t got = 99;

    ambit_assert(ambit_read(file, 0, &byte, SYSCALL_READ_MAX + 1, &got) ==
                 STATUS_TOO_BIG);
    ambit_assert(ambit_read(files, 0, &byte, 1, &got) == STATUS_WRONG_TYPE);
    ambit_assert(ambit_read(file, 0, (void *)ABI_KERNEL_VIRT, 1, &got) ==
                 STATUS_BAD_POINTER);
    ambit_assert(got == 99);
}

AMBIT_ENTRY(main)
{
    static const char *const ways_out[] = {"",
                                           "/",
                                           "/public.txt",
                                           "../secret.txt",
                                           "..",
                                           ".",
                                           "./public.txt",
                                           "none",
                                           "public.txt/..",
                                           "public.txt/x"};
    struct ambit_handle files, file;

    ambit_assert(ambit_capability("files", &files) == STATUS_OK);
    list(files);
    ambit_assert(ambit_open(files, "public.txt", &file) == STATUS_OK);
    read_file(file);
    read_refusals(files, file);
    for (uint32_t i = 0; i < sizeof ways_out / sizeof *ways_out; i++) {
        refuse(files, ways_out[i]);
    }
    return 0;
}
