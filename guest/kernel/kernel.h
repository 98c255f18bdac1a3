/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's own objects and the functions its files offer one another. One
 * CPU, one kernel stack, interrupts off: nothing here runs concurrently.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <abi/boot.h>
#include <abi/guard.h>
#include <abi/hostcall.h>
#include <abi/layout.h>
#include <abi/shared.h>
#include <abi/syscall.h>
#include <capabilities/cap.h>
#include <domains/build.h>
#include <domains/quota.h>
#include <ipc/ipc.h>
#include <stddef.h>

#include "ranges.h"
#include "records.h"
#include "standstill.h"
#include "work.h"

/* The machine's own quota and pool. Others are reached by pointer: quota_of,
 * pool_of, range_quota, range_pool, or a capability's object. */
#define ROOT_QUOTA (&kernel.quotas[SPEC_MAX_DOMAINS])
#define ROOT_POOL (&kernel.pools[SPEC_MAX_DOMAINS])
/* Everything. Zeroed at load. */
struct kernel {
    struct domain *domains[DOMAIN_MAX]; /* null: absent. First, for fast.S */
    const struct boot_module *module;
    uint64_t module_physical;
    uint64_t memory;
    struct spec spec;
    struct plan plan;
    struct ipc ipc;
    struct ipc_party *parties[IPC_PARTIES]; /* in the control blocks */
    uint32_t domain_end; /* no domain has this number or more */
    uint64_t live;       /* bitmap of the config's: built, perhaps ended */
    uint32_t current;    /* domain in ring 3, or NO_DOMAIN */
    uint32_t resident;   /* domain whose vector registers are in the CPU */
    uint32_t chosen;     /* runs when its segment registers are empty */
    uint32_t preferred;  /* woken by a crossing: runs next, or NO_DOMAIN */
    struct queue run[SPEC_PRIORITIES]; /* who can run; the first's turn next */
    uint32_t ready;                    /* bitmap of those that are not empty */
    uint32_t parked; /* domains that could run but for their time */
    uint64_t armed;  /* when the timer rings; a tick, or 1: there are no
                        budgets, 0: it does not */
    uint64_t slice;  /* when the slice is over, where there are budgets; or 0 */
    uint32_t budgets;       /* times that have one */
    uint64_t since;         /* tick up to which time is accounted for */
    uint64_t entered;       /* where ring 3 went on */
    uint32_t shortest;      /* ns that the timer is armed for, at least */
    struct time *exhausted; /* by the end of their periods */
    struct time machine_time, times[SPEC_MAX_TIMES];
    bool settling;           /* quota.c works through `gone` */
    struct cap_object *gone; /* quotas and pools that nobody has any more */
    struct queue orphans;    /* faulted; whoever decided about them has ended */
    bool orphaning;          /* they are being ended */
    uint32_t work; /* of detaching: granules written, parts asked (space.c) */
    bool flush;    /* a right was taken away: flush before ring 3 */
    struct shared_record *trace; /* the ring of records; null: none is kept */
    uint64_t trace_mask;         /* of a number: its place */
    uint64_t trace_room; /* records not taken yet that it has room for */
    uint64_t trace_bell; /* of a number: 0 where the host is told */
    struct cap_table root_table;
    struct cap_slot *range_slots[SPEC_MAX_RANGES]; /* originals */
    struct cap_slot *endpoint_slots[SPEC_MAX_ENDPOINTS];
    struct cap_slot *time_slots[SPEC_MAX_TIMES];
    /* By the domain that brought them; the machine's own come last. */
    struct quota quotas[SPEC_MAX_DOMAINS + 1];
    struct pool pools[SPEC_MAX_DOMAINS + 1];
    struct range ranges[PLAN_MAX_RANGES];
    struct space spaces[PLAN_MAX_ROOTS];
    struct attachments planned[PLAN_MAX_ROOTS][PLAN_MAX_RANGES];
    uint32_t roots_made;
    uint64_t ranges_made;
    struct handler handlers[SPEC_MAX_DOMAINS];
    struct ipc_endpoint endpoints[SPEC_MAX_ENDPOINTS];
    struct cap_object domain_objects[SPEC_MAX_DOMAINS];
    struct cap_object cpu_objects[SPEC_MAX_DOMAINS];
    struct cap_object directory_object, file_object, attachment_object;
    struct file_lock file_locks[SPEC_MAX_NODES];
    struct frame *frames;       /* by frame number */
    uint64_t *directories[512]; /* master view, by GiB (address.c) */
    uint32_t directory_uses[512];
    struct window window; /* the machine's */
    uint64_t granules_used[RUNTIME_GRANULES / 64];
    uint64_t numbers_used[DOMAIN_MAX / 64];
    struct window windows[SPEC_MAX_DOMAINS]; /* of the config's pools */
};
extern struct kernel kernel;
extern struct shared shared;
extern const struct cap_context cap_context;

/* memory.c: frames, pools, quotas. Pages of 4 KiB. */
void memory_init(uint64_t first, uint64_t end);
MUST_CHECK enum status quota_charge(struct quota *quota, uint64_t pages);
void quota_uncharge(struct quota *quota, uint64_t pages);
void quota_merge(struct quota *quota); /* pd_quota_merge */
MUST_CHECK enum status pool_reserve(struct pool *pool, uint64_t pages);
void pool_unreserve(struct pool *pool, uint64_t pages);
uint64_t frame_take(struct pool *pool); /* a reserved one: zeroed, physical */
void frames_take(struct pool *pool, uint64_t *out, uint32_t count,
                 uint64_t flags);
/* Scrubs. What pays for it is uncharged before: a pool that its last frame has
 * come back to may go. */
void frame_give(struct pool *pool, uint64_t frame);
/* Likewise, where only the words from `first` on have been used. */
void frame_give_words(struct pool *pool, uint64_t frame, uint32_t first,
                      uint32_t count);
MUST_CHECK enum status pool_carve(struct pool *pool, struct pool *from,
                                  uint64_t pages);
void pool_return(struct pool *pool);
struct quota *planned_quota(uint32_t owner); /* of a plan's domain */
struct pool *planned_pool(uint32_t owner);
struct quota *quota_of(uint32_t domain); /* what it charges */
struct pool *pool_of(uint32_t domain);   /* what it allocates from */
/* May it have anything charged and allocated while it runs: quota: none and
 * pool: none may not. OK, NO_QUOTA, NO_MEMORY. */
MUST_CHECK enum status domain_may_take(uint32_t domain);

/* Charges `charged` pages and sets `pages` frames aside, or does neither.
 * OK, NO_QUOTA, NO_MEMORY. */
MUST_CHECK enum status pages_reserve(struct quota *quota, struct pool *pool,
                                     uint64_t charged, uint64_t pages);

/*
 * object.c: objects made at run time, zeroed but for object.type. They lie in
 * frames of the maker's pool, charged to its quota; a frame goes back with the
 * last object in it. Call object_drop from cap_ops.removed with `last`, or to
 * undo a making. Sizes: OBJECT_BYTES; a pool has four times that. Cost:
 * constant. object_make returns OK, NO_QUOTA, NO_MEMORY; on error nothing has
 * changed.
 */
#define OBJECT_BYTES 128u
/* cap_object.owner of such an object; 0: of any other */
enum object_owner { OBJECT_MADE = 1, OBJECT_GOING };
MUST_CHECK enum status object_make(uint32_t domain, enum cap_type type,
                                   struct cap_object **out);
/* The same out of this pool, charged to this quota. */
MUST_CHECK enum status object_make_in(struct quota *quota, struct pool *pool,
                                      enum cap_type type,
                                      struct cap_object **out);
void object_drop(struct cap_object *object); /* needs: no references */

/*
 * quota.c: quotas and pools made at run time. They go with their last
 * capability, when nothing is charged to them, or taken from them, any more.
 */
void quota_removed(void *context, const struct cap_slot *slot, bool last);
void pool_removed(void *context, const struct cap_slot *slot, bool last);
/* Gives one that was split off back whole: its frames, addresses, quota. */
void pool_unsplit(struct pool *pool);
/* Whose quota an allocation is charged to: the pool's own, which has paid for
 * it, or the allocating domain's. */
struct quota *pool_payer(struct pool *pool, uint32_t domain);
/* Does another domain stand on what was split off this quota or pool? */
bool stood_on(const struct quota *quota, const struct pool *pool,
              uint32_t domain);
/* Is it `top`, or made out of it, directly or not? Null: no. */
bool quota_is_under(const struct quota *quota, const struct quota *top);
bool pool_is_under(const struct pool *pool, const struct pool *top);
void quota_left(struct quota *quota); /* something has been uncharged */
void pool_left(struct pool *pool);    /* a frame has come back */
static inline bool object_made(const struct cap_object *object)
{
    return object->owner == OBJECT_MADE; /* by object_make */
}
/* Who paid; null: the object was not made by object_make. */
struct quota *object_quota(const struct cap_object *object);
struct pool *object_pool(const struct cap_object *object);

/*
 * address.c: who has which addresses. Granules of run time come out of the
 * window of a pool: lowest first, so that a window tells nothing beyond
 * what its own pool's domains do. Cost: constant, but for the words of a
 * full window.
 */
MUST_CHECK enum status address_init(void); /* the plan's, named ranges */
/* OK, OUT_OF_RANGE (the window is full), NO_QUOTA, NO_MEMORY. */
MUST_CHECK enum status span_take(struct pool *pool, uint32_t granules,
                                 uint64_t *base);
void span_give(struct pool *pool, uint64_t base, uint32_t granules);
/* An entry of the master view: leaf table in the low half, struct range in the
 * high one, since both lie below 4 GiB. Null: no directory is there. */
#define ADDRESS_LEAF 0xffffffffull
static inline uint64_t *address_entry(uint64_t address)
{
    uint64_t *directory = kernel.directories[address >> 30];

    return directory ? &directory[address >> ABI_GRANULE_SHIFT & 511] : NULL;
}

static inline uint64_t address_leaf(uint64_t address) /* physical; 0: none */
{
    const uint64_t *entry = address_entry(address);

    return entry ? *entry & ADDRESS_LEAF : 0;
}

/* Needs: a directory. */
static inline void address_leaf_set(uint64_t address, uint64_t leaf)
{
    uint64_t *entry = address_entry(address);

    *entry = (*entry & ~ADDRESS_LEAF) | leaf;
}
void address_range_set(struct range *range);   /* whose these granules are */
struct range *address_range(uint64_t address); /* null: nobody's */
/* A window of its own for a pool made out of `from`. Returns as span_take.
 */
MUST_CHECK enum status window_make(struct window *w, struct pool *from);
/* The same without numbers, for a pool of `pages` that is split off. */
MUST_CHECK enum status window_split(struct window *w, struct pool *from,
                                    uint64_t pages);
void window_drop(struct window *w, struct pool *from);
/* Numbers of domains, likewise. NO_DOMAIN: all are taken. */
uint32_t number_take(struct pool *pool);
void number_give(struct pool *pool, uint32_t number);

/* compose.c: pd_ops; destroy.c: their reverse. */
void compose_init(void);
MUST_CHECK enum status compose_domain(uint32_t domain);
MUST_CHECK enum status destroy_domain(uint32_t domain);

bool depended_on(uint32_t domain); /* it cannot be destroyed now */

/* create*.c: domains made at run time. */
MUST_CHECK enum status create_start(struct domain *domain);
/* OK, MORE, BUSY (others still hold what is charged to a quota of its own).
 * `by`: the capability that it is done by, which goes last; or null. */
enum status create_remove(struct domain *domain, struct work *work,
                          struct cap_slot *by);
struct cap_slot *original_of(struct domain *domain);
uint32_t domain_number(const struct cap_object *object); /* of CAP_DOMAIN */

/* give_late.c: what composition gives, made when it is first asked for. */
MUST_CHECK enum status give_late(struct domain *domain, const char *name,
                                 uint64_t *handle);
void give_parts(struct domain *domain); /* copies: caps: part, files: part */
void table_derive(struct cap_table *from, struct cap_table *to);
void names_derive(struct domain *domain);

/* domain.c: what building and taking apart have in common. */
void domain_init(struct domain *domain, uint32_t number);
void domain_join(struct domain *domain);
void domain_part(struct domain *domain); /* the reverse */
void table_make(struct cap_table *table, struct pool *pool, uint32_t slots);
void start_write(struct domain *domain, const struct start *how);

/* give.c: initial capabilities; what removal means. */
void give_init(void);
void give_standard(void *context, uint32_t domain);
void give_hold(void *context, uint32_t domain, uint32_t hold);
MUST_CHECK enum status give_composite(struct domain *domain, uint64_t *handle);
MUST_CHECK enum status give_handler(struct domain *domain, uint64_t *handle);
struct cap_table *caps_of(uint32_t domain); /* null: none */
struct cap_table *files_of(uint32_t domain);
struct range *slot_range(const struct cap_slot *slot);
/* Attaches the range that `source` reaches to the domain's root: a child of
 * `source`. OK, REVOKING, NO_SLOT. */
MUST_CHECK enum status attach_through(struct cap_slot *source, uint32_t domain,
                                      uint8_t rights, struct cap_ref *ref);
/* The same for a space, into a table; also NO_QUOTA, NO_MEMORY. */
MUST_CHECK enum status attach_into(struct cap_slot *source,
                                   struct cap_table *table, struct space *space,
                                   uint8_t rights, struct cap_ref *ref);
void name_add(struct domain *domain, const char *text, uint64_t handle);
uint64_t handle_make(struct cap_ref ref, bool files);
bool handle_in_files(uint64_t handle);
struct cap_table *handle_table(const struct domain *domain, uint64_t handle,
                               struct cap_ref *ref);
MUST_CHECK enum status handle_look_up(const struct domain *domain,
                                      uint64_t handle, struct cap_slot **out);
MUST_CHECK enum status handle_for(const struct domain *domain, uint64_t handle,
                                  enum cap_type type, uint8_t rights,
                                  struct cap_slot **out);

void attachments_drop(struct space *space); /* all of a root that goes */

/* Null: there is no such domain. */
static inline struct domain *domain_at(uint32_t number)
{
    return number < DOMAIN_MAX ? kernel.domains[number] : NULL;
}

/* Not one of the config's. */
static inline bool is_runtime(const struct domain *domain)
{
    return domain->index >= SPEC_MAX_DOMAINS;
}

static inline struct handler *handler_of(uint32_t number)
{
    return number < SPEC_MAX_DOMAINS ? &kernel.handlers[number]
                                     : &domain_at(number)->handler;
}

/* Its registers change by nobody else's doing: it is paused, stands at a fault,
 * or has not been started yet. */
static inline bool stands_still(const struct domain *domain)
{
    return domain->paused || domain->state == DOMAIN_FAULTED ||
           domain->state == DOMAIN_ABSENT;
}

/* What the host is told about it: of the config's also when they are gone.
 */
static inline struct shared_domain *result_at(uint32_t number)
{
    return number < SPEC_MAX_DOMAINS ? &shared.domains[number]
                                     : &domain_at(number)->result;
}

static inline struct shared_domain *domain_result(struct domain *domain)
{
    return domain->index < SPEC_MAX_DOMAINS ? &shared.domains[domain->index]
                                            : &domain->result;
}

/* file_lock.c: files that are open to one domain alone. */
bool file_is_exclusive(const struct cap_slot *slot);
uint32_t file_holder(uint32_t node); /* NO_DOMAIN: nobody */
struct cap_object *file_lock_object(uint32_t node);
/* Needs: nobody holds it; `slot` is a capability to its lock's object. */
void file_lock(struct domain *domain, uint32_t node, struct cap_slot *slot);
void file_removed(const struct cap_slot *slot); /* any capability to a file */
void file_forget(struct domain *domain);        /* that ends */
/* The program that a file capability with exec leads to (syscall_files.c).
 * OK; what handle_for returns. */
MUST_CHECK enum status file_program(const struct domain *domain,
                                    uint64_t handle, uint32_t *program,
                                    uint64_t *entry);
/* Can another capability be made of this one? An attachment is the mapping
 * itself, and an exclusive open is one. */
static inline bool slot_copies(const struct cap_slot *slot)
{
    return GUARD(ATTACHMENT_DERIVE, slot->type != CAP_ATTACHMENT) &&
           GUARD(FILE_ALONE, !file_is_exclusive(slot));
}

/* schedule.c. Waking, blocking and choosing cost the same for any number of
 * domains. */
void schedule_wake(uint32_t domain); /* out of whatever queue it is in */
void schedule_block(struct domain *domain, enum domain_state state);
/* The same, last in a queue. */
void schedule_wait(struct domain *domain, enum domain_state state,
                   struct queue *queue);
void schedule_yield(void); /* the others first */
void schedule_tick(void);  /* the timer: whose turn it is */
_Noreturn void schedule(void);
/* The domain that made a call goes on as it is: nobody else is due, and its
 * view is the same. Needs: nobody is preferred. Cost: constant. */
bool schedule_undisturbed(const struct domain *domain);
/* Its priority is now `priority`. */
void schedule_priority(struct domain *domain, uint8_t priority);
void domain_end(struct domain *domain, enum outcome_kind outcome, int32_t code);
/* It could run, but waits in a queue for that. */
void schedule_park(struct domain *domain, struct queue *queue);
/* The place in its queue is another's, which is in none. */
void schedule_replace(struct domain *domain, struct domain *by);

/* time.c: budgets. Where no time has one, nothing here costs anything. */
void time_init(void);
void time_bind(struct domain *domain, struct time *time); /* null: to none */
struct time *time_default(uint32_t domain); /* as it is composed */
void time_pass(void); /* what has been used since; whose period is over */
bool time_up(struct domain *domain); /* exhausted: then it has been parked */
void time_idle(void);                /* until somebody parked can run */
/* When the budgets that `domain` runs on are used up, or another's begins. */
uint64_t time_horizon(const struct domain *domain);
/* Changes it for all who run on it; what was used of this period stays used.
 * Needs: a valid one (spec_time_refusal). Cost: linear in the times made
 * out of it, directly or not, and in who is bound to these. */
void time_change(struct time *time, const struct spec_time *to);
/* No more of the processor, and no higher priority, than its source. */
bool time_within(const struct time *time, const struct spec_time *to);
bool time_no_more(const struct time *source, const struct spec_time *to);
/* Its own, or a source's, whichever is lowest. */
uint8_t time_priority(const struct time *time);

/* time_make.c: times made at run time. */
void time_begin(struct time *time, struct time *from,
                const struct spec_time *to);
/* A capability to one has gone. With the last, whoever runs on it runs on what
 * it was made out of; it stays as long as others are made out of it. */
void time_removed(void *context, const struct cap_slot *slot, bool last);
void time_reprioritise(struct time *time); /* all on it, or made out of it */

/* fault.c */
void fault_handle(struct domain *domain, const struct arch_trap *trap);
MUST_CHECK enum status fault_resume(struct domain *domain, uint64_t action);
void fault_forget(struct domain *domain);
MUST_CHECK enum status fault_deliver(struct domain *handler);

/*
 * fast.c: the short way of a call to a server that waits, and of its reply
 * (arch/x86_64/fast.S; docs/crossings.md).
 */
void fast_update(void); /* may it be taken at all? */
void fast_close(void);  /* no more */
void fast_count(void);  /* a call that could, if it may not */
/* It begins to act, by `table` (null: by none), and has named nothing yet. */
void fast_begin(struct domain *domain, struct cap_table *table);
/* It waits for calls by this capability: the next reply may go the short way.
 */
void fast_serves(struct domain *domain, uint64_t handle,
                 const struct cap_slot *slot);
/* Ring 3 was left by one that came to run by the short way: does what that left
 * undone. */
void fast_settle(struct domain *domain);

/* crossing.c */
void crossing_apply(const struct ipc_outcome *outcome);
/* Does so for one who acts by `slot`, and blocks it if need be. Returns OK. */
enum status crossing_block(struct domain *domain, struct cap_slot *slot,
                           const struct ipc_outcome *outcome);
/*
 * syscall_pass.c: gives `to` what the handle and wish in `what` name of
 * `from`'s, and tells its new handle; 0: nothing. On an error nothing has
 * changed. OK; INVALID_HANDLE, STALE_HANDLE; INVALID_ARGUMENT (an attachment,
 * or an original that would leave its maker); REVOKING, NO_RIGHTS, TOO_BIG,
 * NO_SLOT.
 */
MUST_CHECK enum status pass(const struct domain *from, uint64_t what,
                            const struct domain *to, uint64_t *handle);
/* Could it be given to anyone? As above, but for the receiver's table. */
MUST_CHECK enum status pass_check(const struct domain *from, uint64_t what);

/*
 * serve.c: a domain acts from when it is built until it ends, and by its table
 * may serve. An endpoint is deserted when no domain that acts may serve it, and
 * none of the config's that has not been started yet will. Whoever is queued
 * there is told CLOSED, and so is who calls. Cost: of a begin or end, the
 * table's size; of the others, the config's holds.
 */
void serve_begin(struct domain *domain);         /* needs: its table is there */
void serve_end(struct domain *domain);           /* also when it does not act */
void serve_started(uint32_t domain);             /* of the config's */
void serve_removed(const struct cap_slot *slot); /* it does not count now */
bool endpoint_deserted(const struct cap_object *endpoint);

/* notify.c: an endpoint or notification, by the object's type; empty. */
void endpoint_begin(struct cap_object *object);
/* A capability to one has gone, perhaps the last. */
void crossing_removed(const struct cap_slot *slot, bool last);
void crossing_complete(uint32_t domain);
/* A capability to an endpoint is gone: whoever is queued by it wakes. */
void crossing_revoked(const struct cap_slot *slot);
/* It was moved away from `slot`, and said what `before` says: likewise. */
void crossing_moved(const struct cap_slot *before, const struct cap_slot *slot);

#include "share.h"

/* attempt.c: probes, when nothing is left to run. */
_Noreturn void attempts(void);
bool attempting(void);
_Noreturn void attempt_trap(struct arch_frame *frame);

/* syscall*.c: one table, a file a resource family. */
/* A call that returns MORE is repeated: at once, or when its domain wakes.
 */
typedef enum status syscall_function(struct domain *, struct arch_frame *);
void syscall_handle(struct domain *domain);
syscall_function sys_exit, sys_yield, sys_console, sys_report, sys_capability,
    sys_locate, sys_inspect, sys_derive, sys_delete, sys_revoke, sys_compose,
    sys_derive_replaced, sys_member, sys_attach, sys_grow, sys_allocate,
    sys_open, sys_open_with, sys_read, sys_list, sys_call, sys_receive,
    sys_reply, sys_reply_receive, sys_spawn, sys_stop, sys_wait, sys_try,
    sys_random, sys_fault_wait, sys_fault_resume, sys_move, sys_badge,
    sys_quota_split, sys_quota_trade, sys_quota_return, sys_pool_split,
    sys_pool_return, sys_domain_create, sys_domain_start, sys_domain_destroy,
    sys_cpu_read, sys_cpu_write, sys_step, sys_pause, sys_continue,
    sys_pause_wait, sys_part_of, sys_attach_to, sys_handler_bind, sys_time_set,
    sys_time_query, sys_time_bind, sys_time_create, sys_endpoint_create,
    sys_notification_create, sys_signal, sys_await, sys_range_create, sys_map,
    sys_unmap;
/* The domain that a capability reaches: built, perhaps ended. As handle_for,
 * and NOT_RUNNING. */
MUST_CHECK enum status live_domain_for(const struct domain *domain,
                                       uint64_t handle, uint8_t rights,
                                       struct domain **out);
/* The domain whose registers a capability reaches. As handle_for, and
 * NOT_RUNNING: it has ended, or there is none. */
MUST_CHECK enum status cpu_for(const struct domain *domain, uint64_t handle,
                               uint8_t rights, struct domain **out);
/* Copies a name of at most `limit` bytes in. OK, TOO_BIG, BAD_POINTER. */
MUST_CHECK enum status name_copy_in(char *to, uint64_t address, uint64_t bytes,
                                    uint64_t limit);

#endif
