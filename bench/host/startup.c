/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Start-up beside its floor: from exec to the first instruction of the guest,
 * for both programs in turn, in one run.
 *
 *   startup [--runs N] [--at-most RATIO] FLOOR [ARG ...] -- AMBIT [ARG ...]
 *
 * Prints minima, medians and the ratio of each. What else the machine does can
 * only add to a time, so RATIO is compared with that of the minima; a round
 * that is above it is repeated, ROUNDS in all. 0; 1: the ratio is above RATIO
 * in every round, or a program failed; 77: no usable /dev/kvm.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 1000u
#define ROUNDS 3u
#define TRACE_FD "9"
#define SKIP 77
#define NS_PER_S 1000000000ull

struct program {
    char *const *argv;
    uint64_t ns[RUNS_MAX]; /* exec to first instruction */
};

static unsigned runs = 20;
static double at_most;
static volatile uint64_t *exec_ns; /* shared with the child */
static struct program programs[2];

static uint64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

_Noreturn static void child(const struct program *program, int trace)
{
    int null = open("/dev/null", O_RDWR);

    if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(null, STDOUT_FILENO) < 0 || dup2(trace, atoi(TRACE_FD)) < 0 ||
        setenv("AMBIT_TRACE_START", TRACE_FD, 1) < 0) {
        _exit(SKIP);
    }
    *exec_ns = now_ns();
    (void)execv(program->argv[0], program->argv);
    _exit(126);
}

/* One run; 0, or what startup should exit with. */
static int run_once(const struct program *program, uint64_t *ns)
{
    unsigned long long first = 0;
    int trace[2];
    FILE *lines;
    int status;
    pid_t pid;

    if (pipe2(trace, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
        perror("startup");
        return EXIT_FAILURE;
    }
    if (pid == 0) {
        child(program, trace[1]);
    }
    (void)close(trace[1]);
    lines = fdopen(trace[0], "r");
    if (!lines || fscanf(lines, "first_instruction_ns %llu", &first) != 1) {
        first = 0;
    }
    if (lines) {
        (void)fclose(lines);
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
        WEXITSTATUS(status) != 0 || first < *exec_ns) {
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;

        fprintf(stderr, "startup: %s did not start a guest (%d)\n",
                program->argv[0], code);
        return code == SKIP ? SKIP : EXIT_FAILURE;
    }
    *ns = first - *exec_ns;
    return 0;
}

static int by_size(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return *a < *b ? -1 : *a > *b;
}

static void sort(struct program *program)
{
    qsort(program->ns, runs, sizeof(program->ns[0]), by_size);
}

/* Of sorted times, in microseconds. */
static double minimum_us(const struct program *program)
{
    return (double)program->ns[0] / 1000.0;
}

static double median_us(const struct program *program)
{
    return (double)(program->ns[(runs - 1) / 2] + program->ns[runs / 2]) /
           2000.0;
}

/* `runs` runs of both in turn, sorted. 0, or what startup should exit with. */
static int measure(void)
{
    for (unsigned run = 0; run < runs; run++) {
        for (unsigned which = 0; which < 2; which++) {
            int code = run_once(&programs[which], &programs[which].ns[run]);

            if (code) {
                return code;
            }
        }
    }
    sort(&programs[0]);
    sort(&programs[1]);
    return 0;
}

static int warm_up(void)
{
    uint64_t ignored;
    int code = run_once(&programs[0], &ignored);

    return code ? code : run_once(&programs[1], &ignored);
}

static int compare(void)
{
    int code = warm_up();

    for (unsigned round = 0; !code && round < ROUNDS; round++) {
        const struct program *floor = &programs[0], *ambit = &programs[1];
        double ratio;

        code = measure();
        if (code) {
            break;
        }
        ratio = minimum_us(ambit) / minimum_us(floor);
        printf("exec to first guest instruction, minimum of %u: floor %.0f "
               "us, ambit %.0f us, ratio %.2f (medians: %.0f, %.0f, %.2f)\n",
               runs, minimum_us(floor), minimum_us(ambit), ratio,
               median_us(floor), median_us(ambit),
               median_us(ambit) / median_us(floor));
        if (at_most <= 0 || ratio <= at_most) {
            return 0;
        }
        printf("above the limit of %.2f\n", at_most);
    }
    return code ? code : EXIT_FAILURE;
}

static int usage(void)
{
    fprintf(stderr, "usage: startup [--runs N] [--at-most RATIO] FLOOR [ARG "
                    "...] -- AMBIT [ARG ...]\n");
    return 2;
}

/* Cuts FLOOR ... -- AMBIT ... into two argument vectors. */
static int find_programs(char **argv)
{
    char **next = argv;

    while (*next && strcmp(*next, "--") != 0) {
        next++;
    }
    if (next == argv || !*next || !next[1]) {
        return -1;
    }
    *next = NULL;
    programs[0].argv = argv;
    programs[1].argv = next + 1;
    return 0;
}

int main(int argc, char **argv)
{
    static const struct option longs[] = {
        {"runs", 1, NULL, 'r'}, {"at-most", 1, NULL, 'm'}, {NULL, 0, NULL, 0}};
    void *page;
    int c;

    while ((c = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
        if (c == 'r') {
            runs = (unsigned)strtoul(optarg, NULL, 10);
        } else if (c == 'm') {
            at_most = strtod(optarg, NULL);
        } else {
            return usage();
        }
    }
    if (runs == 0 || runs > RUNS_MAX || find_programs(argv + optind) < 0) {
        return usage();
    }
    page = mmap(NULL, sizeof(*exec_ns), PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        perror("startup");
        return EXIT_FAILURE;
    }
    exec_ns = page;
    return compare();
}
