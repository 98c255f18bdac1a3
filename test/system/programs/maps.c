/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames mapped into bare ranges: by their owner, through what it gives away,
 * and until frame, range or owner goes. Each status, and the books before and
 * after.
 */
#include "books.h"

#include <ambit/ranges.h>

#define RW (AMBIT_READ | AMBIT_WRITE)
#define MAGIC UINT64_C(0x5eed)
#define PAGE 4096u

static struct ambit_handle bare(uint64_t pages)
{
    struct ambit_handle range = {0};

    must(ambit_range_create_bare(pages, RW, &range));
    return range;
}

static struct ambit_handle allocated(void)
{
    struct ambit_handle frame = {0};
    uint64_t number = 0;

    must(ambit_allocate(held("pool"), &frame, &number));
    return frame;
}

static struct ambit_handle with(struct ambit_handle source, uint32_t rights)
{
    struct ambit_handle out = {0};

    must(ambit_derive(source, rights, &out));
    return out;
}

static struct ambit_handle mapped(struct ambit_handle frame,
                                  struct ambit_handle range, uint64_t page,
                                  uint32_t rights)
{
    struct ambit_handle out = {0};

    must(ambit_map(frame, range, page, rights, &out));
    return out;
}

/* Attached to read and write; its address. */
static uint64_t attached(struct ambit_handle range)
{
    struct ambit_handle at = {0};
    struct ambit_info info = {0};

    must(ambit_attach(range, RW, &at));
    must(ambit_inspect(range, &info));
    return info.first;
}

static bool reads(uint64_t address, uint64_t wanted)
{
    struct ambit_fault fault = {0};
    uint64_t value = ~wanted;

    return ambit_try_read(address, &value, &fault) && value == wanted;
}

static bool writes(uint64_t address, uint64_t value)
{
    struct ambit_fault fault = {0};

    return ambit_try_write(address, value, &fault);
}

static bool faults(uint64_t address)
{
    struct ambit_fault fault = {0};
    uint64_t value;

    return !ambit_try_read(address, &value, &fault) &&
           fault.type == FAULT_PAGE && fault.owner != SHARED_NO_DOMAIN;
}

/* ---- each status ---- */

static void made_refused(void)
{
    struct ambit_handle none = {0};

    is("r", ambit_range_create_bare(1, AMBIT_READ, &none),
       STATUS_INVALID_ARGUMENT);
    is("use", ambit_range_create_bare(1, RW | AMBIT_USE, &none),
       STATUS_INVALID_ARGUMENT);
    is("nothing", ambit_range_create_bare(0, RW, &none),
       STATUS_INVALID_ARGUMENT);
    is("all", ambit_range_create_bare(UINT64_MAX, RW, &none),
       STATUS_OUT_OF_RANGE);
    ambit_assert(none.bits == 0);
}

static void rights_refused(struct ambit_handle frame, struct ambit_handle range)
{
    struct ambit_handle none = {0}, less = with(frame, AMBIT_READ | AMBIT_USE);

    is("w", ambit_map(frame, range, 0, AMBIT_WRITE, &none),
       STATUS_INVALID_ARGUMENT);
    is("wx", ambit_map(frame, range, 0, AMBIT_ALL & ~AMBIT_USE, &none),
       STATUS_INVALID_ARGUMENT);
    is("use", ambit_map(frame, range, 0, AMBIT_READ | AMBIT_USE, &none),
       STATUS_INVALID_ARGUMENT);
    is("bit 5", ambit_map(frame, range, 0, 33, &none), STATUS_INVALID_ARGUMENT);
    is("x", ambit_map(frame, range, 0, AMBIT_READ | AMBIT_EXEC, &none),
       STATUS_NO_RIGHTS);
    is("rw of r", ambit_map(less, range, 0, RW, &none), STATUS_NO_RIGHTS);
    must(ambit_delete(less));
    less = with(frame, RW);
    is("no use", ambit_map(less, range, 0, RW, &none), STATUS_NO_RIGHTS);
    must(ambit_delete(less));
    less = with(range, AMBIT_READ | AMBIT_USE);
    is("range r", ambit_map(frame, less, 0, RW, &none), STATUS_NO_RIGHTS);
    must(ambit_delete(less));
    ambit_assert(none.bits == 0);
}

static void places_refused(struct ambit_handle frame, struct ambit_handle range)
{
    struct ambit_handle none = {0}, part = {0}, full = {0};

    is("page 3", ambit_map(frame, range, 3, RW, &none), STATUS_OUT_OF_RANGE);
    is("page ~0", ambit_map(frame, range, UINT64_MAX, RW, &none),
       STATUS_OUT_OF_RANGE);
    must(ambit_derive_part(range, AMBIT_ALL & ~AMBIT_EXEC, 1, 1, &part));
    is("page 1 of 1", ambit_map(frame, part, 1, RW, &none),
       STATUS_OUT_OF_RANGE);
    must(ambit_delete(part));
    must(ambit_range_create(1, RW, &full));
    is("full", ambit_map(frame, full, 0, RW, &none), STATUS_UNSUPPORTED);
    must(ambit_delete(full));
    is("heap", ambit_map(frame, held("heap"), 0, RW, &none),
       STATUS_UNSUPPORTED);
    is("a range", ambit_map(range, range, 0, RW, &none), STATUS_WRONG_TYPE);
    is("a frame", ambit_map(frame, frame, 0, RW, &none), STATUS_WRONG_TYPE);
    is("unmap", ambit_unmap(frame), STATUS_WRONG_TYPE);
    is("unmap 0", ambit_unmap(none), STATUS_INVALID_HANDLE);
    ambit_assert(none.bits == 0);
}

/* What a mapping is good for: nothing but to be taken back. */
static void mapping_refused(struct ambit_handle frame,
                            struct ambit_handle range)
{
    struct ambit_handle at = mapped(frame, range, 0, RW), none = {0};

    is("twice", ambit_map(frame, range, 0, RW, &none), STATUS_EXISTS);
    is("derive", ambit_derive(at, AMBIT_READ, &none), STATUS_INVALID_ARGUMENT);
    is("move", ambit_move(at, &none), STATUS_INVALID_ARGUMENT);
    is("compose", ambit_compose(&at, 1, &none), STATUS_WRONG_TYPE);
    is("map", ambit_map(at, range, 1, RW, &none), STATUS_WRONG_TYPE);
    ambit_assert(none.bits == 0);
    must(ambit_unmap(at));
    is("again", ambit_unmap(at), STATUS_INVALID_HANDLE);
}

static void refused(void)
{
    struct books before = books_now(), made;
    struct ambit_handle range, frame;

    made_refused();
    taken(&before, 0);
    range = bare(3);
    taken(&before, 2); /* its table, and where the object lies */
    frame = allocated();
    made = books_now();
    taken(&before, 3);
    rights_refused(frame, range);
    places_refused(frame, range);
    mapping_refused(frame, range);
    taken(&made, 0);
    must(ambit_delete(frame));
    must(ambit_delete(range));
    taken(&before, 0);
}

/* ---- one domain ---- */

static void used_alone(void)
{
    struct books before = books_now();
    struct ambit_handle range = bare(3), frame = allocated(), at, alias;
    uint64_t base = attached(range);

    ambit_assert(faults(base) && faults(base + PAGE));
    at = mapped(frame, range, 1, RW);
    alias = mapped(frame, range, 2, AMBIT_READ);
    ambit_assert(reads(base + PAGE, 0) && writes(base + PAGE, MAGIC));
    ambit_assert(reads(base + 2 * PAGE, MAGIC));
    ambit_assert(!writes(base + 2 * PAGE, 1) && faults(base));
    must(ambit_unmap(at));
    ambit_assert(faults(base + PAGE) && reads(base + 2 * PAGE, MAGIC));
    at = mapped(frame, range, 0, RW);
    ambit_assert(reads(base, MAGIC));
    must(ambit_revoke(frame)); /* out of both places */
    ambit_assert(faults(base) && faults(base + 2 * PAGE));
    is("unmap", ambit_unmap(at), STATUS_INVALID_HANDLE);
    is("unmap", ambit_unmap(alias), STATUS_INVALID_HANDLE);
    must(ambit_delete(frame));
    must(ambit_revoke(range));
    must(ambit_delete(range));
    taken(&before, 0);
}

/* A frame whose capability is gone stays where it is mapped, and charged; then
 * it is free, and clean. */
static void kept_by_mapping(void)
{
    struct books before = books_now(), made;
    struct ambit_handle range = bare(1), frame = allocated(), at;
    uint64_t base = attached(range);

    made = books_now();
    at = mapped(frame, range, 0, RW);
    must(ambit_delete(frame));
    taken(&made, 0);
    ambit_assert(writes(base, MAGIC) && reads(base, MAGIC));
    must(ambit_delete(at));
    ambit_assert(faults(base));
    ambit_assert(books_now().pool.first == made.pool.first + 1);
    frame = allocated(); /* the same one, as like as not */
    at = mapped(frame, range, 0, AMBIT_READ);
    ambit_assert(reads(base, 0));
    must(ambit_delete(frame));
    must(ambit_unmap(at));
    must(ambit_revoke(range));
    must(ambit_delete(range));
    taken(&before, 0);
}

/* The range goes, its addresses are another's: an old mapping is in none. */
static void range_gone(void)
{
    struct books before = books_now();
    struct ambit_handle keep = bare(1); /* there is room for the object */
    struct ambit_handle range = bare(1), frame = allocated(), old, at;
    struct ambit_info info = {0};
    uint64_t base;

    must(ambit_inspect(range, &info));
    old = mapped(frame, range, 0, RW);
    must(ambit_delete(range));
    range = bare(1);
    base = attached(range);
    ambit_assert(base == info.first && faults(base));
    at = mapped(frame, range, 0, RW);
    ambit_assert(writes(base, MAGIC));
    must(ambit_unmap(old));
    ambit_assert(reads(base, MAGIC));
    must(ambit_delete(frame));
    must(ambit_revoke(range));
    must(ambit_delete(range));
    must(ambit_delete(keep));
    must(ambit_delete(at));
    taken(&before, 0);
}

/* With 0, 1, ... pages left, until it works: what failed has left nothing. */
static void until_enough(void)
{
    struct ambit_handle quota = held("quota"), rest = {0}, range = {0};
    struct ambit_handle keep = bare(1);
    enum status status = STATUS_NO_QUOTA;

    for (uint64_t left = 0; status != STATUS_OK; left++) {
        struct books before = books_now(), now;
        uint64_t free = before.quota.second - before.quota.first;

        must(ambit_quota_split(quota, free - left, AMBIT_QUOTA_NEW, &rest));
        now = books_now();
        status = ambit_range_create_bare(1025, RW, &range);
        ambit_assert(status == (left == 3 ? STATUS_OK : STATUS_NO_QUOTA));
        taken(&now, status == STATUS_OK ? 3 : 0);
        if (status == STATUS_OK) {
            must(ambit_delete(range));
        }
        must(ambit_delete(rest));
        taken(&before, 0);
    }
    must(ambit_delete(keep));
}

/* One more than the table has room for. */
static void until_full(void)
{
    struct books before = books_now(), made;
    struct ambit_handle range = bare(200), frame = allocated(), none = {0};
    struct ambit_handle at[200];
    uint64_t count = 0;
    enum status status = STATUS_OK;

    made = books_now();
    while (status == STATUS_OK && count < 200) {
        status = ambit_map(frame, range, count, AMBIT_READ, &at[count]);
        count += status == STATUS_OK;
    }
    is("full", status, STATUS_NO_SLOT);
    is("still", ambit_map(frame, range, count, RW, &none), STATUS_NO_SLOT);
    taken(&made, 0);
    must(ambit_revoke(frame));
    must(ambit_delete(frame));
    must(ambit_delete(range));
    taken(&before, 0);
}

/* ---- two domains ---- */

static uint64_t told(struct ambit_message *message, struct ambit_gift gift)
{
    must(ambit_call_with(held("gate"), message, gift));
    return message->words[0];
}

/* The other maps what it is given in a range of its own, to read. */
static void given(void)
{
    struct books before = books_now();
    struct ambit_handle range = bare(1), frame = allocated(), at;
    struct ambit_message message = {0};
    uint64_t base = attached(range);

    at = mapped(frame, range, 0, RW);
    ambit_assert(writes(base, MAGIC));
    ambit_assert(told(&message, ambit_copy_of(frame, AMBIT_READ | AMBIT_USE)) ==
                 MAGIC);
    must(ambit_delete(at));
    must(ambit_revoke(frame));
    ambit_assert(told(&message, (struct ambit_gift){0}) == 0); /* it faults */
    must(ambit_delete(frame));
    must(ambit_revoke(range));
    must(ambit_delete(range));
    taken(&before, 0);
}

/* What it gives back leaves our range when it is destroyed. */
static void giver_gone(struct ambit_handle giver)
{
    struct ambit_handle range = bare(1), at;
    struct ambit_message message = {0};
    struct ambit_outcome outcome;
    uint64_t base = attached(range);

    (void)told(&message, (struct ambit_gift){0});
    at = mapped(message.capability, range, 0, RW);
    ambit_assert(reads(base, MAGIC) && writes(base, MAGIC + 1));
    must(ambit_wait(giver, &outcome));
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    ambit_assert(faults(base));
    is("unmap", ambit_unmap(at), STATUS_INVALID_HANDLE);
    must(ambit_revoke(range));
    must(ambit_delete(range));
}

AMBIT_ENTRY(map_owner_main)
{
    struct ambit_handle giver = held("giver");

    refused();
    used_alone();
    kept_by_mapping();
    range_gone();
    until_enough();
    until_full();
    for (uint32_t round = 0; round < 3; round++) {
        struct books before = books_now();

        must(ambit_spawn(giver));
        given();
        giver_gone(giver);
        taken(&before, 0);
    }
    ambit_printf("mapped, shared and taken back\n");
    return 0;
}

AMBIT_ENTRY(map_giver_main)
{
    struct ambit_handle range = bare(600), frame, gate = held("gate"), at;
    struct ambit_message message = {0};
    uint64_t base = attached(range), last = base + 599u * PAGE;

    must(ambit_receive(gate, &message));
    is("rw", ambit_map(message.capability, range, 599, RW, &at),
       STATUS_NO_RIGHTS);
    at = mapped(message.capability, range, 599, AMBIT_READ);
    message.words[0] = reads(last, MAGIC) && !writes(last, 0) ? MAGIC : 1;
    must(ambit_reply_receive(gate, &message));
    message.words[0] = !faults(last);
    is("unmap", ambit_unmap(at), STATUS_INVALID_HANDLE);
    must(ambit_reply_receive(gate, &message));
    frame = allocated();
    (void)mapped(frame, range, 0, RW);
    ambit_assert(writes(base, MAGIC));
    must(ambit_reply_with(&message, ambit_copy_of(frame, RW | AMBIT_USE)));
    return 0;
}
