/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges made at run time: used by their maker, handed to another domain in a
 * call, taken back; each status, and the books before and after.
 */
#include "books.h"

#define PAGES 3u
#define MAGIC UINT64_C(0x5eed)

static struct ambit_handle made(uint64_t pages)
{
    struct ambit_handle range = {0};

    must(ambit_range_create(pages, AMBIT_READ | AMBIT_WRITE, &range));
    return range;
}

static uint64_t place(struct ambit_handle range)
{
    struct ambit_info info = {0};

    must(ambit_inspect(range, &info));
    return info.first;
}

static struct ambit_handle attached(struct ambit_handle range, uint32_t rights)
{
    struct ambit_handle out = {0};

    must(ambit_attach(range, rights, &out));
    return out;
}

static void refused(void)
{
    struct books before = books_now();
    struct ambit_handle none = {0};

    ambit_assert(ambit_range_create(0, AMBIT_READ, &none) ==
                 STATUS_INVALID_ARGUMENT);
    ambit_assert(ambit_range_create(1, AMBIT_WRITE, &none) ==
                 STATUS_INVALID_ARGUMENT);
    ambit_assert(ambit_range_create(1, AMBIT_READ | AMBIT_EXEC, &none) ==
                 STATUS_INVALID_ARGUMENT);
    ambit_assert(ambit_range_create(1, AMBIT_ALL, &none) ==
                 STATUS_INVALID_ARGUMENT);
    ambit_assert(ambit_range_create(UINT64_MAX, AMBIT_READ, &none) ==
                 STATUS_OUT_OF_RANGE);
    ambit_assert(none.bits == 0);
    taken(&before, 0);
}

/* Clean, read and written within it alone, and gone with the attachment. */
static void used_alone(void)
{
    struct books before = books_now();
    struct ambit_handle range = made(PAGES), look = {0}, at, none = {0};
    uint64_t base = place(range), value = 1;
    struct ambit_fault fault = {0};

    taken(&before, PAGES + 2); /* its table, and where the object lies */
    ambit_assert(!ambit_try_read(base, &value, &fault));
    ambit_assert(fault.owner != SHARED_NO_DOMAIN);
    must(ambit_derive(range, AMBIT_READ, &look));
    ambit_assert(ambit_attach(look, AMBIT_READ, &none) == STATUS_NO_RIGHTS);
    must(ambit_delete(look));
    must(ambit_derive(range, AMBIT_READ | AMBIT_USE, &look));
    ambit_assert(ambit_attach(look, AMBIT_READ | AMBIT_WRITE, &none) ==
                 STATUS_NO_RIGHTS);
    ambit_assert(ambit_grow(look, 1, &value) == STATUS_NO_RIGHTS);
    ambit_assert(ambit_grow(range, 1, &value) == STATUS_UNSUPPORTED);
    at = attached(range, AMBIT_READ | AMBIT_WRITE);
    for (uint32_t i = 0; i < PAGES; i++) {
        ambit_assert(ambit_try_read(base + i * 4096u, &value, &fault) &&
                     value == 0);
        ambit_assert(ambit_try_write(base + i * 4096u, MAGIC, &fault));
    }
    ambit_assert(!ambit_try_read(base + PAGES * 4096u, &value, &fault));
    must(ambit_delete(at));
    ambit_assert(!ambit_try_read(base, &value, &fault));
    must(ambit_delete(look));
    must(ambit_delete(range));
    taken(&before, 0);
    range = made(PAGES); /* the same frames, as like as not */
    at = attached(range, AMBIT_READ);
    ambit_assert(ambit_try_read(place(range), &value, &fault) && value == 0);
    must(ambit_revoke(range));
    ambit_assert(!ambit_try_read(place(range), &value, &fault));
    must(ambit_delete(range));
    taken(&before, 0);
}

/* An attachment keeps what its range's deleted capability was of. */
static void kept(void)
{
    struct books before = books_now();
    struct ambit_handle range = made(1), at;
    uint64_t base = place(range), value = 1;
    struct ambit_fault fault = {0};

    at = attached(range, AMBIT_READ | AMBIT_WRITE);
    must(ambit_delete(range));
    ambit_assert(ambit_try_write(base, MAGIC, &fault));
    ambit_assert(ambit_try_read(base, &value, &fault) && value == MAGIC);
    must(ambit_delete(at));
    ambit_assert(!ambit_try_read(base, &value, &fault));
    taken(&before, 0);
}

/* With 0, 1, ... pages left, until it works: what failed has left nothing. */
static void until_enough(uint64_t pages)
{
    struct ambit_handle quota = held("quota"), rest = {0}, range = {0};
    struct ambit_handle keep = made(1); /* there is room for the object */
    uint64_t needs = pages + (pages + 511) / 512;
    enum status status = STATUS_NO_QUOTA;

    for (uint64_t left = 0; status != STATUS_OK; left++) {
        struct books before = books_now(), now;
        uint64_t free = before.quota.second - before.quota.first;

        must(ambit_quota_split(quota, free - left, AMBIT_QUOTA_NEW, &rest));
        now = books_now();
        status = ambit_range_create(pages, AMBIT_READ, &range);
        ambit_assert((status == STATUS_OK) == (left == needs));
        ambit_assert(status == STATUS_OK || status == STATUS_NO_QUOTA);
        taken(&now, status == STATUS_OK ? needs : 0);
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
    struct books before = books_now();
    struct ambit_handle ranges[200], none = {0};
    uint32_t count = 0;

    while (count < 200 &&
           ambit_range_create(1, AMBIT_READ, &ranges[count]) == STATUS_OK) {
        count++;
    }
    ambit_assert(count > 40 && count < 200);
    ambit_assert(ambit_range_create(1, AMBIT_READ, &none) == STATUS_NO_SLOT);
    while (count) {
        must(ambit_delete(ranges[--count]));
    }
    taken(&before, 0);
}

static uint64_t told(struct ambit_handle gate, struct ambit_gift gift)
{
    struct ambit_message message = {0};

    must(ambit_call_with(gate, &message, gift));
    return message.words[0];
}

static void shared_in_a_call(void)
{
    struct books before = books_now();
    struct ambit_handle gate = held("gate"), range = made(600);
    uint64_t last = place(range) + 599u * 4096u, value = 0;
    struct ambit_fault fault = {0};
    struct ambit_message message = {0};

    (void)attached(range, AMBIT_READ | AMBIT_WRITE);
    ambit_assert(ambit_try_write(last, MAGIC, &fault));
    ambit_assert(told(gate, ambit_copy_of(range, AMBIT_READ | AMBIT_USE)) ==
                 MAGIC);
    must(ambit_revoke(range)); /* ours too */
    must(ambit_call(gate, &message));
    ambit_assert(message.words[0] == 0); /* it cannot read it any more */
    ambit_assert(!ambit_try_read(last, &value, &fault));
    must(ambit_delete(range));
    taken(&before, 0);
}

AMBIT_ENTRY(range_maker_main)
{
    refused();
    used_alone();
    kept();
    until_enough(1);
    until_enough(5);
    until_enough(513);
    until_full();
    shared_in_a_call();
    ambit_printf("made, shared and taken back\n");
    return 0;
}

/* Reads the last word of what it is given, and again when nothing comes. */
AMBIT_ENTRY(range_taker_main)
{
    struct ambit_handle gate = held("gate"), at = {0};
    struct ambit_message message = {0};
    struct ambit_fault fault = {0};
    struct ambit_info info = {0};
    uint64_t word = 0;

    must(ambit_receive(gate, &message));
    must(ambit_inspect(message.capability, &info));
    ambit_assert(info.second == 600u * 4096u);
    ambit_assert(ambit_attach(message.capability, AMBIT_READ | AMBIT_WRITE,
                              &at) == STATUS_NO_RIGHTS);
    must(ambit_attach(message.capability, AMBIT_READ, &at));
    info.first += 599u * 4096u;
    ambit_assert(ambit_try_read(info.first, &word, &fault));
    ambit_assert(!ambit_try_write(info.first, 1, &fault));
    message.words[0] = word;
    must(ambit_reply_receive(gate, &message));
    message.words[0] = ambit_try_read(info.first, &word, &fault);
    must(ambit_reply(&message));
    return 0;
}
