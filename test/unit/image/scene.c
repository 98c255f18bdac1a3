/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include <stdio.h>

const struct builtin image_builtins[] = {
    {"sample", sample_elf, sample_elf_end},
    {"simple", relr_elf, relr_elf_end},
    {"bare", bare_elf, bare_elf_end},
    {"fixed", fixed_elf, fixed_elf_end},
    {NULL, NULL, NULL},
};

struct marked scene_marked(const char *text, unsigned line)
{
    struct marked marked = {text, {"x.yaml", line, 5}};

    return marked;
}

void scene_make(struct scene *scene)
{
    memset(scene, 0, sizeof(*scene));
    folder_make(&scene->folder);
    scene->config.path = "x.yaml";
    scene->config.folder = scene->folder.path;
    scene->config.seed = 7;
    scene->config.memory_bytes = CONFIG_MEMORY_DEFAULT;
    scene->config.memory_mark = scene_marked("64MiB", 2);
    scene->config.cpus = 1;
    scene->config.domains = scene->domains;
    scene->config.ranges = scene->ranges;
    scene->config.endpoints = scene->endpoints;
}

static void forget(struct scene *scene)
{
    image_free(scene->image);
    scene->image = NULL;
    diagnostics_free(&scene->diagnostics);
    memset(&scene->diagnostics, 0, sizeof(scene->diagnostics));
    memset(&scene->failure, 0, sizeof(scene->failure));
}

void scene_free(struct scene *scene)
{
    forget(scene);
    folder_remove(&scene->folder);
}

/* As vmm/config fills it: what is new has a size, made out of the ancestors'
 * and added to theirs. */
static void give_size(struct scene *scene, uint32_t index, enum pd_class class,
                      uint64_t bytes)
{
    if (scene->domains[index].classes[class].degree != PD_NEW) {
        return;
    }
    while (index != SPEC_NONE) {
        if (scene->domains[index].classes[class].degree == PD_NEW) {
            scene->domains[index].classes[class].bytes += bytes;
        }
        index = scene->domains[index].parent;
    }
}

struct config_domain *scene_domain(struct scene *scene, const char *name,
                                   uint32_t parent, uint32_t row)
{
    uint32_t index = scene->config.domain_count++;
    struct config_domain *domain = &scene->domains[index];
    const struct pd_kind *kind = pd_kind_builtin(row);
    unsigned line = 10 * (index + 1);

    domain->name = scene_marked(name, line);
    domain->kind_name = scene_marked(kind->name, line + 1);
    domain->program = scene_marked("sample", line + 2);
    domain->entry = scene_marked("sample_main", line + 3);
    domain->parent = parent;
    for (uint32_t c = 0; c < PD_CLASS_COUNT; c++) {
        domain->classes[c].degree = kind->degree[c];
        domain->classes[c].mark = scene_marked("", line + 4).mark;
    }
    domain->stack_bytes = CONFIG_STACK_DEFAULT;
    domain->heap_bytes = CONFIG_HEAP_DEFAULT;
    domain->caps_slots = CONFIG_SLOTS_DEFAULT;
    domain->files_slots = CONFIG_FILES_SLOTS_DEFAULT;
    give_size(scene, index, PD_QUOTA, CONFIG_QUOTA_DEFAULT);
    give_size(scene, index, PD_POOL, CONFIG_POOL_DEFAULT);
    domain->declared = index;
    return domain;
}

void scene_files(struct scene *scene, const char *folder)
{
    uint32_t index = scene->config.domain_count - 1;
    struct config_degree *files = &scene->domains[index].classes[PD_FILES];

    files->degree = PD_NEW;
    files->host = scene_marked(folder, 10 * (index + 1) + 5);
}

void scene_try(struct scene *scene)
{
    forget(scene);
    scene->image =
        image_make(&scene->config, BOOT_FLAG_ICOUNT, scene->args, scene->argc,
                   &scene->diagnostics, &scene->failure);
}

void scene_pack(struct scene *scene)
{
    scene_try(scene);
    ck_assert_msg(scene->image != NULL, "%s%s",
                  scene->diagnostics.count ? scene->diagnostics.list[0].text
                                           : "",
                  scene->failure.text);
    ck_assert_uint_eq(scene->diagnostics.count, 0);
    ck_assert_int_eq(scene->failure.exit_code, 0);
}

void scene_refused(struct scene *scene, const char *line_and_text)
{
    char said[300];

    scene_try(scene);
    ck_assert_str_eq(scene->failure.text, "");
    ck_assert_ptr_null(scene->image);
    ck_assert_uint_ge(scene->diagnostics.count, 1);
    snprintf(said, sizeof(said), "%u: %s", scene->diagnostics.list[0].mark.line,
             scene->diagnostics.list[0].text);
    ck_assert_str_eq(said, line_and_text);
    ck_assert_uint_eq(scene->diagnostics.count, 1);
}
