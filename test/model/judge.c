/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include "calls.h"
#include "life.h"

#include <string.h>

/* M3: nobody has of a thing what an ancestor of the capability lacks. */
static bool narrower(const struct view *view)
{
    for (uint32_t i = 0; i < node_count; i++) {
        const struct node *n = &view->node[nodes[i]];
        uint32_t up = n->parent;

        for (uint32_t k = 0; n->state == CAP_LIVE && up != 0 && k < NODES;
             k++) {
            const struct node *above = &view->node[up];

            if (above->state == CAP_LIVE && above->thing == n->thing &&
                (view_atoms(n) & ~view_atoms(above)) != 0) {
                return false;
            }
            up = above->parent;
        }
    }
    return true;
}

/* M4: an object counts those who refer to it, and of these who can use it in
 * a table by which somebody acts. */
static bool counted(const struct view *view)
{
    uint32_t refs[THINGS + 1] = {0}, uses[THINGS + 1] = {0};

    for (uint32_t i = 0; i < node_count; i++) {
        const struct node *n = &view->node[nodes[i]];

        refs[n->thing]++;
        uses[n->thing] += (n->rights & CAP_USE) != 0 &&
                          view->users[nodes[i] / CAP_CHUNK_SLOTS] != 0;
    }
    for (uint32_t thing = THING_RANGE; thing < THINGS; thing++) {
        if (thing_at(thing)->refs != refs[thing] ||
            thing_at(thing)->uses != uses[thing]) {
            return false;
        }
    }
    return true;
}

/* The node after `at` when walking down the lists and up again; 0: the end. */
static const struct cap_slot *next_in_tree(const struct cap_slot *at,
                                           const struct cap_slot *top)
{
    if (at->child != NULL) {
        return at->child;
    }
    while (at != top && at->next == NULL && at->parent != NULL) {
        at = at->parent;
    }
    return at == top || at->parent == NULL ? NULL : at->next;
}

/* M5: walking all trees along their lists meets each slot in use once. */
static bool forest(const struct view *view)
{
    uint32_t met = 0, used = 0;

    for (uint32_t i = 0; i < node_count; i++) {
        const struct cap_slot *top = slot_at(nodes[i]);

        if (!in_use(&view->node[nodes[i]])) {
            continue;
        }
        used++;
        for (const struct cap_slot *at = top;
             top->parent == NULL && at != NULL && met <= NODES;
             at = next_in_tree(at, top)) {
            met++;
        }
    }
    return met == used;
}

static const char *cores(void)
{
    struct cap_table *tables[TABLES];
    struct ipc_endpoint *endpoints[ENDPOINTS];
    const char *broken;

    for (uint32_t i = 0; i < TABLES; i++) {
        tables[i] = &world.rest.table[i];
    }
    for (uint32_t i = 0; i < ENDPOINTS; i++) {
        endpoints[i] = &world.rest.endpoint[i];
    }
    broken = cap_check(tables, TABLES);
    if (broken != NULL) {
        return "M1 capabilities";
    }
    if (!scene->crossings) {
        return NULL;
    }
    broken = ipc_check(&world.rest.ipc, endpoints, scene->endpoints);
    return broken != NULL ? "M2 ipc" : NULL;
}

const char *judge_state(const struct view *view)
{
    const char *broken = cores();

    if (broken != NULL) {
        return broken;
    }
    if (!narrower(view)) {
        return "M3 narrower";
    }
    if (!counted(view)) {
        return "M4 refs";
    }
    if (!forest(view)) {
        return "M5 forest";
    }
    if (scene->travel) {
        return judge_threads(view);
    }
    return scene->life ? judge_life() : NULL;
}

/* M14: what existed has not changed what it gives; what is new gives no more
 * than what it was made of. */
static bool no_growth(const struct move *m)
{
    for (uint32_t i = 0; i < node_count; i++) {
        const struct node *was = &m->before->node[nodes[i]];
        const struct node *is = &m->after->node[nodes[i]];
        const struct node *from = &m->before->node[is->parent];

        if (is->state != CAP_LIVE) {
            continue;
        }
        if (was->state == CAP_LIVE && was->generation == is->generation) {
            from = was;
        }
        if (from->state == CAP_LIVE && from->thing == is->thing &&
            (view_atoms(is) & ~view_atoms(from)) != 0) {
            return false;
        }
    }
    return true;
}

/* M18: a handle of before names what it named, or nothing; and a slot that
 * was left has a generation that no handle of before has. */
static bool handles_hold(const struct move *m)
{
    for (uint32_t i = 0; i < node_count; i++) {
        const struct node *was = &m->before->node[nodes[i]];
        const struct node *is = &m->after->node[nodes[i]];
        uint32_t table = nodes[i] / CAP_CHUNK_SLOTS;
        struct cap_ref ref = {nodes[i] % CAP_CHUNK_SLOTS, was->generation};
        struct cap_slot *slot = NULL;
        bool same =
            was->state == CAP_LIVE && is->state == CAP_LIVE &&
            was->thing == is->thing && was->type == is->type &&
            (was->parent == is->parent ||
             m->before->node[is->parent].state == CAP_FREE) && /* moved */
            !is_member(was);

        if (m->after->size[table] == 0 || !in_use(was)) {
            continue;
        }
        for (uint32_t r = 0; r < step.removals; r++) {
            same = same && step.removal[r].node != nodes[i];
        }
        if ((calls.look_up(&world.rest.table[table], ref, &slot) ==
             STATUS_OK) != same ||
            (!in_use(is) && is->generation <= was->generation)) {
            return false;
        }
    }
    return true;
}

static const char *judge_made(const struct move *m)
{
    struct view want = *m->before;
    enum status status = STATUS_OK;

    if (!predict(m, &want, &status) && !predict_life(m, &want, &status) &&
        !predict_travel(m, &want, &status)) {
        return judge_removal(m);
    }
    if (status != m->status) {
        return "M12 verdict";
    }
    if (status != STATUS_OK) {
        return view_same(m->before, m->after) ? NULL : "M13 refusal";
    }
    if (step.removals != 0) {
        return "M17 told";
    }
    return view_same(&want, m->after) ? NULL : "M15 effect";
}

const char *judge_move(const struct move *m)
{
    const char *broken;

    if (!no_growth(m)) {
        return "M14 growth";
    }
    if (!handles_hold(m)) {
        return "M18 handle";
    }
    broken = judge_made(m);
    if (broken == NULL && scene->crossings) {
        broken = scene->travel ? judge_travel(m) : judge_crossing(m);
    }
    return broken;
}

static void give_all_back(uint32_t table)
{
    for (uint32_t i = 1; i <= table_slots(table); i++) {
        struct cap_slot *slot = &world.slot[table][i];

        while (slot->state == CAP_LIVE &&
               calls.revoke(&model_context, slot) == STATUS_MORE) {
        }
    }
    while (calls.clear(&model_context, &world.rest.table[table]) ==
           STATUS_MORE) {
    }
}

static bool destroy(uint32_t domain)
{
    if (scene->travel) {
        if (world.rest.life[domain] != LIFE_ENDED) {
            travel_end(domain);
        }
        return travel_destroy(domain) == STATUS_OK;
    }
    calls.end(domain);
    return calls.destroy(domain) == STATUS_OK;
}

/* M11 teardown */
const char *judge_teardown(void)
{
    for (uint32_t d = scene->domains; d-- > 0;) {
        if ((scene->life || scene->travel) && (world.rest.live >> d & 1) != 0) {
            if (!destroy(d)) {
                return "M11 teardown";
            }
        } else if (!scene->life && !scene->travel && scene->slots != 0) {
            give_all_back(caps_table(d));
        }
    }
    for (uint32_t i = 0; i < node_count; i++) {
        uint8_t state = slot_at(nodes[i])->state;

        if (nodes[i] >= CAP_CHUNK_SLOTS &&
            (state == CAP_LIVE || state == CAP_TOMBSTONE)) {
            return "M11 teardown";
        }
    }
    for (uint32_t thing = THING_RANGE; thing < THING_ENDPOINT; thing++) {
        if (thing_at(thing)->refs != 0) {
            return "M11 teardown";
        }
    }
    return scene->life && world.rest.quota[ROOT].used != 0 ? "M11 teardown"
                                                           : NULL;
}
