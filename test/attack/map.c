/* SPDX-License-Identifier: Apache-2.0 */
/* Frames in ranges: more than a capability says, and longer than it lasts. */
#include "attack.h"

#include <ambit/create.h>
#include <ambit/parts.h>
#include <ambit/ranges.h>

#define RW (AMBIT_READ | AMBIT_WRITE)
#define ATTACHED_TOO_OFTEN 300u
#define MINE UINT64_C(0x6d696e65)
#define THEIRS UINT64_C(0x7468656972)

static struct ambit_handle frame_new(void)
{
    struct ambit_handle frame = {0};
    uint64_t number;

    attack_expect("allocate",
                  ambit_allocate(attack_capability("pool"), &frame, &number),
                  STATUS_OK);
    return frame;
}

static struct ambit_handle range_new(uint64_t pages)
{
    struct ambit_handle range = {0};

    attack_expect("range", ambit_range_create_bare(pages, RW, &range),
                  STATUS_OK);
    return range;
}

static uint64_t attached(struct ambit_handle range)
{
    struct ambit_handle at = {0};
    struct ambit_info info = {0};

    attack_expect("attach", ambit_attach(range, RW, &at), STATUS_OK);
    attack_expect("inspect", ambit_inspect(range, &info), STATUS_OK);
    return info.first;
}

static struct ambit_handle mapped(struct ambit_handle frame,
                                  struct ambit_handle range, uint64_t page)
{
    struct ambit_handle at = {0};

    attack_expect("map", ambit_map(frame, range, page, RW, &at), STATUS_OK);
    return at;
}

static uint64_t word(uint64_t address)
{
    struct ambit_fault fault;
    uint64_t value = 0;

    return ambit_try_read(address, &value, &fault) ? value : 0;
}

static bool writes(uint64_t address)
{
    struct ambit_fault fault;

    return ambit_try_write(address, MINE, &fault);
}

static void put(uint64_t address, uint64_t value)
{
    struct ambit_fault fault;

    ambit_assert(ambit_try_write(address, value, &fault));
}

/* Of a frame that it may only read. */
AMBIT_ENTRY(map_rights_main)
{
    struct ambit_handle frame = frame_new(), less = {0}, at = {0};
    struct ambit_handle range = range_new(1);

    (void)attached(range);
    attack_expect("derive", ambit_derive(frame, AMBIT_READ | AMBIT_USE, &less),
                  STATUS_OK);
    attack_expect("map", ambit_map(less, range, 0, RW, &at), STATUS_NO_RIGHTS);
    return 0;
}

/* A heap would have pages that it has not grown by. */
AMBIT_ENTRY(map_bare_main)
{
    struct ambit_handle at = {0};

    attack_expect("map",
                  ambit_map(frame_new(), attack_capability("heap"), 0, RW, &at),
                  STATUS_UNSUPPORTED);
    return 0;
}

/* Beside the part that it has, there is what others read. */
AMBIT_ENTRY(map_part_main)
{
    struct ambit_handle range = range_new(4), part = {0}, at = {0};
    uint64_t base = attached(range);

    attack_expect("part", ambit_derive_part(range, RW | AMBIT_USE, 1, 1, &part),
                  STATUS_OK);
    attack_expect("map", ambit_map(frame_new(), part, 1, RW, &at),
                  STATUS_OUT_OF_RANGE);
    ambit_assert(word(base + 2 * ABI_PAGE_SIZE) == 0);
    return 0;
}

/* Over a page that another has put there. */
AMBIT_ENTRY(map_taken_main)
{
    struct ambit_handle range = range_new(1), at = {0};
    uint64_t base = attached(range);

    (void)mapped(frame_new(), range, 0);
    put(base, MINE);
    attack_expect("map", ambit_map(frame_new(), range, 0, RW, &at),
                  STATUS_EXISTS);
    ambit_assert(word(base) == MINE);
    return 0;
}

/* Keeps the page, gives the frame back, and waits who gets it. */
AMBIT_ENTRY(map_keep_main)
{
    struct ambit_handle range = range_new(1), frame = frame_new();
    uint64_t base = attached(range), bytes;

    (void)mapped(frame, range, 0);
    put(base, MINE);
    attack_expect("delete", ambit_delete(frame), STATUS_OK);
    attack_expect("grow", ambit_grow(attack_capability("heap"), 4, &bytes),
                  STATUS_OK);
    for (uint64_t i = 0; i < 4; i++) {
        put(attack_place("app.heap") + i * ABI_PAGE_SIZE, THEIRS);
    }
    if (word(base) != MINE) {
        attack_succeeded("a frame that is somebody else's");
    }
    return 0;
}

/* Takes a page out of the range that has the addresses of its own now. */
AMBIT_ENTRY(map_made_main)
{
    struct ambit_handle keep = range_new(1), range = range_new(1), old;
    struct ambit_info info = {0};
    uint64_t base;

    (void)keep; /* there is room for the object */
    attack_expect("inspect", ambit_inspect(range, &info), STATUS_OK);
    old = mapped(frame_new(), range, 0);
    attack_expect("delete", ambit_delete(range), STATUS_OK);
    range = range_new(1);
    base = attached(range);
    ambit_assert(base == info.first);
    (void)mapped(frame_new(), range, 0);
    put(base, MINE);
    attack_expect("unmap", ambit_unmap(old), STATUS_OK);
    if (word(base) != MINE) {
        attack_succeeded("another's page is gone");
    }
    return 0;
}

/* Its owner has taken the frame back. */
AMBIT_ENTRY(unmap_main)
{
    struct ambit_handle range = range_new(1), frame = frame_new();
    uint64_t base = attached(range);

    (void)mapped(frame, range, 0);
    put(base, MINE);
    attack_expect("revoke", ambit_revoke(frame), STATUS_OK);
    if (word(base) != 0) {
        attack_succeeded("a page that was taken back");
    }
    return 0;
}

/* The first granule of two. */
AMBIT_ENTRY(part_attach_main)
{
    struct ambit_handle range = range_new(2 * ABI_GRANULE_PAGES), part = {0};
    struct ambit_handle at = {0};
    struct ambit_info info = {0};

    (void)mapped(frame_new(), range, 0);
    (void)mapped(frame_new(), range, ABI_GRANULE_PAGES);
    attack_expect(
        "part",
        ambit_derive_part(range, RW | AMBIT_USE, 0, ABI_GRANULE_PAGES, &part),
        STATUS_OK);
    attack_expect("inspect", ambit_inspect(part, &info), STATUS_OK);
    attack_expect("attach", ambit_attach(part, RW, &at), STATUS_OK);
    put(info.first, MINE);
    if (writes(info.first + ABI_GRANULE_SIZE)) {
        attack_succeeded("the rest of the range");
    }
    return 0;
}

/* The same granule, again and again: a use more of one directory each time. */
AMBIT_ENTRY(space_parts_main)
{
    struct ambit_handle range = range_new(2 * ABI_GRANULE_PAGES), part = {0};
    struct ambit_handle at = {0};
    enum status status = STATUS_OK;
    uint32_t parts = 0;

    attack_expect(
        "part",
        ambit_derive_part(range, RW | AMBIT_USE, 0, ABI_GRANULE_PAGES, &part),
        STATUS_OK);
    while (parts < ATTACHED_TOO_OFTEN && status == STATUS_OK) {
        status = ambit_attach(part, AMBIT_READ, &at);
        parts += status == STATUS_OK;
    }
    if (parts == ATTACHED_TOO_OFTEN) {
        attack_succeeded("uses of a directory that nothing counts");
    }
    attack_expect("attach", status, STATUS_NO_SLOT);
    attack_expect("revoke", ambit_revoke(part), STATUS_OK);
    attack_expect("attach", ambit_attach(part, AMBIT_READ, &at), STATUS_OK);
    return 0;
}

static struct ambit_handle pool_new(void)
{
    struct ambit_handle pool = {0};

    attack_expect("split",
                  ambit_pool_split(attack_capability("pool"), 16, &pool),
                  STATUS_OK);
    return pool;
}

static struct ambit_handle range_of(struct ambit_handle pool)
{
    struct ambit_handle range = {0};

    attack_expect(
        "range",
        ambit_range_create_in(pool, 1, RW, SYSCALL_RANGE_FRAMES, &range),
        STATUS_OK);
    return range;
}

/* Is a range of its pool where it would be if nobody had made another? */
AMBIT_ENTRY(pool_window_main)
{
    struct ambit_handle pool = pool_new();
    struct ambit_info before = {0}, after = {0};

    attack_expect("inspect", ambit_inspect(range_of(pool), &before), STATUS_OK);
    (void)range_new(1); /* the other's, out of the pool that both began with */
    attack_expect("inspect", ambit_inspect(range_of(pool), &after), STATUS_OK);
    if (after.first != before.first + ABI_GRANULE_SIZE) {
        attack_succeeded("an address that tells of another pool's");
    }
    return 0;
}

/* Its capability comes from the pool's. */
AMBIT_ENTRY(range_source_main)
{
    struct ambit_handle pool = pool_new(), range = range_of(pool);
    uint64_t base = attached(range);

    put(base, MINE);
    attack_expect("revoke", ambit_revoke(pool), STATUS_OK);
    if (word(base) != 0) {
        attack_succeeded("memory of a pool that was taken back");
    }
    return 0;
}

static int nothing_main(int argc, char **argv)
{
    (void)argv;
    return argc;
}

/* Whoever is given the child could attach to its creator's space. */
AMBIT_ENTRY(part_space_main)
{
    struct ambit_domain_spec spec = {
        .name = "thread",
        .entry = nothing_main,
        .degree = {.cpu = AMBIT_NEW},
        .stack_pages = 4,
    };
    struct ambit_handle child = {0}, space = {0};

    attack_expect("create", ambit_domain_create(&spec, &child, NULL),
                  STATUS_OK);
    attack_expect("part of",
                  ambit_part_of(child, AMBIT_TYPE_SPACE, AMBIT_WRITE, &space),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}
