/* SPDX-License-Identifier: Apache-2.0 */
/* What building and destroying must have made of roots and ranges. */
#include "life.h"

#include <string.h>

struct views {
    uint8_t roots;
    uint16_t made;
    uint8_t attached[DOMAINS][MODEL_VIEWS];
};

static bool lives(uint32_t domain)
{
    return (world.rest.live >> domain & 1) != 0;
}

static void expected(struct views *v)
{
    memset(v, 0, sizeof *v);
    for (uint32_t root = 0; root < model_plan.root_count; root++) {
        v->roots |= (uint8_t)(lives(model_plan.roots[root].first) << root);
    }
    for (uint32_t range = 0; range < model_plan.range_count; range++) {
        if (!lives(model_plan.ranges[range].owner)) {
            continue;
        }
        v->made |= (uint16_t)(1u << range);
        for (uint32_t root = 0; root < model_plan.root_count; root++) {
            if ((v->roots >> root & 1) != 0) {
                v->attached[root][range] = model_plan.attached[root][range];
            }
        }
    }
}

bool life_views_hold(void)
{
    struct views v;

    expected(&v);
    return v.roots == world.rest.roots && v.made == world.rest.made &&
           memcmp(v.attached, world.rest.attached, sizeof v.attached) == 0;
}

void life_views_set(void)
{
    struct views v;

    expected(&v);
    world.rest.roots = v.roots;
    world.rest.made = v.made;
    memcpy(world.rest.attached, v.attached, sizeof v.attached);
}
