/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source lines from DWARF line tables, through elfutils' libdw. The tables are
 * opened when the first line is asked for, which most runs never do.
 */
#include "parts.h"

#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

struct lines {
    const uint8_t *bytes;
    size_t size;
    bool tried;
    Elf *elf;
    Dwarf *dwarf;
};

/* The best line found so far. */
struct match {
    Dwarf_Addr address;
    const char *file;
    int line;
};

struct lines *image__lines_open(const uint8_t *elf, size_t bytes)
{
    struct lines *lines = calloc(1, sizeof(*lines));

    if (lines != NULL) {
        lines->bytes = elf;
        lines->size = bytes;
    }
    return lines;
}

void image__lines_close(struct lines *lines)
{
    if (lines == NULL) {
        return;
    }
    if (lines->dwarf != NULL) {
        dwarf_end(lines->dwarf);
    }
    if (lines->elf != NULL) {
        elf_end(lines->elf);
    }
    free(lines);
}

static void open_tables(struct lines *lines)
{
    char *image;

    lines->tried = true;
    /* elf_memory() wants a pointer that is not const, and only reads. */
    memcpy(&image, &lines->bytes, sizeof(image));
    elf_version(EV_CURRENT);
    lines->elf = elf_memory(image, lines->size);
    if (lines->elf != NULL) {
        lines->dwarf = dwarf_begin_elf(lines->elf, DWARF_C_READ, NULL);
    }
}

/* Whether line `i` of the table reaches over the address. */
static bool reaches(Dwarf_Lines *table, size_t i, Dwarf_Addr address,
                    Dwarf_Addr *start)
{
    Dwarf_Line *line = dwarf_onesrcline(table, i);
    Dwarf_Line *next = dwarf_onesrcline(table, i + 1);
    Dwarf_Addr end;
    bool last;

    return line != NULL && next != NULL &&
           dwarf_lineendsequence(line, &last) == 0 && !last &&
           dwarf_lineaddr(line, start) == 0 && *start <= address &&
           dwarf_lineaddr(next, &end) == 0 && address < end;
}

static void search(Dwarf_Lines *table, size_t count, Dwarf_Addr address,
                   struct match *match)
{
    Dwarf_Addr start = 0;

    for (size_t i = 0; i + 1 < count; i++) {
        Dwarf_Line *line;
        const char *file;
        int number;

        /* Discarded functions stay behind as lines at low addresses: of
         * several matches the one that starts last is the real one. */
        if (!reaches(table, i, address, &start) || start < match->address) {
            continue;
        }
        line = dwarf_onesrcline(table, i);
        file = dwarf_linesrc(line, NULL, NULL);
        if (file != NULL && dwarf_lineno(line, &number) == 0 && number > 0) {
            match->address = start;
            match->file = file;
            match->line = number;
        }
    }
}

bool image__lines_find(struct lines *lines, uint64_t address, const char **file,
                       int *line)
{
    struct match match = {0};
    Dwarf_Off offset = 0, next;
    Dwarf_CU *unit = NULL;
    Dwarf_Lines *table;
    const char *slash;
    size_t count;

    if (!lines->tried) {
        open_tables(lines);
    }
    if (lines->dwarf == NULL) {
        return false;
    }
    while (dwarf_next_lines(lines->dwarf, offset, &next, &unit, NULL, NULL,
                            &table, &count) == 0) {
        search(table, count, address, &match);
        offset = next;
    }
    if (match.file == NULL) {
        return false;
    }
    slash = strrchr(match.file, '/');
    *file = slash != NULL ? slash + 1 : match.file;
    *line = match.line;
    return true;
}
