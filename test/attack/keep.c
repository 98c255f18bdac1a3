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
