/* SPDX-License-Identifier: Apache-2.0 */
/* Where each domain's files begin: at the root of a tree, or at a folder of
 * what its parent has (`files: {part: {dir: PATH}}`). */
#include "parts.h"

#include <string.h>

static uint32_t child_named(const struct trees *trees, uint32_t directory,
                            const char *name, size_t bytes)
{
    const struct tree_node *node = &trees->nodes[directory];

    for (uint32_t i = 0; node->directory && i < node->count; i++) {
        const char *text = trees->nodes[node->first + i].name;

        if (strlen(text) == bytes && memcmp(text, name, bytes) == 0) {
            return node->first + i;
        }
    }
    return SPEC_NONE;
}

/* Dots and double slashes, which a config's paths may have, mean nothing. */
static uint32_t walk(const struct trees *trees, uint32_t node, const char *path)
{
    while (*path != '\0' && node != SPEC_NONE) {
        size_t bytes = strcspn(path, "/");

        if (bytes != 0 && !(bytes == 1 && *path == '.')) {
            node = child_named(trees, node, path, bytes);
        }
        path += bytes + (path[bytes] == '/');
    }
    return node != SPEC_NONE && trees->nodes[node].directory ? node : SPEC_NONE;
}

static void find_folder(struct making *making, uint32_t index)
{
    const struct config_domain *domain = &making->config->domains[index];
    const struct config_degree *files = &domain->classes[PD_FILES];
    uint32_t parent = domain->parent == SPEC_NONE
                          ? SPEC_NONE
                          : making->root_of[domain->parent];
    uint32_t *root = &making->root_of[index];

    *root = SPEC_NONE;
    if (files->degree == PD_NEW && making->tree_of[index] != SPEC_NONE) {
        *root = making->trees.list[making->tree_of[index]].root;
    } else if (files->degree == PD_SAME || files->degree == PD_PART) {
        *root = parent;
    }
    if (files->degree != PD_PART || files->dir.text == NULL) {
        return;
    }
    *root = parent == SPEC_NONE ? SPEC_NONE
                                : walk(&making->trees, parent, files->dir.text);
    making->part_of[index] = *root != SPEC_NONE;
    if (*root == SPEC_NONE) {
        diagnostics_add(making->diagnostics,
                        image__mark(files->dir.mark, domain->name.mark),
                        "the files of %s have no folder '%s'",
                        domain->parent == SPEC_NONE
                            ? "the root domain"
                            : making->config->domains[domain->parent].name.text,
                        files->dir.text);
    }
}

/* Parents come before their children. */
int image__find_folders(struct making *making)
{
    for (uint32_t i = 0; i < making->config->domain_count; i++) {
        find_folder(making, i);
    }
    return 0;
}
