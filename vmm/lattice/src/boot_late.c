/* SPDX-License-Identifier: Apache-2.0 */
/* Guests in which a domain composes the points at run time. */
#define _GNU_SOURCE
#include "boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char config[] =
    "ambit: 1\nmachine: {memory: 160MiB}\n"
    "ranges: {mark: {size: 4KiB}}\nendpoints: {desk: {}}\ndomains:\n"
    "  top:\n    program: lattice\n    entry: keeper_main\n"
    "    args: [\"4294967295\"]\n    compose: {quota: {new: 52MiB}}\n"
    "  parent:\n    parent: top\n    entry: maker_main\n"
    "    on_fault: handler\n    stack: 64KiB\n    heap: 64MiB\n"
    "    slots: {caps: 736, files: 138}\n"
    "    compose: {files: {new: {host: ./%s}}, quota: {new: 48MiB}}\n"
    "    holds: {mark: r, clerk: {desk: call}}\n    expect: {exit: 0}\n"
    "  clerk:\n    parent: parent\n    kind: thread\n    entry: clerk_main\n"
    "    holds: {clerk: {desk: serve}}\n";

static int write_config(const struct boot_guest *guest,
                        const struct boot_folder *folder)
{
    char path[BOOT_PATH], name[32];
    FILE *out;

    boot_path(folder, "guest-", guest->number, ".yaml", path);
    snprintf(name, sizeof(name), "files-%u", guest->number);
    out = fopen(path, "we");
    if (!out) {
        return -1;
    }
    fprintf(out, config, name);
    return fclose(out);
}

static void fill_records(const struct lattice_table *table,
                         const struct boot_guest *guest,
                         struct lattice_record *records)
{
    for (uint32_t i = 0; i < LATTICE_POINTS && guest->number == 0; i++) {
        const struct lattice_judgement *j = &table->rows[i].judgement;

        if (j->verdict != LATTICE_VALID) {
            records[i] =
                (struct lattice_record){.ask = LATTICE_REFUSE,
                                        .pd_class = (uint8_t)j->error.pd_class,
                                        .status = (uint8_t)j->error.status,
                                        .refusal = j->error.refusal};
        }
    }
    for (uint32_t i = 0; i < guest->count; i++) {
        uint32_t point = guest->points[i];

        records[point].ask = LATTICE_TRY;
        records[point].faults =
            table->rows[point].judgement.predicted[LATTICE_FAULTS];
    }
}

static int write_records(const struct lattice_table *table,
                         const struct boot_guest *guest, const char *path)
{
    struct lattice_record *records = calloc(LATTICE_POINTS, sizeof(*records));
    FILE *out = records ? fopen(path, "we") : NULL;
    size_t written = 0;

    if (out) {
        fill_records(table, guest, records);
        written = fwrite(records, sizeof(*records), LATTICE_POINTS, out);
    }
    free(records);
    return out && fclose(out) == 0 && written == LATTICE_POINTS ? 0 : -1;
}

int boot_late_write(const struct lattice_table *table,
                    const struct boot_guest *guest,
                    const struct boot_folder *folder, struct failure *failure)
{
    char path[BOOT_PATH], name[BOOT_PATH];

    boot_path(folder, "files-", guest->number, "", path);
    if (boot_folder_add(path) == 0) {
        snprintf(name, sizeof(name), "%.490s/points", path);
        if (write_records(table, guest, name) == 0 &&
            write_config(guest, folder) == 0) {
            return 0;
        }
    }
    return failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                       strerror(errno));
}

/* A table of files that is made at run time is empty: that cannot be told from
 * none. */
static void read_found(struct lattice_row *row, const char *letters)
{
    for (uint32_t i = 0; i < LATTICE_PROBES && letters[i]; i++) {
        row->found[i] = (uint8_t)lattice_finding_of(letters[i]);
    }
    if (row->judgement.degree[PD_FILES] == PD_NEW &&
        row->found[LATTICE_FILES] == LATTICE_IS_NONE) {
        row->found[LATTICE_FILES] = LATTICE_IS_OWN;
    }
    row->tried =
        memcmp(row->found, row->judgement.predicted, LATTICE_PROBES) == 0
            ? LATTICE_MET
            : LATTICE_MISMATCH;
}

static void read_line(struct lattice_table *table, const char *line)
{
    unsigned point, status, class, refusal;
    char letters[LATTICE_PROBES + 1];
    _Static_assert(LATTICE_PROBES == 9, "as below");

    if (sscanf(line, "P %u %9s", &point, letters) == 2 &&
        point < LATTICE_POINTS) {
        read_found(&table->rows[point], letters);
    } else if (sscanf(line, "%*[RN] %u %u %u %u", &point, &status, &class,
                      &refusal) == 4 &&
               point < LATTICE_POINTS) {
        struct lattice_row *row = &table->rows[point];

        snprintf(row->note, sizeof(row->note), "status %u, class %.12s, %u",
                 status, pd_class_name(class), refusal);
        row->tried = LATTICE_MISMATCH;
    }
}

/* The last line must account for all that was asked. */
static bool read_done(struct lattice_table *table,
                      const struct boot_guest *guest, const char *line)
{
    unsigned refused, tried, wrong, leaks;

    if (sscanf(line, "done: %u refused, %u tried, %u wrong, %u leaks", &refused,
               &tried, &wrong, &leaks) != 4 ||
        tried != guest->count) {
        return false;
    }
    table->refused_tried += refused;
    table->refused_wrong += wrong;
    table->leaks += leaks;
    return true;
}

void boot_late_read(struct lattice_table *table, const struct boot_guest *guest,
                    const struct boot_folder *folder)
{
    static const char prefix[] = "parent| ";
    char path[BOOT_PATH], line[256];
    bool done = false;
    FILE *log;

    boot_path(folder, "guest-", guest->number, ".log", path);
    log = fopen(path, "re");
    while (log && fgets(line, sizeof(line), log)) {
        if (strncmp(line, prefix, sizeof(prefix) - 1) == 0) {
            read_line(table, line + sizeof(prefix) - 1);
            done = read_done(table, guest, line + sizeof(prefix) - 1) || done;
        }
    }
    if (log) {
        fclose(log);
    }
    for (uint32_t i = 0; i < guest->count; i++) {
        struct lattice_row *row = &table->rows[guest->points[i]];

        if (!done || row->tried == LATTICE_NOT_TRIED) {
            row->tried = LATTICE_MISMATCH;
            snprintf(row->note, sizeof(row->note), "its guest told no result");
        }
        table->tried++;
        table->mismatches += row->tried == LATTICE_MISMATCH;
    }
}
