/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a child reaches in its tables, found by trying every handle there could
 * be: a name that it was not told is no protection.
 */
#include "lattice.h"

#define SLOTS_MAX 322u /* of a child; the parent's lie below */
#define FILES_MAX 92u
#define FILES_TABLE (1ull << 24)
#define GENERATIONS 2u
#define NAME_BYTES 24u

static struct ambit_handle handle_at(uint64_t index, uint64_t generation,
                                     uint64_t table)
{
    return (struct ambit_handle){generation << 32 | table | index};
}

static void note_counter(struct counters *counters, struct ambit_handle handle)
{
    for (uint32_t i = 0; i < counters->count; i++) {
        if (counters->list[i].bits == handle.bits) {
            return;
        }
    }
    if (counters->count < COUNTERS_MAX) {
        counters->list[counters->count++] = handle;
    }
}

static bool is_mark(const struct ambit_info *info, uint64_t mark)
{
    return info->type == AMBIT_TYPE_RANGE && info->first == mark;
}

/* Looks through the caps table. What there is of the parent's mark is counted
 * in *marks, everything in the result. */
static uint32_t scan(uint64_t mark, uint32_t *marks, struct counters *counters)
{
    uint32_t live = 0;

    for (uint64_t i = 0; i < SLOTS_MAX * GENERATIONS; i++) {
        struct ambit_handle handle = handle_at(i % SLOTS_MAX, i / SLOTS_MAX, 0);
        struct ambit_info info;

        if (ambit_inspect(handle, &info) != STATUS_OK) {
            continue;
        }
        live++;
        *marks += is_mark(&info, mark);
        if (info.type == AMBIT_TYPE_POOL || info.type == AMBIT_TYPE_QUOTA) {
            note_counter(counters, handle);
        }
    }
    return live;
}

static void note_named(struct counters *counters, const char *name)
{
    struct ambit_handle handle;

    if (ambit_capability(name, &handle) == STATUS_OK) {
        note_counter(counters, handle);
    }
}

/* The clerk has derived it since this child was built. */
static bool has_late(const struct ambit_handle *clerk, uint64_t mark)
{
    struct ambit_handle late;
    struct ambit_info info;

    if (!clerk) {
        return false;
    }
    late.bits = ask(*clerk, WORK_MARK, 0, 0);
    return ambit_inspect(late, &info) == STATUS_OK && is_mark(&info, mark) &&
           info.rights == AMBIT_READ;
}

enum lattice_finding probe_caps(const struct ambit_handle *clerk,
                                struct counters *counters)
{
    uint64_t mark = base_of("mark");
    uint32_t marks = 0;
    uint32_t live;

    note_named(counters, "pool");
    note_named(counters, "quota");
    live = scan(mark, &marks, counters);
    if (has_late(clerk, mark)) {
        return LATTICE_IS_SHARED;
    }
    if (marks) {
        return LATTICE_IS_COPY;
    }
    return live ? LATTICE_IS_OWN : LATTICE_IS_NONE;
}

/* The clerk has opened this child's file since the child was built; what
 * stands in it is the file's name. */
static bool reads(struct ambit_handle file, const char *name)
{
    char text[NAME_BYTES] = {0};
    size_t got = 0;

    return ambit_read(file, 0, text, strlen(name), &got) == STATUS_OK &&
           got == strlen(name) && memcmp(text, name, got) == 0;
}

static bool can_open(const char *path)
{
    struct ambit_handle files, file;
    bool read;

    if (ambit_capability("files", &files) != STATUS_OK ||
        ambit_open(files, path, &file) != STATUS_OK) {
        return false;
    }
    read = reads(file, path);
    must(ambit_delete(file));
    return read;
}

/*
 * A table that the clerk's newest file is in is the parent's. From a copy, it
 * can be opened. What is neither must at least lead to this child's own file.
 */
enum lattice_finding probe_files(const char *name, struct ambit_handle last)
{
    char late[NAME_BYTES];
    uint32_t live = 0;

    ambit_snprintf(late, sizeof late, "late-%s", name);
    if (reads(last, late)) {
        return LATTICE_IS_SHARED;
    }
    for (uint64_t i = 0; i < FILES_MAX * GENERATIONS; i++) {
        struct ambit_handle file =
            handle_at(i % FILES_MAX, i / FILES_MAX, FILES_TABLE);
        struct ambit_info info;

        if (ambit_inspect(file, &info) != STATUS_OK) {
            continue;
        }
        live++;
        if (reads(file, late)) {
            return LATTICE_IS_SHARED;
        }
    }
    if (can_open(late)) {
        return LATTICE_IS_COPY;
    }
    if (can_open("own.txt")) {
        return LATTICE_IS_OWN;
    }
    return live == 0 ? LATTICE_IS_NONE : LATTICE_IS_UNKNOWN;
}
