/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The world that is explored: the cores' own structures over a few small
 * tables, and what the kernel keeps beside them (quotas, a pool, frames, which
 * domains live). One world exists; states are decoded into it.
 */
#ifndef MODEL_WORLD_H
#define MODEL_WORLD_H

#include <capabilities/assert.h>
#include <capabilities/cap.h>
#include <domains/build.h>
#include <domains/quota.h>
#include <ipc/ipc.h>
#include <stddef.h>

#define DOMAINS IPC_PARTIES /* most; a scene may have fewer */
#define ROOT DOMAINS        /* numbers the machine's own quota */
#define NOBODY 0xffu
#define TABLES (1u + 2u * DOMAINS) /* root, then caps and files of each */
#define NODES (TABLES * CAP_CHUNK_SLOTS)
#define RANGES 2u
#define FRAMES 3u
#define ENDPOINTS 2u
#define MODEL_VIEWS 16u

#define RANGE_FIRST 1u /* not 0: absolute and relative pages must differ */
#define RANGE_PAGES 2u

/* What slots can refer to, by number. Equal ones have no identity. */
enum thing {
    THING_NONE,
    THING_RANGE,
    THING_FRAME = THING_RANGE + RANGES,
    THING_ENDPOINT = THING_FRAME + FRAMES,
    THING_ATTACHMENT = THING_ENDPOINT + ENDPOINTS,
    THING_DIRECTORY,
    THING_FILE,
    THING_POOL,
    THINGS
};

enum life { LIFE_ABSENT, LIFE_RUNNABLE, LIFE_CROSSING, LIFE_ENDED };

/* As in the kernel: who a frame goes back to. */
struct frame {
    struct cap_object object;
    uint8_t taken;
    uint8_t quota; /* domain or ROOT; NOBODY while free */
};

/* A domain in a crossing by a capability. */
struct thread {
    uint8_t waits_by; /* while it is queued: the node; else 0 */
    uint8_t how;      /* what goes along with its call: enum pass */
    struct cap_ref what;
};

/* Everything that an operation may change, but for the slots. */
struct rest {
    struct cap_table table[TABLES];
    struct cap_object range[RANGES], attachment, directory, file, pool_object;
    struct frame frame[FRAMES];
    struct ipc ipc;
    struct ipc_party party[DOMAINS];
    struct ipc_endpoint endpoint[ENDPOINTS];
    struct quota quota[DOMAINS + 1];
    uint32_t pool_free, pool_reserved; /* one pool: the machine's */
    uint8_t life[DOMAINS];             /* enum life */
    uint8_t live;                      /* bitmap: built, perhaps ended */
    /* What building has made of views. */
    uint8_t roots; /* bitmap */
    uint16_t made; /* bitmap of plan ranges */
    uint8_t attached[DOMAINS][MODEL_VIEWS];
    /* Where the domain's hold was put; what was derived of it is derived of
     * this slot, and nothing else will do. Index 0: never given. */
    struct cap_ref hold[DOMAINS];
    struct thread thread[DOMAINS];
};

struct world {
    struct rest rest;
    struct cap_slot slot[TABLES][CAP_CHUNK_SLOTS];
};

/* What a scene is made of. */
struct scene {
    const char *name;
    const char *what;
    uint32_t domains;
    uint32_t equal; /* domains from this one on have equal roles */
    uint32_t ranges, frames, endpoints;
    uint32_t notifications; /* of the endpoints: the last ones are these */
    uint32_t slots;         /* a caps table has; a files table: file_slots */
    uint32_t file_slots;
    uint64_t acts;   /* bit per enum act */
    uint32_t wishes; /* how many of action.c's wishes */
    bool life;       /* domains are built and go */
    bool crossings;  /* parties and endpoints are part of the state */
    bool travel;     /* threads cross by capabilities, which may go along */
    uint8_t priority[DOMAINS]; /* travel: who can run; only the highest does */
    bool users;      /* tables are entered and left, and uses counted */
    bool worn;       /* slot 1 of every caps table has two lives left */
    uint32_t spare;  /* pages beyond what composing everything needs */
    uint32_t depth;  /* bound on operations, 0: all states there are */
    uint32_t deeper; /* the same for --long */
    uint32_t mutual; /* the same for --mutual */
};

extern struct world world;
extern const struct scene *scene;
extern struct spec model_spec;
extern struct plan model_plan;

/* Chooses a scene and makes its first state. */
void world_begin(const struct scene *chosen);
/* An empty world of this scene, to decode into. */
void world_clear(void);

static inline uint32_t caps_table(uint32_t domain)
{
    return 1 + 2 * domain;
}
static inline uint32_t files_table(uint32_t domain)
{
    return 2 + 2 * domain;
}
/* Of the scene's endpoints, is this one a notification? */
bool notifies(uint32_t endpoint);
/* The domain whose table this is; ROOT: nobody's. */
static inline uint32_t table_domain(uint32_t table)
{
    return table == 0 ? ROOT : (table - 1) / 2;
}
/* Does the scene have this table, and how many slots in it can be used? */
uint32_t table_slots(uint32_t table);
/* Gives a table its chunk; slots beyond the scene's number are retired. */
void table_make(uint32_t table);
/* Takes it away, as a kernel that scrubs. */
void table_drop(uint32_t table);

/* Slots by number: table * CAP_CHUNK_SLOTS + index; 0: none. */
static inline struct cap_slot *slot_at(uint32_t node)
{
    return &world.slot[node / CAP_CHUNK_SLOTS][node % CAP_CHUNK_SLOTS];
}
/* 0 for null; NODES for a pointer to no slot. */
uint32_t node_of(const struct cap_slot *slot);

struct cap_object *thing_at(uint32_t thing);
uint32_t thing_of(const struct cap_object *object);

/* Keeps an image of the world, or puts it back. */
struct image {
    struct rest rest;
    struct cap_slot slot[TABLES][CAP_CHUNK_SLOTS];
};
void world_save(struct image *image);
void world_restore(const struct image *image);

#endif
