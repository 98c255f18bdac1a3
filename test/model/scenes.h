/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_SCENES_H
#define MODEL_SCENES_H

#include "world.h"

extern const struct scene scenes[];
extern const uint32_t scene_count;
const struct scene *scene_named(const char *name);

#endif
