/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <string.h>

const char *const bench_kinds[] = {"thread",  "tis", "tif",
                                   "process", "pir", NULL};

static const char *const operations[] = {
    "call", "notify", "create", "fault", "file-read", "revoke", NULL};

const struct bench_case bench_cases[] = {
    {"call", "nothing", "nothing: the counter read twice", SUBJECT_SELF},
    {"call", "function", "a function call", SUBJECT_SELF},
    {"call", "system-call", "the shortest system call", SUBJECT_SELF},
    {"call", "reply", "call and reply, six words", SUBJECT_KINDS},
    {"call", "capability", "so, with a capability that is deleted",
     SUBJECT_KINDS},
    {"call", "nothing", "nothing: the counter read twice", SUBJECT_PEER},
    {"call", "function", "a function call", SUBJECT_PEER},
    {"call", "getppid", "getppid, the shortest system call", SUBJECT_PEER},
    {"call", "pipe", "two pipes, one byte there and back", SUBJECT_PEER},
    {"call", "socket", "Unix stream socket, one byte and back", SUBJECT_PEER},
    {"call", "futex", "two futexes in shared memory", SUBJECT_PEER},
    {"call", "eventfd", "two eventfds, there and back", SUBJECT_PEER},
    {"notify", "signal", "signal, nobody waits", SUBJECT_SELF},
    {"notify", "poll", "take the word, without waiting", SUBJECT_SELF},
    {"notify", "wake", "until the waiter, who goes first, runs", SUBJECT_KINDS},
    {"notify", "round-trip", "there and back, both wait", SUBJECT_KINDS},
    {"notify", "futex", "two futexes, there and back", SUBJECT_PEER},
    {"notify", "eventfd", "two eventfds, there and back", SUBJECT_PEER},
    {"create", "life", "create, start, end, wait, destroy", SUBJECT_KINDS},
    {"create", "create", "of that: create", SUBJECT_KINDS},
    {"create", "run", "of that: start, end, wait", SUBJECT_KINDS},
    {"create", "destroy", "of that: destroy", SUBJECT_KINDS},
    {"create", "pthread", "pthread_create, its end, join", SUBJECT_PEER},
    {"create", "clone-vm", "clone(CLONE_VM), own files; wait", SUBJECT_PEER},
    {"create", "fork", "fork, exit, wait", SUBJECT_PEER},
    {"create", "vfork-exec", "vfork, exec, exit, wait", SUBJECT_PEER},
    {"create", "posix-spawn", "posix_spawn, exit, wait", SUBJECT_PEER},
    {"fault", "try", "a read that fails, caught by oneself", SUBJECT_SELF},
    {"fault", "continue", "a read that the kernel skips", SUBJECT_SELF},
    {"fault", "handler", "to the handler's domain, skip, back", SUBJECT_KINDS},
    {"fault", "signal", "SIGSEGV, a handler that skips, back", SUBJECT_PEER},
    {"fault", "userfaultfd", "a page from another thread", SUBJECT_PEER},
    {"file-read", "64", "read of 64 bytes", SUBJECT_KINDS},
    {"file-read", "4096", "read of 4,096 bytes", SUBJECT_KINDS},
    {"file-read", "open", "open, delete", SUBJECT_KINDS},
    {"file-read", "pread-64", "pread of 64 bytes, in memory", SUBJECT_PEER},
    {"file-read", "pread-4096", "pread of 4,096 bytes, in memory",
     SUBJECT_PEER},
    {"file-read", "open-close", "open and close, in memory", SUBJECT_PEER},
    {"revoke", "nothing", "nothing was derived", SUBJECT_SELF},
    {"revoke", "one", "one capability", SUBJECT_SELF},
    {"revoke", "many", "each of 100 capabilities", SUBJECT_SELF},
    {"revoke", "range", "a page that the other has attached", SUBJECT_KINDS},
};
const unsigned bench_case_count = sizeof(bench_cases) / sizeof(bench_cases[0]);

const char *bench_operation(unsigned index)
{
    return index < sizeof(operations) / sizeof(operations[0])
               ? operations[index]
               : NULL;
}

const char *bench_unknown(char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        bool known = false;

        for (unsigned j = 0; operations[j]; j++) {
            known |= strcmp(names[i], operations[j]) == 0;
        }
        if (!known) {
            return names[i];
        }
    }
    return NULL;
}

const struct bench_case *bench_case_find(const char *operation,
                                         const char *detail, bool peer)
{
    for (unsigned i = 0; i < bench_case_count; i++) {
        const struct bench_case *one = &bench_cases[i];

        if ((one->subjects == SUBJECT_PEER) == peer &&
            strcmp(one->operation, operation) == 0 &&
            strcmp(one->detail, detail) == 0) {
            return one;
        }
    }
    return NULL;
}

bool bench_has(const char *operation, bool peer)
{
    bool has = false;

    for (unsigned i = 0; i < bench_case_count; i++) {
        has |= (bench_cases[i].subjects == SUBJECT_PEER) == peer &&
               strcmp(bench_cases[i].operation, operation) == 0;
    }
    return has;
}

bool bench_wants(const struct bench_options *options, const char *operation)
{
    for (int i = 0; i < options->operation_count; i++) {
        if (strcmp(options->operations[i], operation) == 0) {
            return true;
        }
    }
    return options->operation_count == 0;
}

const char *bench_place_name(enum bench_place place)
{
    static const char *const names[] = {[BENCH_QEMU] = "qemu",
                                        [BENCH_BARE] = "qemu-no-fsgsbase",
                                        [BENCH_LINUX] = "linux",
                                        [BENCH_KVM] = "kvm",
                                        [BENCH_HOST] = "host"};

    return names[place];
}

const char *bench_place_text(enum bench_place place)
{
    static const char *const texts[] = {[BENCH_QEMU] = "Ambit, qemu",
                                        [BENCH_BARE] =
                                            "Ambit, qemu, no FSGSBASE",
                                        [BENCH_LINUX] = "Linux, qemu",
                                        [BENCH_KVM] = "Ambit, kvm",
                                        [BENCH_HOST] = "Linux, this host"};

    return texts[place];
}

const char *bench_privileged_name(unsigned sort)
{
    static const char *const names[BENCH_PRIVILEGED] = {
        "cr3_writes",  "cr_writes", "msr_writes", "msr_reads", "state_saves",
        "tlb_flushes", "syscalls",  "sysrets",    "irets",     "swapgs",
        "base_writes", "port_io",   "rep_steps"};

    return names[sort];
}

const char *bench_unit(enum bench_place place)
{
    return bench_counts(place) ? "instructions" : "ns";
}

bool bench_counts(enum bench_place place)
{
    return place != BENCH_KVM && place != BENCH_HOST;
}
