/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of functions from .symtab, whose bytes nobody vouches for. Lines come
 * from lines.c. Everything is looked up when asked for: starting costs nothing.
 */
#include "parts.h"

#include <capabilities/cap.h>
#include <stdlib.h>
#include <string.h>

struct symbols {
    struct elf_file file;
    uint64_t base; /* address of offset 0 */
    struct lines *lines;
};

/* .symtab and its strings. */
struct symbol_table {
    const uint8_t *entries;
    uint64_t count;
    const char *strings; /* ends with NUL */
    uint64_t string_bytes;
};

static bool open_table(const struct elf_file *file, struct symbol_table *table)
{
    Elf64_Shdr symbols, strings;

    if (!image__elf_find(file, SHT_SYMTAB, &symbols) ||
        symbols.sh_entsize != sizeof(Elf64_Sym) ||
        !image__elf_section(file, symbols.sh_link, &strings) ||
        strings.sh_type != SHT_STRTAB || strings.sh_size == 0) {
        return false;
    }
    table->entries = image__elf_at(file, symbols.sh_offset, symbols.sh_size);
    table->count = symbols.sh_size / sizeof(Elf64_Sym);
    table->strings =
        (const char *)image__elf_at(file, strings.sh_offset, strings.sh_size);
    table->string_bytes = strings.sh_size;
    return table->entries != NULL && table->strings != NULL &&
           table->strings[strings.sh_size - 1] == '\0';
}

/* Entry by index, and its name ("" when it has none). */
static const char *entry_at(const struct symbol_table *table, uint64_t index,
                            Elf64_Sym *out)
{
    memcpy(out, table->entries + index * sizeof(*out), sizeof(*out));
    return out->st_name < table->string_bytes ? table->strings + out->st_name
                                              : "";
}

static bool is_function(const Elf64_Sym *symbol, const char *name)
{
    return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && name[0] != '\0' &&
           symbol->st_shndx != SHN_UNDEF;
}

static bool executable(const struct program *program, uint64_t offset)
{
    uint64_t page = offset / ABI_PAGE_SIZE;

    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct spec_segment *segment = &program->segments[i];

        if ((segment->rights & CAP_EXEC) && page >= segment->page &&
            page - segment->page < segment->pages) {
            return true;
        }
    }
    return false;
}

int program_function(const struct program *program, const char *function,
                     uint64_t *offset)
{
    const struct symbols *symbols = program->symbols;
    struct symbol_table table;
    bool found = false;
    Elf64_Sym symbol;

    if (symbols == NULL || !open_table(&symbols->file, &table)) {
        return -1;
    }
    for (uint64_t i = 0; i < table.count; i++) {
        const char *name = entry_at(&table, i, &symbol);
        uint64_t at = symbol.st_value - symbols->base;
        bool global = ELF64_ST_BIND(symbol.st_info) != STB_LOCAL;

        /* A global function wins over a static one of the same name. */
        if (is_function(&symbol, name) && strcmp(name, function) == 0 &&
            executable(program, at) && (global || !found)) {
            found = true;
            *offset = at;
            if (global) {
                break;
            }
        }
    }
    return found ? 0 : -1;
}

bool image__functions_offer(const struct program *program,
                            struct nearest *nearest)
{
    struct symbol_table table;
    Elf64_Sym symbol;

    if (program->symbols == NULL ||
        !open_table(&program->symbols->file, &table)) {
        return false;
    }
    for (uint64_t i = 0; i < table.count; i++) {
        const char *name = entry_at(&table, i, &symbol);

        if (is_function(&symbol, name)) {
            image__nearest_offer(nearest, name);
        }
    }
    return true;
}

struct symbols *symbols_open(const uint8_t *elf, size_t bytes)
{
    struct symbols *symbols = calloc(1, sizeof(*symbols));
    struct sentence unused = {NULL, 0};

    if (symbols == NULL) {
        return NULL;
    }
    if (image__elf_open(&symbols->file, elf, bytes, &unused) != 0) {
        free(symbols);
        return NULL;
    }
    symbols->base = image__elf_base(&symbols->file);
    symbols->lines = image__lines_open(elf, bytes);
    if (symbols->lines == NULL) {
        free(symbols);
        return NULL;
    }
    return symbols;
}

void symbols_close(struct symbols *symbols)
{
    if (symbols != NULL) {
        image__lines_close(symbols->lines);
        free(symbols);
    }
}

uint64_t symbols_base(const struct symbols *symbols)
{
    return symbols != NULL ? symbols->base : 0;
}

/* A symbol without size (assembly) reaches to the next one. */
static bool covers(const Elf64_Sym *symbol, const char *name, uint64_t address)
{
    uint8_t type = ELF64_ST_TYPE(symbol->st_info);

    if (symbol->st_value > address || name[0] == '\0' || name[0] == '.' ||
        symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= SHN_LORESERVE) {
        return false;
    }
    if (type == STT_FUNC && symbol->st_size != 0) {
        return address - symbol->st_value < symbol->st_size;
    }
    return type == STT_FUNC || type == STT_NOTYPE;
}

/* Name of the nearest symbol that covers the address, or null. */
static const char *name_at(const struct elf_file *file, uint64_t address,
                           uint64_t *into)
{
    const char *best = NULL;
    uint64_t best_value = 0;
    struct symbol_table table;
    Elf64_Sym symbol;

    if (!open_table(file, &table)) {
        return NULL;
    }
    for (uint64_t i = 0; i < table.count; i++) {
        const char *name = entry_at(&table, i, &symbol);

        if (covers(&symbol, name, address) &&
            (best == NULL || symbol.st_value > best_value)) {
            best = name;
            best_value = symbol.st_value;
        }
    }
    *into = address - best_value;
    return best;
}

/* Whether the address is in an executable segment at all. */
static bool is_code(const struct elf_file *file, uint64_t address)
{
    Elf64_Phdr segment;

    for (uint32_t i = 0; image__elf_segment(file, i, &segment); i++) {
        if (segment.p_type == PT_LOAD && (segment.p_flags & PF_X) &&
            address >= segment.p_vaddr &&
            address - segment.p_vaddr < segment.p_memsz) {
            return true;
        }
    }
    return false;
}

void symbols_name(const struct symbols *symbols, uint64_t offset, char *out,
                  size_t bytes)
{
    snprintf(out, bytes, "0x%llx", (unsigned long long)offset);
    if (symbols != NULL && is_code(&symbols->file, symbols->base + offset)) {
        symbols_at(symbols, symbols->base + offset, out, bytes);
    }
}

void symbols_at(const struct symbols *symbols, uint64_t address, char *out,
                size_t bytes)
{
    const char *name, *file;
    uint64_t into = 0;
    size_t used;
    int line;

    snprintf(out, bytes, "0x%llx", (unsigned long long)address);
    if (!is_code(&symbols->file, address)) {
        return;
    }
    name = name_at(&symbols->file, address, &into);
    if (name != NULL) {
        snprintf(out, bytes, "%s+0x%llx", name, (unsigned long long)into);
    }
    used = strlen(out);
    if (image__lines_find(symbols->lines, address, &file, &line)) {
        snprintf(out + used, bytes - used, " (%s:%d)", file, line);
    }
}
