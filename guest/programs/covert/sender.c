/* SPDX-License-Identifier: Apache-2.0 */
/* Says a bit by what it takes. Everything but its heap it gives back before
 * the next one. */
#include "covert.h"

#define TAKEN_MAX 3u

struct sender {
    struct ambit_handle pool, quota, heap;
    struct ambit_handle taken[TAKEN_MAX];
    uint32_t count;
};

static void keep(struct sender *sender, struct ambit_handle handle)
{
    ambit_assert(sender->count < TAKEN_MAX);
    sender->taken[sender->count++] = handle;
}

static void give_back(struct sender *sender)
{
    while (sender->count > 0) {
        must(ambit_delete(sender->taken[--sender->count]));
    }
}

static void take_frame(struct sender *sender)
{
    struct ambit_handle frame = {0};
    uint64_t number = 0;

    must(ambit_allocate(sender->pool, &frame, &number));
    keep(sender, frame);
}

/* A quota of what is left; where that object lies may take a page of it. */
static void take_all(struct sender *sender)
{
    for (uint32_t i = 0; i < 2; i++) {
        struct ambit_info info = {0};
        struct ambit_handle part = {0};
        uint64_t left;

        must(ambit_inspect(sender->quota, &info));
        left = info.second - info.first;
        if (left > 0) {
            must(ambit_quota_split(sender->quota, left > 1 ? left - 1 : left,
                                   AMBIT_QUOTA_NEW, &part));
            keep(sender, part);
        }
    }
}

static void say_one(struct sender *sender, enum covert_channel channel)
{
    struct ambit_handle copy = {0};
    uint64_t bytes = 0;

    switch (channel) {
    case COVERT_FREE:
    case COVERT_CHARGE:
    case COVERT_FRAME:
        take_frame(sender);
        break;
    case COVERT_HANDLE:
        must(ambit_derive(sender->pool, AMBIT_READ, &copy));
        keep(sender, copy);
        break;
    case COVERT_ADDRESS:
        must(ambit_range_create(1, AMBIT_READ, &copy));
        keep(sender, copy);
        break;
    case COVERT_FAIL:
        take_all(sender);
        break;
    case COVERT_SIZE:
        must(ambit_grow(sender->heap, 1, &bytes));
        break;
    case COVERT_COUNT:
        break;
    }
}

AMBIT_ENTRY(sender_main)
{
    struct sender sender = {
        .pool = held("pool"), .quota = held("quota"), .heap = held("heap")};
    struct ambit_handle turn = held("turn");
    struct ambit_message message = {0};

    must(ambit_receive(turn, &message));
    while (message.words[0] == COVERT_SEND) {
        give_back(&sender);
        if (message.words[2]) {
            say_one(&sender, (enum covert_channel)message.words[1]);
        }
        must(ambit_reply_receive(turn, &message));
    }
    give_back(&sender);
    must(ambit_reply(&message));
    return 0;
}
