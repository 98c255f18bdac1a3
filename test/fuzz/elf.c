/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Program files: the judge of ELF, function look-up, symbols and DWARF lines
 * by libdw. An input is an ELF file; where it is shorter than the header of
 * one, the bytes after it are taken to be absent.
 *
 * What is refused has a sentence; what is accepted keeps its promises to those
 * who pack it: segments ascend, never write and execute, and lie in the file.
 */
#define _POSIX_C_SOURCE 200809L
#include "fuzz.h"

#include <capabilities/cap.h>
#include <image/image.h>
#include <stdlib.h>
#include <string.h>

static void judge(const struct program *program)
{
    uint64_t next = 0;

    FUZZ_CHECK(program->segment_count >= 1 && program->segment_count <= 8);
    FUZZ_CHECK(program->pages <= SPEC_PROGRAM_PAGES_MAX);
    FUZZ_CHECK(program->entry < (uint64_t)program->pages * 4096);
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct spec_segment *s = &program->segments[i];

        FUZZ_CHECK(s->page >= next);
        next = (uint64_t)s->page + s->pages;
        FUZZ_CHECK(next <= program->pages);
        FUZZ_CHECK(!(s->rights & CAP_WRITE) || !(s->rights & CAP_EXEC));
        FUZZ_CHECK(program->leads[i] + program->byte_counts[i] <=
                   (uint64_t)s->file_pages * 4096);
        FUZZ_CHECK(program->bytes[i] >= program->elf);
        FUZZ_CHECK(
            program->byte_counts[i] <=
            (size_t)(program->elf + program->elf_bytes - program->bytes[i]));
    }
}

static void names(const struct symbols *symbols, uint64_t pages)
{
    const uint64_t offsets[] = {0,          0x1000,         0x1004,
                                0x1010,     0x1058,         0x1100,
                                0x2000,     pages * 0x1000, 0x7fffffffffffffff,
                                UINT64_MAX, UINT64_MAX - 7};
    char name[80];

    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        symbols_name(symbols, offsets[i], name, sizeof name);
        FUZZ_CHECK(strnlen(name, sizeof name) < sizeof name && name[0]);
    }
}

/* Symbols are read of files that nobody judged, too: the kernel's own. */
static void symbols_alone(const uint8_t *elf, size_t size)
{
    struct symbols *symbols = symbols_open(elf, size);

    if (symbols) {
        names(symbols, 8);
    }
    symbols_close(symbols);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct program program;
    char why[200] = "";
    uint64_t offset = 0;

    if (program_load(&program, "fuzzed", data, size, why, sizeof why) != 0) {
        FUZZ_CHECK(strlen(why) > 10);
        symbols_alone(data, size);
        return 0;
    }
    judge(&program);
    if (program_function(&program, "other_main", &offset) == 0) {
        FUZZ_CHECK(offset < (uint64_t)program.pages * 4096);
    }
    names(program.symbols, program.pages);
    program_unload(&program);
    return 0;
}
