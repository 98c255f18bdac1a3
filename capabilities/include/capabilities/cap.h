/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Core 1: authority. Slots, handles, rights, derivation, revocation and
 * composites, over memory that the caller gives. Pure: state first, no
 * globals, no allocation, no I/O, no recursion.
 *
 * A *slot* is the kernel location of one capability and at the same time a
 * node of the derivation tree: parent, first child and siblings are links
 * between slots, across tables too. A *table* is an array of slots, charged to
 * its owner. A *handle* {index, generation} is what a program holds.
 *
 * A *composite* is a slot of type CAP_COMPOSITE whose members are slots of
 * their own in the same table, each derived from the capability it was made of:
 * revoking that capability removes the member. Deriving a composite copies
 * (derives) its members, with one of them replaced if asked (figure 1 of the
 * model).
 *
 * Deleting a slot that has children leaves a *tombstone*: no authority, still
 * charged, freed when its last child goes.
 *
 * Our own bugs end in core_assert_fail: "Needs" in a comment below is asserted
 * wherever that is cheap.
 */
#ifndef CAPABILITIES_CAP_H
#define CAPABILITIES_CAP_H

#include <abi/status.h>
#include <capabilities/bounds.h>
#include <stdbool.h>
#include <stdint.h>

/* Resource types. The order is ABI: INSPECT returns it. */
#define CAP_TYPE_LIST(X)                                                       \
    X(NONE, "none")                                                            \
    X(FRAME, "frame")                                                          \
    X(RANGE, "range")                                                          \
    X(SPACE, "space")                                                          \
    X(QUOTA, "quota")                                                          \
    X(POOL, "pool")                                                            \
    X(CPU, "cpu")                                                              \
    X(TIME, "time")                                                            \
    X(FILE, "file")                                                            \
    X(DIRECTORY, "directory")                                                  \
    X(ENDPOINT, "endpoint")                                                    \
    X(NOTIFICATION, "notification")                                            \
    X(CHANNEL, "channel")                                                      \
    X(GATE, "gate")                                                            \
    X(HANDLER, "handler")                                                      \
    X(DOMAIN, "domain")                                                        \
    X(ATTACHMENT, "attachment")                                                \
    X(COMPOSITE, "composite")

enum cap_type {
#define CAP_TYPE_ENUM(name, text) CAP_##name,
    CAP_TYPE_LIST(CAP_TYPE_ENUM)
#undef CAP_TYPE_ENUM
        CAP_TYPE_COUNT
};

enum cap_rights {
    CAP_READ = 1,
    CAP_WRITE = 2,
    CAP_EXEC = 4,
    CAP_USE = 8,
    CAP_ALL = 15
};

/* Rights that mean something for a type (Table 1 of the model, completed). */
uint8_t cap_type_rights(enum cap_type type);
const char *cap_type_name(enum cap_type type);

/* What several slots refer to. Lives inside the kernel's own object. */
struct cap_object {
    uint8_t type;  /* enum cap_type; set by the owner of the memory */
    uint8_t owner; /* for the owner of the memory alone */
    uint32_t refs; /* live slots (not tombstones); the core alone writes it */
    uint32_t uses; /* of these: with CAP_USE, in tables that have users */
};

/* {index, generation}: index 0 is never given out. */
struct cap_ref {
    uint32_t index;
    uint32_t generation;
};

enum cap_state {
    CAP_FREE,
    CAP_LIVE,
    CAP_TOMBSTONE,
    CAP_RETIRED /* its generations are used up; never given out again */
};

/* The core alone writes slots. A free one is zero but for its generation. */
struct cap_slot {
    uint8_t state;       /* enum cap_state */
    uint8_t type;        /* enum cap_type; NONE in tombstones */
    uint8_t rights;      /* enum cap_rights bits; 0 in tombstones */
    uint8_t flags;       /* enum cap_flags */
    uint32_t generation; /* of the current or, when free, the next holder */
    uint32_t index;      /* in its table */
    uint8_t depth;       /* ancestors: 0 to CAP_DEPTH_MAX */
    uint8_t position;    /* member: its place in the composite, from 0 */
    uint16_t head;       /* member: index of its composite, same table;
                            else a note that the kernel makes (cap_note) */
    struct cap_object *object; /* null in tombstones and composites */
    struct cap_table *table;   /* where this slot is */
    struct cap_slot *parent, *child, *next, *previous; /* derivation */
    struct cap_slot *member; /* composite: first member; member: next one;
                                in order of position, gaps where revoked */
    uint64_t first; /* meaning by type; range: first page of the part */
    uint64_t count; /* range: pages of the part; endpoint, notification:
                       badge, 0 for none */
};

enum cap_flags {
    CAP_REVOKING = 1, /* no new derivations below this slot */
    CAP_MEMBER = 2    /* owned by a composite; has no handle of its own */
};

/*
 * Slots come in chunks that fit a page each, so that a table needs no
 * contiguous memory beyond that. Slot 0 is reserved.
 */
#define CAP_TABLE_MAX (CAP_CHUNK_SLOTS * CAP_TABLE_CHUNKS)

struct cap_table {
    struct cap_slot *chunks[CAP_TABLE_CHUNKS]; /* zeroed slots */
    uint32_t size;   /* slots: whole chunks, or less than one */
    uint32_t used;   /* slots that are not free, members included */
    uint32_t first;  /* lower bound of the lowest free index */
    uint32_t cursor; /* cap_table_clear: next index to visit, 0 otherwise */
    uint32_t users;  /* who can act by what is in it (cap_table_enter) */
};
_Static_assert(CAP_CHUNK_SLOTS * sizeof(struct cap_slot) <= 4096,
               "a chunk fits a page");

/*
 * Called exactly once when a slot stops being live, while its fields still say
 * what it was; of the types in `quiet` for the last slot alone. `last` says
 * that no live slot refers to slot->object any more (never of a composite,
 * which has no object): the object's memory may then be given back. For
 * CAP_ATTACHMENT this is where the kernel detaches.
 * Must not call back into this core, nor follow the slot's links. Entries may
 * be null.
 */
struct cap_ops {
    void (*removed[CAP_TYPE_COUNT])(void *context, const struct cap_slot *slot,
                                    bool last);
    uint32_t quiet; /* bit by type: of these only the last one is told of */
};

/* What the operations need beside tables. */
struct cap_context {
    const struct cap_ops *ops; /* may be null */
    void *context;             /* handed to ops */
    uint32_t *work; /* may be null; what `removed` adds to it counts as so many
                       removed slots, and it becomes 0 */
};

_Static_assert(CAP_TABLE_MAX <= UINT16_MAX, "an index fits slot->head");
_Static_assert(CAP_DEPTH_MAX <= UINT8_MAX, "a depth fits slot->depth");

/*
 * Makes a table without slots, then adds zeroed chunks of CAP_CHUNK_SLOTS.
 * Needs: at most CAP_TABLE_CHUNKS chunks. Cost: constant.
 */
void cap_table_init(struct cap_table *table);
void cap_table_add(struct cap_table *table, struct cap_slot *chunk);

static inline struct cap_slot *cap_table_slot(struct cap_table *table,
                                              uint32_t index)
{
    return &table->chunks[index / CAP_CHUNK_SLOTS][index % CAP_CHUNK_SLOTS];
}

/*
 * One more acts by the table; one of them does not any more (needs: one does).
 * Objects count what the tables with users give (`uses`). `leave` says whether
 * nobody is left. Cost: the table's size for the first and the last one.
 */
void cap_table_enter(struct cap_table *table);
bool cap_table_leave(struct cap_table *table);

/* Slots that can still be given out. Cost: constant. */
uint32_t cap_table_free(const struct cap_table *table);

/*
 * Puts an original capability (one without a parent) to `object` into the
 * lowest free slot; its type is the object's.
 * Returns OK; INVALID_ARGUMENT (no object; a type that is unknown, NONE or
 * COMPOSITE; rights that the type does not have; a range whose end overflows);
 * NO_SLOT. Cost: the table's size.
 */
MUST_CHECK enum status cap_insert(struct cap_table *table,
                                  struct cap_object *object, uint8_t rights,
                                  uint64_t first, uint64_t count,
                                  struct cap_ref *out);

/*
 * A note of the kernel's on an endpoint's or notification's slot that is no
 * member: who waits by it. 0 at first; it goes with the slot, and this core
 * never reads it.
 */
static inline void cap_note(struct cap_slot *slot, uint16_t note)
{
    slot->head = (slot->flags & CAP_MEMBER) != 0 ? slot->head : note;
}

static inline uint16_t cap_note_of(const struct cap_slot *slot)
{
    return (slot->flags & CAP_MEMBER) != 0 ? 0 : slot->head;
}

/* The handle of a live slot that is no member (needs). Cost: constant. */
struct cap_ref cap_ref_of(const struct cap_slot *slot);

/*
 * Looks a handle up. Returns OK; INVALID_HANDLE (index 0, beyond the table, or
 * the slot is free, tombstone, retired or a member); STALE_HANDLE (generation
 * differs). Cost: constant.
 */
MUST_CHECK enum status cap_look_up(struct cap_table *table, struct cap_ref ref,
                                   struct cap_slot **out);

/*
 * Look-up, type and rights in one call, so that none is forgotten.
 * Returns as cap_look_up, then WRONG_TYPE, then NO_RIGHTS.
 */
MUST_CHECK enum status cap_look_up_for(struct cap_table *table,
                                       struct cap_ref ref, enum cap_type type,
                                       uint8_t rights, struct cap_slot **out);

/* What a derivation asks for. */
struct cap_part {
    uint8_t rights; /* a subset of the source's */
    bool narrow;    /* use first/count: a part of the source's first/count */
    uint64_t first; /* relative to the source's first */
    uint64_t count; /* at least 1, within the source's count */
};

/*
 * Derives a child of `source` into the lowest free slot of `to`. A composite's
 * members are derived along (each with rights & part->rights; a gap stays a
 * gap), the head first, then the members in order.
 * Needs: source live; it may be a member.
 * Returns, in this order: REVOKING (source or an ancestor is being revoked; of
 * a composite also: a member or an ancestor of one); NO_RIGHTS (rights beyond
 * the source's); INVALID_ARGUMENT (narrowing a type that has no parts; only
 * RANGE does); OUT_OF_RANGE (part outside, or no pages); TOO_BIG (deeper than
 * CAP_DEPTH_MAX); NO_SLOT; OK. On any error nothing has changed.
 * Cost: CAP_DEPTH_MAX ancestors and the size of `to`, a composite's members
 * each.
 */
MUST_CHECK enum status cap_derive(struct cap_slot *source, struct cap_table *to,
                                  const struct cap_part *part,
                                  struct cap_ref *out);

/*
 * Derives a child of `source` that is a capability to another object: how an
 * attachment, a file below a directory or a badge comes to be.
 * `object` may be of any type that cap_insert takes. When it is the source's
 * own, the child gets no more than the source has.
 * Needs: source live; it may be a member or a composite.
 * Returns, in this order: REVOKING; INVALID_ARGUMENT (as cap_insert);
 * NO_RIGHTS (the source's own object, rights beyond the source's);
 * OUT_OF_RANGE (the source's own range, beyond its part); TOO_BIG; NO_SLOT; OK.
 */
MUST_CHECK enum status cap_derive_object(struct cap_slot *source,
                                         struct cap_table *to,
                                         struct cap_object *object,
                                         uint8_t rights, uint64_t first,
                                         uint64_t count, struct cap_ref *out);

/*
 * Moves a capability into the lowest free slot of `to`, which may be its own
 * table: same object, rights, badge, parent and children; its old handle is
 * stale. A composite's members move along. Calls no ops.
 * Needs: source live and no member.
 * Returns, in this order: REVOKING (source, a member of it, or an ancestor of
 * one is being revoked); NO_SLOT (all slots it takes must be free beside those
 * it leaves); OK. On any error nothing has changed.
 * Cost: its children, and CAP_DEPTH_MAX ancestors.
 */
MUST_CHECK enum status cap_move(struct cap_slot *source, struct cap_table *to,
                                struct cap_ref *out);

/*
 * Derives a child with a badge: of an endpoint, what its calls carry; of a
 * notification, the bits that its signals set. Whoever may serve gives badges;
 * what has one keeps it, and so do all that are derived from it.
 * Needs: source live; it may be a member.
 * Returns, in this order: WRONG_TYPE (neither of the two); NO_RIGHTS (no use);
 * INVALID_ARGUMENT (badge 0); EXISTS (the source has a badge); then as
 * cap_derive_object.
 */
MUST_CHECK enum status cap_derive_badged(struct cap_slot *source,
                                         struct cap_table *to, uint8_t rights,
                                         uint64_t badge, struct cap_ref *out);

/*
 * Deletes one capability. With children it becomes a tombstone. A composite's
 * members go with it, each in the same way. A revocation of the slot that has
 * not come to its end is given up. Calls ops.
 * Needs: slot live and no member.
 * Cost: at most CAP_COMPOSITE_MAX + 1 slots, each with the chain of tombstone
 * ancestors that it frees (at most CAP_DEPTH_MAX).
 */
void cap_delete(const struct cap_context *context, struct cap_slot *slot);

/*
 * Removes every descendant of `slot`, which stays; of a composite also every
 * descendant of its members, which stay. Leaves go first. A descendant that is
 * a member leaves a gap in its composite; one that is a composite takes its
 * members along.
 * Needs: slot live; it may be a member. Look it up again before each further
 * call.
 * Returns OK when done, MORE when the caller must call again (a preemption
 * point). From the first call until OK nothing can be derived from the slot,
 * its members or their descendants: REVOKING.
 * Cost: each call removes at least one slot and about CAP_STEP_MAX, and walks
 * at most CAP_DEPTH_MAX levels beside.
 */
MUST_CHECK enum status cap_revoke(const struct cap_context *context,
                                  struct cap_slot *slot);

/*
 * The same for who revokes one slot after another: `*removed` counts up, and
 * MORE comes when it has reached CAP_STEP_MAX. Set it to 0 between steps.
 */
MUST_CHECK enum status cap_revoke_some(const struct cap_context *context,
                                       struct cap_slot *slot,
                                       uint32_t *removed);

/*
 * Empties a whole table: every live slot is deleted; slots with children in
 * other tables stay as tombstones (so the table's memory is needed until `used`
 * is 0). Visits about CAP_STEP_MAX slots a call. Returns OK, MORE.
 */
MUST_CHECK enum status cap_table_clear(const struct cap_context *context,
                                       struct cap_table *table);

/*
 * Makes a composite of `count` capabilities, each derived with all its rights.
 * The composite itself has no parent and all rights.
 * Needs: each of `members` live; they may lie in any table, and repeat.
 * Returns, in this order: INVALID_ARGUMENT (0 or more than CAP_COMPOSITE_MAX
 * members, or one is itself a composite); REVOKING; TOO_BIG; NO_SLOT; OK.
 * All or nothing.
 */
MUST_CHECK enum status cap_compose(struct cap_table *table,
                                   struct cap_slot *const *members,
                                   uint32_t count, struct cap_ref *out);

/*
 * Derives a composite and replaces its member `index` by one derived from
 * `replacement` (same type as the member) with all its rights. The others are
 * shared: derived from the source's members with rights & `rights`. The new
 * composite has the source's rights & `rights`.
 * Needs: source and replacement live.
 * Returns, in this order: WRONG_TYPE (source is no composite); NOT_FOUND (no
 * such member, or it was revoked); WRONG_TYPE (types differ); REVOKING (source,
 * replacement or a member that is kept); TOO_BIG; NO_SLOT; OK. All or nothing.
 */
MUST_CHECK enum status cap_derive_replaced(struct cap_slot *source,
                                           struct cap_table *to, uint32_t index,
                                           struct cap_slot *replacement,
                                           uint8_t rights, struct cap_ref *out);

/*
 * Finds member `index` of a composite, to derive from.
 * Returns OK, WRONG_TYPE, NOT_FOUND (no such index, or it was revoked).
 */
MUST_CHECK enum status cap_member(struct cap_slot *composite, uint32_t index,
                                  struct cap_slot **out);

/*
 * Invariant checker for tests, the explorer and debug builds: I1..In of the
 * room's README over all given tables. Returns null, or the name of the first
 * invariant that does not hold ("I6 refs"). Every slot that a link can lead to
 * must lie in one of the tables. Cost: all slots, several times.
 */
const char *cap_check(struct cap_table *const *tables, uint32_t count);

#endif
