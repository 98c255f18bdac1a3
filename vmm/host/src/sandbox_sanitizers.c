/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A build with AddressSanitizer. To report, and to look for leaks at the end,
 * its runtime reads files (/proc/self/maps, the binary), starts a thread that
 * traces this process, and runs a symbolizer. Such a build is for testing: it
 * has the same filter, with these holes.
 */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <fcntl.h>
#include <sys/syscall.h>

static const int calls[] = {SYS_clone,
                            SYS_execve,
                            SYS_exit,
                            SYS_fcntl,
                            SYS_getdents,
                            SYS_getdents64,
                            SYS_lstat,
                            SYS_mincore,
                            SYS_dup,
                            SYS_tkill,
                            SYS_getppid,
                            SYS_kill,
                            SYS_pipe,
                            SYS_pipe2,
                            SYS_prctl,
                            SYS_ptrace,
                            SYS_readlink,
                            SYS_readlinkat,
                            SYS_access,
                            SYS_dup2,
                            SYS_getrlimit,
                            SYS_prlimit64,
                            SYS_sched_yield,
                            SYS_sched_getaffinity,
                            SYS_sigaltstack,
                            SYS_socketpair,
                            SYS_wait4,
                            SYS_vfork,
                            SYS_set_robust_list,
                            SYS_rseq,
                            SYS_clone3,
                            SYS_arch_prctl,
                            SYS_uname,
                            SYS_getuid,
                            SYS_geteuid,
                            SYS_getgid,
                            SYS_getegid,
                            SYS_stat,
                            SYS_nanosleep,
                            SYS_clock_nanosleep,
                            SYS_process_vm_readv};

static const struct sandbox_rule reading[] = {
    {.call = SYS_open, .count = 1, .argument = {{1, O_ACCMODE, O_RDONLY}}},
    {.call = SYS_openat, .count = 1, .argument = {{2, O_ACCMODE, O_RDONLY}}},
    {.call = SYS_newfstatat, .count = 1, .argument = {{3, AT_EMPTY_PATH, 0}}},
};

void sandbox__build(struct sandbox *sandbox)
{
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        const struct sandbox_rule rule = {.call = calls[i]};

        sandbox_allow(sandbox, &rule, 1);
    }
    sandbox_allow(sandbox, reading, sizeof(reading) / sizeof(reading[0]));
    sandbox->read_files = true;
}
