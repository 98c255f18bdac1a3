/* SPDX-License-Identifier: Apache-2.0 */
/* Doing an action, as a kernel would: handles are looked up, slots are not. */
#include "action.h"
#include "calls.h"
#include "life.h"
#include "log.h"
#include "token.h"
#include "travel.h"

#include <string.h>

struct cap_part wish_part(const struct action *action, uint8_t type)
{
    const struct wish *wish = &wishes[action->wish];

    return (struct cap_part){
        .rights = wish->rights & cap_type_rights((enum cap_type)type),
        .narrow = wish->narrow,
        .first = wish->first,
        .count = wish->count,
    };
}

/* Through the handle that the slot has now. */
static enum status find(uint32_t node, struct cap_slot **out)
{
    struct cap_slot *slot = slot_at(node);
    struct cap_ref ref = {slot->index, slot->generation};

    return calls.look_up(&world.rest.table[node / CAP_CHUNK_SLOTS], ref, out);
}

static enum status do_insert(const struct action *a)
{
    bool range = a->thing < THING_FRAME;
    struct cap_object *object = thing_at(a->thing);
    struct cap_ref ref;

    return calls.insert(&world.rest.table[caps_table(a->domain)], object,
                        cap_type_rights((enum cap_type)object->type),
                        range ? RANGE_FIRST : 0, range ? RANGE_PAGES : 0, &ref);
}

static enum status do_derive(const struct action *a, struct cap_slot *slot)
{
    struct cap_part part = wish_part(a, slot->type);
    struct cap_ref ref;

    return calls.derive(slot, &world.rest.table[a->to], &part, &ref);
}

static enum status do_attach(const struct action *a, struct cap_slot *slot)
{
    struct cap_ref ref;

    return calls.derive_object(slot, &world.rest.table[a->to],
                               &world.rest.attachment, wishes[a->wish].rights,
                               0, 0, &ref);
}

static enum status do_compose(const struct action *a, struct cap_slot *slot)
{
    struct cap_slot *members[2] = {slot, NULL};
    struct cap_ref ref;
    enum status status = STATUS_OK;

    if (a->other != 0) {
        status = find(a->other, &members[1]);
    }
    return status != STATUS_OK
               ? status
               : calls.compose(&world.rest.table[a->to], members,
                               a->other != 0 ? 2 : 1, &ref);
}

static enum status do_replace(const struct action *a, struct cap_slot *slot)
{
    struct cap_slot *by = NULL;
    struct cap_ref ref;
    enum status status = find(a->other, &by);

    return status != STATUS_OK
               ? status
               : calls.replace(slot, &world.rest.table[a->to], a->position, by,
                               wishes[a->wish].rights, &ref);
}

static enum status do_member(const struct action *a, struct cap_slot *slot)
{
    struct cap_slot *member = NULL;
    enum status status = calls.member(slot, a->position, &member);

    return status != STATUS_OK ? status : do_derive(a, member);
}

uint64_t action_badge(const struct action *a, uint8_t type)
{
    return scene->travel
               ? travel_badge(table_domain(a->node / CAP_CHUNK_SLOTS), type)
               : a->position;
}

static enum status do_badge(const struct action *a, struct cap_slot *slot)
{
    struct cap_ref ref;

    return calls.badge(slot, &world.rest.table[a->to],
                       wish_part(a, slot->type).rights,
                       action_badge(a, slot->type), &ref);
}

static enum status do_revoke_member(const struct action *a,
                                    struct cap_slot *slot)
{
    struct cap_slot *member = NULL;
    enum status status = calls.member(slot, a->position, &member);

    return status != STATUS_OK ? status : calls.revoke(&model_context, member);
}

static enum status do_open(const struct action *a, struct cap_slot *slot)
{
    struct cap_ref ref;

    return calls.derive_object(slot, &world.rest.table[a->to], &world.rest.file,
                               CAP_READ, 1, 0, &ref);
}

static enum status with_slot(const struct action *a, struct cap_slot *slot)
{
    struct cap_ref ref;

    switch (a->act) {
    case ACT_DERIVE:
        return do_derive(a, slot);
    case ACT_ATTACH:
        return do_attach(a, slot);
    case ACT_COMPOSE:
        return do_compose(a, slot);
    case ACT_REPLACE:
        return do_replace(a, slot);
    case ACT_MEMBER:
        return do_member(a, slot);
    case ACT_MOVE:
        return calls.move(slot, &world.rest.table[a->to], &ref);
    case ACT_BADGE:
        return do_badge(a, slot);
    case ACT_REVOKE:
        return calls.revoke(&model_context, slot);
    case ACT_REVOKE_MEMBER:
        return do_revoke_member(a, slot);
    case ACT_OPEN:
        return do_open(a, slot);
    case ACT_ALLOCATE:
        return life_allocate(table_domain(a->node / CAP_CHUNK_SLOTS), slot);
    default:
        calls.remove(&model_context, slot);
        return STATUS_OK;
    }
}

/* The endpoint, and the badge its capability gives. */
static enum status endpoint_find(const struct action *a, uint8_t rights,
                                 struct ipc_endpoint **endpoint,
                                 uint64_t *badge)
{
    struct cap_slot *slot = NULL;
    enum status status = STATUS_OK;

    if (a->node == 0) {
        *endpoint = &world.rest.endpoint[a->thing - THING_ENDPOINT];
        *badge = token_badge(a->domain);
        return STATUS_OK;
    }
    status = find(a->node, &slot);
    if (status == STATUS_OK && (rights & ~slot->rights) != 0) {
        status = STATUS_NO_RIGHTS;
    }
    if (status == STATUS_OK) {
        *endpoint =
            &world.rest.endpoint[thing_of(slot->object) - THING_ENDPOINT];
        *badge = slot->count;
    }
    return status;
}

static enum status do_call(const struct action *a)
{
    uint64_t words[IPC_WORDS] = {token_call(a->domain)};
    struct ipc_endpoint *endpoint = NULL;
    uint64_t badge = 0;
    enum status status = endpoint_find(a, CAP_WRITE, &endpoint, &badge);

    return status != STATUS_OK
               ? status
               : calls.call(&world.rest.ipc, a->domain, endpoint, badge, words,
                            &step.outcome);
}

static enum status do_receive(const struct action *a)
{
    struct ipc_endpoint *endpoint = NULL;
    uint64_t badge = 0;
    enum status status = endpoint_find(a, CAP_USE, &endpoint, &badge);

    return status != STATUS_OK ? status
                               : calls.receive(&world.rest.ipc, a->domain,
                                               endpoint, &step.outcome);
}

static enum status crossing(const struct action *a)
{
    uint64_t words[IPC_WORDS] = {token_reply(a->domain)};
    struct cap_slot *slot = NULL;
    enum status status = STATUS_OK;

    if (scene->travel) {
        status = a->act == ACT_REPLY ? STATUS_OK : find(a->node, &slot);
        return status != STATUS_OK ? status : travel_act(a, slot);
    }
    switch (a->act) {
    case ACT_CALL:
        status = do_call(a);
        break;
    case ACT_RECEIVE:
        status = do_receive(a);
        break;
    case ACT_REPLY:
        status = calls.reply(&world.rest.ipc, a->domain, words, &step.outcome);
        break;
    case ACT_SIGNAL:
        calls.signal(&world.rest.ipc,
                     &world.rest.endpoint[a->thing - THING_ENDPOINT],
                     token_bit(a->domain), &step.outcome);
        break;
    case ACT_AWAIT:
        calls.await(&world.rest.ipc, a->domain,
                    &world.rest.endpoint[a->thing - THING_ENDPOINT],
                    a->position == 1, &step.outcome);
        break;
    case ACT_LEAVE:
        calls.leave(&world.rest.ipc, a->domain, &step.outcome);
        break;
    case ACT_CANCEL:
        calls.cancel(&world.rest.ipc, a->domain, STATUS_CLOSED, &step.outcome);
        break;
    default:
        calls.close(&world.rest.ipc,
                    &world.rest.endpoint[a->thing - THING_ENDPOINT],
                    &step.outcome);
        break;
    }
    life_apply(a->domain, &step.outcome);
    return status;
}

enum status action_do(const struct action *a)
{
    struct cap_slot *slot = NULL;
    enum status status = STATUS_OK;

    step.removals = 0;
    step.wakes = 0;
    step.outcome = (struct ipc_outcome){false, IPC_NONE};
    memset(step.passed, 0, sizeof step.passed);
    switch (a->act) {
    case ACT_INSERT:
        return do_insert(a);
    case ACT_CLEAR:
        return calls.clear(&model_context, &world.rest.table[a->to]);
    case ACT_ENTER:
        calls.enter(&world.rest.table[a->to]);
        return STATUS_OK;
    case ACT_QUIT:
        (void)calls.quit(&world.rest.table[a->to]);
        return STATUS_OK;
    case ACT_CALL:
    case ACT_RECEIVE:
    case ACT_REPLY:
    case ACT_SIGNAL:
    case ACT_AWAIT:
    case ACT_LEAVE:
    case ACT_CANCEL:
    case ACT_CLOSE:
        return crossing(a);
    case ACT_BUILD:
        return life_build(a->domain);
    case ACT_END:
        (scene->travel ? travel_end : calls.end)(a->domain);
        return STATUS_OK;
    case ACT_DESTROY:
        return (scene->travel ? travel_destroy : calls.destroy)(a->domain);
    default:
        status = find(a->node, &slot);
        return status != STATUS_OK ? status : with_slot(a, slot);
    }
}
