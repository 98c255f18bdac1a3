/* SPDX-License-Identifier: Apache-2.0 */
/* What the ipc core decided, done: words between frames, who runs next. */
#include "kernel.h"

#define WAITS_MANY 0xffffu /* else the number of one, plus 1 */
_Static_assert(IPC_PARTIES < WAITS_MANY, "a number fits the note");

static void words_to_frame(struct arch_frame *frame, const uint64_t *words)
{
    frame->rsi = words[0];
    frame->rdx = words[1];
    frame->r10 = words[2];
    frame->r8 = words[3];
    frame->r9 = words[4];
    frame->r12 = words[5];
}

static void words_from_frame(uint64_t *words, const struct arch_frame *frame)
{
    words[0] = frame->rsi;
    words[1] = frame->rdx;
    words[2] = frame->r10;
    words[3] = frame->r8;
    words[4] = frame->r9;
    words[5] = frame->r12;
}

/* A blocked call, receive or reply-and-receive of `index` is over. */
void crossing_complete(uint32_t index)
{
    struct domain *domain = domain_at(index);
    struct ipc_party *party = &domain->party;
    struct arch_frame *frame = &domain->frame;
    uint64_t call = frame->rax;

    domain->registers_live = false; /* fast.S leaves it to here */
    frame->rax = party->result;
    if (party->result != STATUS_OK) {
        return;
    }
    if (call == SYSCALL_AWAIT) {
        frame->rdx = party->message.words[0];
        return;
    }
    words_to_frame(frame, party->message.words);
    frame->r13 = domain->passed;
    domain->passed = 0;
    if (call != SYSCALL_CALL) {
        frame->rdi = party->message.badge;
    }
}

void crossing_apply(const struct ipc_outcome *outcome)
{
    if (outcome->wake != IPC_NONE) {
        crossing_complete(outcome->wake);
        schedule_wake(outcome->wake);
        kernel.preferred = outcome->wake;
    }
}

/* Who waits at an endpoint does so by a capability: without it, no more. */
static void crossing_cancel(uint32_t index, const struct cap_slot *slot)
{
    const struct domain *domain = domain_at(index);
    struct ipc_outcome outcome;

    if (!domain || domain->state != DOMAIN_CROSSING ||
        domain->waits_by != slot) {
        return;
    }
    ipc_cancel(&kernel.ipc, index, STATUS_CLOSED, &outcome);
    if (outcome.wake != IPC_NONE) {
        crossing_complete(index);
        schedule_wake(index);
    }
}

/* The next one's place is read before this one leaves the queue. */
static void crossing_cancel_all(uint32_t index, const struct cap_slot *slot)
{
    while (index != IPC_NONE) {
        uint32_t next = domain_at(index)->party.next;

        crossing_cancel(index, slot);
        index = next;
    }
}

static void waiters_cancel(const struct cap_object *object, uint16_t note,
                           const struct cap_slot *slot)
{
    const struct ipc_endpoint *endpoint =
        (const struct ipc_endpoint *)(const void *)object;

    if (note != WAITS_MANY) {
        crossing_cancel(note - 1u, slot);
        return;
    }
    crossing_cancel_all(endpoint->first_caller, slot);
    crossing_cancel_all(endpoint->first_receiver, slot);
}

void crossing_revoked(const struct cap_slot *slot)
{
    uint16_t note = cap_note_of(slot);

    if (GUARD_ACT(REVOKE_WAITING) && note != 0) {
        waiters_cancel(slot->object, note, slot);
    }
}

void crossing_moved(const struct cap_slot *before, const struct cap_slot *slot)
{
    uint16_t note = cap_note_of(before);
    bool waited =
        before->type == CAP_ENDPOINT || before->type == CAP_NOTIFICATION;

    if (waited && note != 0) {
        waiters_cancel(before->object, note, slot);
    }
}

/*
 * The slot notes who waits by it: one, or that there were several. It may say
 * so when they do not any more, never the reverse.
 */
static void waits_by(struct domain *domain, struct cap_slot *slot)
{
    uint16_t note = cap_note_of(slot);
    const struct domain *other =
        note != 0 && note != WAITS_MANY ? domain_at(note - 1u) : NULL;
    bool several = note == WAITS_MANY ||
                   (other && other != domain && other->waits_by == slot &&
                    other->state == DOMAIN_CROSSING);

    cap_note(slot, several ? WAITS_MANY : (uint16_t)(domain->index + 1));
    domain->waits_by = slot;
}

/* Vector registers are dead across a crossing (abi/syscall.h). */
enum status crossing_block(struct domain *domain, struct cap_slot *slot,
                           const struct ipc_outcome *outcome)
{
    crossing_apply(outcome);
    if (outcome->block) {
        domain->waits_by = NULL;
        if (domain->party.endpoint) { /* else it waits for a reply */
            waits_by(domain, slot);
        }
        schedule_block(domain, DOMAIN_CROSSING);
        domain->registers_live = false;
    }
    return STATUS_OK;
}

static enum status endpoint_for(const struct domain *domain, uint64_t handle,
                                uint8_t rights, struct cap_slot **slot,
                                struct ipc_endpoint **endpoint)
{
    enum status status = handle_for(domain, handle, CAP_ENDPOINT, rights, slot);

    if (status == STATUS_OK) {
        *endpoint = (struct ipc_endpoint *)(void *)(*slot)->object;
    }
    return status;
}

/* To a server that waits, now; else when one receives (receive_passed). */
static enum status call_passing(const struct domain *domain,
                                const struct ipc_endpoint *endpoint,
                                uint64_t what)
{
    struct domain *server;
    const struct cap_slot *by;
    enum status status;

    if (endpoint->first_receiver == IPC_NONE) {
        return pass_check(domain, what);
    }
    server = domain_at(endpoint->first_receiver);
    by = server->waits_by; /* the very slot may be what goes */
    server->waits_by = NULL;
    status = pass(domain, what, server, &server->passed);
    if (status != STATUS_OK) {
        server->waits_by = by;
    }
    return status;
}

enum status sys_call(struct domain *domain, struct arch_frame *frame)
{
    uint64_t words[IPC_WORDS], badge;
    struct ipc_endpoint *endpoint;
    struct ipc_outcome outcome;
    struct cap_slot *slot;
    enum status status =
        endpoint_for(domain, frame->rdi, CAP_WRITE, &slot, &endpoint);

    fast_count();
    if (status != STATUS_OK) {
        return status;
    }
    if (endpoint_deserted(slot->object)) {
        return STATUS_CLOSED;
    }
    badge = slot->count; /* the slot itself may be what goes */
    status = call_passing(domain, endpoint, frame->r13);
    if (status != STATUS_OK) {
        return status;
    }
    words_from_frame(words, frame);
    status =
        ipc_call(&kernel.ipc, domain->index, endpoint, badge, words, &outcome);
    if (status == STATUS_OK) {
        share_event(EVENT_SEND, domain->index, outcome.wake, badge);
    }
    return status == STATUS_OK ? crossing_block(domain, slot, &outcome)
                               : status;
}

/*
 * What the first caller sends along. A caller whose capability cannot be given
 * (any more, or to this server) is told so, and the next one is first.
 */
static uint64_t receive_passed(const struct domain *server,
                               const struct ipc_endpoint *endpoint)
{
    uint64_t handle = 0;

    while (endpoint->first_caller != IPC_NONE) {
        uint32_t index = endpoint->first_caller;
        struct domain *caller = domain_at(index);
        struct ipc_outcome outcome;
        enum status status;

        caller->waits_by = NULL; /* from here on it waits for an answer */
        status = pass(caller, caller->frame.r13, server, &handle);
        if (status == STATUS_OK) {
            break;
        }
        ipc_cancel(&kernel.ipc, index, status, &outcome);
        crossing_complete(index);
        schedule_wake(index);
    }
    return handle;
}

enum status sys_receive(struct domain *domain, struct arch_frame *frame)
{
    struct ipc_endpoint *endpoint;
    struct ipc_outcome outcome;
    struct cap_slot *slot;
    uint64_t handle = frame->rdi, passed = 0;
    enum status status =
        endpoint_for(domain, handle, CAP_USE, &slot, &endpoint);

    if (status != STATUS_OK) {
        return status;
    }
    if (domain->party.answering >= IPC_PARTIES) { /* else it is refused */
        passed = receive_passed(domain, endpoint);
    }
    status = ipc_receive(&kernel.ipc, domain->index, endpoint, &outcome);
    if (status == STATUS_OK && !outcome.block) {
        struct ipc_message *message = &domain->party.message;

        words_to_frame(frame, message->words);
        frame->rdi = message->badge;
        frame->r13 = passed;
        share_event(EVENT_TAKE, domain->index, domain->party.answering,
                    message->badge);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = crossing_block(domain, slot, &outcome);
    if (outcome.block) {
        fast_serves(domain, handle, slot);
    }
    return status;
}

/* What goes along goes first: when it cannot, the answer is still owed. */
static enum status reply_passing(struct domain *domain,
                                 const struct arch_frame *frame,
                                 struct ipc_outcome *outcome)
{
    uint32_t caller = domain->party.answering;
    uint64_t words[IPC_WORDS];
    enum status status = STATUS_OK;

    if (caller < IPC_PARTIES) {
        status = pass(domain, frame->r13, domain_at(caller),
                      &domain_at(caller)->passed);
    }
    if (status != STATUS_OK) {
        return status;
    }
    words_from_frame(words, frame);
    status = ipc_reply(&kernel.ipc, domain->index, words, outcome);
    if (status == STATUS_OK) {
        share_event(EVENT_REPLY, domain->index, outcome->wake, 0);
        crossing_apply(outcome);
    }
    return status;
}

enum status sys_reply(struct domain *domain, struct arch_frame *frame)
{
    struct ipc_outcome outcome;
    enum status status = reply_passing(domain, frame, &outcome);

    if (status == STATUS_OK) {
        kernel.preferred = NO_DOMAIN; /* the server goes on */
    }
    return status;
}

/* A caller that has gone meanwhile is no reason not to serve the next. */
enum status sys_reply_receive(struct domain *domain, struct arch_frame *frame)
{
    struct ipc_endpoint *endpoint;
    struct ipc_outcome outcome;
    struct cap_slot *slot;
    enum status status =
        endpoint_for(domain, frame->rdi, CAP_USE, &slot, &endpoint);

    fast_count();
    if (status != STATUS_OK) {
        return status;
    }
    status = reply_passing(domain, frame, &outcome);
    return status == STATUS_OK || status == STATUS_CLOSED
               ? sys_receive(domain, frame)
               : status;
}
