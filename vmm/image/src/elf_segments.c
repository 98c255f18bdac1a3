/* SPDX-License-Identifier: Apache-2.0 */
/* Which program headers a domain program may have. */
#include "parts.h"

#include <capabilities/cap.h>

static const char *type_name(uint16_t type)
{
    switch (type) {
    case ET_REL:
        return "REL";
    case ET_EXEC:
        return "EXEC";
    case ET_CORE:
        return "CORE";
    default:
        return "unknown";
    }
}

static int judge_header(const struct elf_file *file, const struct sentence *why)
{
    const Elf64_Ehdr *header = &file->header;
    uint64_t bytes = (uint64_t)header->e_phnum * sizeof(Elf64_Phdr);

    if (header->e_type != ET_DYN) {
        return image__say(why,
                          "is not a static-PIE (type %s): link with "
                          "-static-pie",
                          type_name(header->e_type));
    }
    if (header->e_phnum == 0) {
        return image__say(why, "has no program headers: link with "
                               "-static-pie");
    }
    if (header->e_phentsize != sizeof(Elf64_Phdr)) {
        return image__say(why,
                          "has program headers of %u bytes instead of "
                          "%zu: build it again",
                          header->e_phentsize, sizeof(Elf64_Phdr));
    }
    if (image__elf_at(file, header->e_phoff, bytes) == NULL) {
        return image__say(why, "is cut short within the program headers: "
                               "build or copy it again");
    }
    return 0;
}

static int judge_rights(const Elf64_Phdr *segment, uint32_t number,
                        uint32_t *rights, const struct sentence *why)
{
    if ((segment->p_flags & (PF_W | PF_X)) == (PF_W | PF_X)) {
        return image__say(why,
                          "has a segment (%u) that is writable and "
                          "executable: link without -N and keep code "
                          "out of writable sections",
                          number);
    }
    if (!(segment->p_flags & PF_R)) {
        return image__say(why,
                          "has a segment (%u) that is not readable: link "
                          "without execute-only segments",
                          number);
    }
    *rights = CAP_READ;
    if (segment->p_flags & PF_W) {
        *rights |= CAP_WRITE;
    }
    if (segment->p_flags & PF_X) {
        *rights |= CAP_EXEC;
    }
    return 0;
}

static int judge_extent(const struct elf_file *file, const Elf64_Phdr *segment,
                        uint32_t number, const struct sentence *why)
{
    uint64_t end;

    if (segment->p_filesz > segment->p_memsz) {
        return image__say(why,
                          "has a segment (%u) that is larger in the file "
                          "than in memory: build it again",
                          number);
    }
    if (image__elf_at(file, segment->p_offset, segment->p_filesz) == NULL) {
        return image__say(why,
                          "is cut short: segment %u lies beyond the "
                          "file's end; build or copy it again",
                          number);
    }
    if (segment->p_memsz > PROGRAM_BYTES_MAX) {
        return image__say(why, "is larger than 16 MiB in memory: make it "
                               "smaller");
    }
    if (__builtin_add_overflow(segment->p_vaddr,
                               segment->p_memsz + ABI_PAGE_SIZE, &end)) {
        return image__say(why,
                          "has a segment (%u) that reaches past the end of "
                          "all addresses: build it again",
                          number);
    }
    if (segment->p_offset % ABI_PAGE_SIZE != segment->p_vaddr % ABI_PAGE_SIZE) {
        return image__say(why,
                          "has a segment (%u) whose file offset and "
                          "address differ within a page: link without "
                          "-n and -N",
                          number);
    }
    return 0;
}

static uint64_t page_down(uint64_t address)
{
    return address & ~(ABI_PAGE_SIZE - 1);
}

static uint64_t load_end(const struct elf_load *load)
{
    return page_down(load->address + load->memory + ABI_PAGE_SIZE - 1);
}

/* Order, overlap, total size and alignment, seen from the loads before. */
static int judge_place(const struct elf_layout *layout,
                       const struct elf_load *load, uint64_t align,
                       const struct sentence *why)
{
    uint32_t number = layout->load_count;
    uint64_t base =
        page_down(number ? layout->loads[0].address : load->address);

    if (number > 0 && load->address < layout->loads[number - 1].address) {
        return image__say(why,
                          "has segments out of order (%u): link with "
                          "ascending addresses",
                          number);
    }
    if (number > 0 &&
        page_down(load->address) < load_end(&layout->loads[number - 1])) {
        return image__say(why,
                          "has segments (%u and %u) that overlap or "
                          "share a page: link with "
                          "-z max-page-size=4096",
                          number - 1, number);
    }
    if (load_end(load) - base > PROGRAM_BYTES_MAX) {
        return image__say(why, "is larger than 16 MiB in memory: make it "
                               "smaller");
    }
    if (align > ABI_GRANULE_SIZE ||
        (align > ABI_PAGE_SIZE && base % align != 0)) {
        return image__say(why,
                          "has a segment (%u) that needs an alignment of "
                          "%llu bytes: link with -z max-page-size=4096",
                          number, (unsigned long long)align);
    }
    return 0;
}

static int add_load(struct elf_layout *layout, const Elf64_Phdr *segment,
                    const struct sentence *why)
{
    uint32_t number = layout->load_count;
    struct elf_load load;

    if (segment->p_memsz == 0) {
        return 0;
    }
    if (number == PROGRAM_SEGMENTS_MAX) {
        return image__say(why,
                          "has more than %u loadable segments: link with "
                          "the default layout",
                          PROGRAM_SEGMENTS_MAX);
    }
    if (judge_rights(segment, number, &load.rights, why) != 0 ||
        judge_extent(&layout->file, segment, number, why) != 0) {
        return -1;
    }
    load.address = segment->p_vaddr;
    load.memory = segment->p_memsz;
    load.offset = segment->p_offset;
    load.file = segment->p_filesz;
    if (judge_place(layout, &load, segment->p_align, why) != 0) {
        return -1;
    }
    layout->loads[layout->load_count++] = load;
    return 0;
}

static int add_dynamic(struct elf_layout *layout, const Elf64_Phdr *segment,
                       const struct sentence *why)
{
    if (layout->has_dynamic) {
        return image__say(why, "has two dynamic segments: build it again");
    }
    layout->has_dynamic = true;
    layout->dynamic = *segment;
    return 0;
}

static int judge_segment(struct elf_layout *layout, const Elf64_Phdr *segment,
                         const struct sentence *why)
{
    switch (segment->p_type) {
    case PT_LOAD:
        return add_load(layout, segment, why);
    case PT_DYNAMIC:
        return add_dynamic(layout, segment, why);
    case PT_INTERP:
        return image__say(why, "asks for a program interpreter: link with "
                               "-static-pie");
    case PT_TLS:
        return image__say(why, "has thread-local storage, which domains do "
                               "not have: remove _Thread_local variables");
    case PT_GNU_STACK:
        if (segment->p_flags & PF_X) {
            return image__say(why, "asks for an executable stack: link with "
                                   "-z noexecstack");
        }
        return 0;
    default:
        return 0;
    }
}

const struct elf_load *image__elf_load_of(const struct elf_layout *layout,
                                          uint64_t address, uint64_t bytes)
{
    for (uint32_t i = 0; i < layout->load_count; i++) {
        const struct elf_load *load = &layout->loads[i];

        if (address >= load->address && bytes <= load->memory &&
            address - load->address <= load->memory - bytes) {
            return load;
        }
    }
    return NULL;
}

static int judge_entry(const struct elf_layout *layout,
                       const struct sentence *why)
{
    uint64_t entry = layout->file.header.e_entry;
    const struct elf_load *load = image__elf_load_of(layout, entry, 1);

    if (load == NULL || !(load->rights & CAP_EXEC) ||
        entry - load->address >= load->file) {
        return image__say(why,
                          "starts at 0x%llx, which no executable segment "
                          "holds: link with the runtime that defines "
                          "_start",
                          (unsigned long long)entry);
    }
    return 0;
}

int image__elf_layout(struct elf_layout *layout, const struct sentence *why)
{
    Elf64_Phdr segment;

    layout->load_count = 0;
    layout->has_dynamic = false;
    if (judge_header(&layout->file, why) != 0) {
        return -1;
    }
    for (uint32_t i = 0; image__elf_segment(&layout->file, i, &segment); i++) {
        if (judge_segment(layout, &segment, why) != 0) {
            return -1;
        }
    }
    if (layout->load_count == 0) {
        return image__say(why, "has no loadable segment: link with "
                               "-static-pie");
    }
    return judge_entry(layout, why);
}
