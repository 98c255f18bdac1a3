/* SPDX-License-Identifier: Apache-2.0 */
/* peers SAMPLES OPERATION[/NAME]|symbols...: measures and prints; then ends,
 * or, as process 1, ends the machine. */
#define _GNU_SOURCE
#include "peers.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
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

/* OPERATION, or OPERATION/NAME for one of its peers. */
static bool meant(const struct peer *peer, const char *word)
{
    size_t bytes = strlen(peer->operation);

    return strncmp(word, peer->operation, bytes) == 0 &&
           (word[bytes] == '\0' ||
            (word[bytes] == '/' && strcmp(word + bytes + 1, peer->name) == 0));
}

/* Where the functions of this kernel are, for those who watch it from outside:
 * `symbol ADDRESS NAME`. */
static void print_symbols(void)
{
    unsigned long long address;
    char line[512], name[256], type;
    FILE *file;

    (void)mkdir("/proc", 0555);
    (void)mount("proc", "/proc", "proc", 0, NULL);
    file = fopen("/proc/kallsyms", "r");
    MUST(file);
    while (fgets(line, sizeof(line), file)) {
        if (sscanf(line, "%llx %c %255s", &address, &type, name) == 3 &&
            strchr("tTwW", type)) {
            printf("symbol %llx %s\n", address, name);
        }
    }
    fclose(file);
}

static void measure_one(struct peers *peers, const struct peer *peer)
{
    const char *why = peer->measure(peers);

    if (!why) {
        print(peers, peer);
        return;
    }
    printf("blank %s %s %s : %s (%s)\n", peer->operation, peer->name,
           peer->name, why, strerror(errno));
    fflush(stdout);
}

/* In a process of its own: what a peer leaves (stacks that are kept, pages that
 * were touched) is not there for the next. */
static void measure_apart(struct peers *peers, const struct peer *peer)
{
    pid_t pid = fork();
    int status;

    MUST(pid >= 0);
    if (pid == 0) {
        measure_one(peers, peer);
        _exit(0);
    }
    MUST(waitpid(pid, &status, 0) == pid);
    MUST(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void measure(struct peers *peers, const char *word)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        for (const struct peer *peer = lists[i]; peer->name; peer++) {
            if (meant(peer, word)) {
                measure_apart(peers, peer);
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
        if (strcmp(argv[i], "symbols") == 0) {
            print_symbols();
        } else {
            measure(&peers, argv[i]);
        }
    }
    printf("peers: done\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
