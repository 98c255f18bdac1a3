/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts of ranges, attached by whole granules: of one made at run time and of
 * one of the config's; what shows and what does not, what rights add up to, and
 * what is left when part, range, space or domain goes.
 */
#include "books.h"

#include <abi/layout.h>
#include <ambit/create.h>
#include <ambit/parts.h>
#include <ambit/ranges.h>

#define RW (AMBIT_READ | AMBIT_WRITE)
#define RWU (RW | AMBIT_USE)
#define G ABI_GRANULE_PAGES
#define GRANULE ABI_GRANULE_SIZE
#define MAGIC UINT64_C(0x5eed)

static uint64_t place(struct ambit_handle range)
{
    struct ambit_info info = {0};

    must(ambit_inspect(range, &info));
    return info.first;
}

/* 0: it faults, 1: it can be read, 2: written, too. */
static uint32_t reach(uint64_t address)
{
    struct ambit_fault fault = {0};
    uint64_t value;

    if (!ambit_try_read(address, &value, &fault)) {
        return 0;
    }
    return ambit_try_write(address, value, &fault) ? 2 : 1;
}

/* At the first and the last page of each of three granules. */
static void shows(const char *when, uint64_t base, uint32_t a, uint32_t b,
                  uint32_t c)
{
    const uint32_t wanted[3] = {a, b, c};

    for (uint32_t i = 0; i < 3; i++) {
        uint64_t first = base + i * GRANULE;
        uint64_t last = first + GRANULE - ABI_PAGE_SIZE;

        if (reach(first) != wanted[i] || reach(last) != wanted[i]) {
            ambit_printf("%s: granule %u: %u %u; wanted: %u\n", when, i,
                         reach(first), reach(last), wanted[i]);
            ambit_exit(1);
        }
    }
}

static struct ambit_handle part_of(struct ambit_handle range, uint32_t rights,
                                   uint64_t first, uint64_t pages)
{
    struct ambit_handle out = {0};

    must(ambit_derive_part(range, rights, first, pages, &out));
    return out;
}

static struct ambit_handle attached(struct ambit_handle range, uint32_t rights)
{
    struct ambit_handle out = {0};

    must(ambit_attach(range, rights, &out));
    return out;
}

static void part_refused(struct ambit_handle range)
{
    static const struct {
        uint64_t first, pages;
    } odd[] = {{0, 1}, {1, G}, {G, G - 1}, {1, 3 * G - 1}, {G + 1, G - 1}};
    struct ambit_handle part, none = {0};

    for (uint32_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        part = part_of(range, RWU, odd[i].first, odd[i].pages);
        is("odd", ambit_attach(part, RW, &none), STATUS_OUT_OF_RANGE);
        must(ambit_delete(part));
    }
    part = part_of(range, AMBIT_READ | AMBIT_USE, G, G);
    is("rw of r", ambit_attach(part, RW, &none), STATUS_NO_RIGHTS);
    is("rx", ambit_attach(part, AMBIT_READ | AMBIT_EXEC, &none),
       STATUS_NO_RIGHTS);
    must(ambit_delete(part));
    part = part_of(range, RW, G, G);
    is("no use", ambit_attach(part, RW, &none), STATUS_NO_RIGHTS);
    must(ambit_delete(part));
    ambit_assert(none.bits == 0);
}

/* Parts beside one another, over one another, and beside the whole. */
static void part_used(struct ambit_handle range)
{
    uint64_t base = place(range);
    struct ambit_handle middle = part_of(range, RWU, G, G);
    struct ambit_handle rest = part_of(range, RWU, G, 2 * G);
    struct ambit_handle at, over, whole;

    ambit_assert(place(middle) == base + GRANULE);
    shows("none", base, 0, 0, 0);
    at = attached(middle, AMBIT_READ);
    shows("one", base, 0, 1, 0);
    over = attached(rest, RW);
    shows("two", base, 0, 2, 2);
    must(ambit_delete(over));
    shows("one again", base, 0, 1, 0);
    whole = attached(range, AMBIT_READ);
    shows("all, to read", base, 1, 1, 1);
    over = attached(rest, RW);
    shows("all, some to write", base, 1, 2, 2);
    must(ambit_delete(whole));
    shows("without the whole", base, 0, 2, 2);
    must(ambit_revoke(rest));
    shows("revoked", base, 0, 1, 0);
    must(ambit_delete(rest));
    must(ambit_delete(middle)); /* its attachment is left */
    shows("kept", base, 0, 1, 0);
    must(ambit_delete(at));
    shows("none again", base, 0, 0, 0);
}

/* What is attached keeps a range that no capability is left of. */
static void part_keeps(void)
{
    struct books before = books_now();
    struct ambit_handle range = {0}, part, at;
    uint64_t base;

    must(ambit_range_create(2 * G, RW, &range));
    base = place(range);
    part = part_of(range, RWU, G, G);
    at = attached(part, RW);
    must(ambit_delete(part));
    must(ambit_delete(range));
    ambit_assert(reach(base + GRANULE) == 2 && reach(base) == 0);
    must(ambit_delete(at));
    ambit_assert(reach(base + GRANULE) == 0);
    same("kept by a part", &before);
}

/* As many as there is room for, and one more. */
static void until_full(struct ambit_handle range)
{
    struct books before = books_now();
    struct ambit_handle part = part_of(range, RWU, G, G), at[200];
    uint32_t count = 0;
    enum status status = STATUS_OK;

    while (status == STATUS_OK && count < 200) {
        status = ambit_attach(part, RW, &at[count]);
        count += status == STATUS_OK;
    }
    is("full", status, STATUS_NO_SLOT);
    ambit_assert(count > 20);
    must(ambit_revoke(part));
    must(ambit_delete(part));
    same("full", &before);
}

/* With no pages left but those for the object: nothing half-made stays. */
static void until_enough(struct ambit_handle range)
{
    struct ambit_handle part = part_of(range, RWU, G, G), rest = {0}, at = {0};
    struct ambit_handle quota = held("quota");
    enum status status = STATUS_NO_QUOTA;
    uint64_t tries = 0;

    for (; status != STATUS_OK; tries++) {
        struct books before = books_now(), now;
        uint64_t free = before.quota.second - before.quota.first;

        must(ambit_quota_split(quota, free - tries, AMBIT_QUOTA_NEW, &rest));
        now = books_now();
        status = ambit_attach(part, RW, &at);
        if (status != STATUS_OK) {
            is("attach", status, STATUS_NO_QUOTA);
            same("refused", &now);
        } else {
            must(ambit_delete(at));
        }
        must(ambit_delete(rest));
        same("tried", &before);
    }
    must(ambit_delete(part));
}

static uint64_t told(struct ambit_gift gift)
{
    struct ambit_message message = {0};

    must(ambit_call_with(held("gate"), &message, gift));
    return message.words[0];
}

/* The taker attaches what it is given, and no more. */
static void part_given(struct ambit_handle range)
{
    struct ambit_handle part = part_of(range, RWU, 2 * G, G);
    struct ambit_handle at = attached(part, RW);
    struct ambit_fault fault = {0};

    ambit_assert(ambit_try_write(place(part), MAGIC, &fault));
    ambit_assert(told(ambit_copy_of(part, AMBIT_READ | AMBIT_USE)) == MAGIC);
    must(ambit_revoke(part));
    ambit_assert(told((struct ambit_gift){0}) == 0);
    (void)at;
    must(ambit_delete(part));
}

static int sleeper_main(int argc, char **argv)
{
    (void)argv;
    return argc;
}

/* Into the space of a domain that is destroyed then. */
static void part_of_dead(struct ambit_handle range)
{
    struct books before = books_now();
    struct ambit_domain_spec spec = {
        .name = "sleeper",
        .entry = sleeper_main,
        .degree = {AMBIT_NONE, AMBIT_NEW, AMBIT_NEW, AMBIT_SAME, AMBIT_SAME,
                   AMBIT_NEW, AMBIT_NEW},
        .stack_pages = 8,
    };
    struct ambit_handle part = part_of(range, RWU, G, G), domain = {0};
    struct ambit_handle space = {0}, at = {0};

    must(ambit_domain_create(&spec, &domain, NULL));
    must(ambit_part_of(domain, AMBIT_TYPE_SPACE, AMBIT_WRITE, &space));
    must(ambit_attach_to(part, RW, space, &at));
    ambit_assert(reach(place(part)) == 0); /* not in ours */
    must(ambit_domain_destroy(domain));
    must(ambit_delete(at));
    must(ambit_delete(part));
    same("dead", &before);
}

AMBIT_ENTRY(part_owner_main)
{
    struct ambit_handle ring = held("ring"), range = {0};
    struct books before;

    before = books_now();
    must(ambit_range_create(3 * G, RW, &range));
    part_refused(range);
    part_used(range);
    until_full(range);
    until_enough(range);
    part_of_dead(range);
    part_given(range);
    must(ambit_delete(range));
    same("made", &before);
    part_keeps();
    /* The config's own: composition has attached it whole. */
    must(ambit_revoke(ring));
    part_refused(ring);
    part_used(ring);
    same("the config's", &before);
    ambit_printf("parts, and no more\n");
    return 0;
}

AMBIT_ENTRY(part_taker_main)
{
    struct ambit_handle gate = held("gate"), at = {0};
    struct ambit_message message = {0};
    struct ambit_fault fault = {0};
    uint64_t base, word = 0;

    must(ambit_receive(gate, &message));
    base = place(message.capability);
    is("rw", ambit_attach(message.capability, RW, &at), STATUS_NO_RIGHTS);
    must(ambit_attach(message.capability, AMBIT_READ, &at));
    ambit_assert(ambit_try_read(base, &word, &fault));
    ambit_assert(reach(base) == 1 && reach(base - GRANULE) == 0);
    message.words[0] = word;
    must(ambit_reply_receive(gate, &message));
    message.words[0] = reach(base);
    must(ambit_reply(&message));
    return 0;
}
