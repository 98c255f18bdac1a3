/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes where threads cross by capabilities: what goes along goes wrong, or
 * somebody is not told, or too many are. */
#include "bugs.h"
#include "log.h"
#include "token.h"
#include "travel.h"

/* What goes along comes to another domain. */
static enum status pass_astray(uint32_t from, const struct thread *what,
                               uint32_t to, uint32_t *node)
{
    return travel_pass(from, what, (to + 1) % scene->domains, node);
}

/* What was to be moved is copied. */
static enum status pass_keeps(uint32_t from, const struct thread *what,
                              uint32_t to, uint32_t *node)
{
    struct thread copy = *what;

    copy.how = copy.how == PASS_MOVE ? PASS_CALLS : copy.how;
    return travel_pass(from, &copy, to, node);
}

/* What could not be given is forgotten; the message goes alone. */
static enum status pass_drops(uint32_t from, const struct thread *what,
                              uint32_t to, uint32_t *node)
{
    if (travel_pass(from, what, to, node) != STATUS_OK) {
        *node = 0;
    }
    return STATUS_OK;
}

/* A copy has all that its source has. */
static enum status pass_more(uint32_t from, const struct thread *what,
                             uint32_t to, uint32_t *node)
{
    const struct cap_slot *slot =
        &world.slot[caps_table(from)][what->what.index];
    struct thread more = *what;

    if (more.how == PASS_CALLS && (slot->rights & CAP_USE) != 0) {
        more.how = PASS_ALL;
    }
    return travel_pass(from, &more, to, node);
}

/* Whoever waits by a capability that is taken away waits on. */
static void waiters_none(const struct cap_slot *slot)
{
    (void)slot;
}

/* All who wait at an endpoint are told when one of its capabilities goes. */
static void waiters_all(const struct cap_slot *slot)
{
    for (uint32_t d = 0; d < scene->domains; d++) {
        struct thread *thread = &world.rest.thread[d];

        if (thread->waits_by != 0 &&
            slot_at(thread->waits_by)->object == slot->object) {
            thread->waits_by = (uint8_t)node_of(slot);
        }
    }
    travel_waiters(slot);
}

/* Who calls where nobody can serve any more waits for ever. */
static void desert_none(struct cap_object *object)
{
    (void)object;
}

/* They are told although another one can serve. */
static void desert_early(struct cap_object *object)
{
    uint32_t uses = object->uses;

    object->uses = 0;
    travel_desert(object);
    object->uses = uses;
}

/* The first of them is told. */
static void desert_one(struct cap_object *object)
{
    struct ipc_endpoint *endpoint =
        &world.rest.endpoint[thing_of(object) - THING_ENDPOINT];
    uint32_t first = endpoint->first_caller;

    if (first != IPC_NONE && object->uses == 0) {
        world.rest.thread[first].waits_by = (uint8_t)(NODES - 1);
        travel_waiters(slot_at(NODES - 1));
    }
}

/* The end of who acted by a table is not told to those who wait for it. */
static bool quit_unheard(struct cap_table *table)
{
    (void)cap_table_leave(table);
    return false;
}

/* Who has ended can still serve. */
static bool quit_counted(struct cap_table *table)
{
    return table->users == 0;
}

/* What came of a deleted capability outlives the place of it. */
static void tombstone_stays(struct cap_slot *slot)
{
    (void)slot;
}

/* A call has the badge of the place that its capability has left. */
static enum status call_plain(struct ipc *ipc, uint32_t caller,
                              struct ipc_endpoint *endpoint, uint64_t badge,
                              const uint64_t *words,
                              struct ipc_outcome *outcome)
{
    (void)badge;
    return ipc_call(ipc, caller, endpoint, 0, words, outcome);
}

/* A signal is always the first domain's. */
static void signal_other(struct ipc *ipc, struct ipc_endpoint *n, uint64_t bits,
                         struct ipc_outcome *outcome)
{
    ipc_signal(ipc, n, bits & token_bit(1) ? token_bit(0) : bits, outcome);
}

/* A message is what the server's register file had last. */
static enum status receive_stale(struct ipc *ipc, uint32_t server,
                                 struct ipc_endpoint *endpoint,
                                 struct ipc_outcome *outcome)
{
    struct ipc_message before = ipc->party[server]->message;
    enum status status = ipc_receive(ipc, server, endpoint, outcome);

    ipc->party[server]->message.badge = before.badge;
    return status;
}

/* Whoever waits for a dead server's reply is forgotten. */
static void leave_unheard(struct ipc *ipc, uint32_t domain,
                          struct ipc_outcome *outcome)
{
    ipc_leave(ipc, domain, outcome);
    outcome->wake = IPC_NONE;
}

const struct bug bugs_travel[] = {
    {"pass-astray",
     "what goes along comes to another",
     "travel",
     {.pass = pass_astray},
     "M15 effect",
     2},
    {"pass-keeps",
     "what goes along stays, too",
     "travel",
     {.pass = pass_keeps},
     "M15 effect",
     2},
    {"pass-drops",
     "what cannot go along is forgotten",
     "travel",
     {.pass = pass_drops},
     "M12 verdict",
     2},
    {"pass-more",
     "a copy has more rights than were asked",
     "travel",
     {.pass = pass_more},
     "M15 effect",
     3},
    {"waiters-none",
     "who waits by what was taken away waits on",
     "travel",
     {.waiters = waiters_none},
     "M19 crossing",
     2},
    {"waiters-all",
     "one capability goes, and all who wait are told",
     "travel",
     {.waiters = waiters_all},
     "M19 crossing",
     2},
    {"desert-none",
     "callers of nobody wait for ever",
     "travel",
     {.desert = desert_none},
     "M19 crossing",
     2},
    {"desert-early",
     "callers are told that nobody serves while one can",
     "travel",
     {.desert = desert_early},
     "M19 crossing",
     3},
    {"desert-one",
     "only the first caller of nobody is told",
     "travel",
     {.desert = desert_one},
     "M19 crossing",
     3},
    {"quit-unheard",
     "callers are not told that the server has ended",
     "travel",
     {.quit = quit_unheard},
     "M19 crossing",
     2},
    {"quit-counted",
     "who has ended counts as a server",
     "travel",
     {.quit = quit_counted},
     "M15 effect",
     1},
    {"tombstone-stays",
     "what came of a deleted capability outlives its place",
     "travel",
     {.clear_tombstone = tombstone_stays},
     "M16 removal",
     3},
    {"call-plain",
     "a call comes without its badge",
     "travel",
     {.call = call_plain},
     "M19 crossing",
     1},
    {"signal-other",
     "a signal has somebody else's badge",
     "travel",
     {.signal = signal_other},
     "M19 crossing",
     1},
    {"receive-stale",
     "a call comes with the badge of the one before",
     "urgent",
     {.receive = receive_stale},
     "M19 crossing",
     3},
    {"leave-unheard",
     "a server dies, and its caller sleeps on",
     "urgent",
     {.leave = leave_unheard},
     "M19 crossing",
     4},
};
const uint32_t bugs_travel_count = sizeof bugs_travel / sizeof bugs_travel[0];
