/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that can be written is served by a domain. The kernel's files never
 * change; this server keeps some that do, and serves them at the endpoint
 * `store`. Whom it serves, and how far, stands in its arguments: badge and
 * rights, such as 2:rw. A badge is put on a call by the kernel, so a client can
 * neither forget nor change it.
 */
#include "store.h"

#define OPENS 32u
#define CLIENTS 16u

struct client {
    uint64_t badge;
    uint32_t rights;
};

struct open {
    struct file *file; /* null: this number is free */
    uint64_t badge;    /* whose it is */
    uint32_t rights;
};

static struct client clients[CLIENTS];
static uint32_t client_count;
static struct open opens[OPENS];

static void grant(const char *text)
{
    struct client *client = &clients[client_count++];

    ambit_assert(client_count <= CLIENTS);
    while (*text >= '0' && *text <= '9') {
        client->badge = client->badge * 10 + (uint64_t)(*text++ - '0');
    }
    ambit_assert(client->badge != 0 && *text == ':');
    while (*++text) {
        ambit_assert(*text == 'r' || *text == 'w');
        client->rights |= *text == 'r' ? AMBIT_READ : AMBIT_WRITE;
    }
}

static uint32_t rights_of(uint64_t badge)
{
    for (uint32_t i = 0; i < client_count; i++) {
        if (clients[i].badge == badge) {
            return clients[i].rights;
        }
    }
    return 0;
}

static enum status serve_open(struct ambit_message *message)
{
    uint64_t rights = message->words[1], number = 0;
    char name[FILE_NAME_BYTES];

    memcpy(name, &message->words[2], sizeof name);
    name[sizeof name - 1] = 0;
    if (!name[0] || !rights ||
        (rights & ~(uint64_t)(AMBIT_READ | AMBIT_WRITE))) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (rights & ~(uint64_t)rights_of(message->badge)) {
        return STATUS_NO_RIGHTS;
    }
    while (number < OPENS && opens[number].file) {
        number++;
    }
    if (number == OPENS) {
        return STATUS_NO_SLOT;
    }
    struct file *file = store_find(name, rights & AMBIT_WRITE);
    if (!file) {
        return rights & AMBIT_WRITE ? STATUS_NO_SLOT : STATUS_NOT_FOUND;
    }
    opens[number] = (struct open){file, message->badge, (uint32_t)rights};
    message->words[1] = number;
    return STATUS_OK;
}

/* An open file of the caller's, with these rights. */
static enum status look_up(const struct ambit_message *message, uint32_t rights,
                           struct open **out)
{
    uint64_t number = message->words[1];

    if (number >= OPENS || !opens[number].file ||
        opens[number].badge != message->badge) {
        return STATUS_INVALID_HANDLE;
    }
    *out = &opens[number];
    return rights & ~opens[number].rights ? STATUS_NO_RIGHTS : STATUS_OK;
}

static enum status serve_read(const struct open *open,
                              struct ambit_message *message)
{
    uint64_t offset = message->words[2], bytes = message->words[3];

    if (offset > open->file->bytes) {
        return STATUS_OUT_OF_RANGE;
    }
    bytes = bytes < FILE_READ_BYTES ? bytes : FILE_READ_BYTES;
    if (bytes > open->file->bytes - offset) {
        bytes = open->file->bytes - offset;
    }
    message->words[1] = bytes;
    if (bytes) {
        memcpy(&message->words[2], open->file->data + offset, bytes);
    }
    return STATUS_OK;
}

static enum status serve_write(const struct open *open,
                               const struct ambit_message *message)
{
    uint64_t offset = message->words[2] & 0xffffffffu;
    uint64_t bytes = message->words[2] >> 32, end = offset + bytes;
    enum status status = STATUS_OK;

    if (bytes > FILE_WRITE_BYTES) {
        return STATUS_INVALID_ARGUMENT;
    }
    if (end > open->file->bytes) {
        status = store_resize(open->file, end);
    }
    if (status == STATUS_OK) {
        memcpy(open->file->data + offset, &message->words[3], bytes);
    }
    return status;
}

static enum status serve(struct ambit_message *message)
{
    static const uint32_t needs[] = {[FILE_READ] = AMBIT_READ,
                                     [FILE_WRITE] = AMBIT_WRITE,
                                     [FILE_TRUNCATE] = AMBIT_WRITE,
                                     [FILE_SIZE] = 0,
                                     [FILE_CLOSE] = 0};
    struct open *open;
    enum status status;

    if (message->words[0] == FILE_OPEN) {
        return serve_open(message);
    }
    if (message->words[0] > FILE_CLOSE) {
        return STATUS_NO_SUCH_CALL;
    }
    status = look_up(message, needs[message->words[0]], &open);
    if (status != STATUS_OK) {
        return status;
    }
    switch (message->words[0]) {
    case FILE_READ:
        return serve_read(open, message);
    case FILE_WRITE:
        return serve_write(open, message);
    case FILE_TRUNCATE:
        return store_resize(open->file, message->words[2]);
    case FILE_SIZE:
        message->words[1] = open->file->bytes;
        return STATUS_OK;
    default:
        open->file = NULL;
        return STATUS_OK;
    }
}

AMBIT_ENTRY(server_main)
{
    struct ambit_message message = {0};
    struct ambit_handle endpoint;

    for (int i = 1; i < argc; i++) {
        grant(argv[i]);
    }
    ambit_assert(ambit_capability("store", &endpoint) == STATUS_OK);
    ambit_assert(ambit_receive(endpoint, &message) == STATUS_OK);
    for (;;) {
        message.words[0] = serve(&message);
        ambit_assert(ambit_reply_receive(endpoint, &message) == STATUS_OK);
    }
}
