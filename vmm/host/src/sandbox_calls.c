/* SPDX-License-Identifier: Apache-2.0 */
/*
 * System calls that every run needs, on any engine: memory without execution,
 * what is open, time, the end. Some are made only by another C library or an
 * older kernel than ours (musl's stdio writes with writev; clock_gettime is a
 * system call where the vDSO has no clock).
 */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const int calls[] = {
    /* what is open */
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_close,
    SYS_lseek, SYS_fstat, SYS_poll, SYS_ppoll,
    /* time; and a pause until a signal, restarted */
    SYS_clock_gettime, SYS_gettimeofday, SYS_restart_syscall,
    /* memory; mmap and mprotect are below */
    SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_futex, SYS_getrandom,
    /* signals: abort() and the timer of a pause */
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_getpid,
    SYS_gettid,
    /* qsort() asks how much memory there is */
    SYS_sysinfo,
    /* the end */
    SYS_exit, SYS_exit_group};

/* Not executable, not even later. */
static const struct sandbox_rule memory[] = {
    {.call = SYS_mmap, .count = 1, .argument = {{2, PROT_EXEC, 0}}},
    {.call = SYS_mprotect, .count = 1, .argument = {{2, PROT_EXEC, 0}}},
};

/* Of a descriptor, not of a path; and stdio asks if it is a terminal. */
static const struct sandbox_rule files[] = {
    {.call = SYS_newfstatat,
     .count = 1,
     .argument = {{3, AT_EMPTY_PATH, AT_EMPTY_PATH}}},
    {.call = SYS_ioctl, .count = 1, .argument = {{1, ~0u, TCGETS}}},
    {.call = SYS_ioctl, .count = 1, .argument = {{1, ~0u, TIOCGWINSZ}}},
};

void sandbox__common(struct sandbox *sandbox)
{
    const struct sandbox_rule self = {
        .call = SYS_tgkill,
        .count = 1,
        .argument = {{0, ~0u, (uint32_t)getpid()}}};

    for (size_t i = 0; i < COUNT(calls); i++) {
        const struct sandbox_rule rule = {.call = calls[i]};

        sandbox_allow(sandbox, &rule, 1);
    }
    sandbox_allow(sandbox, memory, COUNT(memory));
    sandbox_allow(sandbox, files, COUNT(files));
    sandbox_allow(sandbox, &self, 1);
}
