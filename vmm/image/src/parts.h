/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this room share among themselves. */
#ifndef IMAGE_PARTS_H
#define IMAGE_PARTS_H

#include <abi/layout.h>
#include <elf.h>
#include <image/image.h>
#include <stdarg.h>
#include <sys/types.h>

/* --- sentences: why something is refused ------------------------------- */

struct sentence {
    char *text;
    size_t bytes;
};

/* Fills the sentence (cut to size); returns -1 so that callers can too. */
__attribute__((format(printf, 2, 3))) int image__say(const struct sentence *why,
                                                     const char *format, ...);

/* The candidate a typist most likely meant. Feed names, then ask. */
struct nearest {
    const char *wanted;
    const char *best; /* null: nothing is close */
    unsigned distance;
};
void image__nearest_start(struct nearest *nearest, const char *wanted);
void image__nearest_offer(struct nearest *nearest, const char *name);

/* --- ELF: untrusted bytes, copied out structure by structure ------------ */

#define PROGRAM_BYTES_MAX (16ull << 20) /* of the image in memory */
#define PROGRAM_SEGMENTS_MAX 8u

struct elf_file {
    const uint8_t *bytes;
    size_t size;
    Elf64_Ehdr header;
};

/* The bytes at offset, or null when they are not all in the file. */
const uint8_t *image__elf_at(const struct elf_file *file, uint64_t offset,
                             uint64_t bytes);
/* Identification only: an ELF64 little-endian file for x86-64. */
int image__elf_open(struct elf_file *file, const uint8_t *bytes, size_t size,
                    const struct sentence *why);
/* Program header by index; false when it is not in the file. */
bool image__elf_segment(const struct elf_file *file, uint32_t index,
                        Elf64_Phdr *out);
bool image__elf_section(const struct elf_file *file, uint32_t index,
                        Elf64_Shdr *out);
/* First section of a type; false when there is none. */
bool image__elf_find(const struct elf_file *file, uint32_t type,
                     Elf64_Shdr *out);
/* Address of the page that holds the lowest loaded byte. */
uint64_t image__elf_base(const struct elf_file *file);

/* One PT_LOAD that has been judged; addresses as in the file. */
struct elf_load {
    uint64_t address, memory; /* bytes in memory */
    uint64_t offset, file;    /* bytes in the file */
    uint32_t rights;          /* enum cap_rights */
};

struct elf_layout {
    struct elf_file file;
    struct elf_load loads[PROGRAM_SEGMENTS_MAX];
    uint32_t load_count;
    bool has_dynamic;
    Elf64_Phdr dynamic;
};

/* Judges program headers and fills the layout's loads. */
int image__elf_layout(struct elf_layout *layout, const struct sentence *why);
/* The load that holds [address, address + bytes) in memory, or null. */
const struct elf_load *image__elf_load_of(const struct elf_layout *layout,
                                          uint64_t address, uint64_t bytes);
/* Judges the dynamic segment and every relocation. */
int image__elf_dynamic(const struct elf_layout *layout,
                       const struct sentence *why);

/* --- symbols ------------------------------------------------------------- */

struct lines; /* DWARF line tables, read when first asked for */
struct lines *image__lines_open(const uint8_t *elf, size_t bytes);
void image__lines_close(struct lines *lines);
/* File (base name) and line of an address as in the file; false: unknown. */
bool image__lines_find(struct lines *lines, uint64_t address, const char **file,
                       int *line);

/* Feeds every function of the program to `nearest`; false: no symbols. */
bool image__functions_offer(const struct program *program,
                            struct nearest *nearest);

/* --- opening beneath a folder --------------------------------------------- */

/*
 * Opens `path` beneath the folder `base` without ever following a symbolic
 * link or `..`. `flags` are open(2)'s. Returns a descriptor, or -1 with why.
 */
int image__open_beneath(int base, const char *path, int flags,
                        const struct sentence *why);
/* One name in the folder `at`, as above; `shown` is its path for messages. */
int image__open_name(int at, const char *name, int flags, const char *shown,
                     const struct sentence *why);
/* Reads exactly `bytes` bytes from the start; -1 with why. */
int image__read_all(int fd, uint8_t *to, uint64_t bytes, const char *shown,
                    const struct sentence *why);

/* --- file trees ------------------------------------------------------------
 */

#define TREE_NAME_MAX SPEC_NODE_NAME_MAX
#define TREE_SHOWN_MAX 160u /* bytes of a path in a message */
#define TREE_DEPTH_MAX 64u

struct tree_node {
    char name[TREE_NAME_MAX + 1];
    uint32_t tree;
    uint32_t parent; /* SPEC_NONE: the root of its tree */
    uint32_t depth;
    bool directory;
    uint32_t first, count; /* directory: children */
    uint64_t bytes;        /* file: size when it was found */
    uint32_t program;      /* of the image, if it is one with a function main;
                              else SPEC_NONE */
    uint64_t entry;        /* that function */
};

struct tree {
    const char *name; /* as the config writes it */
    int fd;
    dev_t device;
    ino_t inode;
    uint32_t root;
};

struct trees {
    struct tree list[SPEC_MAX_TREES];
    uint32_t count;
    struct tree_node *nodes; /* SPEC_MAX_NODES of them */
    uint32_t node_count;
    uint64_t bytes;       /* of all files */
    uint64_t bytes_limit; /* refused beyond */
};

int image__trees_init(struct trees *trees, uint64_t bytes_limit);
void image__trees_free(struct trees *trees);
/*
 * Walks the folder `name` beneath `base` and adds it, or finds it when it was
 * added already. Returns 0 and its index, or -1 with why.
 */
int image__trees_add(struct trees *trees, int base, const char *name,
                     uint32_t *index, const struct sentence *why);
/* Copies a file's bytes; -1 with why, also when it has changed meanwhile. */
int image__trees_read(const struct trees *trees, uint32_t node, uint8_t *to,
                      const struct sentence *why);
/* Opens a node, name by name from its tree's root; -1 with why. */
int image__trees_open(const struct trees *trees, uint32_t node, int flags,
                      const struct sentence *why);
/* Adds the children of one directory; -1 with why. */
int image__trees_scan(struct trees *trees, uint32_t directory,
                      const struct sentence *why);
/* Path of a node for messages, the tree's name included. */
void image__trees_path(const struct trees *trees, uint32_t node, char *out,
                       size_t bytes);

/* --- the spec being written ------------------------------------------------
 */

struct strings {
    char *bytes; /* SPEC_MAX_STRING_BYTES */
    uint32_t used;
    uint32_t *slots; /* hash table of offsets + 1 */
    bool full;       /* something did not fit: the draft is refused */
};
int image__strings_init(struct strings *strings);
void image__strings_free(struct strings *strings);
/* Offset of the string, put in once however often it is asked for. */
uint32_t image__strings_put(struct strings *strings, const char *text);
/* Appends without sharing; consecutive calls are consecutive in the table. */
uint32_t image__strings_append(struct strings *strings, const char *text);

struct draft {
    struct spec_header header;
    struct spec_domain domains[SPEC_MAX_DOMAINS];
    struct spec_program programs[SPEC_MAX_PROGRAMS];
    struct spec_segment segments[SPEC_MAX_SEGMENTS];
    struct spec_range ranges[SPEC_MAX_RANGES];
    struct spec_endpoint endpoints[SPEC_MAX_ENDPOINTS];
    struct spec_time times[SPEC_MAX_TIMES];
    struct spec_hold holds[SPEC_MAX_HOLDS];
    struct spec_keep keeps[SPEC_MAX_KEEPS];
    struct spec_tree trees[SPEC_MAX_TREES];
    struct spec_node nodes[SPEC_MAX_NODES];
    struct spec_probe probes[SPEC_MAX_PROBES];
    struct strings strings;
};

/* Everything on the way from config to module. */
struct making {
    const struct config *config;
    uint32_t boot_flags;
    char *const *args;
    int argc;
    struct diagnostics *diagnostics;
    struct failure *failure;
    int folder; /* descriptor of the config's folder */
    struct image *image;
    struct trees trees;
    uint32_t program_of[SPEC_MAX_DOMAINS]; /* SPEC_NONE: could not be had */
    uint64_t entry_of[SPEC_MAX_DOMAINS];
    uint32_t tree_of[SPEC_MAX_DOMAINS];
    uint32_t root_of[SPEC_MAX_DOMAINS]; /* node its files begin at; SPEC_NONE */
    bool part_of[SPEC_MAX_DOMAINS];     /* which is a folder of the parent's */
    struct file_identity {
        dev_t device;
        ino_t inode;
    } program_file[SPEC_MAX_PROGRAMS]; /* inode 0: built in */
    struct draft *draft;
    uint32_t spec_bytes;
    uint32_t data_pages; /* module pages before the arena's padding */
    uint32_t exec_page, exec_pages, pages;
};

/* Each step: 0, or -1 with diagnostics added or the failure filled. */
int image__find_programs(struct making *making);
int image__find_trees(struct making *making);
int image__find_entries(struct making *making);
int image__find_folders(struct making *making); /* files: {part: {dir: ..}} */
int image__find_files(struct making *making);   /* files that are programs */
/* Where the first domain whose files are this tree says so. */
struct mark image__tree_mark(const struct making *making, uint32_t tree);
/* The program that a file of a tree is: its index, or SPEC_NONE, also if it is
 * something else. -1 with why: it is one, and cannot be had. */
int image__file_program(struct making *making, int fd, const char *name,
                        uint32_t *index, const struct sentence *why);
int image__draft(struct making *making);
/* Accesses that assertions are about; never fails: what finds no room is not
 * tried, and results say so. */
void image__probes(struct making *making);
int image__layout(struct making *making);
int image__write(struct making *making);
int image__validate(struct making *making);
int image__check_memory(struct making *making);

/* Fills the failure with "out of memory"; returns -1. */
int image__no_memory(struct failure *failure);
/* The first mark that says where something was written. */
struct mark image__mark(struct mark first, struct mark second);
/* Bytes of the draft's blob, tables and strings included. */
uint32_t image__draft_bytes(struct draft *draft);
void image__draft_write(struct draft *draft, uint8_t *to);

static inline uint64_t image__pages(uint64_t bytes)
{
    return bytes / ABI_PAGE_SIZE + (bytes % ABI_PAGE_SIZE != 0);
}

#endif
