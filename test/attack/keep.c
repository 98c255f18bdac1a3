/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Attacks on what a part keeps and what a hold gives, at run time: more of a
 * range than is held, more than the maker's own space may have, a badge of
 * one's own choice.
 */
#include "attack.h"

static void made_must_fail(const struct ambit_domain_spec *spec,
                           enum status wanted)
{
    struct ambit_handle domain = {0};
    struct ambit_refusal why = {0};
    enum status status = ambit_domain_create(spec, &domain, &why);

    attack_expect("create", status, wanted);
}

AMBIT_ENTRY(keep_child_main)
{
    return 0;
}

static void keep(struct ambit_handle range, enum status wanted)
{
    const uint64_t keeps[] = {KEEP_IMAGE, range.bits};
    const struct ambit_domain_spec spec = {
        .name = "child",
        .entry = keep_child_main,
        .keeps = keeps,
        .keep_count = 2,
        .degree = {.cpu = AMBIT_NEW, .space = AMBIT_PART}};

    made_must_fail(&spec, wanted);
}

/* One page of four is held: the space would have all four. */
AMBIT_ENTRY(keep_page_main)
{
    struct ambit_handle part = {0};

    attack_expect("derive",
                  ambit_derive_part(attack_capability("ring"),
                                    AMBIT_READ | AMBIT_USE, 1, 1, &part),
                  STATUS_OK);
    keep(part, STATUS_OUT_OF_RANGE);
    return 0;
}

/* A part of a space without the range: the table that it shares has it. */
AMBIT_ENTRY(keep_around_main)
{
    keep(attack_capability("ring"), STATUS_NO_RIGHTS);
    return 0;
}

/* A caller's capability has a badge, which says who calls. */
AMBIT_ENTRY(hold_badge_main)
{
    const struct ambit_hold gate = {.name = "gate",
                                    .handle = attack_capability("gate"),
                                    .rights = AMBIT_WRITE,
                                    .badge = 1};
    const struct ambit_domain_spec spec = {
        .name = "child",
        .entry = keep_child_main,
        .holds = &gate,
        .hold_count = 1,
        .degree = {.cpu = AMBIT_NEW, .caps = AMBIT_NEW}};

    made_must_fail(&spec, STATUS_NO_RIGHTS);
    return 0;
}

/* ---- more attachments than can be counted ---- */

#define FILLERS 92u
#define COUNTED 65535u

static struct ambit_handle shared_range;
static volatile uint64_t attached, refused;

/* Fills a table of its own with attachments to the space that all have. */
AMBIT_ENTRY(filler_main)
{
    struct ambit_handle range = attack_capability("range"), out;
    enum status status = STATUS_OK;

    while (status == STATUS_OK) {
        status = ambit_attach(range, AMBIT_READ, &out);
        attached += status == STATUS_OK;
    }
    refused += status == STATUS_TOO_BIG;
    return 0;
}

static struct ambit_handle filler_run(void)
{
    const struct ambit_hold hold = {
        .name = "range",
        .handle = shared_range,
        .rights = AMBIT_READ | AMBIT_USE,
    };
    const struct ambit_domain_spec spec = {
        .name = "filler",
        .entry = filler_main,
        .degree = {.cpu = AMBIT_NEW, .caps = AMBIT_NEW, .handler = AMBIT_NONE},
        .caps_slots = 735,
        .holds = &hold,
        .hold_count = 1,
    };
    struct ambit_handle child = {0};
    struct ambit_outcome outcome;

    attack_expect("make", ambit_domain_create(&spec, &child, 0), STATUS_OK);
    attack_expect("start", ambit_domain_start(child), STATUS_OK);
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    return child;
}

AMBIT_ENTRY(attach_many_main)
{
    struct ambit_handle children[FILLERS], out;
    struct ambit_info info;

    attack_expect(
        "range", ambit_range_create(1, AMBIT_READ | AMBIT_WRITE, &shared_range),
        STATUS_OK);
    for (uint32_t i = 0; i < FILLERS; i++) {
        children[i] = filler_run();
    }
    if (attached != COUNTED || refused == 0) {
        ambit_printf("%lu attachments, %lu refused\n", attached, refused);
        return ATTACK_SUCCEEDED;
    }
    attack_expect("where", ambit_inspect(shared_range, &info), STATUS_OK);
    (void)*(volatile char *)info.first;
    for (uint32_t i = 0; i < FILLERS; i++) {
        attack_expect("destroy", ambit_domain_destroy(children[i]), STATUS_OK);
    }
    attack_expect("control", ambit_attach(shared_range, AMBIT_READ, &out),
                  STATUS_OK);
    return 0;
}

/* ---- attachments to a space that was, in another's table ---- */

static volatile uint64_t lodged;

/* Attaches to a space that it was given, and keeps the capability. */
AMBIT_ENTRY(lodger_main)
{
    struct ambit_handle out;

    attack_expect("attach",
                  ambit_attach_to(attack_capability("range"), AMBIT_READ,
                                  attack_capability("victim"), &out),
                  STATUS_OK);
    lodged = 1;
    return 0;
}

static void lodger_run(struct ambit_handle space)
{
    const struct ambit_hold holds[] = {
        {.name = "range",
         .handle = attack_capability("ring"),
         .rights = AMBIT_READ | AMBIT_USE},
        {.name = "victim", .handle = space, .rights = AMBIT_WRITE},
    };
    const struct ambit_domain_spec spec = {
        .name = "lodger",
        .entry = lodger_main,
        .degree = {.cpu = AMBIT_NEW, .caps = AMBIT_NEW, .handler = AMBIT_NONE},
        .holds = holds,
        .hold_count = 2,
    };
    struct ambit_handle lodger = {0};
    struct ambit_outcome outcome;

    attack_expect("make", ambit_domain_create(&spec, &lodger, 0), STATUS_OK);
    attack_expect("start", ambit_domain_start(lodger), STATUS_OK);
    attack_expect("wait", ambit_wait(lodger, &outcome), STATUS_OK);
    ambit_assert(lodged);
}

/* The child's second life is in another space; what it has there goes. */
AMBIT_ENTRY(landlord_main)
{
    struct ambit_handle child = attack_capability("child"), space = {0};
    struct ambit_message message;

    *(volatile uint64_t *)attack_place("ring") = 42;
    attack_expect("start", ambit_spawn(child), STATUS_OK);
    attack_let_one_in(&message);
    attack_expect("space",
                  ambit_part_of(child, AMBIT_TYPE_SPACE, AMBIT_WRITE, &space),
                  STATUS_OK);
    lodger_run(space);
    attack_expect("stop", ambit_stop(child), STATUS_OK);
    attack_expect("start", ambit_spawn(child), STATUS_OK);
    attack_let_one_in(&message);
    attack_expect("revoke", ambit_revoke(attack_capability("ring")), STATUS_OK);
    attack_let_it_go(&message);
    return 0;
}
