/* SPDX-License-Identifier: Apache-2.0 */
/* From a config to an image, step by step. */
#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int image__no_memory(struct failure *failure)
{
    failure_set(failure, EXIT_HOST, "the host has no memory for the image");
    failure_remedy(failure, "free some, or give the machine less");
    return -1;
}

struct mark image__mark(struct mark first, struct mark second)
{
    return first.line != 0 || first.column != 0 ? first : second;
}

static int begin(struct making *making)
{
    const struct config *config = making->config;
    const char *folder = config->folder ? config->folder : ".";

    making->folder = -1;
    making->image = calloc(1, sizeof(*making->image));
    making->draft = calloc(1, sizeof(*making->draft));
    if (making->image == NULL || making->draft == NULL ||
        image__strings_init(&making->draft->strings) != 0 ||
        image__trees_init(&making->trees, config->memory_bytes) != 0) {
        return image__no_memory(making->failure);
    }
    making->image->programs =
        calloc(SPEC_MAX_PROGRAMS, sizeof(*making->image->programs));
    if (making->image->programs == NULL) {
        return image__no_memory(making->failure);
    }
    making->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (making->folder < 0) {
        failure_set(making->failure, EXIT_HOST,
                    "cannot open the folder '%s': "
                    "%s",
                    folder, strerror(errno));
        return -1;
    }
    return 0;
}

static void find_tree(struct making *making, uint32_t index)
{
    const struct config_domain *domain = &making->config->domains[index];
    const struct config_degree *files = &domain->classes[PD_FILES];
    char text[240];
    struct sentence why = {text, sizeof(text)};

    making->tree_of[index] = SPEC_NONE;
    if (files->degree == PD_NEW && files->host.text != NULL &&
        image__trees_add(&making->trees, making->folder, files->host.text,
                         &making->tree_of[index], &why) != 0) {
        diagnostics_add(making->diagnostics,
                        image__mark(files->host.mark, domain->name.mark), "%s",
                        text);
    }
}

int image__find_trees(struct making *making)
{
    for (uint32_t i = 0; i < making->config->domain_count; i++) {
        find_tree(making, i);
    }
    return 0;
}

/* Each step reports all it finds; none begins after one that found errors. */
static int make(struct making *making)
{
    static int (*const find[])(struct making *) = {
        image__find_programs, image__find_entries, image__find_trees,
        image__find_folders, image__find_files};
    static int (*const pack[])(struct making *) = {
        image__draft, image__layout, image__write, image__validate,
        image__check_memory};
    uint32_t before = making->diagnostics->count;

    if (making->config->domain_count > SPEC_MAX_DOMAINS) {
        struct mark mark = {making->config->path, 0, 0};

        diagnostics_add(making->diagnostics, mark,
                        "%u domains are too many: at most %u",
                        making->config->domain_count, SPEC_MAX_DOMAINS);
        return -1;
    }
    for (size_t i = 0; i < sizeof(find) / sizeof(find[0]); i++) {
        if (find[i](making) != 0) {
            return -1;
        }
    }
    if (making->diagnostics->count != before || making->diagnostics->lost) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(pack) / sizeof(pack[0]); i++) {
        if (pack[i](making) != 0) {
            return -1;
        }
    }
    return 0;
}

static void end(struct making *making)
{
    if (making->folder >= 0) {
        close(making->folder);
    }
    image__trees_free(&making->trees);
    if (making->draft != NULL) {
        image__strings_free(&making->draft->strings);
        free(making->draft);
    }
}

struct image *image_make(const struct config *config, uint32_t boot_flags,
                         char *const *args, int argc,
                         struct diagnostics *diagnostics,
                         struct failure *failure)
{
    struct making *making = calloc(1, sizeof(*making));
    struct image *image = NULL;

    if (making == NULL) {
        image__no_memory(failure);
        return NULL;
    }
    making->config = config;
    making->boot_flags = boot_flags;
    making->args = args;
    making->argc = argc;
    making->diagnostics = diagnostics;
    making->failure = failure;
    if (begin(making) == 0 && make(making) == 0) {
        image = making->image;
    } else {
        image_free(making->image);
    }
    end(making);
    free(making);
    return image;
}

void image_free(struct image *image)
{
    if (image == NULL) {
        return;
    }
    for (uint32_t i = 0; image->programs != NULL && i < image->program_count;
         i++) {
        program_unload(&image->programs[i]);
    }
    if (image->module != NULL) {
        munmap(image->module, image->module_bytes);
    }
    free(image->programs);
    free(image->plan);
    free(image);
}
