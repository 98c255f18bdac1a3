/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Access to the structures of an ELF file whose bytes nobody vouches for.
 * Structures are copied out: nothing is assumed about alignment.
 */
#include "parts.h"

#include <string.h>

int image__say(const struct sentence *why, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(why->text, why->bytes, format, list);
    va_end(list);
    return -1;
}

const uint8_t *image__elf_at(const struct elf_file *file, uint64_t offset,
                             uint64_t bytes)
{
    uint64_t end;

    if (__builtin_add_overflow(offset, bytes, &end) || end > file->size) {
        return NULL;
    }
    return file->bytes + offset;
}

static int judge_identity(const uint8_t *ident, const struct sentence *why)
{
    if (ident[EI_CLASS] != ELFCLASS64) {
        return image__say(why, "is not a 64-bit ELF file: compile it for "
                               "x86-64 with -m64");
    }
    if (ident[EI_DATA] != ELFDATA2LSB) {
        return image__say(why, "is not a little-endian ELF file: compile it "
                               "for x86-64");
    }
    if (ident[EI_VERSION] != EV_CURRENT) {
        return image__say(why, "has the unknown ELF version %u: build it again",
                          ident[EI_VERSION]);
    }
    return 0;
}

int image__elf_open(struct elf_file *file, const uint8_t *bytes, size_t size,
                    const struct sentence *why)
{
    file->bytes = bytes;
    file->size = size;
    if (size < SELFMAG || memcmp(bytes, ELFMAG, SELFMAG) != 0) {
        return image__say(why, "is not an ELF file: give a program built for "
                               "x86-64 with -static-pie");
    }
    if (size < sizeof(file->header)) {
        return image__say(why, "is cut short within the ELF header: build or "
                               "copy it again");
    }
    memcpy(&file->header, bytes, sizeof(file->header));
    if (judge_identity(file->header.e_ident, why) != 0) {
        return -1;
    }
    if (file->header.e_machine != EM_X86_64) {
        return image__say(why,
                          "is for ELF machine %u, not for x86-64 (62): "
                          "compile it for x86-64",
                          file->header.e_machine);
    }
    return 0;
}

bool image__elf_segment(const struct elf_file *file, uint32_t index,
                        Elf64_Phdr *out)
{
    const uint8_t *at;
    uint64_t offset;

    if (index >= file->header.e_phnum ||
        file->header.e_phentsize != sizeof(*out) ||
        __builtin_add_overflow(file->header.e_phoff,
                               (uint64_t)index * sizeof(*out), &offset)) {
        return false;
    }
    at = image__elf_at(file, offset, sizeof(*out));
    if (at == NULL) {
        return false;
    }
    memcpy(out, at, sizeof(*out));
    return true;
}

bool image__elf_section(const struct elf_file *file, uint32_t index,
                        Elf64_Shdr *out)
{
    const uint8_t *at;
    uint64_t offset;

    if (file->header.e_shoff == 0 || index >= file->header.e_shnum ||
        file->header.e_shentsize != sizeof(*out) ||
        __builtin_add_overflow(file->header.e_shoff,
                               (uint64_t)index * sizeof(*out), &offset)) {
        return false;
    }
    at = image__elf_at(file, offset, sizeof(*out));
    if (at == NULL) {
        return false;
    }
    memcpy(out, at, sizeof(*out));
    return true;
}

bool image__elf_find(const struct elf_file *file, uint32_t type,
                     Elf64_Shdr *out)
{
    Elf64_Shdr section;

    for (uint32_t i = 0; image__elf_section(file, i, &section); i++) {
        if (section.sh_type == type) {
            *out = section;
            return true;
        }
    }
    return false;
}

uint64_t image__elf_base(const struct elf_file *file)
{
    uint64_t base = UINT64_MAX;
    Elf64_Phdr segment;

    for (uint32_t i = 0; image__elf_segment(file, i, &segment); i++) {
        if (segment.p_type == PT_LOAD && segment.p_vaddr < base) {
            base = segment.p_vaddr;
        }
    }
    return base == UINT64_MAX ? 0 : base & ~(ABI_PAGE_SIZE - 1);
}
