/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening files beneath the config's folder, one name at a time, so that
 * neither `..` nor a symbolic link can lead elsewhere, now or while we look.
 */
#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ELOOP and ENOTDIR also stand for a symbolic link: look which it is. */
static int say_open(int at, const char *name, const char *shown, int error,
                    const struct sentence *why)
{
    struct stat status;

    if ((error == ELOOP || error == ENOTDIR) &&
        fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISLNK(status.st_mode)) {
        return image__say(why,
                          "'%s' is a symbolic link, which could lead "
                          "outside the config's folder: put the file or "
                          "folder itself there",
                          shown);
    }
    return image__say(why, "cannot open '%s': %s", shown, strerror(error));
}

int image__open_name(int at, const char *name, int flags, const char *shown,
                     const struct sentence *why)
{
    /* Without O_NONBLOCK a fifo would wait for its other end. */
    int fd = openat(at, name,
                    flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    return fd >= 0 ? fd : say_open(at, name, shown, errno, why);
}

/* The next component of a path, "." left out; 0: none is left, -1: refused. */
static int next_name(const char **path, char name[NAME_MAX + 1],
                     const char *whole, const struct sentence *why)
{
    size_t bytes;

    do {
        *path += strspn(*path, "/");
        bytes = strcspn(*path, "/");
        if (bytes > NAME_MAX) {
            return image__say(why,
                              "'%s' has a name of more than %d bytes: "
                              "shorten it",
                              whole, NAME_MAX);
        }
        memcpy(name, *path, bytes);
        name[bytes] = '\0';
        *path += bytes;
    } while (strcmp(name, ".") == 0);
    if (strcmp(name, "..") == 0) {
        return image__say(why,
                          "'%s' goes up with '..': name something "
                          "beneath the config's folder",
                          whole);
    }
    return bytes != 0;
}

int image__open_beneath(int base, const char *path, int flags,
                        const struct sentence *why)
{
    const char *rest = path;
    char name[NAME_MAX + 1], next[NAME_MAX + 1];
    int at = base, fd, more;

    if (path[0] == '/') {
        return image__say(why,
                          "'%s' is an absolute path: name something "
                          "beneath the config's folder",
                          path);
    }
    more = next_name(&rest, name, path, why);
    if (more == 0) {
        strcpy(name, "."); /* the folder itself */
        more = 1;
    }
    while (more > 0) {
        more = next_name(&rest, next, path, why);
        if (more < 0) {
            break;
        }
        fd = image__open_name(at, name, more ? O_PATH | O_DIRECTORY : flags,
                              path, why);
        if (at != base) {
            close(at);
        }
        if (fd < 0 || more == 0) {
            return fd;
        }
        at = fd;
        memcpy(name, next, sizeof(name));
    }
    if (at != base) {
        close(at);
    }
    return -1;
}

int image__read_all(int fd, uint8_t *to, uint64_t bytes, const char *shown,
                    const struct sentence *why)
{
    uint64_t done = 0;

    while (done < bytes) {
        ssize_t n = pread(fd, to + done, bytes - done, (off_t)done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return image__say(why, "cannot read '%s': %s", shown,
                              strerror(errno));
        }
        if (n == 0) {
            return image__say(why,
                              "'%s' became shorter while it was read: "
                              "try again",
                              shown);
        }
        done += (uint64_t)n;
    }
    return 0;
}
