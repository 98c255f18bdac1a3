/* SPDX-License-Identifier: Apache-2.0 */
#include <abi/layout.h>
#include <elf.h>
#include <host/pvh.h>
#include <stdbool.h>
#include <string.h>

#define NOTE_NAME "Xen"
#define NOTE_PHYS32_ENTRY 18u
#define NOTE_ALIGN 4u
#define PROGRAM_HEADERS_MAX 64u

/* The file, copied from, never pointed into: it may be unaligned. */
struct file {
    const uint8_t *data;
    size_t bytes;
};

static bool file_read(const struct file *file, uint64_t offset, void *to,
                      size_t bytes)
{
    if (offset > file->bytes || bytes > file->bytes - offset) {
        return false;
    }
    memcpy(to, file->data + offset, bytes);
    return true;
}

static int refuse(struct failure *failure, const char *why)
{
    return failure_set(failure, EXIT_HOST, "guest kernel: %s", why);
}

static int read_header(const struct file *file, Elf64_Ehdr *header,
                       struct failure *failure)
{
    if (!file_read(file, 0, header, sizeof(*header)) ||
        memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return refuse(failure, "not an ELF file");
    }
    if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_ident[EI_DATA] != ELFDATA2LSB ||
        header->e_machine != EM_X86_64 || header->e_type != ET_EXEC) {
        return refuse(failure, "not an x86-64 executable (ET_EXEC)");
    }
    if (header->e_phentsize != sizeof(Elf64_Phdr) ||
        header->e_phnum > PROGRAM_HEADERS_MAX) {
        return refuse(failure, "program headers of an unknown form");
    }
    return 0;
}

static int add_segment(const struct file *file, const Elf64_Phdr *load,
                       struct pvh_kernel *out, struct failure *failure)
{
    uint64_t end;

    if (out->segments == PVH_SEGMENTS_MAX) {
        return refuse(failure, "too many segments to load");
    }
    if (load->p_offset > file->bytes ||
        load->p_filesz > file->bytes - load->p_offset) {
        return refuse(failure, "a segment reaches past the end of the file");
    }
    if (load->p_filesz > load->p_memsz ||
        __builtin_add_overflow(load->p_paddr, load->p_memsz, &end)) {
        return refuse(failure, "a segment's sizes make no sense");
    }
    out->segment[out->segments++] = (struct pvh_segment){
        .paddr = load->p_paddr,
        .memory_bytes = load->p_memsz,
        .file_offset = load->p_offset,
        .file_bytes = load->p_filesz,
    };
    return 0;
}

static uint64_t note_padded(uint32_t bytes)
{
    return ((uint64_t)bytes + NOTE_ALIGN - 1) & ~(uint64_t)(NOTE_ALIGN - 1);
}

/* True if the notes of one PT_NOTE hold the entry. */
static bool find_entry(const struct file *file, const Elf64_Phdr *notes,
                       uint32_t *entry)
{
    uint64_t at = notes->p_offset;
    uint64_t end;

    if (__builtin_add_overflow(at, notes->p_filesz, &end)) {
        return false;
    }
    while (at < end) {
        Elf64_Nhdr note;
        char name[sizeof(NOTE_NAME)];
        uint64_t name_at = at + sizeof(note);
        uint64_t data_at;

        if (!file_read(file, at, &note, sizeof(note))) {
            return false;
        }
        data_at = name_at + note_padded(note.n_namesz);
        if (note.n_type == NOTE_PHYS32_ENTRY && note.n_namesz == sizeof(name) &&
            note.n_descsz >= sizeof(*entry) &&
            file_read(file, name_at, name, sizeof(name)) &&
            memcmp(name, NOTE_NAME, sizeof(name)) == 0) {
            return file_read(file, data_at, entry, sizeof(*entry));
        }
        at = data_at + note_padded(note.n_descsz);
    }
    return false;
}

static bool entry_is_loaded(const struct pvh_kernel *kernel)
{
    uint32_t i;

    for (i = 0; i < kernel->segments; i++) {
        const struct pvh_segment *s = &kernel->segment[i];

        if (kernel->entry >= s->paddr &&
            kernel->entry - s->paddr < s->file_bytes) {
            return true;
        }
    }
    return false;
}

int pvh_parse(const void *file_data, size_t bytes, struct pvh_kernel *out,
              struct failure *failure)
{
    const struct file file = {file_data, bytes};
    struct pvh_kernel kernel = {0};
    bool has_entry = false;
    Elf64_Ehdr header;
    Elf64_Phdr ph;
    unsigned i;

    if (read_header(&file, &header, failure) < 0) {
        return -1;
    }
    for (i = 0; i < header.e_phnum; i++) {
        uint64_t at;

        if (__builtin_add_overflow(header.e_phoff, i * sizeof(ph), &at) ||
            !file_read(&file, at, &ph, sizeof(ph))) {
            return refuse(failure, "program headers lie outside the file");
        }
        if (ph.p_type == PT_LOAD && ph.p_memsz != 0 &&
            add_segment(&file, &ph, &kernel, failure) < 0) {
            return -1;
        }
        if (ph.p_type == PT_NOTE && !has_entry) {
            has_entry = find_entry(&file, &ph, &kernel.entry);
        }
    }
    if (!has_entry) {
        return refuse(failure, "no PVH entry note");
    }
    if (!entry_is_loaded(&kernel)) {
        return refuse(failure, "the PVH entry lies in no loaded segment");
    }
    *out = kernel;
    return 0;
}
