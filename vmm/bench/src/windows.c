/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of samples, one line each. */
#define _GNU_SOURCE
#include "privileged.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct windows {
    double (*counts)[BENCH_PRIVILEGED];
    uint32_t count, room, next;
    bool missed; /* asked for more than there are */
};

static bool parse(const char *line, double counts[BENCH_PRIVILEGED])
{
    for (unsigned i = 0; i < BENCH_PRIVILEGED; i++) {
        char *end;

        errno = 0;
        counts[i] = (double)strtoull(line, &end, 10);
        if (end == line || errno) {
            return false;
        }
        line = end;
    }
    return *line == '\n' && line[1] == '\0';
}

static bool add(struct windows *windows, const char *line)
{
    if (windows->count == windows->room) {
        uint32_t room = windows->room ? 2 * windows->room : 256;
        void *counts =
            reallocarray(windows->counts, room, sizeof(*windows->counts));

        if (!counts) {
            return false;
        }
        windows->counts = counts;
        windows->room = room;
    }
    return parse(line, windows->counts[windows->count++]);
}

struct windows *windows_read(const char *path, const char **reason)
{
    struct windows *windows = calloc(1, sizeof(*windows));
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    bool good = windows && file;

    while (good && getline(&line, &room, file) >= 0) {
        good = add(windows, line);
    }
    free(line);
    if (file) {
        fclose(file);
    }
    if (!good) {
        *reason = file ? "what QEMU's plugin wrote is not whole"
                       : "QEMU's plugin wrote nothing";
        windows_free(windows);
        return NULL;
    }
    return windows;
}

void windows_free(struct windows *windows)
{
    if (windows) {
        free(windows->counts);
        free(windows);
    }
}

const double *windows_next(struct windows *windows)
{
    if (windows->next == windows->count) {
        windows->missed = true;
        return NULL;
    }
    return windows->counts[windows->next++];
}

bool windows_whole(const struct windows *windows)
{
    return !windows->missed && windows->next == windows->count;
}
