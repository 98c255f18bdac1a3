/* SPDX-License-Identifier: Apache-2.0 */
/* Sees what it can, and leaves things as they were. Its argument: the name of
 * the sender's heap. */
#include "covert.h"

struct receiver {
    struct ambit_handle pool, quota;
    const char *heap;
};

static uint64_t first_of(struct ambit_handle handle)
{
    struct ambit_info info = {0};

    must(ambit_inspect(handle, &info));
    return info.first;
}

/* The number of the frame that comes next, or 0: there is none. */
static uint64_t next_frame(struct ambit_handle pool)
{
    struct ambit_handle frame = {0};
    uint64_t number = 0;

    if (ambit_allocate(pool, &frame, &number) != STATUS_OK) {
        return 0;
    }
    must(ambit_delete(frame));
    return number;
}

static uint64_t next_index(struct ambit_handle pool)
{
    struct ambit_handle copy = {0};

    must(ambit_derive(pool, AMBIT_READ, &copy));
    must(ambit_delete(copy));
    return copy.bits & 0xffffff;
}

/* Where the range that is made next lies. */
static uint64_t next_address(void)
{
    struct ambit_handle range = {0};
    struct ambit_info info = {0};

    must(ambit_range_create(1, AMBIT_READ, &range));
    must(ambit_inspect(range, &info));
    must(ambit_delete(range));
    return info.first;
}

static uint64_t size_of(const char *range)
{
    uint64_t base = 0, bytes = 0;

    must(ambit_locate(range, &base, &bytes));
    return bytes;
}

static uint64_t look(const struct receiver *receiver,
                     enum covert_channel channel)
{
    switch (channel) {
    case COVERT_FREE:
        return first_of(receiver->pool);
    case COVERT_CHARGE:
        return first_of(receiver->quota);
    case COVERT_FRAME:
        return next_frame(receiver->pool);
    case COVERT_HANDLE:
        return next_index(receiver->pool);
    case COVERT_ADDRESS:
        return next_address();
    case COVERT_FAIL:
        return next_frame(receiver->pool) != 0;
    case COVERT_SIZE:
        return size_of(receiver->heap);
    case COVERT_COUNT:
        break;
    }
    return 0;
}

AMBIT_ENTRY(receiver_main)
{
    struct receiver receiver = {.pool = held("pool"), .quota = held("quota")};
    struct ambit_handle turn = held("turn");
    struct ambit_message message = {0};

    ambit_assert(argc == 2);
    receiver.heap = argv[1];
    must(ambit_receive(turn, &message));
    while (message.words[0] == COVERT_LOOK) {
        message.words[2] =
            look(&receiver, (enum covert_channel)message.words[1]);
        must(ambit_reply_receive(turn, &message));
    }
    must(ambit_reply(&message));
    return 0;
}
