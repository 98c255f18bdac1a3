/* SPDX-License-Identifier: Apache-2.0 */
#include "travel.h"

#include "calls.h"
#include "life.h"
#include "log.h"
#include "token.h"

#include <stdlib.h>

static struct ipc_endpoint *endpoint_of(const struct cap_slot *slot)
{
    return &world.rest.endpoint[thing_of(slot->object) - THING_ENDPOINT];
}

static struct cap_table *caps(uint32_t domain)
{
    return &world.rest.table[caps_table(domain)];
}

uint64_t travel_badge(uint32_t domain, uint8_t type)
{
    return type == CAP_ENDPOINT ? token_badge(domain) : token_bit(domain);
}

static void give(struct cap_slot *source, uint32_t domain, bool server)
{
    uint8_t type = source->type;
    struct cap_ref ref;

    if (cap_derive_object(source, caps(domain), source->object,
                          server ? source->rights : CAP_WRITE, 0,
                          server ? 0 : travel_badge(domain, type),
                          &ref) != STATUS_OK) {
        abort();
    }
}

void travel_begin(void)
{
    struct cap_ref ref;

    table_make(0);
    for (uint32_t e = 0; e < scene->endpoints; e++) {
        struct cap_object *object = &world.rest.endpoint[e].object;

        if (cap_insert(&world.rest.table[0], object,
                       cap_type_rights((enum cap_type)object->type), 0, 0,
                       &ref) != STATUS_OK) {
            abort();
        }
        give(slot_at(e + 1), 0, true);
        for (uint32_t d = 1; d < scene->domains; d++) {
            give(&world.slot[caps_table(0)][e + 1], d, false);
        }
    }
    for (uint32_t d = 0; d < scene->domains; d++) {
        cap_table_enter(caps(d));
        world.rest.life[d] = LIFE_RUNNABLE;
        world.rest.live |= (uint8_t)(1u << d);
    }
}

bool travel_runs(uint32_t domain)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        if (world.rest.life[d] == LIFE_RUNNABLE &&
            scene->priority[d] > scene->priority[domain]) {
            return false;
        }
    }
    return world.rest.life[domain] == LIFE_RUNNABLE;
}

/* ---- what goes along ---- */

enum status travel_pass(uint32_t from, const struct thread *what, uint32_t to,
                        uint32_t *node)
{
    const struct cap_part part = {.rights = pass_rights(what->how)};
    struct cap_slot *slot = NULL;
    struct cap_ref ref;
    enum status status;

    *node = 0;
    if (what->how == PASS_NONE) {
        return STATUS_OK;
    }
    status = calls.look_up(caps(from), what->what, &slot);
    if (status == STATUS_OK) {
        status = what->how == PASS_MOVE
                     ? calls.move(slot, caps(to), &ref)
                     : calls.derive(slot, caps(to), &part, &ref);
    }
    if (status == STATUS_OK) {
        *node = caps_table(to) * CAP_CHUNK_SLOTS + ref.index;
    }
    return status;
}

static enum status pass_check(uint32_t from, const struct thread *what)
{
    struct cap_slot *slot = NULL;
    enum status status = STATUS_OK;

    if (what->how != PASS_NONE) {
        status = calls.look_up(caps(from), what->what, &slot);
    }
    if (status == STATUS_OK &&
        (what->how == PASS_CALLS || what->how == PASS_ALL) &&
        (pass_rights(what->how) & ~slot->rights) != 0) {
        status = STATUS_NO_RIGHTS;
    }
    return status;
}

static struct thread pass_of(const struct action *a)
{
    const struct cap_slot *slot = slot_at(a->other);

    return (struct thread){.how = a->other != 0 ? a->position : PASS_NONE,
                           .what = {slot->index, slot->generation}};
}

/* ---- who waits, and by what ---- */

static void complete(uint32_t domain, const struct ipc_outcome *outcome)
{
    if (outcome->wake < DOMAINS) {
        world.rest.thread[outcome->wake].waits_by = 0;
    }
    life_apply(domain, outcome);
}

static void block(uint32_t domain, const struct cap_slot *slot)
{
    struct thread *thread = &world.rest.thread[domain];

    complete(domain, &step.outcome);
    if (step.outcome.block) {
        thread->waits_by =
            (uint8_t)(world.rest.party[domain].endpoint ? node_of(slot) : 0);
    }
}

void travel_waiters(const struct cap_slot *slot)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        struct ipc_outcome outcome = {false, IPC_NONE};

        if (world.rest.life[d] == LIFE_CROSSING &&
            world.rest.thread[d].waits_by == node_of(slot)) {
            calls.cancel(&world.rest.ipc, d, STATUS_CLOSED, &outcome);
            complete(d, &outcome);
        }
    }
}

void travel_desert(struct cap_object *object)
{
    struct ipc_endpoint *endpoint =
        &world.rest.endpoint[thing_of(object) - THING_ENDPOINT];
    struct ipc_outcome outcome = {false, IPC_NONE};

    if (endpoint->first_caller == IPC_NONE || object->uses != 0) {
        return;
    }
    do {
        calls.close(&world.rest.ipc, endpoint, &outcome);
        complete(0, &outcome);
    } while (outcome.wake != IPC_NONE);
}

void travel_removed(const struct cap_slot *slot)
{
    calls.waiters(slot);
    if (slot->type == CAP_ENDPOINT && (slot->rights & CAP_USE) != 0) {
        calls.desert(slot->object);
    }
}

/* ---- acts ---- */

/* To a server that waits, now; else when one receives. */
static enum status call_passing(uint32_t d, const struct ipc_endpoint *endpoint,
                                const struct thread *what)
{
    uint32_t server = endpoint->first_receiver, node = 0;
    uint8_t by;
    enum status status;

    if (server == IPC_NONE) {
        return pass_check(d, what);
    }
    by = world.rest.thread[server].waits_by;
    world.rest.thread[server].waits_by = 0;
    status = calls.pass(d, what, server, &node);
    if (status != STATUS_OK) {
        world.rest.thread[server].waits_by = by;
    }
    step.passed[server] = (uint8_t)node;
    return status;
}

static enum status call(const struct action *a, const struct cap_slot *slot)
{
    uint64_t words[IPC_WORDS] = {token_call(a->domain)};
    struct ipc_endpoint *endpoint = endpoint_of(slot);
    const struct thread what = pass_of(a);
    uint64_t badge = slot->count; /* the slot itself may be what goes */
    enum status status;

    if (slot->object->uses == 0) {
        return STATUS_CLOSED;
    }
    status = call_passing(a->domain, endpoint, &what);
    if (status == STATUS_OK) {
        status = calls.call(&world.rest.ipc, a->domain, endpoint, badge, words,
                            &step.outcome);
    }
    if (status == STATUS_OK) {
        world.rest.thread[a->domain] = what;
        block(a->domain, slot);
    }
    return status;
}

static void receive_passed(uint32_t d, const struct ipc_endpoint *endpoint)
{
    uint32_t node = 0;

    while (endpoint->first_caller != IPC_NONE) {
        uint32_t caller = endpoint->first_caller;
        struct ipc_outcome outcome = {false, IPC_NONE};
        enum status status;

        world.rest.thread[caller].waits_by = 0;
        status = calls.pass(caller, &world.rest.thread[caller], d, &node);
        if (status == STATUS_OK) {
            break;
        }
        calls.cancel(&world.rest.ipc, caller, status, &outcome);
        complete(d, &outcome);
    }
    step.passed[d] = (uint8_t)node;
}

static enum status receive(const struct action *a, const struct cap_slot *slot)
{
    struct ipc_endpoint *endpoint = endpoint_of(slot);
    enum status status;

    if (world.rest.party[a->domain].answering >= IPC_PARTIES) {
        receive_passed(a->domain, endpoint);
    }
    status = calls.receive(&world.rest.ipc, a->domain, endpoint, &step.outcome);
    if (status == STATUS_OK) {
        block(a->domain, slot);
    }
    return status;
}

static enum status reply(const struct action *a)
{
    uint64_t words[IPC_WORDS] = {token_reply(a->domain)};
    uint32_t caller = world.rest.party[a->domain].answering, node = 0;
    const struct thread what = pass_of(a);
    enum status status = STATUS_OK;

    if (caller < IPC_PARTIES) {
        status = calls.pass(a->domain, &what, caller, &node);
        step.passed[caller] = (uint8_t)node;
    }
    if (status == STATUS_OK) {
        status = calls.reply(&world.rest.ipc, a->domain, words, &step.outcome);
        complete(a->domain, &step.outcome);
    }
    return status;
}

static uint8_t rights_for(const struct action *a)
{
    return a->act == ACT_CALL || a->act == ACT_SIGNAL ? CAP_WRITE : CAP_USE;
}

enum status travel_act(const struct action *a, struct cap_slot *slot)
{
    if (a->act == ACT_REPLY) {
        return reply(a);
    }
    if ((rights_for(a) & ~slot->rights) != 0) {
        return STATUS_NO_RIGHTS;
    }
    switch (a->act) {
    case ACT_CALL:
        return call(a, slot);
    case ACT_RECEIVE:
        return receive(a, slot);
    case ACT_SIGNAL:
        calls.signal(&world.rest.ipc, endpoint_of(slot),
                     slot->count != 0 ? slot->count : token_bit(a->domain),
                     &step.outcome);
        complete(a->domain, &step.outcome);
        return STATUS_OK;
    default:
        calls.await(&world.rest.ipc, a->domain, endpoint_of(slot),
                    a->position == 1, &step.outcome);
        block(a->domain, slot);
        return STATUS_OK;
    }
}

/* ---- ends ---- */

void travel_end(uint32_t domain)
{
    struct cap_table *table = caps(domain);

    life_end(domain);
    world.rest.thread[domain].waits_by = 0;
    if (!calls.quit(table)) {
        return;
    }
    for (uint32_t i = 1; i < table->size; i++) {
        struct cap_slot *slot = cap_table_slot(table, i);

        if (slot->state == CAP_LIVE && slot->type == CAP_ENDPOINT &&
            (slot->rights & CAP_USE) != 0) {
            calls.desert(slot->object);
        }
    }
}

enum status travel_destroy(uint32_t domain)
{
    if (world.rest.life[domain] != LIFE_ENDED) {
        return STATUS_BUSY;
    }
    /* point of no return */
    life_empty(caps_table(domain));
    world.rest.life[domain] = LIFE_ABSENT;
    world.rest.live &= (uint8_t) ~(1u << domain);
    return STATUS_OK;
}
