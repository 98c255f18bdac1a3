/* SPDX-License-Identifier: Apache-2.0 */
/* Round trips between two processes, and what stands beside them. */
#define _GNU_SOURCE
#include "peers.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCH 64u /* of what is too short to be told from the counter */

/* Two descriptors each way: what one writes the other reads. */
struct ends {
    int to_peer, from_us, to_us, from_peer;
    size_t bytes;
};

static __attribute__((noinline)) uint64_t add_one(uint64_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value + 1;
}

static uint64_t add_often(uint64_t value)
{
    for (uint32_t i = 0; i < BATCH; i++) {
        value = add_one(value);
    }
    return value;
}

static const char *function(struct peers *peers)
{
    SAMPLES(peers, (void)add_often(1));
    return NULL;
}

static const char *nothing(struct peers *peers)
{
    SAMPLES(peers, (void)0);
    return NULL;
}

static const char *getppid_(struct peers *peers)
{
    SAMPLES(peers, (void)syscall(SYS_getppid));
    return NULL;
}

static pid_t begin_peer(void)
{
    pid_t pid = fork();

    MUST(pid >= 0);
    if (pid == 0) {
        MUST(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    }
    return pid;
}

static void end_peer(pid_t pid)
{
    MUST(kill(pid, SIGKILL) == 0);
    MUST(waitpid(pid, NULL, 0) == pid);
}

static void pass(int from, int to, size_t bytes)
{
    uint64_t word = 0;

    MUST(read(from, &word, bytes) == (ssize_t)bytes);
    MUST(write(to, &word, bytes) == (ssize_t)bytes);
}

static void there_and_back(const struct ends *ends)
{
    uint64_t word = 1;

    MUST(write(ends->to_peer, &word, ends->bytes) == (ssize_t)ends->bytes);
    MUST(read(ends->from_peer, &word, ends->bytes) == (ssize_t)ends->bytes);
}

static void round_trips(struct peers *peers, const struct ends *ends)
{
    pid_t pid = begin_peer();

    while (pid == 0) {
        pass(ends->from_us, ends->to_us, ends->bytes);
    }
    SAMPLES(peers, there_and_back(ends));
    end_peer(pid);
}

static const char *pipes(struct peers *peers)
{
    int there[2], back[2];

    MUST(pipe(there) == 0 && pipe(back) == 0);
    round_trips(peers, &(struct ends){there[1], there[0], back[1], back[0], 1});
    for (int i = 0; i < 2; i++) {
        MUST(close(there[i]) == 0 && close(back[i]) == 0);
    }
    return NULL;
}

static const char *sockets(struct peers *peers)
{
    int pair[2];

    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    round_trips(peers, &(struct ends){pair[0], pair[1], pair[1], pair[0], 1});
    MUST(close(pair[0]) == 0 && close(pair[1]) == 0);
    return NULL;
}

static const char *eventfds(struct peers *peers)
{
    int there = eventfd(0, 0), back = eventfd(0, 0);

    MUST(there >= 0 && back >= 0);
    round_trips(peers, &(struct ends){there, there, back, back, 8});
    MUST(close(there) == 0 && close(back) == 0);
    return NULL;
}

static void wake(_Atomic uint32_t *word)
{
    atomic_store(word, 1);
    MUST(syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0) >= 0);
}

static void wait_for(_Atomic uint32_t *word)
{
    while (atomic_exchange(word, 0) == 0) {
        (void)syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
}

static void wake_and_wait(_Atomic uint32_t *to, _Atomic uint32_t *back)
{
    wake(to);
    wait_for(back);
}

static const char *futexes(struct peers *peers)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    _Atomic uint32_t *words = page;
    pid_t pid;

    MUST(page != MAP_FAILED);
    pid = begin_peer();
    while (pid == 0) {
        wait_for(&words[0]);
        wake(&words[1]);
    }
    SAMPLES(peers, wake_and_wait(&words[0], &words[1]));
    end_peer(pid);
    MUST(munmap(page, 4096) == 0);
    return NULL;
}

const struct peer peers_crossing[] = {
    {"call", "nothing", 1, nothing},    {"call", "function", BATCH, function},
    {"call", "getppid", 1, getppid_},   {"call", "pipe", 1, pipes},
    {"call", "socket", 1, sockets},     {"call", "futex", 1, futexes},
    {"call", "eventfd", 1, eventfds},   {"notify", "futex", 1, futexes},
    {"notify", "eventfd", 1, eventfds}, {NULL, NULL, 0, NULL},
};
