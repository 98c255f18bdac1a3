/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which dynamic entries and relocations a domain program may have. What is
 * judged is what the program will find in memory: addresses are looked up in
 * the loaded segments, never by file offsets of their own.
 */
#include "parts.h"

#include <capabilities/cap.h>
#include <string.h>

/* Stated here for C libraries whose <elf.h> lacks them (glibc before 2.36). */
enum { TAG_RELRSZ = 35, TAG_RELR = 36, TAG_RELRENT = 37, SECTION_RELR = 19 };

/* What the dynamic entries say about relocations. */
struct tables {
    uint64_t rela, rela_bytes, rela_entry;
    uint64_t relr, relr_bytes, relr_entry;
    uint64_t other_bytes; /* of DT_REL and DT_JMPREL tables */
};

/* Bytes at an address, all within one segment's file part; else null. */
static const uint8_t *loaded(const struct elf_layout *layout, uint64_t address,
                             uint64_t bytes)
{
    const struct elf_load *load =
        image__elf_load_of(layout, address, bytes ? bytes : 1);
    uint64_t skip;

    if (load == NULL) {
        return NULL;
    }
    skip = address - load->address;
    if (skip > load->file || bytes > load->file - skip) {
        return NULL;
    }
    return image__elf_at(&layout->file, load->offset + skip, bytes);
}

static int say_text(const struct sentence *why)
{
    return image__say(why, "has text relocations: compile everything with "
                           "-fPIE and link with -z text");
}

static int judge_entry(const Elf64_Dyn *entry, struct tables *tables,
                       const struct sentence *why)
{
    switch (entry->d_tag) {
    case DT_NEEDED:
        return image__say(why, "needs shared libraries: link with "
                               "-static-pie");
    case DT_TEXTREL:
        return say_text(why);
    case DT_FLAGS:
        return entry->d_un.d_val & DF_TEXTREL ? say_text(why) : 0;
    case DT_RELSZ:
    case DT_PLTRELSZ:
        tables->other_bytes |= entry->d_un.d_val;
        return 0;
    case DT_RELA:
        tables->rela = entry->d_un.d_ptr;
        return 0;
    case DT_RELASZ:
        tables->rela_bytes = entry->d_un.d_val;
        return 0;
    case DT_RELAENT:
        tables->rela_entry = entry->d_un.d_val;
        return 0;
    case TAG_RELR:
        tables->relr = entry->d_un.d_ptr;
        return 0;
    case TAG_RELRSZ:
        tables->relr_bytes = entry->d_un.d_val;
        return 0;
    case TAG_RELRENT:
        tables->relr_entry = entry->d_un.d_val;
        return 0;
    default:
        return 0;
    }
}

static int read_tables(const struct elf_layout *layout, struct tables *tables,
                       const struct sentence *why)
{
    const Elf64_Phdr *segment = &layout->dynamic;
    const uint8_t *at = loaded(layout, segment->p_vaddr, segment->p_memsz);
    Elf64_Dyn entry;

    if (at == NULL) {
        return image__say(why, "has a dynamic segment outside its loaded "
                               "segments: build it again");
    }
    for (uint64_t i = 0; i < segment->p_memsz / sizeof(entry); i++) {
        memcpy(&entry, at + i * sizeof(entry), sizeof(entry));
        if (entry.d_tag == DT_NULL) {
            return 0;
        }
        if (judge_entry(&entry, tables, why) != 0) {
            return -1;
        }
    }
    return image__say(why, "has a dynamic segment without an end: build it "
                           "again");
}

static int judge_target(const struct elf_layout *layout, uint64_t address,
                        const struct sentence *why)
{
    const struct elf_load *load =
        image__elf_load_of(layout, address, sizeof(uint64_t));

    if (load == NULL) {
        return image__say(why,
                          "has a relocation of 0x%llx, outside its "
                          "segments: build it again",
                          (unsigned long long)address);
    }
    if (!(load->rights & CAP_WRITE)) {
        return image__say(why,
                          "has a relocation of 0x%llx, in a segment that "
                          "is not writable: compile everything with "
                          "-fPIE and link with -z text",
                          (unsigned long long)address);
    }
    return 0;
}

static int judge_rela(const struct elf_layout *layout,
                      const struct tables *tables, const struct sentence *why)
{
    const uint8_t *at = loaded(layout, tables->rela, tables->rela_bytes);
    Elf64_Rela rela;

    if (tables->rela_bytes == 0) {
        return 0;
    }
    if (at == NULL || tables->rela_entry != sizeof(rela) ||
        tables->rela_bytes % sizeof(rela) != 0) {
        return image__say(why, "has a damaged relocation table (RELA): build "
                               "it again");
    }
    for (uint64_t i = 0; i < tables->rela_bytes / sizeof(rela); i++) {
        memcpy(&rela, at + i * sizeof(rela), sizeof(rela));
        if (rela.r_info != R_X86_64_RELATIVE) {
            return image__say(why,
                              "has a relocation of type %u, where only "
                              "R_X86_64_RELATIVE (8) is possible: link "
                              "with -static-pie, without ifuncs and "
                              "undefined symbols",
                              (unsigned)ELF64_R_TYPE(rela.r_info));
        }
        if (judge_target(layout, rela.r_offset, why) != 0) {
            return -1;
        }
    }
    return 0;
}

/* A RELR bitmap: bit n + 1 relocates the word n places after `where`. */
static int judge_bitmap(const struct elf_layout *layout, uint64_t bitmap,
                        uint64_t where, const struct sentence *why)
{
    for (uint64_t n = 0; (bitmap >>= 1) != 0; n++) {
        if ((bitmap & 1) &&
            judge_target(layout, where + n * sizeof(uint64_t), why) != 0) {
            return -1;
        }
    }
    return 0;
}

static int judge_relr(const struct elf_layout *layout,
                      const struct tables *tables, const struct sentence *why)
{
    const uint8_t *at = loaded(layout, tables->relr, tables->relr_bytes);
    uint64_t word, where = 0;

    if (tables->relr_bytes == 0) {
        return 0;
    }
    if (at == NULL || tables->relr_entry != sizeof(word) ||
        tables->relr_bytes % sizeof(word) != 0) {
        return image__say(why, "has a damaged relocation table (RELR): build "
                               "it again");
    }
    for (uint64_t i = 0; i < tables->relr_bytes / sizeof(word); i++) {
        memcpy(&word, at + i * sizeof(word), sizeof(word));
        if (word & 1) {
            if (judge_bitmap(layout, word, where, why) != 0) {
                return -1;
            }
            where += 63 * sizeof(word);
        } else if (judge_target(layout, word, why) != 0) {
            return -1;
        } else {
            where = word + sizeof(word);
        }
    }
    return 0;
}

/* Without a dynamic segment nobody would apply relocations. */
static int judge_sections(const struct elf_file *file,
                          const struct sentence *why)
{
    Elf64_Shdr section;

    for (uint32_t i = 0; image__elf_section(file, i, &section); i++) {
        bool table = section.sh_type == SHT_RELA ||
                     section.sh_type == SHT_REL ||
                     section.sh_type == SECTION_RELR;

        if (table && (section.sh_flags & SHF_ALLOC) && section.sh_size != 0) {
            return image__say(why, "has relocations but no dynamic segment: "
                                   "link with -static-pie");
        }
    }
    return 0;
}

int image__elf_dynamic(const struct elf_layout *layout,
                       const struct sentence *why)
{
    struct tables tables = {0};

    if (!layout->has_dynamic) {
        return judge_sections(&layout->file, why);
    }
    if (read_tables(layout, &tables, why) != 0) {
        return -1;
    }
    if (tables.other_bytes != 0) {
        return image__say(why, "has REL or PLT relocations, where only RELA "
                               "and RELR are possible: link with -static-pie "
                               "and without ifuncs");
    }
    if (judge_rela(layout, &tables, why) != 0) {
        return -1;
    }
    return judge_relr(layout, &tables, why);
}
