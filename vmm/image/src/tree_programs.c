/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the trees that are programs: a domain that holds one with exec may
 * compose another from it. It begins in the function main; an ELF file without
 * that, or one that `program:` would refuse, is a file like any other.
 */
#include "parts.h"

#include <fcntl.h>
#include <unistd.h>

struct mark image__tree_mark(const struct making *making, uint32_t tree)
{
    for (uint32_t i = 0; i < making->config->domain_count; i++) {
        if (making->tree_of[i] == tree) {
            return making->config->domains[i].classes[PD_FILES].host.mark;
        }
    }
    return making->config->memory_mark.mark;
}

static int find_program(struct making *making, uint32_t index,
                        const struct sentence *why)
{
    struct tree_node *node = &making->trees.nodes[index];
    char shown[TREE_SHOWN_MAX];
    int fd = image__trees_open(&making->trees, index, O_RDONLY, why);
    int result;

    if (fd < 0) {
        return -1;
    }
    image__trees_path(&making->trees, index, shown, sizeof(shown));
    result = image__file_program(making, fd, shown, &node->program, why);
    close(fd);
    if (result == 0 && node->program != SPEC_NONE &&
        program_function(&making->image->programs[node->program], "main",
                         &node->entry) != 0) {
        node->program = SPEC_NONE; /* a domain's, with other entries */
    }
    return result;
}

int image__find_files(struct making *making)
{
    char text[240];
    const struct sentence why = {text, sizeof(text)};

    for (uint32_t i = 0; i < making->trees.node_count; i++) {
        if (!making->trees.nodes[i].directory &&
            find_program(making, i, &why) != 0) {
            diagnostics_add(
                making->diagnostics,
                image__tree_mark(making, making->trees.nodes[i].tree), "%s",
                text);
        }
    }
    return 0;
}
