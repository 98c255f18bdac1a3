/* SPDX-License-Identifier: Apache-2.0 */
/* A config as config_load() would give it, and the image made of it. */
#ifndef TEST_IMAGE_SCENE_H
#define TEST_IMAGE_SCENE_H

#include "fixture.h"

struct scene {
    struct folder folder;
    struct config config;
    struct config_domain domains[SPEC_MAX_DOMAINS + 1];
    struct config_range ranges[4];
    struct marked endpoints[4];
    struct diagnostics diagnostics;
    struct failure failure;
    struct image *image;
    char *args[3]; /* of the command line */
    int argc;
};

void scene_make(struct scene *scene);
void scene_free(struct scene *scene);

/*
 * Adds a domain of the kind `row` of the built-in table (thread tis tif
 * process pir), whose parent is an index or SPEC_NONE. Its name is marked as
 * line 10 * (index + 1), its other things on the lines after that.
 */
struct config_domain *scene_domain(struct scene *scene, const char *name,
                                   uint32_t parent, uint32_t row);
enum { ROW_THREAD, ROW_TIS, ROW_TIF, ROW_PROCESS, ROW_PIR };
/* Gives the newest domain its own files from a folder. */
void scene_files(struct scene *scene, const char *folder);
struct marked scene_marked(const char *text, unsigned line);

/* Makes the image; the test fails if that fails, with what was said. */
void scene_pack(struct scene *scene);
/* Makes the image, which must be refused with one diagnostic, exactly this:
 * "line: text". */
void scene_refused(struct scene *scene, const char *line_and_text);
/* Makes it, whatever comes of it; leaves the diagnostics for the test. */
void scene_try(struct scene *scene);

#endif
