/* SPDX-License-Identifier: Apache-2.0 */
/* Of a state: who waits in a crossing, by what, and for whom. */
#include "judge.h"
#include "life.h"

/* M9: who waits in a crossing is blocked, and nobody else; who has ended owes
 * nothing; by a table acts whoever has not. */
static bool running(const struct view *view)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct ipc_party *p = world.rest.ipc.party[d];
        uint8_t life = world.rest.life[d];
        bool acts = life == LIFE_RUNNABLE || life == LIFE_CROSSING;

        if ((p->state != IPC_IDLE) != (life == LIFE_CROSSING) ||
            (!acts && p->answering != IPC_NONE) ||
            view->users[caps_table(d)] != acts ||
            (view->size[caps_table(d)] == 0) != (life == LIFE_ABSENT)) {
            return false;
        }
    }
    return true;
}

/* M21: who is queued is so by a live capability of its own that allows it. */
static bool by_capability(const struct view *view)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct ipc_party *p = world.rest.ipc.party[d];
        uint8_t by = world.rest.thread[d].waits_by;
        const struct node *n = &view->node[by];
        uint8_t needs = p->state == IPC_CALLING ? CAP_WRITE : CAP_USE;

        if (p->endpoint == NULL) {
            if (by != 0) {
                return false;
            }
        } else if (by / CAP_CHUNK_SLOTS != caps_table(d) ||
                   n->state != CAP_LIVE || (n->rights & needs) == 0 ||
                   thing_at(n->thing) != &p->endpoint->object) {
            return false;
        }
    }
    return true;
}

static bool can_serve(const struct view *view, uint32_t domain, uint32_t thing)
{
    for (uint32_t i = 0; i < node_count; i++) {
        const struct node *n = &view->node[nodes[i]];

        if (nodes[i] / CAP_CHUNK_SLOTS == caps_table(domain) &&
            n->thing == thing && (n->rights & CAP_USE) != 0) {
            return true;
        }
    }
    return false;
}

/* M22: what somebody waits for is not there already, and can still come: for
 * a reply there is one who lives and owes it, for a server one who lives and
 * may serve. So whoever is stuck waits for somebody with a name. */
static bool awaited(const struct view *view)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        const struct ipc_party *p = world.rest.ipc.party[d];
        uint32_t on = 0;

        for (uint32_t s = 0; s < scene->domains; s++) {
            bool lives = view->users[caps_table(s)] != 0;

            on +=
                lives &&
                (p->state == IPC_WAITING
                     ? p->peer == s && world.rest.party[s].answering == d
                     : p->endpoint != NULL &&
                           can_serve(view, s, thing_of(&p->endpoint->object)));
        }
        if ((p->state == IPC_CALLING || p->state == IPC_WAITING) && on == 0) {
            return false;
        }
        if (p->state == IPC_RECEIVING &&
            (p->endpoint->word != 0 || p->endpoint->first_caller != IPC_NONE)) {
            return false;
        }
    }
    return true;
}

const char *judge_threads(const struct view *view)
{
    if (!running(view)) {
        return "M9 running";
    }
    if (!by_capability(view)) {
        return "M21 by capability";
    }
    return awaited(view) ? NULL : "M22 awaited";
}
