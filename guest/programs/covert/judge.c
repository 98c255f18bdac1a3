/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Draws the bits, has them sent, and counts how many the receiver would have
 * right: it guesses 1 when it sees something else than after a 0 that it was
 * told of. Arguments: bits a channel, and the seed they are drawn with.
 */
#include "covert.h"

struct judge {
    struct ambit_handle sender, receiver;
    uint64_t random; /* xorshift64*; of the judge alone */
};

/* seen[b][g]: times that b was sent and g guessed. */
struct tally {
    uint64_t seen[2][2];
    uint64_t least, most; /* of what was seen */
};

static bool draw(struct judge *judge)
{
    uint64_t x = judge->random;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    judge->random = x;
    return x * 0x2545f4914f6cdd1du >> 63;
}

static uint64_t ask(struct ambit_handle who, enum covert_call call,
                    enum covert_channel channel, uint64_t bit)
{
    struct ambit_message message = {.words = {call, channel, bit}};

    must(ambit_call(who, &message));
    return message.words[2];
}

/* One bit: the sender says it, the receiver looks. */
static uint64_t passes(const struct judge *judge, enum covert_channel channel,
                       bool bit)
{
    (void)ask(judge->sender, COVERT_SEND, channel, bit);
    return ask(judge->receiver, COVERT_LOOK, channel, 0);
}

static struct tally measure(struct judge *judge, enum covert_channel channel,
                            uint64_t bits)
{
    /* Once before: what is taken for the first time lies elsewhere later. */
    uint64_t rest = passes(judge, channel, true);
    struct tally tally = {.least = UINT64_MAX};

    rest = passes(judge, channel, false);
    for (uint64_t i = 0; i < bits; i++) {
        bool bit = draw(judge);
        uint64_t saw = passes(judge, channel, bit);

        tally.seen[bit][saw != rest]++;
        tally.least = saw < tally.least ? saw : tally.least;
        tally.most = saw > tally.most ? saw : tally.most;
        /* A heap does not shrink: what counts is whether it has grown. */
        rest = channel == COVERT_SIZE ? saw : rest;
    }
    return tally;
}

static void tell(const char *channel, const struct tally *tally)
{
    uint64_t right = tally->seen[0][0] + tally->seen[1][1];
    bool constant = tally->least == tally->most;
    char text[32];

    (void)ambit_snprintf(text, sizeof text, "%lu%s", right,
                         constant ? " (blind)" : "");
    ambit_report(channel, text);
    ambit_printf("%s: %lu %lu %lu %lu%s\n", channel, tally->seen[0][0],
                 tally->seen[0][1], tally->seen[1][0], tally->seen[1][1],
                 constant ? ", the same was seen every time" : "");
}

AMBIT_ENTRY(judge_main)
{
#define COVERT_NAME(id, name) name,
    static const char *const names[] = {COVERT_CHANNELS(COVERT_NAME)};
#undef COVERT_NAME
    struct judge judge = {.sender = held("sender"),
                          .receiver = held("receiver")};
    uint64_t bits = 0;

    ambit_assert(argc == 3 && ambit_number(argv[1], &bits) &&
                 ambit_number(argv[2], &judge.random) && judge.random != 0);
    for (uint32_t channel = 0; channel < COVERT_COUNT; channel++) {
        struct tally tally =
            measure(&judge, (enum covert_channel)channel, bits);

        tell(names[channel], &tally);
    }
    (void)ask(judge.sender, COVERT_STOP, 0, 0);
    (void)ask(judge.receiver, COVERT_STOP, 0, 0);
    return 0;
}
