/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File trees: what lies beneath a host folder, as nodes in breadth-first
 * order, so that the children of a directory are consecutive and follow it.
 * Names are sorted by their bytes: the same folder gives the same nodes.
 */
#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

int image__trees_open(const struct trees *trees, uint32_t node, int flags,
                      const struct sentence *why)
{
    uint32_t nodes[TREE_DEPTH_MAX + 1];
    uint32_t depth = chain(trees, node, nodes);
    int root = trees->list[trees->nodes[node].tree].fd;
    char shown[TREE_SHOWN_MAX];
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
    root->program = SPEC_NONE;
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
        if (trees->nodes[i].directory &&
            image__trees_scan(trees, i, why) != 0) {
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
    int fd = image__trees_open(trees, node, O_RDONLY, why);
    char shown[TREE_SHOWN_MAX];
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
