/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one piece of global state of the engines: a signal handler has no
 * argument of ours, so what it must touch is found here.
 */
#include <errno.h>
#include <host/engine.h>
#include <host/kick.h>
#include <stdatomic.h>
#include <unistd.h>

static _Atomic(volatile uint8_t *) kick_flag;
static atomic_int kick_fd = -1;

void engine_kick_watch(volatile uint8_t *flag, int fd)
{
    atomic_store(&kick_flag, flag);
    atomic_store(&kick_fd, fd);
}

void engine_kick(void)
{
    volatile uint8_t *flag = atomic_load(&kick_flag);
    int fd = atomic_load(&kick_fd);
    int saved = errno;
    const uint64_t one = 1;

    if (flag) {
        *flag = 1;
    }
    /* A full eventfd is a kick that is already pending. */
    if (fd >= 0 && write(fd, &one, sizeof(one)) < 0) {
        errno = saved;
    }
    errno = saved;
}
