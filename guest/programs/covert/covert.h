/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sender and a receiver that cannot talk, and a judge that calls each of
 * them in turn. The judge draws a bit and tells it to the sender alone; then
 * it asks the receiver what that sees. docs/covert-channels.md.
 */
#ifndef COVERT_H
#define COVERT_H

#include <ambit/ambit.h>

/* What could carry a bit. Name, how the sender says 1, what is looked at. */
#define COVERT_CHANNELS(X)                                                     \
    X(FREE, "free count")      /* takes a frame; free frames of the pool */    \
    X(CHARGE, "charged pages") /* takes a frame; pages charged to the quota */ \
    X(FRAME, "frame number")   /* takes a frame; the next one's number */      \
    X(HANDLE, "handle") /* derives a capability; the next one's index */       \
    X(ADDRESS, "range address") /* makes a range; the next one's address */    \
    X(FAIL, "failure")      /* takes all quota there is; a frame or none */    \
    X(SIZE, "size by name") /* grows its heap; the heap's size, by name */

enum covert_channel {
#define COVERT_ENUM(id, name) COVERT_##id,
    COVERT_CHANNELS(COVERT_ENUM)
#undef COVERT_ENUM
        COVERT_COUNT
};

/* words[0] of a call of the judge's; words[1]: the channel; words[2] to the
 * sender: the bit; from the receiver: what it saw. */
enum covert_call { COVERT_SEND, COVERT_LOOK, COVERT_STOP };

static inline void must(enum status status)
{
    ambit_assert(status == STATUS_OK);
}

static inline struct ambit_handle held(const char *name)
{
    struct ambit_handle handle = {0};

    must(ambit_capability(name, &handle));
    return handle;
}

#endif
