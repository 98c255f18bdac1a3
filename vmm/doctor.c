/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "doctor.h"

#include "engines.h"
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TIMEOUT_NS (20ull * 1000000000ull)

/* The smallest guest there is: one domain that says hello and ends. */
static const char tiny[] = "ambit: 1\n"
                           "machine: {memory: 32MiB}\n"
                           "domains:\n"
                           "  hello: {program: hello}\n";

const char *doctor_ring0_meaning(const char *ring0)
{
    static const struct {
        const char *ring0, *text;
    } meanings[] = {
        {"hardware", "Times of kernel paths are real; isolation is the "
                     "hardware's."},
        {"emulated", "Ring 3 runs natively, but each instruction of the guest "
                     "kernel is interpreted: times of kernel paths and of "
                     "crossings mean nothing here."},
        {"tcg", "Everything is translated code: use --icount for exact "
                "instruction counts; times mean nothing here."},
    };

    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (strcmp(meanings[i].ring0, ring0) == 0) {
            return meanings[i].text;
        }
    }
    return "Nothing is known about what its times mean.";
}

/* The config lies in memory, under a name that config_load can open. */
static int tiny_config(char path[64])
{
    int fd = memfd_create("ambit-doctor", MFD_CLOEXEC);

    if (fd >= 0 &&
        write(fd, tiny, sizeof(tiny) - 1) == (ssize_t)(sizeof(tiny) - 1)) {
        snprintf(path, 64, "/proc/self/fd/%d", fd);
        return fd;
    }
    if (fd >= 0) {
        close(fd);
    }
    return -1;
}

static void run_tiny(struct doctor_engine *engine,
                     const struct options *options)
{
    struct run run;

    if (run_make(&run, options) < 0) {
        engine->failure = run.failure;
        if (!*engine->failure.text) {
            failure_set(&engine->failure, EXIT_HOST,
                        "its config was refused (see above)");
        }
        run_free(&run);
        return;
    }
    run_guest(&run);
    engine->failure = run.failure;
    engine->works = run.end == RUN_DONE && run.snapshot.valid &&
                    run.snapshot.shared->domains[0].outcome == OUTCOME_EXIT;
    if (run.snapshot.valid) {
        engine->registers_host = run.snapshot.shared->registers_host != 0;
        engine->features = run.snapshot.shared->features;
    }
    if (!engine->works && !*engine->failure.text) {
        failure_set(&engine->failure, EXIT_HOST,
                    run.end == RUN_PANIC     ? "the guest kernel panicked"
                    : run.end == RUN_TIMEOUT ? "it took more than 20 seconds"
                                             : "it did not end as it should");
    }
    run_free(&run);
}

/* In a process of its own: a run confines the one that it is in. */
static void run_child(struct doctor_engine *engine,
                      const struct options *options, pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent) {
        run_tiny(engine, options);
        fflush(stderr);
    }
    _exit(0);
}

/* Waits; a signal to us ends the child, too, in good order. */
static void await(pid_t child, struct doctor_engine *engine)
{
    int status;

    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return;
        }
        if (signals_pending()) {
            (void)kill(child, SIGTERM);
        }
    }
    if (WIFSIGNALED(status)) {
        engine->works = false;
        failure_set(&engine->failure, EXIT_HOST, "it ended by signal %d (%s)",
                    WTERMSIG(status), strsignal(WTERMSIG(status)));
        failure_remedy(&engine->failure,
                       "please report it, with what 'ambit doctor --verbose' "
                       "says; --no-sandbox may do without");
    }
}

static void run_apart(struct doctor_engine *engine,
                      const struct options *options)
{
    struct doctor_engine *shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t parent = getpid(), child = -1;

    if (shared != MAP_FAILED) {
        *shared = *engine;
        fflush(NULL);
        child = fork();
    }
    if (child == 0) {
        run_child(shared, options, parent);
    }
    if (child < 0) {
        failure_set(&engine->failure, EXIT_HOST, "cannot start a process: %s",
                    strerror(errno));
    } else {
        await(child, shared);
        *engine = *shared;
    }
    if (shared != MAP_FAILED) {
        munmap(shared, sizeof(*shared));
    }
}

static void try_engine(struct doctor_engine *engine,
                       const struct engine_ops *ops,
                       const struct options *given)
{
    struct options options = *given;
    char path[64];
    int fd;

    engine->name = ops->name;
    ops->probe(&engine->probe);
    if (!engine->probe.ring0) {
        engine->probe.ring0 = "unknown";
    }
    if (!engine->probe.usable) {
        return;
    }
    fd = tiny_config(path);
    if (fd < 0) {
        failure_set(&engine->failure, EXIT_HOST,
                    "cannot make a file in memory");
        return;
    }
    options.config = path;
    options.quiet = true;
    options.json = NULL;
    options.timeout_ns = TIMEOUT_NS;
    options.engine = strcmp(ops->name, "kvm") == 0 ? CHOOSE_KVM : CHOOSE_QEMU;
    run_apart(engine, &options);
    close(fd);
}

static bool asked_for(const struct options *options,
                      const struct engine_ops *ops)
{
    return options->engine == CHOOSE_AUTO ||
           (options->engine == CHOOSE_KVM) == (strcmp(ops->name, "kvm") == 0);
}

static uint64_t available_memory(void)
{
    unsigned long long kib = 0;
    char line[128];
    FILE *file = fopen("/proc/meminfo", "re");

    while (file && fgets(line, sizeof(line), file)) {
        if (sscanf(line, "MemAvailable: %llu", &kib) == 1) {
            break;
        }
    }
    if (file) {
        fclose(file);
    }
    return kib * 1024;
}

void doctor_look(struct doctor *doctor, const struct options *options)
{
    memset(doctor, 0, sizeof(*doctor));
    for (uint32_t i = 0;
         engines_all[i] && doctor->engine_count < DOCTOR_ENGINES; i++) {
        struct doctor_engine *engine = &doctor->engines[doctor->engine_count];
        if (!asked_for(options, engines_all[i])) {
            continue;
        }
        doctor->engine_count++;
        try_engine(engine, engines_all[i], options);
        if (engine->works && !doctor->chosen) {
            doctor->chosen = engine->name;
        }
    }
    sandbox_probe(&doctor->sandbox);
    doctor->memory_bytes = available_memory();
}
