/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Landlock (Linux, Documentation/userspace-api/landlock.rst): a ruleset that
 * handles every right its version knows, and has no rule: all is denied. What
 * is open stays usable. The numbers are those of <linux/landlock.h>, which on
 * older build hosts does not have them all.
 */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1
#define NEWEST 7 /* ABI version; later ones add nothing that we would use */

#define FS_READ_FILE (1u << 2)
#define FS_READ_DIR (1u << 3)

struct ruleset {
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

/* What each version of the ABI knows, and how much of a ruleset it takes. */
static const struct {
    struct ruleset knows;
    size_t bytes;
} versions[NEWEST + 1] = {
    [1] = {{.fs = 0x1fff}, 8},            /* files and folders */
    [2] = {{.fs = 0x3fff}, 8},            /* and linking across folders */
    [3] = {{.fs = 0x7fff}, 8},            /* and truncating */
    [4] = {{.fs = 0x7fff, .net = 3}, 16}, /* and TCP: bind, connect */
    [5] = {{.fs = 0xffff, .net = 3}, 16}, /* and ioctl on devices */
    /* and abstract sockets (1) and signals (2) to processes outside */
    [6] = {{.fs = 0xffff, .net = 3, .scoped = 3}, 24},
    [7] = {{.fs = 0xffff, .net = 3, .scoped = 3}, 24},
};

static long create(const struct ruleset *ruleset, size_t bytes, unsigned flags)
{
    return syscall(SYS_landlock_create_ruleset, ruleset, bytes, flags);
}

/* The version of the ABI, or -1: *out says why there is none. */
static int version(struct sandbox_layer *out)
{
    long found = create(NULL, 0, CREATE_RULESET_VERSION);

    if (found > 0) {
        return found > NEWEST ? NEWEST : (int)found;
    }
    switch (found < 0 ? errno : EINVAL) {
    case ENOSYS:
        sandbox__say(out, SANDBOX_UNAVAILABLE,
                     "needs Linux 5.13 with CONFIG_SECURITY_LANDLOCK");
        break;
    case EOPNOTSUPP:
        sandbox__say(out, SANDBOX_UNAVAILABLE,
                     "switched off when this host booted; add landlock to "
                     "lsm= on its kernel's command line");
        break;
    default:
        sandbox__say(out, SANDBOX_UNAVAILABLE, "%s", strerror(errno));
    }
    return -1;
}

static void say(struct sandbox_layer *out, int abi)
{
    sandbox__say(out, SANDBOX_APPLIED, "ABI %d: no file%s%s can be opened", abi,
                 versions[abi].knows.net ? ", TCP port" : "",
                 versions[abi].knows.scoped ? " or abstract socket" : "");
}

/* A rule that lets everything be read. */
static int allow_reading(int ruleset)
{
    struct path_beneath rule = {.allowed = FS_READ_FILE | FS_READ_DIR,
                                .parent = open("/", O_PATH | O_CLOEXEC)};
    long result =
        syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0u);

    (void)close(rule.parent);
    return (int)result;
}

static int restrict_self(const struct sandbox *sandbox, int abi)
{
    struct ruleset ruleset = versions[abi].knows;
    int fd, result = -1, saved;

    if (sandbox->signals) {
        ruleset.scoped &= 1u;
    }
    fd = (int)create(&ruleset, versions[abi].bytes, 0);
    if (fd < 0) {
        return -1;
    }
    if (!sandbox->read_files || allow_reading(fd) == 0) {
        result = (int)syscall(SYS_landlock_restrict_self, fd, 0u);
    }
    saved = errno;
    (void)close(fd);
    errno = saved;
    return result;
}

int sandbox__landlock(const struct sandbox *sandbox, struct sandbox_layer *out,
                      struct failure *failure)
{
    int abi = version(out);

    if (abi < 0) {
        return 0;
    }
    if (restrict_self(sandbox, abi) < 0) {
        return failure_set(failure, EXIT_HOST, "sandbox: landlock: %s",
                           strerror(errno));
    }
    say(out, abi);
    return 0;
}

void sandbox__landlock_probe(struct sandbox_layer *out)
{
    int abi = version(out);

    if (abi > 0) {
        say(out, abi);
    }
}
