/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run that never ran: a config of text, its image, and guest memory in which
 * the test writes what a kernel would have written.
 */
#ifndef TEST_VMM_SCENE_H
#define TEST_VMM_SCENE_H

#include "judge.h"

#include <abi/shared.h>

struct scene {
    struct run run;
    struct options options;
    struct judgement judgement;
    char path[64];
    struct shared *shared; /* the snapshot's */
};

extern struct scene scene;

/* Loads this text as a config. Names of domains are looked up with
 * scene_domain. */
void scene_load(const char *yaml);
void scene_free(void);
uint32_t scene_domain(const char *name);

/* How a domain ended. */
void scene_end(const char *name, uint32_t outcome, int32_t code);

/* Judges; returns the exit code. */
int scene_judge(void);
const struct verdict *scene_verdict(const char *name);

/* What a printing function writes; free() it. */
char *scene_text(void (*print)(FILE *out));

#endif
