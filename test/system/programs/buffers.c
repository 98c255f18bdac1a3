/* SPDX-License-Identifier: Apache-2.0 */
/* Long messages through a range in common, and peers that say wrong lengths. */
#include "tools.h"

#include <ambit/buffer.h>
#include <ambit/string.h>

#define LONG 60000u

enum order { ORDER_REVERSE, ORDER_LIE, ORDER_SHRINK };

/* words[2] is what the client wants. */
static void serve_one(const struct ambit_buffer *buffer,
                      struct ambit_message *message, uint8_t *room,
                      uint8_t *answer)
{
    uint64_t bytes = 0;
    enum status status = ambit_buffer_take(buffer, message, room, LONG, &bytes);

    message->words[3] = status;
    for (uint64_t i = 0; i < bytes; i++) {
        answer[i] = room[bytes - 1 - i];
    }
    must(ambit_buffer_put(buffer, message, answer, bytes));
    if (message->words[2] == ORDER_LIE) {
        message->words[0] = buffer->bytes + 1;
    } else if (message->words[2] == ORDER_SHRINK) {
        message->words[0] = 3; /* less than was sent */
    }
}

AMBIT_ENTRY(buffer_server_main)
{
    struct ambit_buffer buffer;
    struct ambit_message message = {0};
    uint8_t *room = ambit_malloc(LONG), *answer = ambit_malloc(LONG);

    ambit_assert(room && answer);
    must(ambit_buffer_open("letters", &buffer));
    must(ambit_receive(held("post"), &message));
    for (;;) {
        serve_one(&buffer, &message, room, answer);
        must(ambit_reply_receive(held("post"), &message));
    }
    return 1;
}

static enum status ask(const struct ambit_buffer *buffer, enum order order,
                       struct ambit_letter *letter, enum status *there)
{
    struct ambit_message message = {.words = {0, 0, order}};
    enum status status =
        ambit_buffer_call(held("post"), buffer, &message, letter);

    *there = (enum status)message.words[3];
    return status;
}

static void reversed(const struct ambit_buffer *buffer, uint8_t *out,
                     uint8_t *in, uint64_t bytes)
{
    struct ambit_letter letter = {out, bytes, in, LONG, 0};
    enum status there;

    must(ask(buffer, ORDER_REVERSE, &letter, &there));
    ambit_assert(there == STATUS_OK && letter.in_bytes == bytes);
    for (uint64_t i = 0; i < bytes; i++) {
        ambit_assert(in[i] == out[bytes - 1 - i]);
    }
}

/* What the caller says is the server's to check, and the reverse. */
static void lies(const struct ambit_buffer *buffer, uint8_t *out, uint8_t *in)
{
    struct ambit_letter letter = {out, buffer->bytes + 1, in, LONG, 7};
    struct ambit_message message = {.words = {UINT64_MAX, 0, ORDER_REVERSE}};
    enum status there;

    ambit_assert(ask(buffer, ORDER_REVERSE, &letter, &there) == STATUS_TOO_BIG);
    must(ambit_call(held("post"), &message));
    ambit_assert(message.words[3] == STATUS_MALFORMED);
    message.words[0] = LONG + 1; /* the buffer has as many, the server not */
    must(ambit_call(held("post"), &message));
    ambit_assert(message.words[3] == STATUS_TOO_BIG);
    letter.out_bytes = 8;
    ambit_assert(ask(buffer, ORDER_LIE, &letter, &there) == STATUS_MALFORMED);
    letter.in_room = 2;
    ambit_assert(ask(buffer, ORDER_SHRINK, &letter, &there) == STATUS_TOO_BIG);
    ambit_assert(letter.in_bytes == 7);
}

AMBIT_ENTRY(buffer_client_main)
{
    struct ambit_buffer buffer;
    uint8_t *out = ambit_malloc(LONG), *in = ambit_malloc(LONG);

    ambit_assert(out && in);
    for (uint32_t i = 0; i < LONG; i++) {
        out[i] = (uint8_t)(i * 7 + (i >> 8));
    }
    ambit_assert(ambit_buffer_open("nothing", &buffer) == STATUS_NOT_FOUND);
    must(ambit_buffer_open("letters", &buffer));
    ambit_assert(buffer.bytes > LONG);
    reversed(&buffer, out, in, 0);
    reversed(&buffer, out, in, 1);
    reversed(&buffer, out, in, 4097);
    reversed(&buffer, out, in, LONG);
    lies(&buffer, out, in);
    reversed(&buffer, out, in, LONG);
    ambit_printf("letters came and went\n");
    return 0;
}
