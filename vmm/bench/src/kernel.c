/* SPDX-License-Identifier: Apache-2.0 */
/* Which Linux kernel the peers run on under QEMU. */
#define _GNU_SOURCE
#include "peers.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#define BOOT "/boot"
#define MAGIC_OFFSET 0x202 /* "HdrS": Linux, Documentation/x86/boot.rst */
#define REMEDY                                                                 \
    "give one with --linux FILE: apt-get download linux-image-cloud-amd64's "  \
    "package, dpkg -x it, boot/vmlinuz-* (docs/bench.md)"

static bool is_kernel(const char *path, struct bench_site *site)
{
    FILE *file = fopen(path, "re");
    char magic[4] = "";
    bool read = false;

    if (!file) {
        snprintf(site->reason, sizeof(site->reason),
                 "the kernel %.120s cannot be read: %s", path, strerror(errno));
        return false;
    }
    read = fseek(file, MAGIC_OFFSET, SEEK_SET) == 0 &&
           fread(magic, 1, sizeof(magic), file) == sizeof(magic);
    fclose(file);
    if (!read || memcmp(magic, "HdrS", sizeof(magic)) != 0) {
        snprintf(site->reason, sizeof(site->reason),
                 "%.120s is no Linux kernel (bzImage)", path);
        return false;
    }
    return true;
}

/* The last by version of what is installed. */
static bool installed(char path[FOLDER_PATH])
{
    DIR *folder = opendir(BOOT);
    const struct dirent *entry;
    char best[256] = "";

    while (folder && (entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, "vmlinuz-", 8) == 0 &&
            strverscmp(entry->d_name, best) > 0) {
            snprintf(best, sizeof(best), "%.255s", entry->d_name);
        }
    }
    if (folder) {
        closedir(folder);
    }
    snprintf(path, FOLDER_PATH, BOOT "/%s", best);
    return *best;
}

int peers_kernel(const char *asked, char path[FOLDER_PATH],
                 struct bench_site *site)
{
    snprintf(site->remedy, sizeof(site->remedy), REMEDY);
    if (asked) {
        snprintf(path, FOLDER_PATH, "%.500s", asked);
    } else if (!installed(path)) {
        snprintf(site->reason, sizeof(site->reason),
                 "no Linux kernel to boot: there is no " BOOT "/vmlinuz-*");
        return -1;
    }
    if (!is_kernel(path, site)) {
        return -1;
    }
    *site->remedy = '\0';
    return 0;
}
