/* SPDX-License-Identifier: Apache-2.0 */
/* Sample programs, damaged copies of them, and folders to walk. */
#ifndef TEST_IMAGE_FIXTURE_H
#define TEST_IMAGE_FIXTURE_H

#include <check.h>
#include <elf.h>
#include <image/image.h>
#include <stdlib.h>
#include <string.h>

extern const uint8_t sample_elf[], sample_elf_end[]; /* a good program */
extern const uint8_t relr_elf[], relr_elf_end[];     /* packed relocations */
extern const uint8_t fixed_elf[], fixed_elf_end[];   /* EXEC, like the kernel */
extern const uint8_t bare_elf[], bare_elf_end[];     /* stripped */

/* A copy of a program's file, on the heap so that ASan sees its bounds. */
struct copy {
    uint8_t *bytes;
    size_t size;
    char why[512];
};

void copy_make(struct copy *copy, const uint8_t *elf, const uint8_t *end);
void copy_free(struct copy *copy);
Elf64_Ehdr *copy_header(struct copy *copy);
/* The n-th program header of a type; the test fails when there is none. */
Elf64_Phdr *copy_segment(struct copy *copy, uint32_t type, unsigned n);
/* The first PT_LOAD with exactly these PF_ flags. */
Elf64_Phdr *copy_load(struct copy *copy, uint32_t flags);
/* The dynamic entry of a tag; another one can then be written over it. */
Elf64_Dyn *copy_dynamic(struct copy *copy, int64_t tag);
/* Bytes at an address that a segment's file part holds. */
void *copy_at(struct copy *copy, uint64_t address);
/* program_load() must refuse the copy with exactly this sentence. Frees it. */
void copy_refused(struct copy *copy, const char *sentence);

/* A folder that exists during one test. */
struct folder {
    char path[64];
    int fd;
};
void folder_make(struct folder *folder);
void folder_remove(struct folder *folder);
/* Writes a file; folders on the way are made. */
void folder_file(const struct folder *folder, const char *path,
                 const void *bytes, size_t size);
void folder_directory(const struct folder *folder, const char *path);
void folder_link(const struct folder *folder, const char *path,
                 const char *target);

#endif
