/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations under test, as a table: the explorer calls nothing of the
 * cores but through it. A seeded bug is this table with one entry replaced.
 */
#ifndef MODEL_CALLS_H
#define MODEL_CALLS_H

#include "world.h"

struct calls {
    /* capabilities */
    enum status (*insert)(struct cap_table *, struct cap_object *, uint8_t,
                          uint64_t, uint64_t, struct cap_ref *);
    enum status (*look_up)(struct cap_table *, struct cap_ref,
                           struct cap_slot **);
    enum status (*derive)(struct cap_slot *, struct cap_table *,
                          const struct cap_part *, struct cap_ref *);
    enum status (*derive_object)(struct cap_slot *, struct cap_table *,
                                 struct cap_object *, uint8_t, uint64_t,
                                 uint64_t, struct cap_ref *);
    enum status (*compose)(struct cap_table *, struct cap_slot *const *,
                           uint32_t, struct cap_ref *);
    enum status (*replace)(struct cap_slot *, struct cap_table *, uint32_t,
                           struct cap_slot *, uint8_t, struct cap_ref *);
    enum status (*member)(struct cap_slot *, uint32_t, struct cap_slot **);
    enum status (*move)(struct cap_slot *, struct cap_table *,
                        struct cap_ref *);
    enum status (*badge)(struct cap_slot *, struct cap_table *, uint8_t,
                         uint64_t, struct cap_ref *);
    void (*enter)(struct cap_table *);
    bool (*quit)(struct cap_table *);
    void (*remove)(const struct cap_context *, struct cap_slot *);
    enum status (*revoke)(const struct cap_context *, struct cap_slot *);
    enum status (*clear)(const struct cap_context *, struct cap_table *);
    /* ipc */
    enum status (*call)(struct ipc *, uint32_t, struct ipc_endpoint *, uint64_t,
                        const uint64_t *, struct ipc_outcome *);
    enum status (*receive)(struct ipc *, uint32_t, struct ipc_endpoint *,
                           struct ipc_outcome *);
    enum status (*reply)(struct ipc *, uint32_t, const uint64_t *,
                         struct ipc_outcome *);
    void (*signal)(struct ipc *, struct ipc_endpoint *, uint64_t,
                   struct ipc_outcome *);
    void (*await)(struct ipc *, uint32_t, struct ipc_endpoint *, bool,
                  struct ipc_outcome *);
    void (*leave)(struct ipc *, uint32_t, struct ipc_outcome *);
    void (*cancel)(struct ipc *, uint32_t, enum status, struct ipc_outcome *);
    void (*close)(struct ipc *, struct ipc_endpoint *, struct ipc_outcome *);
    /* domains */
    enum status (*charge)(struct quota *, uint64_t);
    void (*uncharge)(struct quota *, uint64_t);
    enum status (*split)(struct quota *, struct quota *, uint64_t);
    void (*merge)(struct quota *);
    enum status (*build)(const struct spec *, const struct plan *, uint32_t,
                         uint64_t, const struct pd_ops *, void *);
    /* the kernel's rules (life.c) */
    enum status (*reserve)(void *, uint32_t, const struct pd_needs *);
    void (*frame_gone)(const struct cap_slot *, bool last);
    void (*end)(uint32_t domain);
    enum status (*destroy)(uint32_t domain);
    void (*drop_tables)(uint32_t domain);
    void (*clear_tombstone)(struct cap_slot *);
    /* the kernel's rules (travel.c) */
    enum status (*pass)(uint32_t from, const struct thread *, uint32_t to,
                        uint32_t *node);
    void (*waiters)(const struct cap_slot *);
    void (*desert)(struct cap_object *);
};

extern const struct calls calls_right;
/* What is in use. */
extern struct calls calls;

#endif
