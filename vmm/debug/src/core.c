/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <abi/layout.h>
#include <debug/core.h>
#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int write_at(int fd, const void *from, size_t bytes, uint64_t at)
{
    const uint8_t *next = from;

    if (lseek(fd, (off_t)at, SEEK_SET) < 0) {
        return -1;
    }
    while (bytes) {
        ssize_t done = write(fd, next, bytes);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            errno = done == 0 ? ENOSPC : errno;
            return -1;
        }
        next += done;
        bytes -= (size_t)done;
    }
    return 0;
}

static uint64_t page_up(uint64_t bytes)
{
    return (bytes + ABI_PAGE_SIZE - 1) & ~(ABI_PAGE_SIZE - 1);
}

static Elf64_Ehdr header_make(uint32_t segments)
{
    Elf64_Ehdr header = {
        .e_type = ET_CORE,
        .e_machine = EM_X86_64,
        .e_version = EV_CURRENT,
        .e_phoff = sizeof(header),
        .e_ehsize = sizeof(header),
        .e_phentsize = sizeof(Elf64_Phdr),
        .e_phnum = (uint16_t)segments,
    };

    memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    return header;
}

/* ELF header, program headers, notes; guest memory begins at `data`. */
static int write_head(int fd, const struct core_request *request,
                      const struct core_runs *runs, uint64_t data)
{
    uint64_t notes_at =
        sizeof(Elf64_Ehdr) + (runs->count + 1) * sizeof(Elf64_Phdr);
    Elf64_Ehdr header = header_make(runs->count + 1);
    uint8_t notes[CORE_NOTES_BYTES];
    size_t bytes = core_notes_make(request, notes);
    Elf64_Phdr *table = calloc(runs->count + 1, sizeof(*table));
    int result;

    if (!table) {
        return -1;
    }
    table[0] = (Elf64_Phdr){.p_type = PT_NOTE,
                            .p_flags = PF_R,
                            .p_offset = notes_at,
                            .p_filesz = bytes,
                            .p_align = 4};
    for (uint32_t i = 0; i < runs->count; i++) {
        const struct core_run *run = &runs->run[i];

        table[i + 1] = (Elf64_Phdr){.p_type = PT_LOAD,
                                    .p_flags = run->flags,
                                    .p_offset = data + run->physical,
                                    .p_vaddr = run->address,
                                    .p_paddr = run->physical,
                                    .p_filesz = run->bytes,
                                    .p_memsz = run->bytes,
                                    .p_align = ABI_PAGE_SIZE};
    }
    result = write_at(fd, &header, sizeof(header), 0);
    if (result == 0) {
        result = write_at(fd, table, (runs->count + 1) * sizeof(*table),
                          sizeof(header));
    }
    free(table);
    return result == 0 ? write_at(fd, notes, bytes, notes_at) : -1;
}

static bool is_zero(const uint8_t *page, size_t bytes)
{
    return page[0] == 0 && memcmp(page, page + 1, bytes - 1) == 0;
}

/* The pages of [from, to) that hold something, each neighbour run at once. */
static int write_extent(int fd, const struct core_request *request,
                        uint64_t from, uint64_t to, uint64_t data,
                        struct core_written *out)
{
    const uint8_t *base = request->memory->base;
    uint64_t at = from;

    while (at < to) {
        uint64_t end = at;

        while (end < to && !is_zero(base + end, ABI_PAGE_SIZE)) {
            end += ABI_PAGE_SIZE;
        }
        if (end > at && write_at(fd, base + at, end - at, data + at) < 0) {
            return -1;
        }
        out->data += end - at;
        at = end + ABI_PAGE_SIZE;
    }
    return 0;
}

/* Reading a hole would make it memory: holes are asked for, not looked at. */
static int write_memory(int fd, const struct core_request *request,
                        uint64_t data, struct core_written *out)
{
    uint64_t bytes = request->memory->bytes, at = 0;

    while (at < bytes) {
        off_t from = lseek(request->memory_fd, (off_t)at, SEEK_DATA);
        off_t to;

        if (from < 0) {
            return errno == ENXIO ? 0 : -1;
        }
        to = lseek(request->memory_fd, from, SEEK_HOLE);
        if (to < 0) {
            return -1;
        }
        at = page_up((uint64_t)to) < bytes ? page_up((uint64_t)to) : bytes;
        if (write_extent(fd, request, (uint64_t)from & ~(ABI_PAGE_SIZE - 1), at,
                         data, out) < 0) {
            return -1;
        }
    }
    return 0;
}

int core_write(int fd, const struct core_request *request,
               struct core_written *out)
{
    struct core_runs *runs = malloc(sizeof(*runs));
    uint64_t data;
    int result;

    if (!runs) {
        return -1;
    }
    core_runs_make(request->memory, &request->thread[0], runs);
    data = page_up(sizeof(Elf64_Ehdr) + (runs->count + 1) * sizeof(Elf64_Phdr) +
                   CORE_NOTES_BYTES);
    *out = (struct core_written){.bytes = data + request->memory->bytes,
                                 .runs = runs->count,
                                 .cut = runs->cut};
    result = write_head(fd, request, runs, data);
    free(runs);
    if (result == 0) {
        /* The file's size; what is there is written over it. */
        result = write_at(fd, "", 1, out->bytes - 1);
    }
    return result == 0 ? write_memory(fd, request, data, out) : -1;
}
