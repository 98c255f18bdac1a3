/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

void copy_make(struct copy *copy, const uint8_t *elf, const uint8_t *end)
{
    copy->size = (size_t)(end - elf);
    copy->bytes = malloc(copy->size);
    ck_assert_ptr_nonnull(copy->bytes);
    memcpy(copy->bytes, elf, copy->size);
    copy->why[0] = '\0';
}

void copy_free(struct copy *copy)
{
    free(copy->bytes);
    copy->bytes = NULL;
}

Elf64_Ehdr *copy_header(struct copy *copy)
{
    return (Elf64_Ehdr *)(void *)copy->bytes;
}

static Elf64_Phdr *segments(struct copy *copy)
{
    return (Elf64_Phdr *)(void *)(copy->bytes + copy_header(copy)->e_phoff);
}

Elf64_Phdr *copy_segment(struct copy *copy, uint32_t type, unsigned n)
{
    for (unsigned i = 0; i < copy_header(copy)->e_phnum; i++) {
        Elf64_Phdr *segment = &segments(copy)[i];

        if (segment->p_type == type && n-- == 0) {
            return segment;
        }
    }
    ck_abort_msg("no segment of type %u", type);
    return NULL;
}

Elf64_Phdr *copy_load(struct copy *copy, uint32_t flags)
{
    for (unsigned i = 0; i < copy_header(copy)->e_phnum; i++) {
        Elf64_Phdr *segment = &segments(copy)[i];

        if (segment->p_type == PT_LOAD && segment->p_flags == flags) {
            return segment;
        }
    }
    ck_abort_msg("no PT_LOAD with flags %u", flags);
    return NULL;
}

Elf64_Dyn *copy_dynamic(struct copy *copy, int64_t tag)
{
    Elf64_Phdr *segment = copy_segment(copy, PT_DYNAMIC, 0);
    Elf64_Dyn *entries = (Elf64_Dyn *)(void *)(copy->bytes + segment->p_offset);

    for (size_t i = 0; i < segment->p_filesz / sizeof(*entries); i++) {
        if (entries[i].d_tag == tag) {
            return &entries[i];
        }
    }
    ck_abort_msg("no dynamic entry %ld", (long)tag);
    return NULL;
}

void *copy_at(struct copy *copy, uint64_t address)
{
    for (unsigned i = 0; i < copy_header(copy)->e_phnum; i++) {
        Elf64_Phdr *segment = &segments(copy)[i];

        if (segment->p_type == PT_LOAD && address >= segment->p_vaddr &&
            address - segment->p_vaddr < segment->p_filesz) {
            return copy->bytes + segment->p_offset +
                   (address - segment->p_vaddr);
        }
    }
    ck_abort_msg("0x%lx is not loaded", (unsigned long)address);
    return NULL;
}

void copy_refused(struct copy *copy, const char *sentence)
{
    struct program program;

    ck_assert_int_eq(program_load(&program, "bad", copy->bytes, copy->size,
                                  copy->why, sizeof(copy->why)),
                     -1);
    ck_assert_str_eq(copy->why, sentence);
    copy_free(copy);
}

void folder_make(struct folder *folder)
{
    snprintf(folder->path, sizeof(folder->path), "/tmp/ambit-image-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder->path));
    folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(folder->fd, 0);
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

void folder_remove(struct folder *folder)
{
    close(folder->fd);
    ck_assert_int_eq(nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS),
                     0);
}

void folder_directory(const struct folder *folder, const char *path)
{
    ck_assert(mkdirat(folder->fd, path, 0755) == 0 || errno == EEXIST);
}

void folder_file(const struct folder *folder, const char *path,
                 const void *bytes, size_t size)
{
    char part[256];
    int fd;

    for (const char *slash = strchr(path, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
        folder_directory(folder, part);
    }
    fd = openat(folder->fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

void folder_link(const struct folder *folder, const char *path,
                 const char *target)
{
    ck_assert_int_eq(symlinkat(target, folder->fd, path), 0);
}
