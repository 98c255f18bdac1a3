/* SPDX-License-Identifier: Apache-2.0 */
#include "store.h"

#define FILES 16u

static struct file files[FILES]; /* the server is alone in its space */

struct file *store_find(const char *name, bool make)
{
    struct file *free = NULL;

    for (uint32_t i = 0; i < FILES; i++) {
        if (strcmp(files[i].name, name) == 0) {
            return &files[i];
        }
        if (!files[i].name[0] && !free) {
            free = &files[i];
        }
    }
    if (make && free) {
        memcpy(free->name, name, strlen(name) + 1);
        return free;
    }
    return NULL;
}

static enum status reserve(struct file *file, uint64_t bytes)
{
    uint64_t room = file->room ? file->room : 256;
    char *data;

    while (room < bytes) {
        room *= 2;
    }
    if (room == file->room) {
        return STATUS_OK;
    }
    data = ambit_malloc(room);
    if (!data) {
        return STATUS_NO_MEMORY;
    }
    if (file->data) {
        memcpy(data, file->data, file->bytes);
    }
    ambit_free(file->data);
    file->data = data;
    file->room = room;
    return STATUS_OK;
}

enum status store_resize(struct file *file, uint64_t bytes)
{
    enum status status;

    if (bytes > FILE_BYTES_MAX) {
        return STATUS_TOO_BIG;
    }
    status = reserve(file, bytes);
    if (status != STATUS_OK) {
        return status;
    }
    if (bytes > file->bytes) {
        memset(file->data + file->bytes, 0, bytes - file->bytes);
    }
    file->bytes = bytes;
    return STATUS_OK;
}
