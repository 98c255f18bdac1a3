/* SPDX-License-Identifier: Apache-2.0 */
/* A fault, and what handles it: a signal handler of the same thread, or another
 * thread by userfaultfd. */
#define _GNU_SOURCE
#include "peers.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define PAGE 4096u
#define LOAD_BYTES 3 /* of the instruction in load() */

static void load(const void *address)
{
    __asm__ volatile("movq (%%rdi), %%rax" ::"D"(address) : "rax", "memory");
}

static void skip(int number, siginfo_t *info, void *context)
{
    ucontext_t *at = context;

    (void)number;
    (void)info;
    at->uc_mcontext.gregs[REG_RIP] += LOAD_BYTES;
}

static const char *signals(struct peers *peers)
{
    struct sigaction action = {.sa_sigaction = skip, .sa_flags = SA_SIGINFO};
    void *page =
        mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(page != MAP_FAILED);
    MUST(sigaction(SIGSEGV, &action, NULL) == 0);
    SAMPLES(peers, load(page));
    action = (struct sigaction){.sa_handler = SIG_DFL};
    MUST(sigaction(SIGSEGV, &action, NULL) == 0);
    MUST(munmap(page, PAGE) == 0);
    return NULL;
}

/* Answers every fault with a page of zeroes, until it is told of none. */
static void *pager(void *argument)
{
    const int fd = *(const int *)argument;
    struct uffd_msg message;

    while (read(fd, &message, sizeof(message)) == (ssize_t)sizeof(message) &&
           message.event == UFFD_EVENT_PAGEFAULT) {
        struct uffdio_zeropage zero = {
            .range = {message.arg.pagefault.address & ~(PAGE - 1ull), PAGE}};
        MUST(ioctl(fd, UFFDIO_ZEROPAGE, &zero) == 0);
    }
    return NULL;
}

static void forget(void *page)
{
    MUST(madvise(page, PAGE, MADV_DONTNEED) == 0);
}

static const char *user_faults(struct peers *peers)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_api api = {.api = UFFD_API};
    struct uffdio_register range = {.range = {(uintptr_t)page, PAGE},
                                    .mode = UFFDIO_REGISTER_MODE_MISSING};
    int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
    pthread_t thread;

    MUST(page != MAP_FAILED);
    if (fd < 0 || ioctl(fd, UFFDIO_API, &api) < 0 ||
        ioctl(fd, UFFDIO_REGISTER, &range) < 0) {
        return "this kernel lets us have no userfaultfd";
    }
    MUST(pthread_create(&thread, NULL, pager, &fd) == 0);
    load(page);
    for (uint32_t i = 0; i < peers->wanted; i++) {
        uint64_t start;

        forget(page);
        start = sample_begin();
        load(page);
        peers->values[i] = sample_end(start);
    }
    MUST(pthread_cancel(thread) == 0 && pthread_join(thread, NULL) == 0);
    MUST(close(fd) == 0 && munmap(page, PAGE) == 0);
    return NULL;
}

const struct peer peers_fault[] = {
    {"fault", "signal", 1, signals},
    {"fault", "userfaultfd", 1, user_faults},
    {NULL, NULL, 0, NULL},
};
