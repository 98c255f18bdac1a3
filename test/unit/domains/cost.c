/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Executed instructions of validating, planning and building, counted by
 * single-stepping a child: exact, and the same in every run.
 */
#include "maker.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIP 77
/* What the kernel spends of its boot budget here: once, and for a domain. */
#define BUDGET 700u
#define BUDGET_PER_DOMAIN 1650u
#define PHASES 6
#define COUNT 4 /* on its own; it is also part of building */
#define EMPTY                                                                  \
    1 /* the second phase: what a signal costs, its code warmed up             \
       */

#if defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif
#if defined(__OPTIMIZE__) && !SANITIZED
#define OPTIMIZED true
#else
#define OPTIMIZED false
#endif

static const char *const phase_names[PHASES] = {"",     "",      "validate",
                                                "plan", "count", "build"};
static struct plan plan;
static struct spec spec;
static struct pd_needs needs;

static enum status reserve(void *context, uint32_t domain,
                           const struct pd_needs *n)
{
    (void)context, (void)domain, (void)n;
    return STATUS_OK;
}
static void nothing(void *context, uint32_t a)
{
    (void)context, (void)a;
}
static void no_table(void *context, uint32_t a, enum pd_class b)
{
    (void)context, (void)a, (void)b;
}
static void no_attach(void *context, uint32_t a, uint32_t b, uint8_t c)
{
    (void)context, (void)a, (void)b, (void)c;
}
static void no_hold(void *context, uint32_t a, uint32_t b)
{
    (void)context, (void)a, (void)b;
}

static const struct pd_ops ops = {reserve, nothing, no_table,
                                  nothing, nothing, no_attach,
                                  nothing, no_hold, nothing};

static bool phase(unsigned which, const void *blob, uint32_t bytes)
{
    struct spec_error error;
    uint32_t count = which <= 2 ? 0 : spec.header->domains.count;

    switch (which) {
    case 0:
    case EMPTY:
        return true;
    case 2:
        return spec_validate(blob, bytes, &spec, &error) == STATUS_OK;
    case 3:
        return plan_make(&spec, &plan) == STATUS_OK;
    case COUNT:
        for (uint32_t d = 0; d < count; d++) {
            pd_count(&spec, &plan, d, &needs);
        }
        return true;
    default:
        for (uint32_t d = 0; d < count; d++) {
            if (pd_build(&spec, &plan, d, (1ull << d) - 1, &ops, NULL) !=
                STATUS_OK) {
                return false;
            }
        }
        return true;
    }
}

static void child(const void *blob, uint32_t bytes)
{
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0) {
        _exit(SKIP);
    }
    raise(SIGSTOP);
    for (unsigned i = 0; i < PHASES; i++) {
        bool good = phase(i, blob, bytes);

        raise(good ? SIGUSR1 : SIGABRT); /* seen as a stop by the parent */
    }
    _exit(0);
}

/* Steps to the next signal of the child's own; 0 when it cannot. */
static unsigned long steps_to_signal(pid_t pid)
{
    for (unsigned long steps = 0;; steps++) {
        int state;

        if (ptrace(PTRACE_SINGLESTEP, pid, 0, 0) != 0 ||
            waitpid(pid, &state, 0) != pid || !WIFSTOPPED(state)) {
            return 0;
        }
        if (WSTOPSIG(state) != SIGTRAP) {
            return WSTOPSIG(state) == SIGUSR1 ? steps : 0;
        }
    }
}

static int measure(const char *name, struct maker *m)
{
    uint32_t bytes, domains = m->header.domains.count;
    void *blob = maker_pack(m, &bytes);
    unsigned long all = 0, empty = 0;
    pid_t pid = fork();
    int state;

    if (pid == 0) {
        child(blob, bytes);
    }
    free(blob);
    if (pid < 0 || waitpid(pid, &state, 0) != pid || !WIFSTOPPED(state)) {
        return SKIP;
    }
    for (unsigned i = 0; i < PHASES; i++) {
        unsigned long steps = steps_to_signal(pid);

        if (steps == 0) {
            kill(pid, SIGKILL);
            waitpid(pid, &state, 0);
            return i == 0 ? SKIP : 1;
        }
        if (i <= EMPTY) {
            empty = steps;
            continue;
        }
        steps -= empty;
        all += i == COUNT ? 0 : steps;
        printf("%s: %-8s %7lu instructions\n", name, phase_names[i], steps);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &state, 0);
    printf("%s: %u domains, %lu instructions in all, %lu a domain\n", name,
           domains, all, all / domains);
    if (!OPTIMIZED) {
        printf("%s: not judged: sanitized, or not optimized\n", name);
        return 0;
    }
    return all > BUDGET + (unsigned long)BUDGET_PER_DOMAIN * domains;
}

int main(void)
{
    static struct maker m;
    int worst, result;

    maker_init(&m);
    maker_domain(&m, "hello", PROCESS, SPEC_NONE);
    worst = measure("hello", &m);
    maker_spectrum(&m);
    result = measure("spectrum", &m);
    worst = result > worst ? result : worst;
    if (worst == SKIP) {
        printf("SKIP: this machine does not let a process step another\n");
    }
    return worst;
}
