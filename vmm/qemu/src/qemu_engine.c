/* SPDX-License-Identifier: Apache-2.0 */
/* Set-up, probe and tear-down. */
#define _GNU_SOURCE
#include "qemu_internal.h"
#include <abi/boot.h>
#include <errno.h>
#include <fcntl.h>
#include <host/kick.h>
#include <host/pvh.h>
#include <qemu/qemu_engine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define REMEDY "sudo apt-get install qemu-system-x86"

static uint32_t boot_flags(const struct engine_options *options)
{
    return options->icount ? BOOT_FLAG_ICOUNT : 0;
}

static int missing(struct failure *failure)
{
    (void)failure_set(failure, EXIT_UNAVAILABLE,
                      "qemu: " QEMU_PROGRAM " is not in PATH");
    failure_remedy(failure, REMEDY);
    return -1;
}

/* The line that `qemu --version` begins with. */
static bool ask_version(const char *path, char *line, int bytes)
{
    char text[QEMU_PATH_MAX + 32];
    bool ok = false;
    FILE *pipe;

    /* No word of the path can end the quotes: such a PATH is not asked. */
    if (strchr(path, '\'') ||
        snprintf(text, sizeof(text), "'%s' --version 2>/dev/null", path) < 0) {
        return false;
    }
    pipe = popen(text, "re");
    if (pipe) {
        ok = fgets(line, bytes, pipe) != NULL;
        ok = pclose(pipe) == 0 && ok;
    }
    line[ok ? strcspn(line, "\n(") : 0] = '\0';
    return ok;
}

static void probe(struct engine_probe *out)
{
    char path[QEMU_PATH_MAX];
    struct failure failure;

    *out = (struct engine_probe){.ring0 = "tcg"};
    if (!qemu_find(path)) {
        (void)missing(&failure);
        (void)snprintf(out->why, sizeof(out->why), "%.200s", failure.text);
        (void)snprintf(out->remedy, sizeof(out->remedy), "%s", failure.remedy);
        return;
    }
    if (!ask_version(path, out->version, sizeof(out->version))) {
        (void)snprintf(out->why, sizeof(out->why), "%.200s does not run", path);
        (void)snprintf(out->remedy, sizeof(out->remedy),
                       "sudo apt-get install --reinstall qemu-system-x86");
        return;
    }
    out->usable = true;
    (void)snprintf(out->why, sizeof(out->why), "%.200s", path);
}

/* A nameless file that QEMU can open by /proc/self/fd. */
static int hand_over(const char *name, const void *data, size_t bytes)
{
    int fd = memfd_create(name, MFD_CLOEXEC);
    size_t done = 0;

    while (fd >= 0 && done < bytes) {
        ssize_t n = write(fd, (const char *)data + done, bytes - done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            (void)close(fd);
            return -1;
        }
        done += (size_t)n;
    }
    return fd;
}

static void shut_fd(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* What qemu_spawn() set. */
static void shut_child(struct engine *engine)
{
    qemu_reap(engine, true);
    shut_fd(engine->bell);
    shut_fd(engine->output);
    shut_fd(engine->qmp.fd);
    engine->bell = -1;
    engine->output = -1;
    engine->qmp = (struct qemu_qmp){.fd = -1};
    engine->bells = (struct qemu_bells){0};
    engine->kept = 0;
}

static int begin_once(struct engine *engine, const char *path,
                      struct failure *failure)
{
    if (qemu_spawn(engine, path, failure) < 0) {
        return -1;
    }
    return qemu_qmp_begin(engine, failure);
}

/* A QEMU that was built without seccomp does not know -sandbox: it says so and
 * ends, and is then started without. */
static int begin(struct engine *engine, const char *path,
                 struct failure *failure)
{
    if (begin_once(engine, path, failure) == 0) {
        return 0;
    }
    if (!engine->sandbox || !memmem(engine->text, engine->kept, "sandbox", 7)) {
        return -1;
    }
    shut_child(engine);
    engine->sandbox = false;
    *failure = (struct failure){0};
    return begin_once(engine, path, failure);
}

static int set_up(struct engine *engine, const struct engine_guest *guest,
                  struct failure *failure)
{
    struct pvh_kernel kernel;
    char path[QEMU_PATH_MAX];
    uint64_t place;

    if (!qemu_find(path)) {
        return missing(failure);
    }
    if (pvh_parse(guest->kernel, guest->kernel_bytes, &kernel, failure) < 0 ||
        engine_module_place(guest, &place, failure) < 0) {
        return -1;
    }
    engine->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    engine->kernel_fd =
        hand_over("ambit-kernel", guest->kernel, guest->kernel_bytes);
    engine->module_fd =
        hand_over("ambit-module", guest->module, guest->module_bytes);
    if (engine->kick < 0 || engine->kernel_fd < 0 || engine->module_fd < 0) {
        return failure_set(failure, EXIT_HOST,
                           "qemu: cannot hand over files: "
                           "%s",
                           strerror(errno));
    }
    engine_kick_watch(NULL, engine->kick);
    return begin(engine, path, failure);
}

static void shut(struct engine *engine)
{
    if (!engine) {
        return;
    }
    engine_kick_watch(NULL, -1);
    shut_child(engine);
    shut_fd(engine->kick);
    shut_fd(engine->kernel_fd);
    shut_fd(engine->module_fd);
    free(engine);
}

static int open_engine(struct engine **out, const struct engine_guest *guest,
                       const struct engine_options *options,
                       struct failure *failure)
{
    struct engine *engine = calloc(1, sizeof(*engine));

    if (!engine) {
        return failure_set(failure, EXIT_HOST, "qemu: out of memory");
    }
    engine->bell = -1;
    engine->output = -1;
    engine->kick = -1;
    engine->kernel_fd = -1;
    engine->module_fd = -1;
    engine->qmp.fd = -1;
    engine->icount = options->icount;
    engine->sandbox = options->sandbox;
    engine->gdb_fd = options->gdb_fd;
    engine->running = options->gdb_fd != 0; /* gdb says when */
    engine->echo = getenv("AMBIT_QEMU_ARGS") != NULL;
    engine->memory_fd = guest->memory_fd;
    engine->memory_bytes = guest->memory_bytes;
    engine->memory = (struct guest_memory){guest->memory, guest->memory_bytes};
    if (set_up(engine, guest, failure) < 0) {
        shut(engine);
        return -1;
    }
    *out = engine;
    return 0;
}

static int registers(struct engine *engine, struct engine_registers *out)
{
    struct failure failure;

    if (engine->child == 0 || qemu_qmp_stop(engine, &failure) < 0) {
        return -1;
    }
    return qemu_qmp_registers(engine, out, &failure);
}

const struct engine_ops qemu_engine = {
    .name = "qemu",
    .boot_flags = boot_flags,
    .probe = probe,
    .open = open_engine,
    .run = qemu_engine_run,
    .registers = registers,
    .confine = qemu_confine,
    .close = shut,
};
