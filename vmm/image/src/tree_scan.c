/* SPDX-License-Identifier: Apache-2.0 */
/* One directory of a file tree: which entries it may have. */
#define _GNU_SOURCE
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Printable ASCII, or a byte of a longer UTF-8 sequence. */
static bool odd_byte(char byte)
{
    unsigned char c = (unsigned char)byte;

    return c < 0x20 || c == 0x7f || c == 0xc0 || c == 0xc1 || c > 0xf4;
}

/* A name as messages can show it: odd bytes become '?'. */
static void show_name(const char *name, char *out, size_t bytes)
{
    snprintf(out, bytes, "%s", name);
    for (char *c = out; *c != '\0'; c++) {
        if (odd_byte(*c)) {
            *c = '?';
        }
    }
}

static int judge_name(const char *name, const char *shown,
                      const struct sentence *why)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (odd_byte(*c)) {
            return image__say(why,
                              "'%s' has a byte 0x%02x in its name: rename "
                              "it",
                              shown, (unsigned char)*c);
        }
    }
    if (strlen(name) > TREE_NAME_MAX) {
        return image__say(why,
                          "'%s' has a name of more than %u bytes: rename "
                          "it",
                          shown, TREE_NAME_MAX);
    }
    return 0;
}

static const char *kind_name(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFLNK:
        return "a symbolic link, which is never followed";
    case S_IFIFO:
        return "a fifo";
    case S_IFSOCK:
        return "a socket";
    case S_IFCHR:
    case S_IFBLK:
        return "a device";
    default:
        return "neither a file nor a folder";
    }
}

static int judge_entry(struct trees *trees, const struct tree_node *parent,
                       const struct stat *status, const char *shown,
                       const struct sentence *why)
{
    if (S_ISDIR(status->st_mode)) {
        return parent->depth < TREE_DEPTH_MAX
                   ? 0
                   : image__say(why,
                                "'%s' is more than %u folders deep: move "
                                "it up",
                                shown, TREE_DEPTH_MAX);
    }
    if (!S_ISREG(status->st_mode)) {
        return image__say(why, "'%s' is %s: keep only files and folders there",
                          shown, kind_name(status->st_mode));
    }
    trees->bytes += image__pages((uint64_t)status->st_size) * ABI_PAGE_SIZE;
    if (trees->bytes > trees->bytes_limit) {
        return image__say(why,
                          "with '%s' the files are larger than the "
                          "machine's memory: remove some or raise "
                          "machine.memory",
                          shown);
    }
    return 0;
}

/* Adds the entry `name` of the directory open at `fd`. */
static int add_entry(struct trees *trees, uint32_t directory, int fd,
                     const char *name, const struct sentence *why)
{
    const struct tree_node *parent = &trees->nodes[directory];
    struct tree_node *node = &trees->nodes[trees->node_count];
    char path[TREE_SHOWN_MAX], last[NAME_MAX + 1],
        shown[TREE_SHOWN_MAX + NAME_MAX + 2];
    struct stat status;

    image__trees_path(trees, directory, path, sizeof(path));
    show_name(name, last, sizeof(last));
    snprintf(shown, sizeof(shown), "%s/%s", path, last);
    if (judge_name(name, shown, why) != 0) {
        return -1;
    }
    if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return image__say(why, "cannot look at '%s': %s", shown,
                          strerror(errno));
    }
    if (judge_entry(trees, parent, &status, shown, why) != 0) {
        return -1;
    }
    memset(node, 0, sizeof(*node));
    snprintf(node->name, sizeof(node->name), "%s", name);
    node->tree = parent->tree;
    node->parent = directory;
    node->depth = parent->depth + 1;
    node->directory = S_ISDIR(status.st_mode);
    node->program = SPEC_NONE;
    node->bytes = node->directory ? 0 : (uint64_t)status.st_size;
    trees->node_count++;
    return 0;
}

struct names {
    char **list;
    uint32_t count;
};

static void names_free(struct names *names)
{
    for (uint32_t i = 0; i < names->count; i++) {
        free(names->list[i]);
    }
    free(names->list);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in an open directory; more than there is room for is refused. */
static int read_names(struct trees *trees, uint32_t directory, DIR *stream,
                      struct names *names, const struct sentence *why)
{
    uint32_t room = SPEC_MAX_NODES - trees->node_count;
    char shown[TREE_SHOWN_MAX];
    const struct dirent *entry;

    image__trees_path(trees, directory, shown, sizeof(shown));
    names->list = calloc((size_t)room + 1, sizeof(*names->list));
    errno = names->list == NULL ? ENOMEM : 0;
    while (errno == 0 && (entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 ||
            strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (names->count == room) {
            return image__say(why,
                              "with '%s' there are more than %u files and "
                              "folders: remove some",
                              shown, SPEC_MAX_NODES);
        }
        names->list[names->count] = strdup(entry->d_name);
        names->count += names->list[names->count] != NULL;
    }
    if (errno != 0) {
        return image__say(why, "cannot read '%s': %s", shown, strerror(errno));
    }
    qsort(names->list, names->count, sizeof(*names->list), by_bytes);
    return 0;
}

int image__trees_scan(struct trees *trees, uint32_t directory,
                      const struct sentence *why)
{
    struct names names = {NULL, 0};
    int fd = image__trees_open(trees, directory, O_RDONLY | O_DIRECTORY, why);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    int result = -1;

    if (stream == NULL) {
        if (fd >= 0) {
            image__say(why, "cannot read a folder: %s", strerror(errno));
            close(fd);
        }
        return -1;
    }
    if (read_names(trees, directory, stream, &names, why) == 0) {
        result = 0;
        trees->nodes[directory].first = trees->node_count;
        trees->nodes[directory].count = names.count;
        for (uint32_t i = 0; i < names.count && result == 0; i++) {
            result = add_entry(trees, directory, fd, names.list[i], why);
        }
    }
    names_free(&names);
    closedir(stream);
    return result;
}
