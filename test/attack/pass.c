/* SPDX-License-Identifier: Apache-2.0 */
/* Capabilities that move, get a badge, or go along with a call. */
#include "attack.h"

/* What has been moved is not where it was. */
AMBIT_ENTRY(move_main)
{
    struct ambit_handle ring = attack_capability("ring"), moved = {0};
    struct ambit_handle none = {0};

    attack_expect("move", ambit_move(ring, &moved), STATUS_OK);
    attack_expect("derive", ambit_derive(ring, AMBIT_READ, &none),
                  STATUS_INVALID_HANDLE);
    attack_expect("control", ambit_derive(moved, AMBIT_READ, &none), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(move_attachment_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};

    attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made), STATUS_OK);
    attack_expect("move", ambit_move(made, &made), STATUS_INVALID_ARGUMENT);
    return 0;
}

/* Who may only call chooses no badge. */
AMBIT_ENTRY(badge_caller_makes_main)
{
    struct ambit_handle made = {0};

    attack_expect(
        "badge", ambit_badge(attack_capability("gate"), AMBIT_WRITE, 77, &made),
        STATUS_NO_RIGHTS);
    return 0;
}

/* Nor does who has got one, though it may serve as well. */
AMBIT_ENTRY(badge_twice_main)
{
    struct ambit_handle gate = attack_capability("gate"), made = {0};
    struct ambit_handle again = {0};

    attack_expect("control",
                  ambit_badge(gate, AMBIT_WRITE | AMBIT_USE, 5, &made),
                  STATUS_OK);
    attack_expect("badge",
                  ambit_badge(made, AMBIT_WRITE | AMBIT_USE, 6, &again),
                  STATUS_EXISTS);
    return 0;
}
