/* SPDX-License-Identifier: Apache-2.0 */
/* Guests that try points: what the parts of booting share. */
#ifndef LATTICE_BOOT_H
#define LATTICE_BOOT_H

#include <lattice/lattice.h>
#include <sys/types.h>

/* A domain holds 48 capabilities of a config; the lead holds each child, the
 * two that end its keepers, and a desk. */
_Static_assert(LATTICE_POINTS * 8 < 1u << 20, "points fit a file");
#define BOOT_CHILDREN 44u
/* A parent that composes them itself makes one after the other. Its heap grows
 * with some of them, which leaves less of its quota for the later ones. */
#define BOOT_LATE 60u
#define BOOT_PATH 512u

/* One guest: a parent and a child for each of its points. */
struct boot_guest {
    uint32_t points[BOOT_LATE];
    uint32_t count;
    uint32_t number;
    pid_t pid; /* 0: not running */
    bool done;
    int status; /* of wait(2) */
};

/* A folder that all guests share, and what is in it. */
struct boot_folder {
    char path[BOOT_PATH];
};

/* Makes the folder with the files that children look for. 0 or -1. */
int boot_folder_make(struct boot_folder *folder, struct failure *failure);
/* Another folder, for one guest, with the file that its child looks for. */
int boot_folder_add(const char *path);
void boot_folder_remove(const struct boot_folder *folder);
/* "<folder>/<stem><number><end>" */
void boot_path(const struct boot_folder *folder, const char *stem,
               uint32_t number, const char *end, char out[BOOT_PATH]);

/* Writes a guest's config. 0 or -1. */
int boot_config_write(const struct lattice_table *table,
                      const struct boot_guest *guest,
                      const struct boot_folder *folder,
                      struct failure *failure);

/* The same for a guest that composes its points at run time, with the file that
 * says what to do with each; the first guest is asked for the refused ones. */
int boot_late_write(const struct lattice_table *table,
                    const struct boot_guest *guest,
                    const struct boot_folder *folder, struct failure *failure);
/* Reads what such a guest printed into the table's rows. */
void boot_late_read(struct lattice_table *table, const struct boot_guest *guest,
                    const struct boot_folder *folder);

/* Starts `ambit run` for a guest. 0 or -1. */
int boot_start(struct boot_guest *guest, const struct boot_folder *folder,
               const char *program, const struct lattice_boot *boot,
               struct failure *failure);

/* Reads what an ended guest found into the table's rows. Returns its exit
 * code; *failure when that is not EXIT_MET, with what it printed last. */
int boot_read(struct lattice_table *table, const struct boot_guest *guest,
              const struct boot_folder *folder, bool late,
              struct failure *failure);

#endif
