/* SPDX-License-Identifier: Apache-2.0 */
/* A program: its judged segments as pages of an image. */
#include "parts.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

static void fill_segment(struct program *program, const struct elf_load *load,
                         const uint8_t *elf, uint64_t base)
{
    uint32_t i = program->segment_count++;
    struct spec_segment *segment = &program->segments[i];
    uint64_t lead = load->address % ABI_PAGE_SIZE;

    segment->page = (uint32_t)((load->address - base) / ABI_PAGE_SIZE);
    segment->pages = (uint32_t)image__pages(lead + load->memory);
    segment->rights = load->rights;
    segment->file_pages = segment->pages;
    if (load->rights & CAP_WRITE) {
        segment->file_pages =
            load->file ? (uint32_t)image__pages(lead + load->file) : 0;
        segment->bytes = load->file ? (uint32_t)(lead + load->file) : 0;
    }
    program->bytes[i] = elf + load->offset;
    program->byte_counts[i] = (size_t)load->file;
    program->leads[i] = load->file ? (uint32_t)lead : 0;
    program->pages = segment->page + segment->pages;
}

int program_load(struct program *program, const char *name, const uint8_t *elf,
                 size_t bytes, char *why, size_t why_bytes)
{
    struct sentence sentence = {why, why_bytes};
    struct elf_layout layout;
    uint64_t base;

    if (image__elf_open(&layout.file, elf, bytes, &sentence) != 0 ||
        image__elf_layout(&layout, &sentence) != 0 ||
        image__elf_dynamic(&layout, &sentence) != 0) {
        return -1;
    }
    memset(program, 0, sizeof(*program));
    program->name = name;
    program->elf = elf;
    program->elf_bytes = bytes;
    base = layout.loads[0].address & ~(ABI_PAGE_SIZE - 1);
    for (uint32_t i = 0; i < layout.load_count; i++) {
        fill_segment(program, &layout.loads[i], elf, base);
    }
    program->entry = layout.file.header.e_entry - base;
    program->symbols = symbols_open(elf, bytes);
    if (program->symbols == NULL) {
        return image__say(&sentence, "does not fit the host's memory: free "
                                     "some");
    }
    return 0;
}

void program_unload(struct program *program)
{
    symbols_close(program->symbols);
    program->symbols = NULL;
    free(program->owned);
    program->owned = NULL;
}
