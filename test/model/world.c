/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "life.h"
#include "travel.h"

#include <string.h>

struct world world;
const struct scene *scene;
struct spec model_spec;
struct plan model_plan;
static struct ipc_party *parties[DOMAINS];

uint32_t table_slots(uint32_t table)
{
    uint32_t domain = table_domain(table);

    if (table == 0) {
        return scene->life || scene->travel ? scene->endpoints : 0;
    }
    if (domain >= scene->domains) {
        return 0;
    }
    return table == caps_table(domain) ? scene->slots : scene->file_slots;
}

bool notifies(uint32_t endpoint)
{
    return endpoint < scene->endpoints &&
           endpoint >= scene->endpoints - scene->notifications;
}

static void slots_retire(uint32_t table, uint32_t from)
{
    for (uint32_t i = from; i < CAP_CHUNK_SLOTS; i++) {
        world.slot[table][i] = (struct cap_slot){
            .state = CAP_RETIRED,
            .generation = UINT32_MAX,
            .index = i,
            .table = &world.rest.table[table],
        };
        world.rest.table[table].used++;
    }
}

void table_make(uint32_t table)
{
    cap_table_init(&world.rest.table[table]);
    cap_table_add(&world.rest.table[table], world.slot[table]);
    slots_retire(table, table_slots(table) + 1);
    if (scene->worn && table != 0) {
        world.slot[table][1].generation = UINT32_MAX - 2;
    }
}

void table_drop(uint32_t table)
{
    memset(world.slot[table], 0, sizeof world.slot[table]);
    cap_table_init(&world.rest.table[table]);
}

uint32_t node_of(const struct cap_slot *slot)
{
    uintptr_t at = (uintptr_t)slot - (uintptr_t)world.slot;

    if (slot == NULL) {
        return 0;
    }
    return at < sizeof world.slot && at % sizeof *slot == 0
               ? (uint32_t)(at / sizeof *slot)
               : NODES;
}

struct cap_object *thing_at(uint32_t thing)
{
    struct rest *r = &world.rest;

    if (thing < THING_FRAME) {
        return &r->range[thing - THING_RANGE];
    }
    if (thing < THING_ENDPOINT) {
        return &r->frame[thing - THING_FRAME].object;
    }
    if (thing < THING_ATTACHMENT) {
        return &r->endpoint[thing - THING_ENDPOINT].object;
    }
    switch (thing) {
    case THING_ATTACHMENT:
        return &r->attachment;
    case THING_DIRECTORY:
        return &r->directory;
    case THING_FILE:
        return &r->file;
    default:
        return &r->pool_object;
    }
}

uint32_t thing_of(const struct cap_object *object)
{
    uint32_t thing = THING_RANGE;

    if (object == NULL) {
        return THING_NONE;
    }
    while (thing < THINGS && thing_at(thing) != object) {
        thing++;
    }
    return thing;
}

void world_clear(void)
{
    struct rest *r = &world.rest;

    memset(&world, 0, sizeof world);
    memset(parties, 0, sizeof parties);
    ipc_init(&r->ipc, parties, DOMAINS);
    for (uint32_t d = 0; d < DOMAINS; d++) {
        ipc_join(&r->ipc, d, &r->party[d]);
    }
    for (uint32_t i = 0; i < ENDPOINTS; i++) {
        if (notifies(i)) {
            ipc_notification_init(&r->endpoint[i]);
        } else {
            ipc_endpoint_init(&r->endpoint[i]);
        }
    }
    for (uint32_t i = 0; i < RANGES; i++) {
        r->range[i].type = CAP_RANGE;
    }
    for (uint32_t i = 0; i < FRAMES; i++) {
        r->frame[i] = (struct frame){{.type = CAP_FRAME}, 0, NOBODY};
    }
    r->attachment.type = CAP_ATTACHMENT;
    r->directory.type = CAP_DIRECTORY;
    r->file.type = CAP_FILE;
    r->pool_object.type = CAP_POOL;
    for (uint32_t table = 0; table < TABLES; table++) {
        cap_table_init(&r->table[table]);
    }
    if (!scene->life) {
        for (uint32_t d = 0; d < scene->domains && scene->slots != 0; d++) {
            table_make(caps_table(d));
        }
    }
    life_clear();
}

void world_begin(const struct scene *chosen)
{
    scene = chosen;
    life_prepare();
    world_clear();
    life_begin();
    if (scene->travel) {
        travel_begin();
    }
}

void world_save(struct image *image)
{
    image->rest = world.rest;
    for (uint32_t table = 0; table < TABLES; table++) {
        if (table_slots(table) != 0) {
            memcpy(image->slot[table], world.slot[table],
                   sizeof world.slot[table]);
        }
    }
}

void world_restore(const struct image *image)
{
    world.rest = image->rest;
    for (uint32_t table = 0; table < TABLES; table++) {
        if (table_slots(table) != 0) {
            memcpy(world.slot[table], image->slot[table],
                   sizeof world.slot[table]);
        }
    }
}
