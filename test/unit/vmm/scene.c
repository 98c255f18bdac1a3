/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "scene.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scene scene;

static void write_config(const char *yaml)
{
    int fd;

    strcpy(scene.path, "/tmp/ambit-vmm-XXXXXX");
    fd = mkstemp(scene.path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, yaml, strlen(yaml)), (ssize_t)strlen(yaml));
    close(fd);
}

void scene_load(const char *yaml)
{
    struct diagnostics diagnostics = {0};
    struct run *run = &scene.run;

    memset(&scene, 0, sizeof(scene));
    write_config(yaml);
    run->options = &scene.options;
    run->end = RUN_DONE;
    run->config = config_load(scene.path, NULL, 0, &diagnostics, &run->failure);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(run->config);
    run->image =
        image_make(run->config, 0, NULL, 0, &diagnostics, &run->failure);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(run->image);
    diagnostics_free(&diagnostics);
    ck_assert_int_eq(snapshot_init(&run->snapshot), 0);
    run->snapshot.valid = true;
    scene.shared = run->snapshot.shared;
    ck_assert_int_eq(console_init(&run->console, run->config, NULL), 0);
    run->sampler.asserts =
        calloc(run->config->assert_count + 1, sizeof(*run->sampler.asserts));
    ck_assert_ptr_nonnull(run->sampler.asserts);
    for (uint32_t i = 0; i < run->config->domain_count; i++) {
        scene.shared->domains[i].outcome = OUTCOME_EXIT;
        scene.shared->domains[i].fault = SHARED_NO_RANGE;
        scene.shared->domains[i].blocked_on = SHARED_NO_RANGE;
    }
}

void scene_free(void)
{
    judge_free(&scene.judgement);
    free(scene.run.sampler.asserts);
    console_free(&scene.run.console);
    snapshot_free(&scene.run.snapshot);
    image_free(scene.run.image);
    config_free(scene.run.config);
    unlink(scene.path);
}

uint32_t scene_domain(const char *name)
{
    for (uint32_t i = 0; i < scene.run.config->domain_count; i++) {
        if (strcmp(scene.run.config->domains[i].name.text, name) == 0) {
            return i;
        }
    }
    ck_abort_msg("no domain %s", name);
    return 0;
}

void scene_end(const char *name, uint32_t outcome, int32_t code)
{
    struct shared_domain *state = &scene.shared->domains[scene_domain(name)];

    state->outcome = outcome;
    state->code = code;
}

int scene_judge(void)
{
    judge_free(&scene.judgement);
    ck_assert_int_eq(judge(&scene.run, &scene.judgement), 0);
    return scene.judgement.exit_code;
}

const struct verdict *scene_verdict(const char *name)
{
    return &scene.judgement.domains[scene_domain(name)];
}

char *scene_text(void (*print)(FILE *out))
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);

    ck_assert_ptr_nonnull(out);
    print(out);
    fclose(out);
    return text;
}
