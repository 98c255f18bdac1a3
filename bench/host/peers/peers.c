/* SPDX-License-Identifier: Apache-2.0 */
/* peers SAMPLES OPERATION...: measures and prints; then ends, or, as process 1,
 * ends the machine. */
#define _GNU_SOURCE
#include "peers.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct peer *const lists[] = {peers_crossing, peers_create,
                                           peers_fault, peers_file};

_Noreturn void peers_failed(const char *what)
{
    printf("peers: failed: %s (%s)\n", what, strerror(errno));
    fflush(stdout);
    _exit(1);
}

/* As process 1 we wait for a process that measures, as any other would: to
 * process 1 itself Linux does some things otherwise, and tells the console of
 * them. Then the machine ends. */
static void be_another(void)
{
    pid_t pid = getpid() == 1 ? fork() : 0;

    MUST(pid >= 0);
    if (pid > 0) {
        while (waitpid(pid, NULL, 0) != pid) {
        }
        (void)reboot(RB_AUTOBOOT);
    }
}

/* On one processor, so that a round trip is a switch and no message between
 * two of them: as a guest with one CPU has it. */
static void stay_on_one(void)
{
    cpu_set_t set, one;

    MUST(sched_getaffinity(0, sizeof(set), &set) == 0);
    CPU_ZERO(&one);
    for (int i = CPU_SETSIZE - 1; i >= 0; i--) {
        if (CPU_ISSET((size_t)i, &set)) {
            CPU_SET((size_t)i, &one);
            break;
        }
    }
    MUST(sched_setaffinity(0, sizeof(one), &one) == 0);
}

static void tell_kernel(void)
{
    struct utsname name;

    MUST(uname(&name) == 0);
    printf("about %s %s %s\n", name.sysname, name.release, name.version);
    fflush(stdout);
}

static void print(const struct peers *peers, const struct peer *peer)
{
    printf("sample %s %s %s %u :", peer->operation, peer->name, peer->name,
           peer->batch);
    for (uint32_t i = 0; i < peers->wanted; i++) {
        printf(" %llu", (unsigned long long)peers->values[i]);
    }
    putchar('\n');
    fflush(stdout);
}

static void measure(struct peers *peers, const char *operation)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (const struct peer *peer = lists[i]; peer->name; peer++) {
            const char *why;

            if (strcmp(peer->operation, operation) != 0) {
                continue;
            }
            why = peer->measure(peers);
            if (why) {
                printf("blank %s %s %s : %s (%s)\n", peer->operation,
                       peer->name, peer->name, why, strerror(errno));
                fflush(stdout);
            } else {
                print(peers, peer);
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct peers peers = {.self = argv[0]};

    if (argc > 1 && strcmp(argv[1], NOTHING) == 0) {
        return 0;
    }
    peers.wanted = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    if (peers.wanted == 0 || peers.wanted > SAMPLES_MAX) {
        fprintf(stderr, "usage: peers SAMPLES OPERATION...\n");
        return 2;
    }
    peers.values = calloc(peers.wanted, sizeof(peers.values[0]));
    MUST(peers.values);
    be_another();
    stay_on_one();
    tell_kernel();
    for (int i = 2; i < argc; i++) {
        measure(&peers, argv[i]);
    }
    printf("peers: done\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
