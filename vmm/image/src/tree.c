/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File trees: what lies beneath a host folder, as nodes in breadth-first
 * order, so that the children of a directory are consecutive and follow it.
 * Names are sorted by their bytes: the same folder gives the same nodes.
 */
#define _GNU_SOURCE
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_MAX 160u

int image__trees_init(struct trees *trees, uint64_t bytes_limit)
{
    memset(trees, 0, sizeof(*trees));
    trees->bytes_limit = bytes_limit;
    trees->nodes = calloc(SPEC_MAX_NODES, sizeof(*trees->nodes));
    return trees->nodes == NULL ? -1 : 0;
}

void image__trees_free(struct trees *trees)
{
    for (uint32_t i = 0; i < trees->count; i++) {
        close(trees->list[i].fd);
    }
    free(trees->nodes);
    memset(trees, 0, sizeof(*trees));
}

/* Ancestors of a node below its root, nearest last; returns how many, the node
 * itself included. */
static uint32_t chain(const struct trees *trees, uint32_t node,
                      uint32_t out[TREE_DEPTH_MAX + 1])
{
    uint32_t depth = trees->nodes[node].depth;

    for (uint32_t i = depth; i > 0; i--) {
        out[i - 1] = node;
        node = trees->nodes[node].parent;
    }
    return depth;
}

void image__trees_path(const struct trees *trees, uint32_t node, char *out,
                       size_t bytes)
{
    uint32_t nodes[TREE_DEPTH_MAX + 1];
    uint32_t depth = chain(trees, node, nodes);
    size_t used;

    snprintf(out, bytes, "%s", trees->list[trees->nodes[node].tree].name);
    for (uint32_t i = 0; i < depth; i++) {
        used = strlen(out);
        snprintf(out + used, bytes - used, "/%s", trees->nodes[nodes[i]].name);
    }
}

/* Opens a node, name by name from the tree's root. */
static int open_node(const struct trees *trees, uint32_t node, int flags,
                     const struct sentence *why)
{
    uint32_t nodes[TREE_DEPTH_MAX + 1];
    uint32_t depth = chain(trees, node, nodes);
    int root = trees->list[trees->nodes[node].tree].fd;
    char shown[SHOWN_MAX];
    int at = root;

    image__trees_path(trees, node, shown, sizeof(shown));
    if (depth == 0) {
        return image__open_name(root, ".", flags, shown, why);
    }
    for (uint32_t i = 0; i < depth && at >= 0; i++) {
        int want = i + 1 < depth ? O_PATH | O_DIRECTORY : flags;
        int fd =
            image__open_name(at, trees->nodes[nodes[i]].name, want, shown, why);

        if (at != root) {
            close(at);
        }
        at = fd;
    }
    return at;
}

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
    char path[SHOWN_MAX], last[NAME_MAX + 1], shown[SHOWN_MAX + NAME_MAX + 2];
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
    char shown[SHOWN_MAX];
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

/* Adds the children of one directory. */
static int scan(struct trees *trees, uint32_t directory,
                const struct sentence *why)
{
    struct names names = {NULL, 0};
    int fd = open_node(trees, directory, O_RDONLY | O_DIRECTORY, why);
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

static bool find_tree(const struct trees *trees, const struct stat *status,
                      uint32_t *index)
{
    for (uint32_t i = 0; i < trees->count; i++) {
        if (trees->list[i].device == status->st_dev &&
            trees->list[i].inode == status->st_ino) {
            *index = i;
            return true;
        }
    }
    return false;
}

static int add_root(struct trees *trees, const char *name, int fd,
                    const struct stat *status, const struct sentence *why)
{
    struct tree *tree = &trees->list[trees->count];
    struct tree_node *root = &trees->nodes[trees->node_count];

    if (trees->count == SPEC_MAX_TREES || trees->node_count == SPEC_MAX_NODES) {
        return image__say(why,
                          "'%s' is one folder or file too many: at most "
                          "%u folders with %u files together",
                          name, SPEC_MAX_TREES, SPEC_MAX_NODES);
    }
    tree->name = name;
    tree->fd = fd;
    tree->device = status->st_dev;
    tree->inode = status->st_ino;
    tree->root = trees->node_count;
    memset(root, 0, sizeof(*root));
    root->tree = trees->count;
    root->parent = SPEC_NONE;
    root->directory = true;
    trees->count++;
    trees->node_count++;
    return 0;
}

/* On error the tree stays, empty: the next one has its room, and the same
 * folder is not complained about twice. */
static int scan_all(struct trees *trees, uint32_t root,
                    const struct sentence *why)
{
    uint64_t bytes = trees->bytes;

    for (uint32_t i = root; i < trees->node_count; i++) {
        if (trees->nodes[i].directory && scan(trees, i, why) != 0) {
            trees->node_count = root + 1;
            trees->nodes[root].count = 0;
            trees->bytes = bytes;
            return -1;
        }
    }
    return 0;
}

int image__trees_add(struct trees *trees, int base, const char *name,
                     uint32_t *index, const struct sentence *why)
{
    int fd = image__open_beneath(base, name, O_RDONLY | O_DIRECTORY, why);
    struct stat status;

    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &status) != 0) {
        image__say(why, "cannot look at '%s': %s", name, strerror(errno));
        close(fd);
        return -1;
    }
    if (find_tree(trees, &status, index)) {
        close(fd);
        return 0;
    }
    if (add_root(trees, name, fd, &status, why) != 0) {
        close(fd);
        return -1;
    }
    *index = trees->count - 1;
    return scan_all(trees, trees->list[*index].root, why);
}

int image__trees_read(const struct trees *trees, uint32_t node, uint8_t *to,
                      const struct sentence *why)
{
    const struct tree_node *file = &trees->nodes[node];
    int fd = open_node(trees, node, O_RDONLY, why);
    char shown[SHOWN_MAX];
    struct stat status;
    int result;

    if (fd < 0) {
        return -1;
    }
    image__trees_path(trees, node, shown, sizeof(shown));
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
        (uint64_t)status.st_size != file->bytes) {
        result =
            image__say(why, "'%s' changed while it was read: try again", shown);
    } else {
        result = image__read_all(fd, to, file->bytes, shown, why);
    }
    close(fd);
    return result;
}
