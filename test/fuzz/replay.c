/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands where libFuzzer's main would: runs a target once on each file that is
 * named and on each file of every folder that is named, in the order of their
 * names. An input that finds something ends the program by a signal; the last
 * line printed names it.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned inputs;

static int run(const char *path, int fd, size_t size)
{
    /* Exactly as large as the input, so that ASan sees a read past its end. */
    uint8_t *data = malloc(size ? size : 1);
    size_t have = 0;

    while (data && have < size) {
        ssize_t got = read(fd, data + have, size - have);

        if (got <= 0) {
            break;
        }
        have += (size_t)got;
    }
    if (!data || have != size) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        free(data);
        return -1;
    }
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(data, size);
    inputs++;
    free(data);
    return 0;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay(const char *path);

static int replay_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, visible, alphasort);
    int result = count < 0 ? -1 : 0;

    for (int i = 0; i < count; i++) {
        char *name;

        if (asprintf(&name, "%s/%s", path, entries[i]->d_name) < 0) {
            abort();
        }
        result |= replay(name);
        free(name);
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    return result;
}

static int replay(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    int result;

    if (fd < 0 || fstat(fd, &status) != 0) {
        perror(path);
        return -1;
    }
    if (S_ISDIR(status.st_mode)) {
        result = replay_folder(path);
    } else {
        result = run(path, fd, (size_t)status.st_size);
    }
    close(fd);
    return result;
}

int main(int argc, char **argv)
{
    int result = 0;

    for (int i = 1; i < argc; i++) {
        result |= replay(argv[i]);
    }
    printf("%u inputs\n", inputs);
    return result != 0 || inputs == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
