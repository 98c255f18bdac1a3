/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls, typed. Out-parameters are untouched unless OK is
 * returned. Every call on a handle may also return INVALID_HANDLE (no live
 * capability stands there), STALE_HANDLE (another one stands there by now) and
 * WRONG_TYPE; every call that takes a pointer may return BAD_POINTER (not
 * readable, or not writable, by the caller). These are not repeated below.
 */
#ifndef AMBIT_CALLS_H
#define AMBIT_CALLS_H

#include <abi/shared.h>
#include <abi/status.h>
#include <abi/syscall.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a program holds of a capability: {generation, table, index}. */
struct ambit_handle {
    uint64_t bits; /* 0 is never a handle */
};

/* Rights; the numbers are those of the kernel's capability tables. */
enum ambit_rights {
    AMBIT_READ = 1,
    AMBIT_WRITE = 2,
    AMBIT_EXEC = 4,
    AMBIT_USE = 8, /* attach, map, bind, charge, serve, spawn into */
    AMBIT_ALL = 15
};

/* Resource types as ambit_inspect tells them; the order is ABI. */
enum ambit_type {
    AMBIT_TYPE_NONE,
    AMBIT_TYPE_FRAME,
    AMBIT_TYPE_RANGE,
    AMBIT_TYPE_SPACE,
    AMBIT_TYPE_QUOTA,
    AMBIT_TYPE_POOL,
    AMBIT_TYPE_CPU,
    AMBIT_TYPE_TIME,
    AMBIT_TYPE_FILE,
    AMBIT_TYPE_DIRECTORY,
    AMBIT_TYPE_ENDPOINT,
    AMBIT_TYPE_NOTIFICATION,
    AMBIT_TYPE_CHANNEL,
    AMBIT_TYPE_GATE,
    AMBIT_TYPE_HANDLER,
    AMBIT_TYPE_DOMAIN,
    AMBIT_TYPE_ATTACHMENT,
    AMBIT_TYPE_COMPOSITE
};

/* What ambit_inspect tells. `first` and `second` mean, by type:
 *   pool      free pages, pages in all
 *   quota     pages charged, most pages it may charge
 *   range     virtual address, bytes
 *   frame     frame number, 0
 *   domain    enum outcome_kind, exit code
 *   endpoint  the badge its calls carry, 0
 *   file      bytes, 0; directory: entries, 0
 *   space     ranges and parts attached in it, 0
 *   others    0, 0 */
struct ambit_info {
    enum ambit_type type;
    uint32_t rights; /* enum ambit_rights bits */
    uint64_t first, second;
};

/* A message of a crossing. The badge is set by the kernel for the receiver:
 * it tells which capability the caller used. */
struct ambit_message {
    uint64_t badge;
    uint64_t words[SYSCALL_WORDS];
    struct ambit_handle capability; /* what came along, or 0; not sent */
};

/* A capability that goes along with a call or a reply. */
struct ambit_gift {
    uint64_t bits; /* 0: nothing */
};

/* A child of it with these rights, or the capability itself. */
static inline struct ambit_gift ambit_copy_of(struct ambit_handle handle,
                                              uint32_t rights)
{
    return (struct ambit_gift){handle.bits | (uint64_t)(rights & AMBIT_ALL)
                                                 << SYSCALL_PASS_RIGHTS};
}

static inline struct ambit_gift ambit_move_of(struct ambit_handle handle)
{
    return (struct ambit_gift){handle.bits | SYSCALL_PASS_MOVE};
}

/* How a domain ended. */
struct ambit_outcome {
    enum outcome_kind kind;
    int32_t code; /* of an exit */
};

/* ---- oneself ---- */

/* Ends the calling domain. Prints what ambit_printf still buffers. */
_Noreturn void ambit_exit(int code);

/* Lets others run; returns when it is the caller's turn again. */
void ambit_yield(void);

/*
 * Writes bytes to the console, tagged with the domain's name by the host.
 * Returns OK; TOO_BIG (more than SYSCALL_CONSOLE_MAX).
 */
MUST_CHECK enum status ambit_console(const char *text, size_t bytes);

/* A number from the guest's seeded generator: the same seed in the config
 * gives the same numbers. Not for secrets. */
uint64_t ambit_random(void);

/* ---- names ---- */

/*
 * Finds one of the caller's initial capabilities by its local name: those of
 * `holds:` in the config, and what composition gave ("pool", "quota", "heap",
 * "files", ...: guest/runtime/README.md lists them).
 * Returns OK; NOT_FOUND.
 */
MUST_CHECK enum status ambit_capability(const char *name,
                                        struct ambit_handle *out);

/*
 * Tells where a range is: "app.stack", "app.heap", "app.image" or the name of
 * one in `ranges:`. Needs no right: knowing is not holding. `*bytes` is its
 * size now if the caller's space has it, else the size it begins with (a heap:
 * 0): growing a heap tells others nothing.
 * Returns OK; NOT_FOUND.
 */
MUST_CHECK enum status ambit_locate(const char *name, uint64_t *base,
                                    uint64_t *bytes);

/* ---- capabilities ---- */

/* Tells a capability's type, rights and numbers.
 * Needs: nothing beyond the capability, for type and rights; read for the
 * numbers (else they are 0). Returns OK. */
MUST_CHECK enum status ambit_inspect(struct ambit_handle handle,
                                     struct ambit_info *out);

/*
 * Derives a capability with the same or fewer rights.
 * Returns OK; NO_RIGHTS (more rights than the source's); INVALID_ARGUMENT (no
 * such rights at all, or an attachment); REVOKING; NO_SLOT; TOO_BIG (128
 * derivations deep).
 */
MUST_CHECK enum status ambit_derive(struct ambit_handle source, uint32_t rights,
                                    struct ambit_handle *out);

/*
 * Derives a capability to a part of a range: `pages` from page `first` of the
 * source. Returns as ambit_derive, and OUT_OF_RANGE (the part is not within
 * the source), INVALID_ARGUMENT (this type has no parts).
 */
MUST_CHECK enum status ambit_derive_part(struct ambit_handle source,
                                         uint32_t rights, uint64_t first,
                                         uint64_t pages,
                                         struct ambit_handle *out);

/*
 * Moves a capability to another handle: the old one is stale, and who waits by
 * it is told CLOSED. What was derived from it stays derived from it.
 * Returns OK; INVALID_ARGUMENT (an attachment); REVOKING; NO_SLOT (there must
 * be room beside the old place).
 */
MUST_CHECK enum status ambit_move(struct ambit_handle handle,
                                  struct ambit_handle *out);

/*
 * Derives a capability with a badge: calls through it tell the badge to the
 * server, signals through it set the badge's bits. Needs: use, and that the
 * source has no badge.
 * Returns OK; NO_RIGHTS (no use, or rights beyond the source's);
 * INVALID_ARGUMENT (badge 0, no such rights); EXISTS (the source has a badge);
 * REVOKING; TOO_BIG; NO_SLOT.
 */
MUST_CHECK enum status ambit_badge(struct ambit_handle source, uint32_t rights,
                                   uint64_t badge, struct ambit_handle *out);

/* Gives one capability up. Those derived from it live on.
 * Returns OK. */
MUST_CHECK enum status ambit_delete(struct ambit_handle handle);

/* Removes everything derived from a capability, attachments included, from
 * every domain; the capability stays. Returns OK, when all of it is gone. */
MUST_CHECK enum status ambit_revoke(struct ambit_handle handle);

/*
 * Makes a composite of `count` capabilities (1 to SYSCALL_COMPOSE_MAX).
 * Returns OK; INVALID_ARGUMENT (count, or a member is a composite or in the
 * files table); REVOKING; NO_SLOT; TOO_BIG (128 derivations deep).
 */
MUST_CHECK enum status ambit_compose(const struct ambit_handle *members,
                                     uint64_t count, struct ambit_handle *out);

/*
 * Derives a composite in which member `index` is replaced by a capability
 * derived from `replacement`; the others are shared, with at most `rights`.
 * Returns OK; WRONG_TYPE (no composite, or another type than the member's);
 * NOT_FOUND (no such member); REVOKING; NO_SLOT.
 */
MUST_CHECK enum status ambit_derive_replaced(struct ambit_handle composite,
                                             uint64_t index,
                                             struct ambit_handle replacement,
                                             uint32_t rights,
                                             struct ambit_handle *out);

/*
 * Derives a capability from member `index` of a composite.
 * Returns OK; NOT_FOUND (no such member, or it was revoked); NO_RIGHTS;
 * REVOKING; NO_SLOT.
 */
MUST_CHECK enum status ambit_member(struct ambit_handle composite,
                                    uint64_t index, uint32_t rights,
                                    struct ambit_handle *out);

/* ---- memory ---- */

/*
 * Attaches a range, or a part of one that is whole granules of 2 MiB (from a
 * multiple of 512 pages to another, or to the range's end), to the caller's
 * space with `rights`, at its one address. The caller pays for a part's object.
 * Needs: use on the range, and `rights`. The attachment is derived from the
 * range's capability: revoking that detaches.
 * Returns OK; NO_RIGHTS; INVALID_ARGUMENT (not r, rw or rx); OUT_OF_RANGE
 * (other parts, and of stacks); NO_SLOT (also: the space has 32 parts, or its
 * places for ranges are taken); REVOKING (the range's capability is); TOO_BIG
 * (65,535 attachments of it are in the space); NO_QUOTA; NO_MEMORY.
 */
MUST_CHECK enum status ambit_attach(struct ambit_handle range, uint32_t rights,
                                    struct ambit_handle *out);

/*
 * Makes a range larger by `pages` zeroed pages; 0 only asks. `*bytes` is its
 * size after the call. Every root that the range is attached in sees them.
 * Needs: write on the range.
 * Returns OK; NO_RIGHTS; OUT_OF_RANGE (beyond its limit in the config);
 * NO_QUOTA; NO_MEMORY. On an error the range has not grown.
 */
MUST_CHECK enum status ambit_grow(struct ambit_handle range, uint64_t pages,
                                  uint64_t *bytes);

/*
 * Takes one frame from a pool, charged to the caller's quota; from a pool that
 * was split off at run time, to nobody: that pool is paid for. Deleting the
 * last capability to it gives it back, scrubbed.
 * Needs: use on the pool. Returns OK; NO_RIGHTS; NO_QUOTA; NO_MEMORY; NO_SLOT.
 */
MUST_CHECK enum status ambit_allocate(struct ambit_handle pool,
                                      struct ambit_handle *frame,
                                      uint64_t *number);

/* ---- quotas and pools ---- */

/* How a quota is made out of another. */
enum ambit_quota_kind {
    AMBIT_QUOTA_NEW, /* pages of its own: charged there now, whole */
    AMBIT_QUOTA_PART /* a ceiling: what it is charged is charged there, too */
};

/*
 * Makes a quota of `pages` out of another: an object, paid for by the caller's
 * quota as a part of a page, whose capability (read, use) is derived from
 * `quota`. Revoking that takes it away. The quota is given back when its last
 * capability is gone and nothing is charged to it.
 * Needs: use on the quota.
 * Returns OK; NO_RIGHTS; INVALID_ARGUMENT (no pages, or no such kind); NO_QUOTA
 * (not as many left; a ceiling above the whole; none for the object); NO_MEMORY
 * (for the object); TOO_BIG (128 quotas above one another); NO_SLOT; REVOKING.
 */
MUST_CHECK enum status ambit_quota_split(struct ambit_handle quota,
                                         uint64_t pages,
                                         enum ambit_quota_kind kind,
                                         struct ambit_handle *out);

/*
 * Moves `pages` of limit, as far as nothing is charged to them, from one quota
 * to another: one was split off the other, or both off the same.
 * Needs: use on both: who may charge pages may give them away instead.
 * Returns OK; NO_RIGHTS; INVALID_ARGUMENT (no pages; other quotas than these; a
 * ceiling, which has nothing of its own); NO_QUOTA (`from` has not as many
 * left).
 */
MUST_CHECK enum status ambit_quota_trade(struct ambit_handle from,
                                         struct ambit_handle to,
                                         uint64_t pages);

/*
 * Gives a quota back to the one that it was split off. Capabilities to it stay,
 * with nothing left to charge.
 * Needs: use on the quota.
 * Returns OK; NO_RIGHTS; BUSY (something is charged to it: a domain, a quota
 * split off it; or there is a ceiling on it); CLOSED (it has been given back).
 */
MUST_CHECK enum status ambit_quota_return(struct ambit_handle quota);

/*
 * Makes a pool of `pages` contiguous frames out of another. The quota that
 * allocating from `pool` is charged to pays for all of them, and the caller's
 * for the object; allocating from the new pool is charged to nobody. Its
 * capability (read, use) is derived from `pool`. The pool is given back when
 * its last capability is gone and all its frames have come back.
 * Needs: use on the pool.
 * Returns OK; NO_RIGHTS; INVALID_ARGUMENT (no pages); NO_QUOTA; NO_MEMORY (not
 * as many in one piece that were never used); OUT_OF_RANGE (no addresses left
 * for it); NO_SLOT; REVOKING.
 */
MUST_CHECK enum status ambit_pool_split(struct ambit_handle pool,
                                        uint64_t pages,
                                        struct ambit_handle *out);

/*
 * Gives a pool back, whole. Capabilities to it stay, with nothing left to take.
 * Needs: use on the pool.
 * Returns OK; NO_RIGHTS; BUSY (frames are taken from it, pools split off it, or
 * a domain brought it); CLOSED (it has been given back).
 */
MUST_CHECK enum status ambit_pool_return(struct ambit_handle pool);

/* ---- files ---- */

/*
 * Opens what stands at `path` beneath a directory: components separated by
 * single slashes. "." and ".." are names like others, which nothing has; a
 * slash at either end is an empty name, which nothing has. There is no other
 * way to a file: no root folder, no working folder.
 * Needs: use on the directory. Returns OK; NO_RIGHTS; NOT_FOUND; TOO_BIG
 * (SYSCALL_PATH_MAX); NO_SLOT.
 */
MUST_CHECK enum status ambit_open(struct ambit_handle directory,
                                  const char *path, struct ambit_handle *out);

/*
 * The same, with `rights`, and if `flags` says SYSCALL_OPEN_EXCLUSIVE for the
 * caller alone: no other domain opens the file until the capability is deleted
 * or the caller ends. Whoever has it open already reads on. That capability is
 * the only one: it is neither derived from nor moved. A directory can be opened
 * below with fewer rights than it has; a file has exec if it is a program (its
 * function main). Returns as ambit_open, and INVALID_ARGUMENT (no rights, or
 * none such; a flag that there is not); WRONG_TYPE (a directory for the caller
 * alone); NO_RIGHTS (more than the directory's, or exec of what is no program);
 * BUSY (another domain has it for itself, or the caller has already).
 * ambit_open returns BUSY, too, for a file that another domain has for itself.
 */
MUST_CHECK enum status ambit_open_with(struct ambit_handle directory,
                                       const char *path, uint32_t rights,
                                       uint32_t flags,
                                       struct ambit_handle *out);

/*
 * Copies at most `bytes` (up to SYSCALL_READ_MAX) from `offset` of a file.
 * `*got` is the number copied: fewer near the end, 0 at it.
 * Needs: read on the file. Returns OK; NO_RIGHTS; TOO_BIG; OUT_OF_RANGE (the
 * offset lies past the end).
 */
MUST_CHECK enum status ambit_read(struct ambit_handle file, uint64_t offset,
                                  void *to, size_t bytes, size_t *got);

/* One entry of a directory. */
struct ambit_entry {
    char name[SYSCALL_NAME_MAX + 1]; /* NUL-terminated */
    bool directory;                  /* else a file */
};

/*
 * Tells entry `index`, counted from 0, of a directory.
 * Needs: read on the directory. Returns OK; NO_RIGHTS; NOT_FOUND (past the
 * last one).
 */
MUST_CHECK enum status ambit_list(struct ambit_handle directory, uint64_t index,
                                  struct ambit_entry *out);

/* ---- crossings ---- */

/*
 * Calls the server of an endpoint: the words go there, and come back as the
 * reply's. Blocks until the reply.
 * Needs: write on the endpoint ("call" in a config). Returns OK; NO_RIGHTS;
 * CLOSED (the server ended before it replied; or, before one received the call,
 * the capability was revoked, or nobody was left who may serve, see
 * docs/run-time.md); WOULD_DEADLOCK.
 */
MUST_CHECK static inline enum status ambit_call(struct ambit_handle endpoint,
                                                struct ambit_message *message);

/*
 * Waits for the next call. The caller then waits for ambit_reply.
 * Needs: use on the endpoint ("serve"). Returns OK; NO_RIGHTS; BUSY (the
 * caller before has not been answered yet); CLOSED (the capability was revoked
 * meanwhile).
 */
MUST_CHECK enum status ambit_receive(struct ambit_handle endpoint,
                                     struct ambit_message *message);

/* Answers the call received last. Returns OK; NOT_FOUND (nobody waits for an
 * answer); CLOSED (whoever called is gone). */
MUST_CHECK enum status ambit_reply(const struct ambit_message *message);

/* Both at once: replies with the message's words, then waits for the next
 * call, which it fills the message with. Returns as both. */
MUST_CHECK static inline enum status
ambit_reply_receive(struct ambit_handle endpoint,
                    struct ambit_message *message);

/* ---- made at run time ---- */

/*
 * Makes an endpoint, or a notification: the capability has no badge and all
 * rights. Charged to the caller's quota, until the last capability goes.
 * Returns OK; NO_SLOT; NO_QUOTA; NO_MEMORY.
 */
MUST_CHECK enum status ambit_endpoint_create(struct ambit_handle *out);
MUST_CHECK enum status ambit_notification_create(struct ambit_handle *out);

/* ---- notifications ---- */

/*
 * Sets bits of a notification's word; through a badge, the badge's bits and no
 * others. Never blocks. Needs: write ("signal" in a config).
 * Returns OK; NO_RIGHTS; INVALID_ARGUMENT (no bits).
 */
MUST_CHECK enum status ambit_signal(struct ambit_handle notification,
                                    uint64_t bits);

/*
 * Takes the word of a notification, which is 0 then. When it is 0 already,
 * waits for a signal. Needs: use ("receive").
 * Returns OK; NO_RIGHTS; CLOSED (the capability was revoked meanwhile).
 */
MUST_CHECK enum status ambit_await(struct ambit_handle notification,
                                   uint64_t *word);
/* The same without waiting: the word may be 0. */
MUST_CHECK enum status ambit_poll(struct ambit_handle notification,
                                  uint64_t *word);

/* ---- domains ---- */

/*
 * Builds and starts a domain that the config declares with `start: manual`;
 * again after each end. Needs: use on the domain.
 * Returns OK; NO_RIGHTS; BUSY (it runs); NO_QUOTA; NO_MEMORY.
 */
MUST_CHECK enum status ambit_spawn(struct ambit_handle domain);

/* Ends a domain, wherever it is, and gives its memory back at once: there is
 * nothing to wait for then. Needs: write on the domain.
 * Returns OK; NO_RIGHTS; NOT_RUNNING; INVALID_ARGUMENT (oneself); BUSY (it has
 * children that exist). */
MUST_CHECK enum status ambit_stop(struct ambit_handle domain);

/*
 * Waits until a domain has ended and tells how; at once when it has. With write
 * on the domain it is gone then, and its memory given back. Needs: read.
 * Returns OK; NO_RIGHTS; NOT_RUNNING (never started, or waited for already);
 * WOULD_DEADLOCK.
 */
MUST_CHECK enum status ambit_wait(struct ambit_handle domain,
                                  struct ambit_outcome *out);

/* What a handler decides about a fault. */
enum ambit_resume {
    AMBIT_RESUME_STOP, /* the domain ends */
    AMBIT_RESUME_SKIP, /* go on after the instruction */
    AMBIT_RESUME_RETRY /* do the instruction again */
};

/* Waits for the next fault of a domain whose faults this handler gets.
 * Needs: read on the handler. Returns OK; NO_RIGHTS. */
MUST_CHECK enum status ambit_fault_wait(struct ambit_handle handler,
                                        struct syscall_fault *out);

/* Decides about a domain that stands at a fault. Needs: write on the handler.
 * Returns OK; NO_RIGHTS; NOT_FOUND (that domain stands at no fault). */
MUST_CHECK enum status ambit_fault_resume(struct ambit_handle handler,
                                          uint32_t domain,
                                          enum ambit_resume decision);

#include <ambit/crossing.h>

#endif
