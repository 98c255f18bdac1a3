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

/* ---- notifications ---- */

/* Signals with bits that its badge does not have. */
AMBIT_ENTRY(signal_badge_main)
{
    struct ambit_handle bell = {0}, mine = {0};
    uint64_t word = 0;

    attack_expect("make", ambit_notification_create(&bell), STATUS_OK);
    attack_expect("badge", ambit_badge(bell, AMBIT_WRITE, 4, &mine), STATUS_OK);
    attack_expect("signal", ambit_signal(mine, 3), STATUS_OK);
    attack_expect("poll", ambit_poll(bell, &word), STATUS_OK);
    if (word != 4) {
        attack_succeeded("bits of another badge");
    }
    return 0;
}

/* Signals what it may wait for, and takes what it may signal. */
AMBIT_ENTRY(signal_rights_main)
{
    struct ambit_handle bell = {0}, waits = {0}, signals = {0};
    uint64_t word = 7;

    attack_expect("make", ambit_notification_create(&bell), STATUS_OK);
    attack_expect("derive", ambit_derive(bell, AMBIT_USE, &waits), STATUS_OK);
    attack_expect("derive", ambit_derive(bell, AMBIT_WRITE, &signals),
                  STATUS_OK);
    attack_expect("signal", ambit_signal(waits, 1), STATUS_NO_RIGHTS);
    attack_expect("poll", ambit_poll(waits, &word), STATUS_OK);
    ambit_assert(word == 0);
    attack_expect("control", ambit_signal(signals, 1), STATUS_OK);
    attack_expect("poll", ambit_poll(signals, &word), STATUS_NO_RIGHTS);
    attack_expect("control", ambit_poll(waits, &word), STATUS_OK);
    ambit_assert(word == 1);
    return 0;
}

/* ---- along with a call ---- */

/* Takes what comes, once, and says what it is to the caller: its rights. */
AMBIT_ENTRY(pass_taker_main)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};
    struct ambit_info info = {0};

    attack_expect("receive", ambit_receive(gate, &message), STATUS_OK);
    for (;;) {
        if (message.capability.bits != 0) {
            attack_expect("inspect", ambit_inspect(message.capability, &info),
                          STATUS_OK);
        }
        message.words[0] = info.rights;
        message.words[1] = message.capability.bits;
        attack_expect("reply", ambit_reply_receive(gate, &message), STATUS_OK);
    }
}

/* So that the other one waits. */
static struct ambit_handle gate_open(void)
{
    struct ambit_handle gate = attack_capability("gate");
    struct ambit_message message = {0};

    attack_expect("call", ambit_call(gate, &message), STATUS_OK);
    return gate;
}

static enum status pass_tried(struct ambit_gift gift)
{
    struct ambit_message message = {0};

    return ambit_call_with(gate_open(), &message, gift);
}

AMBIT_ENTRY(pass_attachment_main)
{
    struct ambit_handle ring = attack_capability("ring"), made = {0};

    attack_expect("attach", ambit_attach(ring, AMBIT_READ, &made), STATUS_OK);
    attack_expect("pass", pass_tried(ambit_copy_of(made, AMBIT_READ)),
                  STATUS_INVALID_ARGUMENT);
    attack_expect("move", pass_tried(ambit_move_of(made)),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

/* What it made would outlive it elsewhere. */
AMBIT_ENTRY(pass_original_main)
{
    struct ambit_handle bell = {0}, copy = {0};

    attack_expect("make", ambit_notification_create(&bell), STATUS_OK);
    attack_expect("derive", ambit_derive(bell, AMBIT_USE, &copy), STATUS_OK);
    attack_expect("control", pass_tried(ambit_move_of(copy)), STATUS_OK);
    attack_expect("move", pass_tried(ambit_move_of(bell)),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}

/* More rights for an accomplice than it has itself. */
AMBIT_ENTRY(pass_rights_main)
{
    struct ambit_handle ring = attack_capability("ring"), read = {0};

    attack_expect("derive", ambit_derive(ring, AMBIT_READ, &read), STATUS_OK);
    attack_expect("control", pass_tried(ambit_copy_of(read, AMBIT_READ)),
                  STATUS_OK);
    attack_expect("pass",
                  pass_tried(ambit_copy_of(read, AMBIT_READ | AMBIT_WRITE)),
                  STATUS_NO_RIGHTS);
    return 0;
}

/* A file among the capabilities of one whose files are none. */
AMBIT_ENTRY(pass_files_main)
{
    struct ambit_message message = {0};
    struct ambit_handle gate = gate_open();
    enum status status = ambit_call_with(
        gate, &message, ambit_copy_of(attack_capability("files"), AMBIT_READ));

    if (status == STATUS_OK && (message.words[1] >> 24 & 1) == 0) {
        attack_succeeded("a directory is among the capabilities");
    }
    attack_expect("pass", status, STATUS_NO_SLOT);
    return 0;
}

/* Fills the other one's table, and goes on. */
AMBIT_ENTRY(pass_full_main)
{
    struct ambit_handle ring = attack_capability("ring");
    struct ambit_info info;
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < 1000 && status == STATUS_OK; i++) {
        status = pass_tried(ambit_copy_of(ring, AMBIT_READ));
    }
    attack_expect("pass", status, STATUS_NO_SLOT);
    attack_expect("its own", ambit_inspect(ring, &info), STATUS_OK);
    return 0;
}

/* What it sends along is revoked while its call is queued. */
AMBIT_ENTRY(pass_revoked_main)
{
    struct ambit_message message = {0};

    attack_expect(
        "pass",
        ambit_call_with(attack_capability("desk"), &message,
                        ambit_copy_of(attack_capability("ring"), AMBIT_READ)),
        STATUS_INVALID_HANDLE);
    return 0;
}

AMBIT_ENTRY(pass_revoker_main)
{
    struct ambit_handle desk = attack_capability("desk");
    struct ambit_message message = {0};

    for (uint32_t i = 0; i < 8; i++) {
        ambit_yield(); /* until the call is queued */
    }
    attack_expect("revoke", ambit_revoke(attack_capability("ring")), STATUS_OK);
    attack_expect("spawn", ambit_spawn(attack_capability("second")), STATUS_OK);
    attack_expect("receive", ambit_receive(desk, &message), STATUS_OK);
    if (message.words[0] != 7 || message.capability.bits != 0) {
        attack_succeeded("the call came, with what had been revoked");
    }
    attack_expect("reply", ambit_reply(&message), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(pass_second_main)
{
    struct ambit_message message = {.words = {7}};

    attack_expect("call", ambit_call(attack_capability("desk"), &message),
                  STATUS_OK);
    return 0;
}
