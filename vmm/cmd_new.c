/* SPDX-License-Identifier: Apache-2.0 */
/* A starter experiment: the files of vmm/templates/experiment, in a folder. */
#define _GNU_SOURCE
#include "command.h"
#include "run.h"

#include <dirent.h>
#include <embedded.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 1: nothing in it; 0: something; -1: errno says why nobody knows. */
static int is_empty(const char *folder)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    int empty = 1;

    if (!stream) {
        return -1;
    }
    while ((entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 &&
            strcmp(entry->d_name, "..") != 0) {
            empty = 0;
        }
    }
    closedir(stream);
    return empty;
}

/* Makes the folder, or takes one that is empty. */
static int take_folder(const char *folder, struct failure *failure)
{
    int empty;

    if (mkdir(folder, 0777) == 0) {
        return 0;
    }
    if (errno == EEXIST) {
        empty = is_empty(folder);
        if (empty == 1) {
            return 0;
        }
        failure_set(failure, EXIT_USAGE, "%s: %s", folder,
                    empty == 0 ? "is not empty" : strerror(errno));
        failure_remedy(failure, "name a folder that is new or empty");
        return -1;
    }
    failure_set(failure, EXIT_HOST, "cannot make %s: %s", folder,
                strerror(errno));
    return -1;
}

static bool write_all(int fd, const unsigned char *at, size_t bytes)
{
    while (bytes) {
        ssize_t done = write(fd, at, bytes);

        if (done < 0 && errno != EINTR) {
            return false;
        }
        at += done > 0 ? done : 0;
        bytes -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

/* O_EXCL: what somebody else put there meanwhile stays as it is. */
static int write_file(int folder, const struct embedded_file *file,
                      struct failure *failure)
{
    int fd = openat(folder, file->name,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool good = fd >= 0 &&
                write_all(fd, file->bytes, (size_t)(file->end - file->bytes));
    int error = errno;

    if (fd >= 0 && close(fd) < 0 && good) {
        good = false;
        error = errno;
    }
    if (fd >= 0 && !good) {
        unlinkat(folder, file->name, 0);
    }
    return good ? 0
                : failure_set(failure, EXIT_HOST, "cannot write %s: %s",
                              file->name, strerror(error));
}

/* What was written before `last` goes again. */
static void undo(int folder, const struct embedded_file *last)
{
    for (const struct embedded_file *file = embedded_templates; file != last;
         file++) {
        unlinkat(folder, file->name, 0);
    }
}

static int write_files(const char *path, struct failure *failure)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = 0;

    if (folder < 0) {
        return failure_set(failure, EXIT_HOST, "cannot open %s: %s", path,
                           strerror(errno));
    }
    for (const struct embedded_file *file = embedded_templates;
         file->name && result == 0; file++) {
        result = write_file(folder, file, failure);
        if (result < 0) {
            undo(folder, file);
        }
    }
    close(folder);
    return result;
}

int cmd_new(const struct options *options)
{
    const char *folder = options->config;
    struct failure failure = {0};

    if (take_folder(folder, &failure) < 0 ||
        write_files(folder, &failure) < 0) {
        return run_say_failure(&failure);
    }
    printf("%s has a config, a program and a Makefile. Next:\n"
           "  cd %s && make && ambit run experiment.yaml\n",
           folder, folder);
    return EXIT_MET;
}
