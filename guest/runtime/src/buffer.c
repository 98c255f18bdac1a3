/* SPDX-License-Identifier: Apache-2.0 */
/* words[0] of a message: bytes of the letter, or of the answer; words[1]: 0. */
#include <ambit/buffer.h>
#include <ambit/string.h>

enum status ambit_buffer_open(const char *name, struct ambit_buffer *out)
{
    struct ambit_handle range, attachment;
    struct ambit_info info;
    uint64_t base, bytes;
    enum status status = ambit_locate(name, &base, &bytes);

    if (status == STATUS_OK) {
        status = ambit_capability(name, &range);
    }
    if (status == STATUS_OK) {
        status = ambit_inspect(range, &info);
    }
    if (status == STATUS_OK && info.rights & AMBIT_USE) {
        status = ambit_attach(range, AMBIT_READ | AMBIT_WRITE, &attachment);
    } else if (status == STATUS_OK && !(info.rights & AMBIT_WRITE)) {
        status = STATUS_NO_RIGHTS;
    }
    if (status == STATUS_OK) {
        *out = ambit_buffer_at((void *)base, bytes);
    }
    return status;
}

enum status ambit_buffer_put(const struct ambit_buffer *buffer,
                             struct ambit_message *message, const void *from,
                             uint64_t bytes)
{
    if (bytes > buffer->bytes) {
        return STATUS_TOO_BIG;
    }
    memcpy(buffer->base, from, bytes);
    message->words[0] = bytes;
    message->words[1] = 0;
    return STATUS_OK;
}

enum status ambit_buffer_take(const struct ambit_buffer *buffer,
                              const struct ambit_message *message, void *to,
                              uint64_t room, uint64_t *bytes)
{
    uint64_t said = message->words[0];

    if (said > buffer->bytes) {
        return STATUS_MALFORMED;
    }
    if (said > room) {
        return STATUS_TOO_BIG;
    }
    memcpy(to, buffer->base, said);
    *bytes = said;
    return STATUS_OK;
}

enum status ambit_buffer_call(struct ambit_handle endpoint,
                              const struct ambit_buffer *buffer,
                              struct ambit_message *message,
                              struct ambit_letter *letter)
{
    enum status status =
        ambit_buffer_put(buffer, message, letter->out, letter->out_bytes);

    if (status == STATUS_OK) {
        status = ambit_call(endpoint, message);
    }
    return status == STATUS_OK
               ? ambit_buffer_take(buffer, message, letter->in, letter->in_room,
                                   &letter->in_bytes)
               : status;
}
