/* SPDX-License-Identifier: Apache-2.0 */
#include "client.h"

#include "protocol.h"

/* One call; the status is the server's, if the call itself went well. */
static enum status ask(struct ambit_handle server,
                       struct ambit_message *message)
{
    enum status status = ambit_call(server, message);

    return status == STATUS_OK ? (enum status)message->words[0] : status;
}

enum status file_open(struct ambit_handle server, const char *name,
                      uint32_t rights, uint64_t *number)
{
    struct ambit_message message = {.words = {FILE_OPEN, rights}};
    enum status status;

    if (strlen(name) >= FILE_NAME_BYTES) {
        return STATUS_TOO_BIG;
    }
    memcpy(&message.words[2], name, strlen(name));
    status = ask(server, &message);
    if (status == STATUS_OK) {
        *number = message.words[1];
    }
    return status;
}

enum status file_read(struct ambit_handle server, uint64_t number,
                      uint64_t offset, void *to, size_t bytes, size_t *got)
{
    size_t done = 0, count = FILE_READ_BYTES;

    while (done < bytes && count == FILE_READ_BYTES) {
        size_t rest = bytes - done;
        struct ambit_message message = {
            .words = {FILE_READ, number, offset + done,
                      rest < FILE_READ_BYTES ? rest : FILE_READ_BYTES}};
        enum status status = ask(server, &message);

        if (status != STATUS_OK) {
            return status;
        }
        count = message.words[1];
        memcpy((char *)to + done, &message.words[2], count);
        done += count;
    }
    *got = done;
    return STATUS_OK;
}

enum status file_write(struct ambit_handle server, uint64_t number,
                       uint64_t offset, const void *from, size_t bytes)
{
    size_t done = 0;

    if (offset + bytes > FILE_BYTES_MAX || offset + bytes < offset) {
        return STATUS_TOO_BIG;
    }
    while (done < bytes) {
        size_t count =
            bytes - done < FILE_WRITE_BYTES ? bytes - done : FILE_WRITE_BYTES;
        struct ambit_message message = {
            .words = {FILE_WRITE, number, (offset + done) | count << 32}};

        memcpy(&message.words[3], (const char *)from + done, count);
        enum status status = ask(server, &message);
        if (status != STATUS_OK) {
            return status;
        }
        done += count;
    }
    return STATUS_OK;
}

enum status file_truncate(struct ambit_handle server, uint64_t number,
                          uint64_t bytes)
{
    struct ambit_message message = {.words = {FILE_TRUNCATE, number, bytes}};

    return ask(server, &message);
}

enum status file_size(struct ambit_handle server, uint64_t number,
                      uint64_t *bytes)
{
    struct ambit_message message = {.words = {FILE_SIZE, number}};
    enum status status = ask(server, &message);

    if (status == STATUS_OK) {
        *bytes = message.words[1];
    }
    return status;
}

enum status file_close(struct ambit_handle server, uint64_t number)
{
    struct ambit_message message = {.words = {FILE_CLOSE, number}};

    return ask(server, &message);
}
