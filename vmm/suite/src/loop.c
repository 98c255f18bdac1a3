/* SPDX-License-Identifier: Apache-2.0 */
/* Starts cases, reads what they print, and ends them. */
#define _GNU_SOURCE
#include "child.h"
#include "verdict.h"

#include <errno.h>
#include <host/escape.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* All cases together keep this much; later ones keep little. */
#define KEPT_MAX (64ull << 20)
#define KEPT_LATER 2048u
#define TICK_MS 100
/* After an interrupt, runs have this long to end in good order. */
#define PATIENCE_NS 5000000000ull

struct loop {
    struct suite *suite;
    const struct loop_calls *calls;
    char *program;
    struct child *children; /* options->jobs of them */
    unsigned running;
    size_t next;     /* case to start */
    size_t reported; /* cases already reported */
};

static void report(struct loop *loop)
{
    struct suite *suite = loop->suite;

    while (loop->reported < suite->count &&
           suite->cases[loop->reported].outcome > CASE_RUNNING) {
        loop->calls->report(loop->calls->context, &suite->cases[loop->reported],
                            loop->reported + 1);
        loop->reported++;
    }
}

/* Both streams as printable text, the first one first. */
static char *output_of(struct loop *loop, const struct child *child)
{
    char *text = NULL, *printable;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    if (!out) {
        return NULL;
    }
    capture_put(&child->captures[0], out);
    if (child->captures[0].bytes && child->captures[1].bytes) {
        fputs("--- standard error\n", out);
    }
    capture_put(&child->captures[1], out);
    fclose(out);
    if (text && loop->suite->kept > KEPT_MAX && bytes > KEPT_LATER) {
        memmove(text, text + bytes - KEPT_LATER, KEPT_LATER);
        bytes = KEPT_LATER;
    }
    printable = text ? suite__printable(text, bytes, true) : NULL;
    free(text);
    loop->suite->kept += bytes;
    return printable;
}

/* The first line of standard error, without the program's name. */
static void first_message(const struct child *child, char *out, size_t size)
{
    const struct capture *capture = &child->captures[1];
    size_t bytes =
        capture->bytes < CAPTURE_HEAD ? (size_t)capture->bytes : CAPTURE_HEAD;
    static const char name[] = "ambit: ";
    const char *start = capture->head;
    const char *end;

    if (bytes >= sizeof(name) && strncmp(start, name, sizeof(name) - 1) == 0) {
        start += sizeof(name) - 1;
        bytes -= sizeof(name) - 1;
    }
    end = memchr(start, '\n', bytes);
    bytes = end ? (size_t)(end - start) : bytes;
    escape_text(start, bytes, out, size);
}

static const char *unsaid(const struct child *child)
{
    for (uint32_t i = 0; i < child->captures[0].match_count; i++) {
        if (!child->captures[0].matches[i].found &&
            !child->captures[1].matches[i].found) {
            return child->captures[0].matches[i].wanted;
        }
    }
    return NULL;
}

static void finish(struct loop *loop, struct child *child)
{
    struct suite_case *one = child->one;
    char message[240];
    struct ending ending = {.status = child->status,
                            .late = child->late,
                            .asked = child->asked,
                            .unsaid = unsaid(child),
                            .message = message,
                            .facts = facts_read(child->results)};
    bool wanted;

    first_message(child, message, sizeof(message));
    one->ns = suite__now() - child->start_ns;
    verdict(one, &ending);
    wanted = one->outcome == CASE_FAILED ||
             (loop->suite->options->verbose && one->outcome == CASE_PASSED);
    one->output = wanted ? output_of(loop, child) : NULL;
    child_close(child);
    loop->running--;
}

static struct child *place(struct loop *loop)
{
    for (unsigned i = 0; i < loop->suite->options->jobs; i++) {
        if (!loop->children[i].one) {
            return &loop->children[i];
        }
    }
    return NULL;
}

/* Starts what there is room for. */
static void start_more(struct loop *loop)
{
    struct suite *suite = loop->suite;

    while (loop->next < suite->count && !suite->interrupted) {
        struct suite_case *one = &suite->cases[loop->next];
        struct failure failure = {0};
        struct child *child = place(loop);
        int rc;

        if (one->outcome != CASE_WAITING) { /* decided without a run */
            loop->next++;
            continue;
        }
        if (!child) {
            return;
        }
        rc = child_start(child, suite, loop->program, one, &failure);
        if (rc == 1 && loop->running) {
            return; /* again when another has ended */
        }
        loop->next++;
        if (rc != 0) {
            one->outcome = CASE_FAILED;
            one->exit_code = EXIT_HOST;
            snprintf(one->why, sizeof(one->why), "%.300s", failure.text);
            continue;
        }
        one->outcome = CASE_RUNNING;
        loop->running++;
    }
}

/* Whoever has ended, QEMU processes that lost their parent among them. */
static void reap(struct loop *loop)
{
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (unsigned i = 0; i < loop->suite->options->jobs; i++) {
            struct child *child = &loop->children[i];

            if (child->one && child->pid == pid && !child->exited) {
                child->exited = true;
                child->status = status;
            }
        }
    }
}

static void read_all(struct loop *loop)
{
    for (unsigned i = 0; i < loop->suite->options->jobs; i++) {
        struct child *child = &loop->children[i];

        if (!child->one) {
            continue;
        }
        /* What a child has printed before its end is in the pipes now. */
        while (child_read(child) && child->exited) {
        }
        if (child->exited) {
            finish(loop, child);
        }
    }
}

static void enforce(struct loop *loop, uint64_t now)
{
    for (unsigned i = 0; i < loop->suite->options->jobs; i++) {
        struct child *child = &loop->children[i];

        if (child->one && !child->exited && now >= child->kill_ns) {
            child->late = !child->asked;
            child_kill(child);
        }
    }
}

/* The first signal asks runs to end, in a while they are killed. */
static void heed(struct loop *loop)
{
    struct suite *suite = loop->suite;
    uint64_t limit = suite__now() + PATIENCE_NS;

    if (suite->interrupted || !suite->options->interrupted()) {
        return;
    }
    suite->interrupted = suite->options->interrupted();
    for (unsigned i = 0; i < suite->options->jobs; i++) {
        struct child *child = &loop->children[i];

        if (child->one) {
            child->kill_ns = limit < child->kill_ns ? limit : child->kill_ns;
            child_ask(child);
        }
    }
}

static void wait_a_little(struct loop *loop)
{
    struct pollfd files[2 * SUITE_JOBS_MAX];
    nfds_t count = 0;
    bool exiting = false;

    for (unsigned i = 0; i < loop->suite->options->jobs; i++) {
        const struct child *child = &loop->children[i];

        for (int f = 0; child->one && f < 2; f++) {
            if (child->fds[f] >= 0) {
                files[count].fd = child->fds[f];
                files[count++].events = POLLIN;
            }
        }
        /* Its pipes are closed, so its end is a moment away. */
        exiting |= child->one && child->fds[0] < 0 && child->fds[1] < 0;
    }
    (void)poll(files, count, exiting ? 1 : TICK_MS);
}

static void give_up_rest(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        if (suite->cases[i].outcome == CASE_WAITING) {
            suite->cases[i].outcome = CASE_INTERRUPTED;
            snprintf(suite->cases[i].why, sizeof(suite->cases[i].why),
                     "not run: interrupted");
        }
    }
}

static void turn(struct loop *loop)
{
    heed(loop);
    start_more(loop);
    report(loop);
    if (loop->running) {
        wait_a_little(loop);
    }
    reap(loop);
    read_all(loop);
    enforce(loop, suite__now());
    loop->calls->idle(loop->calls->context);
}

int suite__loop(struct suite *suite, const struct loop_calls *calls,
                struct failure *failure)
{
    struct loop loop = {.suite = suite, .calls = calls};

    loop.program = child_program(failure);
    if (!loop.program) {
        return -1;
    }
    loop.children = calloc(suite->options->jobs, sizeof(*loop.children));
    if (!loop.children) {
        free(loop.program);
        return failure_set(failure, EXIT_HOST, "out of memory");
    }
    /* A QEMU whose run was killed comes to us, to be reaped. */
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    while (loop.running || (loop.next < suite->count && !suite->interrupted)) {
        turn(&loop);
    }
    give_up_rest(suite);
    report(&loop);
    reap(&loop);
    free(loop.children);
    free(loop.program);
    return 0;
}
