/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a config, from a file or from standard input. */
#define _POSIX_C_SOURCE 200809L
#include "reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)1 << 20)

static int refuse_open(struct reader *reader, int error)
{
    failure_set(reader->failure, EXIT_USAGE, "cannot open config %s: %s",
                reader->path, strerror(error));
    if (error == ENOENT || error == ENOTDIR) {
        failure_remedy(reader->failure,
                       "check the path, or write '-' to give the config on "
                       "standard input");
    } else if (error == EACCES) {
        failure_remedy(reader->failure,
                       "make it readable, for instance with chmod +r %s",
                       reader->path);
    }
    return -1;
}

static int refuse_folder(struct reader *reader)
{
    failure_set(reader->failure, EXIT_USAGE,
                "config %s is a folder, not a file", reader->path);
    failure_remedy(reader->failure, "name the YAML file in it");
    return -1;
}

static int refuse_length(struct reader *reader)
{
    failure_set(reader->failure, EXIT_USAGE, "config %s is larger than 1MiB",
                reader->path);
    failure_remedy(reader->failure,
                   "give the config itself: programs and files stay beside "
                   "it, named by programs: and files:");
    return -1;
}

/* Reads to the end, or one byte beyond what is allowed. */
static int read_all(struct reader *reader, int fd, size_t expected)
{
    size_t room = expected + 2 > 4096 ? expected + 2 : 4096;
    char *bytes = arena_alloc(reader->arena, room);
    size_t used = 0;

    for (;;) {
        ssize_t got = read(fd, bytes + used, room - 1 - used);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return errno == EISDIR ? refuse_folder(reader)
                                   : refuse_open(reader, errno);
        }
        if (got == 0) {
            break;
        }
        used += (size_t)got;
        if (used > FILE_BYTES_MAX) {
            return refuse_length(reader);
        }
        if (used == room - 1) {
            char *larger = arena_alloc(reader->arena, room * 2);

            memcpy(larger, bytes, used);
            bytes = larger;
            room *= 2;
        }
    }
    bytes[used] = '\0';
    reader->bytes = bytes;
    reader->byte_count = used;
    return 0;
}

static int read_open(struct reader *reader, int fd)
{
    struct stat status;
    size_t expected = 0;

    if (fstat(fd, &status) != 0) {
        return refuse_open(reader, errno);
    }
    if (S_ISDIR(status.st_mode)) {
        return refuse_folder(reader);
    }
    if (S_ISREG(status.st_mode)) {
        if (status.st_size > (off_t)FILE_BYTES_MAX) {
            return refuse_length(reader);
        }
        expected = (size_t)status.st_size;
    }
    return read_all(reader, fd, expected);
}

int read_bytes(struct reader *reader)
{
    if (strcmp(reader->path, "-") == 0) {
        return read_open(reader, STDIN_FILENO);
    }
    /* kept in the reader: running out of memory below must not lose it */
    reader->fd = open(reader->path, O_RDONLY | O_CLOEXEC);
    if (reader->fd < 0) {
        return refuse_open(reader, errno);
    }
    return read_open(reader, reader->fd);
}
