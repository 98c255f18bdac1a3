/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Long messages: bytes in a range that two domains share, their number in the
 * call. The kernel copies nothing. Whoever is on the other side may write the
 * range at any time and say any number: a length is looked at once, where it
 * came in a register, and bytes are used only as the copy that was taken out.
 *
 * A request begins at the range's first byte, and so does the answer. Two words
 * of the message are the helper's: words[0] and words[1]; the rest and the
 * badge are the program's.
 */
#ifndef AMBIT_BUFFER_H
#define AMBIT_BUFFER_H

#include <ambit/calls.h>

struct ambit_buffer {
    uint8_t *base;
    uint64_t bytes;
};

/*
 * A named range of the config that the caller holds with read and write: it is
 * in its view from the start, or, held with use, is attached now.
 * Returns OK; NOT_FOUND, NO_RIGHTS, and what ambit_attach returns.
 */
MUST_CHECK enum status ambit_buffer_open(const char *name,
                                         struct ambit_buffer *out);

/* Any memory that both sides see, such as a range made at run time. */
static inline struct ambit_buffer ambit_buffer_at(void *base, uint64_t bytes)
{
    return (struct ambit_buffer){base, bytes};
}

/* What goes and what comes back. */
struct ambit_letter {
    const void *out;
    uint64_t out_bytes;
    void *in;          /* room for the answer */
    uint64_t in_room;  /* bytes */
    uint64_t in_bytes; /* of the answer; set with OK alone */
};

/*
 * Copies the letter into the buffer, calls, and copies the answer out.
 * Returns OK; TOO_BIG (the letter does not fit the buffer: nothing was called;
 * or the answer does not fit the room); MALFORMED (the server named more bytes
 * than the buffer has); or what ambit_call returns.
 * Cost: a call, and a copy each way.
 */
MUST_CHECK enum status ambit_buffer_call(struct ambit_handle endpoint,
                                         const struct ambit_buffer *buffer,
                                         struct ambit_message *message,
                                         struct ambit_letter *letter);

/*
 * For the server: copies out the letter that a message came with.
 * Returns OK; MALFORMED (the caller named more bytes than the buffer has);
 * TOO_BIG (more than `room`).
 */
MUST_CHECK enum status ambit_buffer_take(const struct ambit_buffer *buffer,
                                         const struct ambit_message *message,
                                         void *to, uint64_t room,
                                         uint64_t *bytes);

/*
 * Puts an answer into the buffer and its length into the message, which the
 * server then replies with. Returns OK; TOO_BIG: nothing has changed.
 */
MUST_CHECK enum status ambit_buffer_put(const struct ambit_buffer *buffer,
                                        struct ambit_message *message,
                                        const void *from, uint64_t bytes);

#endif
