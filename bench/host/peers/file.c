/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file that is in memory. */
#define _GNU_SOURCE
#include "peers.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define SMALL 64u
#define PAGE 4096u

static char buffer[PAGE];

static void read_some(int fd, size_t bytes)
{
    MUST(pread(fd, buffer, bytes, 0) == (ssize_t)bytes);
}

static const char *reads(struct peers *peers, size_t bytes)
{
    int fd = memfd_create("bench", MFD_CLOEXEC);

    if (fd < 0) {
        return "this kernel lets us have no file in memory";
    }
    MUST(write(fd, buffer, PAGE) == PAGE);
    SAMPLES(peers, read_some(fd, bytes));
    MUST(close(fd) == 0);
    return NULL;
}

static const char *small_reads(struct peers *peers)
{
    return reads(peers, SMALL);
}

static const char *page_reads(struct peers *peers)
{
    return reads(peers, PAGE);
}

static void open_once(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    MUST(fd >= 0 && close(fd) == 0);
}

/* In a folder in memory: /dev/shm, or the root of a machine without. */
static const char *opens(struct peers *peers)
{
    char shared[] = "/dev/shm/ambit-XXXXXX", root[] = "/ambit-XXXXXX";
    char *where = access("/dev/shm", W_OK) == 0 ? shared : root;
    int fd = mkstemp(where);

    if (fd < 0) {
        return "no folder in memory to open a file in";
    }
    MUST(close(fd) == 0);
    SAMPLES(peers, open_once(where));
    MUST(unlink(where) == 0);
    return NULL;
}

const struct peer peers_file[] = {
    {"file-read", "pread-64", 1, small_reads},
    {"file-read", "pread-4096", 1, page_reads},
    {"file-read", "open-close", 1, opens},
    {NULL, NULL, 0, NULL},
};
