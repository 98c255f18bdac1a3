/* SPDX-License-Identifier: Apache-2.0 */
/* run(): let the guest go, and return with the first thing that happens. */
#define _GNU_SOURCE
#include "qemu_internal.h"
#include <abi/hostcall.h>
#include <host/describe.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define NS_PER_S 1000000000ll
/* isa-debug-exit: QEMU's exit code for a value (PLATFORM: (v << 1) | 1). */
#define EXIT_CODE(value) ((int)((value) << 1 | 1))

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int qemu_died(struct engine *engine, struct failure *failure)
{
    qemu_reap(engine, true);
    while (engine->output >= 0) {
        (void)qemu_pump(engine, 0);
    }
    if (WIFSIGNALED(engine->status)) {
        (void)failure_set(failure, EXIT_HOST, "qemu: ended by signal %d",
                          WTERMSIG(engine->status));
    } else {
        (void)failure_set(failure, EXIT_HOST, "qemu: ended with code %d",
                          WEXITSTATUS(engine->status));
    }
    while (engine->kept > 0 && engine->text[engine->kept - 1] == '\n') {
        engine->kept--;
    }
    if (engine->kept > 0) {
        failure_append(failure, "\n%.*s", (int)engine->kept, engine->text);
    }
    return -1;
}

static void on_end(struct engine *engine, struct engine_result *out)
{
    qemu_reap(engine, false);
    out->event = ENGINE_DONE;
    if (WIFEXITED(engine->status)) {
        if (WEXITSTATUS(engine->status) == EXIT_CODE(HOSTCALL_EXIT_DONE)) {
            out->value = HOSTCALL_EXIT_DONE;
            return;
        }
        if (WEXITSTATUS(engine->status) == EXIT_CODE(HOSTCALL_EXIT_PANIC)) {
            out->value = HOSTCALL_EXIT_PANIC;
            return;
        }
    }
    out->event = ENGINE_FAILED;
    (void)qemu_died(engine, &out->failure);
    engine_describe(&out->failure, &engine->memory, NULL);
}

/* QEMU stands still and can be asked. */
static void on_reset(struct engine *engine, struct engine_result *out)
{
    struct engine_registers registers;
    struct failure ignored;
    bool known = qemu_qmp_registers(engine, &registers, &ignored) == 0;

    out->event = ENGINE_FAILED;
    (void)failure_set(&out->failure, EXIT_HOST,
                      "qemu: the guest reset the machine (triple fault)");
    engine_describe(&out->failure, &engine->memory, known ? &registers : NULL);
}

static void on_deadline(struct engine *engine, struct engine_result *out)
{
    out->event = engine->gdb_fd ? ENGINE_SIGNAL : ENGINE_PAUSED;
    if (engine->gdb_fd || qemu_qmp_stop(engine, &out->failure) == 0) {
        return;
    }
    if (engine->qmp.closed) {
        /* It ended while we asked it to stop: the end is the news. */
        out->failure = (struct failure){0};
        on_end(engine, out);
        return;
    }
    out->event = ENGINE_FAILED;
}

/* One thing that is known without waiting; false if there is none. */
static bool ready(struct engine *engine, struct engine_result *out)
{
    int byte = qemu_bell_take(&engine->bells);

    if (byte >= 0) {
        out->event = ENGINE_DOORBELL;
        out->value = (uint32_t)byte;
        return true;
    }
    if (engine->bells.closed) {
        on_end(engine, out);
        return true;
    }
    qemu_qmp_events(engine);
    if (engine->reset) {
        on_reset(engine, out);
        return true;
    }
    return false;
}

void qemu_engine_run(struct engine *engine, uint64_t run_until_ns,
                     struct engine_result *out)
{
    *out = (struct engine_result){.event = ENGINE_FAILED};
    if (!engine->bells.closed && !engine->reset &&
        qemu_qmp_cont(engine, &out->failure) < 0 && !engine->qmp.closed) {
        return;
    }
    out->failure = (struct failure){0};
    while (!ready(engine, out)) {
        int64_t wait = -1;

        if (run_until_ns != 0) {
            wait = (int64_t)run_until_ns - now_ns();
            if (wait <= 0) {
                on_deadline(engine, out);
                return;
            }
        }
        if (qemu_pump(engine, wait)) {
            out->event = ENGINE_SIGNAL;
            return;
        }
    }
}
