/* SPDX-License-Identifier: Apache-2.0 */
/* The config of a guest: lead, top, parent, clerk, children, two that quit. */
#include "boot.h"

#include <errno.h>
#include <string.h>

#define FIRST_CHILD 4u /* domains before the first child */

static void print_lead(const struct boot_guest *guest, FILE *out)
{
    fprintf(out,
            "  lead:\n    program: lattice\n    entry: lead_main\n"
            "    args: [\"%u\"]\n    slots: 276\n"
            "    compose: {quota: {new: 56MiB}}\n"
            "    holds:\n      clerk: {desk: call}\n"
            "      quit-parent: rwu\n      quit-top: rwu\n",
            guest->count);
    for (uint32_t i = 0; i < guest->count; i++) {
        fprintf(out, "      c%u: rwu\n", i);
    }
}

static void print_family(FILE *out)
{
    fprintf(out,
            "  top:\n    parent: lead\n    entry: keeper_main\n"
            "    args: [\"%u\"]\n    compose: {quota: {new: 52MiB}}\n"
            "  parent:\n    parent: top\n    entry: keeper_main\n"
            "    args: [\"%u\"]\n    heap: 48MiB\n"
            "    slots: {caps: 736, files: 138}\n"
            "    compose: {files: {new: {host: ./parent}}, "
            "quota: {new: 48MiB}}\n"
            "    holds: {mark: r}\n"
            "  clerk:\n    parent: parent\n    kind: thread\n"
            "    entry: clerk_main\n    holds: {clerk: {desk: serve}}\n",
            FIRST_CHILD, FIRST_CHILD);
}

/* A degree as a config has it: with what it needs beside its name. */
static const char *degree_text(uint32_t class, uint8_t degree)
{
    static const char *const described[PD_CLASS_COUNT][PD_DEGREE_COUNT] = {
        [PD_FILES] = {[PD_NEW] = "{new: {host: ./child}}"},
        [PD_QUOTA] = {[PD_PART] = "{part: 512KiB}", [PD_NEW] = "{new: 512KiB}"},
        [PD_POOL] = {[PD_NEW] = "{new: 768KiB}"},
    };
    const char *text = described[class][degree];

    return text ? text : pd_degree_name(degree);
}

static void print_child(const struct lattice_judgement *j, uint32_t index,
                        FILE *out)
{
    bool handled = j->predicted[LATTICE_FAULTS] != LATTICE_IS_NOBODY;

    fprintf(out,
            "  c%u:\n    parent: parent\n    entry: child_main\n"
            "    start: manual\n    heap: 64KiB\n"
            "    slots: {caps: 322, files: 46}\n",
            index);
    fputs(handled ? "    on_fault: handler\n    expect: {exit: 0}\n"
                  : "    expect: {exit: fault}\n",
          out);
    if (j->degree[PD_CAPS] != PD_NONE) {
        fputs("    holds: {clerk: {desk: call}}\n", out);
    }
    fputs("    compose:\n", out);
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        fprintf(out, "      %s: %s\n", pd_class_name(i),
                degree_text(i, j->degree[i]));
    }
}

static void print_config(const struct lattice_table *table,
                         const struct boot_guest *guest, FILE *out)
{
    fputs("ambit: 1\nmachine: {memory: 160MiB}\n"
          "ranges: {mark: {size: 4KiB}}\nendpoints: {desk: {}}\ndomains:\n",
          out);
    print_lead(guest, out);
    print_family(out);
    for (uint32_t i = 0; i < guest->count; i++) {
        print_child(&table->rows[guest->points[i]].judgement, i, out);
    }
    fputs("  quit-parent:\n    parent: parent\n    kind: thread\n"
          "    entry: quit_main\n    start: manual\n    on_fault: handler\n"
          "    compose: {handler: new}\n"
          "  quit-top:\n    parent: parent\n    kind: thread\n"
          "    entry: quit_main\n    start: manual\n    on_fault: handler\n",
          out);
}

int boot_config_write(const struct lattice_table *table,
                      const struct boot_guest *guest,
                      const struct boot_folder *folder, struct failure *failure)
{
    char path[BOOT_PATH];
    FILE *out;

    boot_path(folder, "guest-", guest->number, ".yaml", path);
    out = fopen(path, "we");
    if (out) {
        print_config(table, guest, out);
    }
    if (!out || fclose(out) != 0) {
        return failure_set(failure, EXIT_HOST, "cannot write %s: %s", path,
                           strerror(errno));
    }
    return 0;
}
