/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "A capability keeps its meaning across address spaces": what was passed
 * through three domains names the same object, with the same or fewer rights.
 */
#include "tools.h"

enum step { BELL = 1, RING, LOST };

static struct ambit_info told(struct ambit_handle handle)
{
    struct ambit_info info = {0};

    must(ambit_inspect(handle, &info));
    return info;
}

/* A reference comes back from two domains away: r of the ring, no more. */
static void check_ring(struct ambit_handle front, struct ambit_handle ring)
{
    struct ambit_message message = {.words = {RING}};
    struct ambit_handle more = {0};

    must(ambit_call_with(front, &message,
                         ambit_copy_of(ring, AMBIT_READ | AMBIT_WRITE)));
    struct ambit_info mine = told(ring), back = told(message.capability);
    ambit_assert(back.type == AMBIT_TYPE_RANGE && back.rights == AMBIT_READ);
    ambit_assert(back.first == mine.first && back.second == mine.second);
    /* The third domain saw it there, too. */
    ambit_assert(message.words[1] == mine.first);
    ambit_assert(ambit_derive(message.capability, AMBIT_WRITE, &more) ==
                 STATUS_NO_RIGHTS);
    must(ambit_revoke(ring));
    struct ambit_info none;
    ambit_assert(ambit_inspect(message.capability, &none) ==
                 STATUS_INVALID_HANDLE);
}

/* What the third domain signals, the first one hears; with its badge. */
static void check_bell(struct ambit_handle front)
{
    struct ambit_message message = {.words = {BELL}};
    struct ambit_handle bell = {0}, badged = {0};
    uint64_t word = 0;

    must(ambit_notification_create(&bell));
    must(ambit_badge(bell, AMBIT_WRITE, 0x55, &badged));
    must(ambit_call_with(front, &message, ambit_move_of(badged)));
    must(ambit_poll(bell, &word));
    ambit_assert(word == 0x55);
    must(ambit_delete(bell));
}

AMBIT_ENTRY(meaning_one_main)
{
    struct ambit_handle front = held("front"), ring = held("ring");
    struct ambit_message message = {.words = {LOST}};

    check_bell(front);
    check_ring(front, ring);
    must(ambit_call(front, &message));
    ambit_assert(message.words[0] == STATUS_INVALID_HANDLE);
    ambit_assert(message.words[1] == STATUS_INVALID_HANDLE);
    ambit_printf("a capability keeps its meaning across address spaces\n");
    return 0;
}

/* Hands on what comes, less write of the ring, and what comes back. */
AMBIT_ENTRY(meaning_two_main)
{
    struct ambit_handle front = held("front"), back = held("back");
    struct ambit_handle kept = {0};
    struct ambit_message message = {0};

    must(ambit_receive(front, &message));
    for (;;) {
        struct ambit_gift gift = {0};
        struct ambit_info info;
        uint64_t step = message.words[0];
        if (step == BELL) {
            gift = ambit_move_of(message.capability);
        } else if (step == RING) {
            kept = message.capability;
            ambit_assert(told(kept).rights == (AMBIT_READ | AMBIT_WRITE));
            gift = ambit_copy_of(kept, AMBIT_READ);
        }
        must(ambit_call_with(back, &message, gift));
        gift.bits = 0;
        if (message.capability.bits != 0) {
            gift = ambit_move_of(message.capability);
        }
        if (step == LOST) {
            message.words[0] = ambit_inspect(kept, &info);
        }
        must(ambit_reply_receive_with(front, &message, gift));
    }
}

AMBIT_ENTRY(meaning_three_main)
{
    struct ambit_handle back = held("back"), kept = {0};
    struct ambit_message message = {0};

    must(ambit_receive(back, &message));
    for (;;) {
        struct ambit_gift gift = {0};
        struct ambit_handle child = {0}, more = {0};
        struct ambit_info info;
        if (message.words[0] == BELL) {
            must(ambit_signal(message.capability, 0xff));
        } else if (message.words[0] == RING) {
            kept = message.capability;
            message.words[1] = told(kept).first;
            ambit_assert(told(kept).rights == AMBIT_READ);
            ambit_assert(ambit_derive(kept, AMBIT_WRITE, &more) ==
                         STATUS_NO_RIGHTS);
            must(ambit_derive(kept, AMBIT_READ, &child));
            gift = ambit_move_of(child);
        } else {
            message.words[1] = ambit_inspect(kept, &info);
        }
        must(ambit_reply_receive_with(back, &message, gift));
    }
}
