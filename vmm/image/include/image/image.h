/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a config to the bytes that boot: programs loaded and judged, file trees
 * packed, spec blob and boot module laid out. Pure of KVM.
 */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include <abi/boot.h>
#include <config/config.h>
#include <domains/plan.h>

struct symbols; /* symbol and line tables of one ELF file */

/* One program file, loaded. Segment sources are set when packed. */
struct program {
    const char *name;   /* as the config names it */
    const uint8_t *elf; /* the whole file, as results hash it */
    size_t elf_bytes;
    uint8_t *owned; /* elf again when it was read from a file; else null */
    uint32_t pages;
    uint64_t entry;
    struct spec_segment segments[8];
    const uint8_t *bytes[8]; /* what each segment's file part holds */
    size_t byte_counts[8];
    uint32_t leads[8]; /* zero bytes before it in its first page */
    uint32_t segment_count;
    struct symbols *symbols;
};

struct image {
    uint8_t *module;     /* page-aligned */
    size_t module_bytes; /* a multiple of a granule less one page */
    size_t data_bytes;   /* used at the module's start; then zeroes up to the
                            executable arena, and after its pages */
    struct spec spec;    /* points into the module */
    struct plan *plan;
    struct program *programs; /* as spec.programs */
    uint32_t program_count;
};

/* A program embedded in `ambit`. */
struct builtin {
    const char *name;
    const uint8_t *elf;
    const uint8_t *end;
};
/* Array ended by a null name, made by the build. */
extern const struct builtin image_builtins[];

/*
 * Judges and loads an ELF file's bytes: static-PIE x86-64, no W+X segment, no
 * overlap, no text relocations, no interpreter, entry in an executable
 * segment, at most 16 MiB. Returns 0, or -1 with one sentence in `why`.
 */
int program_load(struct program *program, const char *name, const uint8_t *elf,
                 size_t bytes, char *why, size_t why_bytes);
void program_unload(struct program *program);
/* Offset of a function in the image; 0, or -1 when there is none. */
int program_function(const struct program *program, const char *function,
                     uint64_t *offset);

/*
 * Builds the image. `args` (argc of them) are appended to the arguments of the
 * first parentless domain. Errors go to `diagnostics` with the config's marks
 * (exit 2) or to `failure` (exit 3). Null on either.
 */
struct image *image_make(const struct config *config, uint32_t boot_flags,
                         char *const *args, int argc,
                         struct diagnostics *diagnostics,
                         struct failure *failure);
void image_free(struct image *image);
/* Tells the mutation kernel which guard to leave out: enum abi_guard. */
void image_without_guard(struct image *image, uint32_t guard);
/* Has the kernel keep records of what it does (abi/shared.h's trace); 0: none.
 */
void image_trace(struct image *image, uint32_t records);
/*
 * Copies the module into zeroed memory of module_bytes: only what is used,
 * so that padding costs neither time nor memory.
 */
void image_copy(const struct image *image, void *to);

/* Writes "prober_main+0x1c (prober.c:12)", or "0x1234" when nothing is known.
 * `offset` is relative to the image (or file's first segment). */
/* Borrows the bytes; reads no tables yet. Null: no memory, or not an ELF. */
struct symbols *symbols_open(const uint8_t *elf, size_t bytes);
void symbols_close(struct symbols *symbols);
void symbols_name(const struct symbols *symbols, uint64_t offset, char *out,
                  size_t bytes);
/* The same for an address as in the file. */
void symbols_at(const struct symbols *symbols, uint64_t address, char *out,
                size_t bytes);
/* Address in the file of offset 0; null: 0. */
uint64_t symbols_base(const struct symbols *symbols);

#endif
