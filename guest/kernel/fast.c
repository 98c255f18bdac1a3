/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What belongs to the short way of a crossing and is not on it: when it may be
 * taken, what a domain named last, and what is put right afterwards.
 */
#include "kernel.h"

#include <capabilities/assert.h>

#include "fast_asm.h"

#define AT(type, field, offset)                                                \
    _Static_assert(offsetof(struct type, field) == (offset), #field)

AT(domain, call.handle, DOMAIN_CALL_HANDLE);
AT(domain, call.slot, DOMAIN_CALL_SLOT);
AT(domain, call.says, DOMAIN_CALL_SAYS);
AT(domain, serve.handle, DOMAIN_SERVE_HANDLE);
AT(domain, serve.slot, DOMAIN_SERVE_SLOT);
AT(domain, serve.says, DOMAIN_SERVE_SAYS);
AT(domain, table, DOMAIN_TABLE);
AT(domain, counts, DOMAIN_COUNTS);
AT(domain, waits_by, DOMAIN_WAITS_BY);
AT(domain, index, DOMAIN_INDEX);
AT(domain, note, DOMAIN_NOTE);
AT(domain, state, DOMAIN_STATE);
AT(domain, priority, DOMAIN_PRIORITY);
AT(domain, paused, DOMAIN_PRIORITY + 1);
AT(domain, paused, DOMAIN_PAUSED);
AT(domain, party.state, PARTY_STATE);
AT(domain, party.next, PARTY_NEXT);
AT(domain, party.previous, PARTY_PREVIOUS);
AT(domain, party.endpoint, PARTY_ENDPOINT);
AT(domain, party.peer, PARTY_PEER);
AT(domain, party.answering, PARTY_ANSWERING);
AT(domain, is.space, DOMAIN_SPACE);
AT(ipc_endpoint, first_caller, ENDPOINT_FIRST_CALLER);
AT(ipc_endpoint, first_receiver, ENDPOINT_FIRST_RECEIVER);
/* Both are written as one. */
AT(ipc_endpoint, last_receiver, ENDPOINT_FIRST_RECEIVER + 4);
AT(ipc_endpoint, last_receiver, ENDPOINT_LAST_RECEIVER);
AT(space, root, SPACE_ROOT);
AT(cap_slot, generation, SLOT_GENERATION);
AT(cap_slot, head, SLOT_HEAD);
AT(cap_slot, object, SLOT_OBJECT);
AT(cap_slot, count, SLOT_COUNT);
AT(cap_table, chunks, 0);
AT(cap_table, size, TABLE_SIZE);
AT(kernel, domains, 0);
AT(shared, current, SHARED_CURRENT);
AT(shared, crossings_fast, SHARED_FAST);
AT(shared, crossing_falls, SHARED_FALLS);
AT(shared_domain, calls, COUNT_CALLS);
AT(shared_domain, switches, COUNT_SWITCHES);
AT(arch_cpu, features, CPU_FEATURES);
AT(arch_cpu, cr3, CPU_CR3);
AT(arch_cpu, cr3_writes, CPU_CR3_WRITES);

#define SAME(a, b) _Static_assert((uint64_t)(a) == (uint64_t)(b), #a)

SAME(SYSCALL_CALL, FAST_CALL);
SAME(SYSCALL_REPLY_RECEIVE, FAST_REPLY);
SAME(DOMAIN_RUNNABLE, STATE_RUNNABLE);
SAME(DOMAIN_CROSSING, STATE_CROSSING);
SAME(IPC_IDLE, STATE_IDLE);
SAME(IPC_WAITING, STATE_WAITING);
SAME(IPC_RECEIVING, STATE_RECEIVING);
SAME(IPC_NONE, (uint32_t)PARTY_NONE);
SAME(IPC_PARTIES, PARTY_COUNT);
SAME(FEATURE_FSGSBASE, CPU_FSGSBASE);
SAME(ABI_USER_LIMIT, USER_LIMIT);
SAME(sizeof(struct cap_slot), SLOT_BYTES);
SAME(CAP_CHUNK_SLOTS, CHUNK_SLOTS);
SAME(CAP_LIVE | CAP_ENDPOINT << 8 | CAP_WRITE << 16, SLOT_CALL_SAYS);
SAME(0xffff | CAP_WRITE << 16 | CAP_MEMBER << 24, SLOT_CALL_MASK);
/* What CHUNK_FACTOR is too large by stays below a slot, up to the last one. */
_Static_assert(CHUNK_FACTOR *CHUNK_SLOTS >= 65536 &&
                   (CHUNK_FACTOR * CHUNK_SLOTS - 65536) * CAP_TABLE_MAX < 65536,
               "index / CHUNK_SLOTS");
SAME(CROSSING_FALL_CAPABILITY, FALL_CAPABILITY);
SAME(CROSSING_FALL_HANDLE, FALL_HANDLE);
SAME(CROSSING_FALL_NOBODY, FALL_NOBODY);
SAME(CROSSING_FALL_PRIORITY, FALL_PRIORITY);
SAME(CROSSING_FALL_STOPPED, FALL_STOPPED);
SAME(CROSSING_FALL_OWED, FALL_OWED);
SAME(CROSSING_FALL_QUEUED, FALL_QUEUED);
SAME(CROSSING_FALL_ELSEWHERE, FALL_ELSEWHERE);

static bool is_open;

/* No slot says so: a live one has rights, or a type at least. */
#define SAYS_NOTHING 1u
static const struct cap_slot no_slot;
static struct cap_table no_table;

static void set_open(bool open)
{
    if (open != is_open) {
        is_open = open;
        arch_fast(open);
    }
}

void fast_update(void)
{
    set_open(kernel.budgets == 0 && !kernel.trace && !shared.registers_host &&
             arch_this_cpu()->native_syscall);
}

void fast_close(void)
{
    set_open(false);
}

void fast_count(void)
{
    shared.crossing_falls[CROSSING_FALL_CLOSED] += !is_open;
}

void fast_begin(struct domain *domain, struct cap_table *table)
{
    domain->table = table ? table : &no_table;
    domain->counts = domain_result(domain);
    domain->call.slot = domain->serve.slot = &no_slot;
    domain->call.says = domain->serve.says = SAYS_NOTHING;
}

void fast_serves(struct domain *domain, uint64_t handle,
                 const struct cap_slot *slot)
{
    domain->serve = (struct way){
        .handle = handle,
        .slot = slot,
        .says = *(const uint64_t *)(const void *)slot,
    };
    domain->note = cap_note_of(slot);
}

/* The short way leaves the first of a chain of callers in the run queue, whose
 * place the last one has taken. */
void fast_settle(struct domain *domain)
{
    schedule_replace(domain_at(kernel.current), domain);
    kernel.current = domain->index;
    kernel.resident = domain->index;
    kernel.entered = 0;
    domain->registers_live = true;
}
