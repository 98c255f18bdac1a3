/* SPDX-License-Identifier: Apache-2.0 */
/* The configs that operands name: files, and folders with all beneath them. */
#define _GNU_SOURCE
#include "suite_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 32

static int no_memory(struct failure *failure)
{
    return failure_set(failure, EXIT_HOST, "out of memory");
}

/* Bytes before .yaml or .yml, or 0. */
static size_t stem(const char *name)
{
    static const char *const ends[] = {".yaml", ".yml"};
    size_t bytes = strlen(name);

    for (size_t i = 0; i < 2; i++) {
        size_t end = strlen(ends[i]);

        if (bytes > end && strcmp(name + bytes - end, ends[i]) == 0) {
            return bytes - end;
        }
    }
    return 0;
}

static bool grow(struct suite_files *files)
{
    size_t room = files->room ? files->room * 2 : 64;
    struct suite_file *list;

    if (files->count < files->room) {
        return true;
    }
    list = reallocarray(files->list, room, sizeof(*list));
    if (!list) {
        return false;
    }
    files->list = list;
    files->room = room;
    return true;
}

/* `name`: with its ending. */
static int add_file(struct suite_files *files, const char *path,
                    const char *name, struct failure *failure)
{
    struct suite_file *file;
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) : 0;
    size_t bytes = stem(name);

    if (files->count == SUITE_FILES_MAX) {
        failure_set(failure, EXIT_USAGE, "more than %u configs",
                    SUITE_FILES_MAX);
        failure_remedy(failure, "name fewer folders at once");
        return -1;
    }
    if (!grow(files)) {
        return no_memory(failure);
    }
    file = &files->list[files->count++];
    memset(file, 0, sizeof(*file));
    file->path = strdup(path);
    file->name = strndup(name, bytes ? bytes : strlen(name));
    file->folder = folder ? suite__printable(path, folder, false) : strdup(".");
    return file->path && file->name && file->folder ? 0 : no_memory(failure);
}

static int refuse(const char *path, int error, struct failure *failure)
{
    char *shown = suite__printable(path, strlen(path), false);

    failure_set(failure, EXIT_USAGE, "cannot read %s: %s",
                shown ? shown : "a folder", strerror(error));
    failure_remedy(failure, "check the name and its permissions");
    free(shown);
    return -1;
}

static int add_folder(struct suite_files *files, const char *path, size_t root,
                      int depth, struct failure *failure);

static int add_entry(struct suite_files *files, const char *folder,
                     const char *name, size_t root, int depth,
                     struct failure *failure)
{
    struct stat status;
    char *path;
    int rc = 0;

    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        return no_memory(failure);
    }
    /* Links to files are followed, those to folders could lead in a circle. */
    if (lstat(path, &status) < 0) {
        rc = errno == ENOENT ? 0 : refuse(path, errno, failure);
    } else if (S_ISDIR(status.st_mode)) {
        rc = add_folder(files, path, root, depth + 1, failure);
    } else if (stem(name) && stat(path, &status) == 0 &&
               S_ISREG(status.st_mode)) {
        rc = add_file(files, path, path + root + 1, failure);
    }
    free(path);
    return rc;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* `root`: bytes of the operand at the start of `path`. */
static int add_folder(struct suite_files *files, const char *path, size_t root,
                      int depth, struct failure *failure)
{
    struct dirent **entries;
    int count, rc = 0;

    if (depth == DEPTH_MAX) {
        return refuse(path, ELOOP, failure);
    }
    count = scandir(path, &entries, visible, NULL);
    if (count < 0) {
        return refuse(path, errno, failure);
    }
    for (int i = 0; i < count; i++) {
        if (rc == 0) {
            rc = add_entry(files, path, entries[i]->d_name, root, depth,
                           failure);
        }
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static int add_operand(struct suite_files *files, const char *operand,
                       struct failure *failure)
{
    const char *slash = strrchr(operand, '/');
    size_t bytes = strlen(operand);
    struct stat status;
    char *path;
    int rc;

    if (strcmp(operand, "-") == 0) {
        failure_set(failure, EXIT_USAGE, "test reads no standard input");
        failure_remedy(failure, "name a file or folder");
        return -1;
    }
    if (stat(operand, &status) < 0) {
        return refuse(operand, errno, failure);
    }
    if (!S_ISDIR(status.st_mode)) {
        return add_file(files, operand, slash ? slash + 1 : operand, failure);
    }
    while (bytes > 1 && operand[bytes - 1] == '/') {
        bytes--;
    }
    path = strndup(operand, bytes);
    if (!path) {
        return no_memory(failure);
    }
    rc = add_folder(files, path, bytes, 0, failure);
    free(path);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    const struct suite_file *one = a, *other = b;

    return strcmp(one->name, other->name);
}

/* Names stand for tests in reports, and for files in --results. */
static int check_twins(const struct suite_files *files, struct failure *failure)
{
    for (size_t i = 1; i < files->count; i++) {
        const struct suite_file *file = &files->list[i];

        if (strcmp(file->name, file[-1].name) == 0) {
            failure_set(failure, EXIT_USAGE,
                        "two tests have the same name: %.400s and %.400s",
                        file[-1].path, file->path);
            failure_remedy(failure, "name a folder that both are in, or test "
                                    "them one after the other");
            return -1;
        }
    }
    return 0;
}

int suite__collect(const struct suite_options *options,
                   struct suite_files *files, struct failure *failure)
{
    memset(files, 0, sizeof(*files));
    for (int i = 0; i < options->operand_count; i++) {
        if (add_operand(files, options->operands[i], failure) < 0) {
            return -1;
        }
    }
    if (files->count == 0) {
        failure_set(failure, EXIT_USAGE, "no *.yaml in %s%s",
                    options->operands[0],
                    options->operand_count > 1 ? " and the others" : "");
        failure_remedy(failure, "no tests are no pass: name a folder with "
                                "configs");
        return -1;
    }
    qsort(files->list, files->count, sizeof(*files->list), by_name);
    return check_twins(files, failure);
}

void suite__files_free(struct suite_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->list[i].path);
        free(files->list[i].name);
        free(files->list[i].folder);
        free(files->list[i].refused);
        config_free(files->list[i].config);
    }
    free(files->list);
    memset(files, 0, sizeof(*files));
}
