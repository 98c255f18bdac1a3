/* SPDX-License-Identifier: Apache-2.0 */
#include "encode.h"

#include "life.h"
#include "token.h"

#define GENERATION 7u /* of slots that have many lives left */

static uint8_t get(const uint8_t **at)
{
    return *(*at)++;
}

static struct cap_slot *get_link(const uint8_t **at)
{
    uint8_t node = get(at);

    return node == 0 ? NULL : slot_at(node);
}

static void get_slot(const uint8_t **at, uint32_t table, uint32_t index)
{
    struct cap_slot *s = &world.slot[table][index];
    uint8_t byte = get(at);
    uint32_t left = byte >> 2 & 3;

    *s = (struct cap_slot){.state = byte & 3,
                           .generation =
                               left < 3 ? UINT32_MAX - left : GENERATION};
    if (s->state != CAP_FREE) {
        s->index = index;
        s->table = &world.rest.table[table];
    }
    if (s->state == CAP_FREE || s->state == CAP_RETIRED) {
        return;
    }
    byte = get(at);
    s->type = byte & 31;
    s->flags = byte >> 5;
    byte = get(at);
    s->rights = byte & 15;
    s->depth = byte >> 4;
    s->parent = get_link(at);
    s->child = get_link(at);
    s->next = get_link(at);
    s->previous = get_link(at);
    s->member = get_link(at);
    byte = get(at);
    s->object = byte == 0 ? NULL : thing_at(byte);
    byte = get(at);
    s->position = byte & 15;
    s->head = byte >> 4;
    s->first = get(at);
    s->count = get(at);
    if (scene->life && s->type == CAP_ENDPOINT && s->count != 0) {
        s->count = token_badge(table_domain(table));
    }
}

static void get_table(const uint8_t **at, uint32_t table)
{
    struct cap_table *t = &world.rest.table[table];

    if (t->size != 0) {
        table_drop(table);
    }
    if (get(at) == 0) {
        return;
    }
    table_make(table);
    t->used = get(at);
    (void)get(at);
    t->cursor = get(at);
    if (scene->users) {
        t->users = get(at);
    }
    for (uint32_t i = 1; i <= table_slots(table); i++) {
        get_slot(at, table, i);
    }
    while (t->first < t->size &&
           world.slot[table][t->first].state != CAP_FREE) {
        t->first++;
    }
}

static uint32_t get_party_name(const uint8_t **at)
{
    uint8_t name = get(at);

    return name == 0xff ? IPC_NONE : name == 0xfe ? IPC_GONE : name;
}

static void get_party(const uint8_t **at, uint32_t domain)
{
    struct ipc_party *p = world.rest.ipc.party[domain];
    uint8_t endpoint;

    p->state = get(at);
    p->next = get_party_name(at);
    p->previous = get_party_name(at);
    endpoint = get(at);
    p->endpoint =
        endpoint == 0 ? NULL : &world.rest.endpoint[endpoint - THING_ENDPOINT];
    p->peer = get_party_name(at);
    p->answering = get_party_name(at);
    (void)get(at);
    if (p->state == IPC_CALLING) {
        p->message.badge = token_badge(domain);
        p->message.words[0] = token_call(domain);
    }
}

static void get_thread(const uint8_t **at, uint32_t domain)
{
    struct thread *thread = &world.rest.thread[domain];
    uint8_t what;

    world.rest.life[domain] = get(at);
    world.rest.live |=
        (uint8_t)((world.rest.life[domain] != LIFE_ABSENT) << domain);
    thread->waits_by = get(at);
    if (world.rest.party[domain].state != IPC_CALLING) {
        return;
    }
    world.rest.party[domain].message.badge = get(at);
    thread->how = get(at);
    if (thread->how != 0) {
        what = get(at);
        thread->what = (struct cap_ref){
            what & 0x7f, (what & 0x80) != 0 ? GENERATION - 1 : GENERATION};
    }
}

/* Who has left has had another life. */
static void get_servers(const uint8_t **at, struct ipc_endpoint *endpoint)
{
    uint32_t same = get(at), left = get(at);

    for (uint32_t d = 0; d < DOMAINS && same != MANY_SERVERS; d++) {
        if (((same | left) >> d & 1) != 0) {
            endpoint->servers[endpoint->server_count++] = (struct ipc_server){
                d, (same >> d & 1) != 0 ? world.rest.party[d].life : 0};
        }
    }
    if (same == MANY_SERVERS) {
        endpoint->server_count = IPC_SERVERS + 1;
    }
}

static void get_counts(const uint8_t **at, struct cap_object *object)
{
    object->refs = get(at);
    if (scene->users) {
        object->uses = get(at);
    }
}

static void get_endpoint(const uint8_t **at, struct ipc_endpoint *endpoint)
{
    endpoint->first_caller = get_party_name(at);
    endpoint->last_caller = get_party_name(at);
    endpoint->first_receiver = get_party_name(at);
    endpoint->last_receiver = get_party_name(at);
    get_servers(at, endpoint);
    if (scene->notifications != 0) {
        endpoint->word = get(at);
    }
    get_counts(at, &endpoint->object);
}

static void get_life(const uint8_t **at, uint32_t domain)
{
    struct quota *quota = &world.rest.quota[domain];
    uint8_t byte = get(at), parent;

    world.rest.life[domain] = byte & 15;
    world.rest.live |= (uint8_t)((byte >> 4) << domain);
    world.rest.hold[domain] = (struct cap_ref){get(at), GENERATION};
    quota->used = get(at);
    quota->limit = get(at);
    parent = get(at);
    quota->parent = quota->limit ? &world.rest.quota[parent] : NULL;
    if (quota->parent) {
        quota->parent->children++;
    }
    quota->peak = quota->used;
    quota->object.type = CAP_QUOTA;
}

static void get_frame(const uint8_t **at, struct frame *frame)
{
    frame->taken = get(at);
    frame->quota = get(at);
    frame->object.refs = get(at);
}

/* Things were named in the order of mention: the named ones come first. */
static void get_things(const uint8_t **at)
{
    bool mentioned[THINGS + 1] = {false};

    for (uint32_t i = 0; i < TABLES * CAP_CHUNK_SLOTS; i++) {
        mentioned[thing_of(slot_at(i)->object)] = true;
    }
    for (uint32_t i = THING_RANGE; i < THING_ENDPOINT; i++) {
        if (!mentioned[i]) {
            continue;
        }
        if (i < THING_FRAME) {
            get_counts(at, thing_at(i));
        } else {
            get_frame(at, &world.rest.frame[i - THING_FRAME]);
        }
    }
    for (uint32_t i = THING_ATTACHMENT; i < THINGS; i++) {
        thing_at(i)->refs = get(at);
    }
}

void decode(const uint8_t *bytes)
{
    const uint8_t *at = bytes;

    world_clear();
    for (uint32_t d = 0; d < scene->domains; d++) {
        if (scene->life) {
            get_life(&at, d);
        }
        if (scene->crossings) {
            get_party(&at, d);
        }
        if (scene->travel) {
            get_thread(&at, d);
        }
    }
    for (uint32_t i = 0; i < scene->endpoints; i++) {
        get_endpoint(&at, &world.rest.endpoint[i]);
    }
    if (scene->life) {
        world.rest.quota[ROOT].used = get(&at);
        world.rest.pool_free = get(&at);
        world.rest.pool_reserved = get(&at);
        (void)get(&at);
        life_views_set();
    }
    for (uint32_t table = 0; table < TABLES; table++) {
        if (table_slots(table) != 0) {
            get_table(&at, table);
        }
    }
    get_things(&at);
}
