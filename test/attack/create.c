/* SPDX-License-Identifier: Apache-2.0 */
/* What a domain asks for when it makes domains at run time, and must not get.
 */
#include "attack.h"

static volatile uint64_t variable = 1;

AMBIT_ENTRY(idle_main)
{
    ambit_yield();
    return 0;
}

/* Waits for a call that never comes. */
AMBIT_ENTRY(stays_main)
{
    struct ambit_message message;

    (void)!ambit_receive(attack_capability("gate"), &message);
    return 0;
}

static struct ambit_domain_spec spec_of(uint8_t space,
                                        int (*entry)(int, char **))
{
    struct ambit_domain_spec spec = {
        .name = "made",
        .entry = entry,
        .degree = {.cpu = AMBIT_NEW, .space = space},
    };

    return spec;
}

static struct ambit_handle created(const struct ambit_domain_spec *spec)
{
    struct ambit_handle handle = {0};
    struct ambit_refusal why = {0};
    enum status status = ambit_domain_create(spec, &handle, &why);

    if (status != STATUS_OK) {
        ambit_refusal_print(status, &why);
        ambit_exit(ATTACK_SUCCEEDED);
    }
    return handle;
}

/* In its data, in a hole, behind its image, and far away. */
AMBIT_ENTRY(create_entry_main)
{
    uint64_t base = ambit_self()->image_base;
    const uint64_t places[] = {(uint64_t)&variable, base + (1ull << 24),
                               base - 4096, 0, UINT64_MAX - 4096};
    struct ambit_domain_spec spec = spec_of(AMBIT_SAME, idle_main);
    struct ambit_handle handle;

    for (uint32_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        spec.entry = (int (*)(int, char **))places[i];
        attack_expect("create", ambit_domain_create(&spec, &handle, 0),
                      STATUS_OUT_OF_RANGE);
    }
    return 0;
}

AMBIT_ENTRY(makes_main)
{
    struct ambit_domain_spec spec = spec_of(AMBIT_SAME, idle_main);

    (void)created(&spec);
    return stays_main(argc, argv);
}

/* What its child has made stands on what the child is composed of. */
AMBIT_ENTRY(create_children_main)
{
    struct ambit_domain_spec spec = spec_of(AMBIT_SAME, makes_main);
    struct ambit_handle child = created(&spec);

    attack_expect("start", ambit_domain_start(child), STATUS_OK);
    for (uint32_t i = 0; i < 10; i++) {
        ambit_yield();
    }
    attack_expect("destroy", ambit_domain_destroy(child), STATUS_BUSY);
    attack_expect("stop", ambit_domain_stop(child), STATUS_OK);
    attack_expect("destroy", ambit_domain_destroy(child), STATUS_BUSY);
    return 0;
}

/* While it runs, its registers are not its creator's to set. */
AMBIT_ENTRY(create_running_main)
{
    struct ambit_domain_spec spec = spec_of(AMBIT_SAME, stays_main);
    struct ambit_handle child = created(&spec);

    attack_expect("start", ambit_domain_start(child), STATUS_OK);
    attack_expect("again", ambit_domain_start(child), STATUS_BUSY);
    ambit_yield();
    attack_expect("blocked", ambit_domain_start(child), STATUS_BUSY);
    attack_expect("stop", ambit_domain_stop(child), STATUS_OK);
    attack_expect("destroy", ambit_domain_destroy(child), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(leaves_main)
{
    uint64_t found = variable;

    variable = 2;
    return (int)found;
}

AMBIT_ENTRY(create_fresh_main)
{
    struct ambit_domain_spec spec = spec_of(AMBIT_NEW, leaves_main);
    struct ambit_outcome outcome;
    struct ambit_handle child = created(&spec);

    for (uint32_t i = 0; i < 3; i++) {
        attack_expect("start", ambit_domain_start(child), STATUS_OK);
        attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
        if (outcome.code != 1) {
            attack_succeeded("what it had left behind");
        }
    }
    return 0;
}

/* Runs in an image that is its creator's. */
AMBIT_ENTRY(keeper_main)
{
    for (uint32_t i = 0; i < 30; i++) {
        ambit_yield();
    }
    return 0;
}

AMBIT_ENTRY(kept_main)
{
    const uint64_t keeps[] = {KEEP_IMAGE};
    struct ambit_domain_spec spec = spec_of(AMBIT_PART, keeper_main);

    spec.keeps = keeps;
    spec.keep_count = 1;
    spec.start = 1;
    (void)created(&spec);
    return 3;
}

/* That image would be made anew under whoever runs in it. */
AMBIT_ENTRY(create_restart_main)
{
    struct ambit_domain_spec spec = spec_of(AMBIT_NEW, kept_main);
    struct ambit_outcome outcome;
    struct ambit_handle made;

    spec.start = 1;
    made = created(&spec);
    attack_expect("wait", ambit_wait(made, &outcome), STATUS_OK);
    attack_expect("exit", outcome.code == 3 ? STATUS_OK : STATUS_CLOSED,
                  STATUS_OK);
    attack_expect("start", ambit_domain_start(made), STATUS_BUSY);
    return 0;
}

/* ---- what takes long, and others meanwhile ---- */

#define GIVEN 700u
#define SLOTS_MOST 735u

static volatile uint64_t turns_had, longest_wait;

/* Counts its turns, and how long it waits for one. */
AMBIT_ENTRY(counting_turns_main)
{
    uint64_t last = ambit_ticks();

    for (;;) {
        uint64_t now;

        ambit_yield();
        now = ambit_ticks();
        if (now - last > longest_wait) {
            longest_wait = now - last;
        }
        last = now;
        turns_had++;
    }
}

/* Fills its table with what descends from one capability. */
AMBIT_ENTRY(generous_main)
{
    struct ambit_handle quota = attack_capability("quota"), out;

    for (uint32_t i = 0; i < GIVEN; i++) {
        attack_expect("derive", ambit_derive(quota, AMBIT_READ, &out),
                      STATUS_OK);
    }
    return 0;
}

/* Another has its turns while that is taken back. */
AMBIT_ENTRY(destroy_long_main)
{
    struct ambit_domain_spec spec = {
        .name = "other",
        .entry = counting_turns_main,
        .degree = {.cpu = AMBIT_NEW, .handler = AMBIT_NONE},
    };
    struct ambit_handle other, generous;
    struct ambit_outcome outcome;
    uint64_t before;

    attack_expect("make", ambit_domain_create(&spec, &other, 0), STATUS_OK);
    spec.entry = generous_main;
    spec.degree.caps = AMBIT_NEW;
    spec.caps_slots = SLOTS_MOST;
    attack_expect("make", ambit_domain_create(&spec, &generous, 0), STATUS_OK);
    attack_expect("start", ambit_domain_start(generous), STATUS_OK);
    attack_expect("wait", ambit_wait(generous, &outcome), STATUS_OK);
    attack_expect("start", ambit_domain_start(other), STATUS_OK);
    ambit_yield();
    before = turns_had;
    longest_wait = 0;
    attack_expect("destroy", ambit_domain_destroy(generous), STATUS_OK);
    before = turns_had - before;
    ambit_yield();
    ambit_report_instructions("longest wait", longest_wait);
    attack_expect("destroy", ambit_domain_destroy(other), STATUS_OK);
    if (before < 2) {
        attack_succeeded("nobody else had a turn");
    }
    return 0;
}
