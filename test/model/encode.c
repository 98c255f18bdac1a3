/* SPDX-License-Identifier: Apache-2.0 */
#include "encode.h"

#include "life.h"
#include "token.h"

#include <string.h>

#define WRONG 0xeeu /* what no good state has follows */
#define UNNAMED 0xffu

struct encoder {
    struct naming *naming;
    uint8_t *out;
    uint8_t ranges, frames; /* named so far */
    uint32_t mentioned;     /* bit per thing */
};

static void put(struct encoder *e, uint64_t byte)
{
    *e->out++ = (uint8_t)byte;
}

static uint8_t name_domain(const struct encoder *e, uint32_t domain)
{
    return domain <= DOMAINS ? e->naming->domain[domain] : (uint8_t)domain;
}

static uint8_t name_node(const struct encoder *e, const struct cap_slot *slot)
{
    uint32_t node = node_of(slot);

    if (node == 0 || node >= NODES) {
        return (uint8_t)(node == 0 ? 0 : 0xff);
    }
    return (uint8_t)(e->naming->table[node / CAP_CHUNK_SLOTS] *
                         CAP_CHUNK_SLOTS +
                     node % CAP_CHUNK_SLOTS);
}

static uint8_t name_thing(struct encoder *e, const struct cap_object *object)
{
    uint32_t thing = thing_of(object);
    uint8_t *name = &e->naming->thing[thing];

    e->mentioned |= 1u << thing;
    if (*name == UNNAMED) {
        *name = thing < THING_FRAME ? (uint8_t)(THING_RANGE + e->ranges++)
                                    : (uint8_t)(THING_FRAME + e->frames++);
    }
    return *name;
}

/* How many holders a slot has left, where that is few. */
static uint32_t lives_left(const struct cap_slot *slot)
{
    uint32_t left = UINT32_MAX - slot->generation;

    return left < 3 ? left : 3;
}

static bool says_nothing(const struct cap_slot *slot)
{
    return (slot->type | slot->rights | slot->flags | slot->depth |
            slot->position | slot->head) == 0 &&
           (slot->first | slot->count) == 0 && slot->object == NULL &&
           slot->parent == NULL && slot->child == NULL && slot->next == NULL &&
           slot->previous == NULL && slot->member == NULL;
}

/* Badges are the domains' that gave them or were given them first. */
static uint64_t name_badge(const struct encoder *e, uint8_t type,
                           uint64_t badge)
{
    uint64_t bits = badge >> DOMAINS << DOMAINS;

    if (type == CAP_ENDPOINT && badge != 0) {
        return token_badge(name_domain(e, (uint32_t)badge - 1));
    }
    for (uint32_t d = 0; d < DOMAINS; d++) {
        bits |= (badge & token_bit(d)) != 0 ? token_bit(name_domain(e, d)) : 0;
    }
    return type == CAP_NOTIFICATION ? bits : badge;
}

/* A badge is its owner's, or none; without lives it is a number. */
static uint64_t count_of(const struct encoder *e, const struct cap_slot *slot,
                         uint32_t table)
{
    if (scene->travel) {
        return name_badge(e, slot->type, slot->count);
    }
    if (!scene->life || slot->type != CAP_ENDPOINT || slot->count == 0) {
        return slot->count;
    }
    return slot->count == token_badge(table_domain(table)) ? 1
                                                           : 0x80 | slot->count;
}

static void put_slot(struct encoder *e, uint32_t table, uint32_t index)
{
    const struct cap_slot *s = &world.slot[table][index];
    bool used = s->state == CAP_LIVE || s->state == CAP_TOMBSTONE;
    bool home = s->table == &world.rest.table[table] && s->index == index;
    bool good = used ? home : says_nothing(s);

    put(e, s->state | lives_left(s) << 2 | (good ? 0u : 0x10u));
    if (!used) {
        return;
    }
    put(e, s->type | (uint32_t)s->flags << 5);
    put(e, s->rights | (uint32_t)s->depth << 4);
    put(e, name_node(e, s->parent));
    put(e, name_node(e, s->child));
    put(e, name_node(e, s->next));
    put(e, name_node(e, s->previous));
    put(e, name_node(e, s->member));
    put(e, name_thing(e, s->object));
    put(e, s->position | (uint32_t)s->head << 4);
    put(e, s->first);
    put(e, count_of(e, s, table));
}

/* `first` is only a bound; as long as it is one, it says nothing. */
static void put_table(struct encoder *e, uint32_t table)
{
    const struct cap_table *t = &world.rest.table[table];
    uint32_t first = 1;

    put(e, t->size != 0);
    if (t->size == 0) {
        return;
    }
    while (first < t->size && world.slot[table][first].state != CAP_FREE) {
        first++;
    }
    put(e, t->used);
    put(e, t->first <= first ? 0 : t->first);
    put(e, t->cursor);
    if (scene->users) {
        put(e, t->users);
    }
    for (uint32_t i = 1; i <= table_slots(table); i++) {
        put_slot(e, table, i);
    }
}

static uint8_t name_party(const struct encoder *e, uint32_t domain)
{
    return domain == IPC_NONE   ? 0xff
           : domain == IPC_GONE ? 0xfe
                                : name_domain(e, domain);
}

static void put_party(struct encoder *e, uint32_t domain)
{
    const struct ipc_party *p = world.rest.ipc.party[domain];

    put(e, p->state);
    put(e, name_party(e, p->next));
    put(e, name_party(e, p->previous));
    put(e, p->endpoint == NULL ? 0 : name_thing(e, &p->endpoint->object));
    put(e, name_party(e, p->peer));
    put(e, name_party(e, p->answering));
    put(e, p->state == IPC_CALLING &&
               (p->message.words[0] != token_call(domain) ||
                (!scene->travel && p->message.badge != token_badge(domain))));
}

/* By what it waits, with which badge, and what goes along with its call. */
static void put_thread(struct encoder *e, uint32_t domain)
{
    const struct ipc_party *p = world.rest.ipc.party[domain];
    const struct thread *thread = &world.rest.thread[domain];
    const struct cap_slot *what =
        &world.slot[caps_table(domain)][thread->what.index];

    put(e, world.rest.life[domain]);
    put(e, thread->waits_by == 0 ? 0 : name_node(e, slot_at(thread->waits_by)));
    if (p->state != IPC_CALLING) {
        return;
    }
    put(e, name_badge(e, CAP_ENDPOINT, p->message.badge));
    put(e, thread->how);
    if (thread->how != 0) {
        bool stale = what->generation != thread->what.generation;

        put(e, thread->what.index | (stale ? 0x80u : 0));
    }
}

/* The servers as two sets: those of now, and those that have left. */
static void put_servers(struct encoder *e, const struct ipc_endpoint *endpoint)
{
    bool many = endpoint->server_count > IPC_SERVERS;
    uint32_t same = 0, left = 0;

    for (uint32_t i = 0; !many && i < endpoint->server_count; i++) {
        const struct ipc_server *server = &endpoint->servers[i];
        uint32_t bit = 1u << name_domain(e, server->domain);

        if (server->life == world.rest.party[server->domain].life) {
            same |= bit;
        } else {
            left |= bit;
        }
    }
    put(e, many ? MANY_SERVERS : same);
    put(e, left);
}

/* The bits are those of domains. */
static void put_word(struct encoder *e, const struct ipc_endpoint *endpoint)
{
    uint64_t word = endpoint->word >> DOMAINS;

    for (uint32_t d = 0; d < DOMAINS; d++) {
        if ((endpoint->word & token_bit(d)) != 0) {
            word |= token_bit(name_domain(e, d));
        }
    }
    if (scene->notifications != 0) {
        put(e, word);
    }
}

static void put_counts(struct encoder *e, const struct cap_object *object)
{
    put(e, object->refs);
    if (scene->users) {
        put(e, object->uses);
    }
}

static void put_endpoint(struct encoder *e, const struct ipc_endpoint *endpoint)
{
    put(e, name_party(e, endpoint->first_caller));
    put(e, name_party(e, endpoint->last_caller));
    put(e, name_party(e, endpoint->first_receiver));
    put(e, name_party(e, endpoint->last_receiver));
    put_servers(e, endpoint);
    put_word(e, endpoint);
    put_counts(e, &endpoint->object);
}

static void put_life(struct encoder *e, uint32_t domain)
{
    const struct quota *quota = &world.rest.quota[domain];
    struct cap_slot *slot = NULL;
    bool held = cap_look_up(&world.rest.table[caps_table(domain)],
                            world.rest.hold[domain], &slot) == STATUS_OK;

    put(e, world.rest.life[domain] | ((uint32_t)world.rest.live >> domain & 1)
                                         << 4);
    put(e, held ? world.rest.hold[domain].index : 0);
    put(e, quota->used);
    put(e, quota->limit);
    put(e, name_domain(e, quota->parent
                              ? (uint32_t)(quota->parent - world.rest.quota)
                              : 0));
}

/* Views are as the plan says of the domains that live, or it is a bug. */
static void put_views(struct encoder *e)
{
    bool good = life_views_hold();

    put(e, good ? 0 : WRONG);
    if (!good) {
        put(e, world.rest.roots);
        put(e, world.rest.made);
        put(e, (uint64_t)world.rest.made >> 8);
        memcpy(e->out, world.rest.attached, sizeof world.rest.attached);
        e->out += sizeof world.rest.attached;
    }
}

static void put_frame(struct encoder *e, const struct frame *frame)
{
    put(e, frame->taken);
    put(e, name_domain(e, frame->quota));
    put(e, frame->object.refs);
}

/* What slots refer to, by its new name; what nothing refers to says nothing,
 * or is a leak. */
static void put_things(struct encoder *e)
{
    uint8_t at[THINGS + 1] = {0};

    for (uint32_t i = THING_RANGE; i < THING_ENDPOINT; i++) {
        uint8_t name = e->naming->thing[i];
        const struct cap_object *object = thing_at(i);

        if ((e->mentioned >> i & 1) != 0) {
            at[name] = (uint8_t)i;
        } else if (object->refs != 0 ||
                   (i >= THING_FRAME &&
                    world.rest.frame[i - THING_FRAME].taken)) {
            put(e, WRONG);
            put(e, object->refs);
        }
    }
    for (uint32_t i = THING_RANGE; i < THING_ENDPOINT; i++) {
        if (at[i] != 0 && i < THING_FRAME) {
            put_counts(e, thing_at(at[i]));
        } else if (at[i] != 0) {
            put_frame(e, &world.rest.frame[at[i] - THING_FRAME]);
        }
    }
    for (uint32_t i = THING_ATTACHMENT; i < THINGS; i++) {
        put(e, thing_at(i)->refs);
    }
}

uint32_t encode(struct naming *naming, bool as_is, uint8_t *out)
{
    struct encoder e = {naming, out, 0, 0, 0};

    for (uint32_t i = THING_RANGE; i < THING_ENDPOINT; i++) {
        naming->thing[i] = as_is ? (uint8_t)i : UNNAMED;
    }
    for (uint32_t d = 0; d < scene->domains; d++) {
        if (scene->life) {
            put_life(&e, naming->domain_at[d]);
        }
        if (scene->crossings) {
            put_party(&e, naming->domain_at[d]);
        }
        if (scene->travel) {
            put_thread(&e, naming->domain_at[d]);
        }
    }
    for (uint32_t i = 0; i < scene->endpoints; i++) {
        for (uint32_t j = 0; j < scene->endpoints; j++) {
            if (naming->thing[THING_ENDPOINT + j] == THING_ENDPOINT + i) {
                put_endpoint(&e, &world.rest.endpoint[j]);
            }
        }
    }
    if (scene->life) {
        put(&e, world.rest.quota[ROOT].used);
        put(&e, world.rest.pool_free);
        put(&e, world.rest.pool_reserved);
        put_views(&e);
    }
    for (uint32_t table = 0; table < TABLES; table++) {
        if (table_slots(table) != 0) {
            put_table(&e, naming->table_at[table]);
        }
    }
    put_things(&e);
    return (uint32_t)(e.out - out);
}
