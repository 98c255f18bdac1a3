/* SPDX-License-Identifier: Apache-2.0 */
/*
 * QMP (QEMU's machine protocol, docs/interop/qmp-spec): one JSON object a
 * line. We send one command at a time and skip events.
 */
#define _GNU_SOURCE
#include "qemu_internal.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define ANSWER_NS 20000000000ll
#define NS_PER_S 1000000000ll

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Takes one whole line out of the buffer; null if there is none yet. */
static json_t *next_object(struct qemu_qmp *qmp)
{
    char *end = memchr(qmp->buffer, '\n', qmp->used);
    json_t *object;
    size_t bytes;

    if (!end) {
        return NULL;
    }
    bytes = (size_t)(end + 1 - qmp->buffer);
    object = json_loadb(qmp->buffer, bytes, 0, NULL);
    qmp->used -= bytes;
    memmove(qmp->buffer, end + 1, qmp->used);
    return object ? object : json_null();
}

/* QEMU pauses after a reset (-no-reboot -no-shutdown). From 9.1 on it also
 * does where isa-debug-exit ended it before: `quit` then gives the same code.
 */
static void on_event(struct engine *engine, const json_t *object)
{
    static const char quit[] = "{\"execute\": \"quit\"}\n";
    const char *event = json_string_value(json_object_get(object, "event"));
    const char *reason = json_string_value(
        json_object_get(json_object_get(object, "data"), "reason"));

    if (!event || !reason || strcmp(event, "SHUTDOWN") != 0) {
        return;
    }
    engine->running = false;
    if (strcmp(reason, "guest-reset") == 0) {
        engine->reset = true;
    } else if (strcmp(reason, "guest-shutdown") == 0 &&
               send(engine->qmp.fd, quit, sizeof(quit) - 1, MSG_NOSIGNAL) < 0) {
        engine->qmp.closed = true;
    }
}

void qemu_qmp_events(struct engine *engine)
{
    json_t *object;

    while ((object = next_object(&engine->qmp)) != NULL) {
        on_event(engine, object);
        json_decref(object);
    }
}

/* Waits for an object that has `key` (or "error"); null and *failure. */
static json_t *wait_for(struct engine *engine, const char *key,
                        struct failure *failure)
{
    struct qemu_qmp *qmp = &engine->qmp;
    int64_t until = now_ns() + ANSWER_NS;
    bool kicked = false;
    json_t *object;

    for (;;) {
        while ((object = next_object(qmp)) != NULL) {
            if (json_object_get(object, key) ||
                json_object_get(object, "error")) {
                goto out;
            }
            on_event(engine, object);
            json_decref(object);
        }
        if (qmp->closed) {
            (void)qemu_died(engine, failure);
            break;
        }
        if (now_ns() >= until || qmp->used == sizeof(qmp->buffer)) {
            (void)failure_set(failure, EXIT_HOST, "qemu: no answer on QMP");
            break;
        }
        kicked |= qemu_pump(engine, until - now_ns());
    }
out:
    if (kicked) {
        engine_kick(); /* it was for run(): hand it on */
    }
    return object;
}

/* Sends one command and returns its "return" value (to decref), or null. */
static json_t *command(struct engine *engine, const char *line,
                       struct failure *failure)
{
    json_t *answer, *value;
    size_t bytes = strlen(line);

    /* Commands are short and answered one by one: the socket has room. */
    if (send(engine->qmp.fd, line, bytes, MSG_NOSIGNAL) != (ssize_t)bytes &&
        errno != EPIPE && errno != ECONNRESET) {
        (void)failure_set(failure, EXIT_HOST, "qemu: QMP: %s", strerror(errno));
        return NULL;
    }
    answer = wait_for(engine, "return", failure);
    if (!answer) {
        return NULL;
    }
    value = json_incref(json_object_get(answer, "return"));
    if (!value) {
        const char *why = json_string_value(
            json_object_get(json_object_get(answer, "error"), "desc"));

        (void)failure_set(failure, EXIT_HOST, "qemu: QMP refused %s: %s", line,
                          why ? why : "no reason given");
    }
    json_decref(answer);
    return value;
}

static int simple(struct engine *engine, const char *line,
                  struct failure *failure)
{
    json_t *value = command(engine, line, failure);

    if (!value) {
        return -1;
    }
    json_decref(value);
    return 0;
}

int qemu_qmp_begin(struct engine *engine, struct failure *failure)
{
    json_t *greeting = wait_for(engine, "QMP", failure);

    if (!greeting) {
        return -1;
    }
    json_decref(greeting);
    return simple(engine, "{\"execute\": \"qmp_capabilities\"}\n", failure);
}

int qemu_qmp_stop(struct engine *engine, struct failure *failure)
{
    if (!engine->running) {
        return 0;
    }
    if (simple(engine, "{\"execute\": \"stop\"}\n", failure) < 0) {
        return -1;
    }
    engine->running = false;
    return 0;
}

int qemu_qmp_cont(struct engine *engine, struct failure *failure)
{
    if (engine->running) {
        return 0;
    }
    if (simple(engine, "{\"execute\": \"cont\"}\n", failure) < 0) {
        return -1;
    }
    engine->running = true;
    return 0;
}

/* The hex number after `name`, blanks and `=` in `info registers`. */
static bool find_register(const char *text, const char *name, uint64_t *out)
{
    size_t bytes = strlen(name);
    const char *at = text;

    while ((at = strstr(at, name)) != NULL) {
        const char *next = at + bytes + strspn(at + bytes, " ");

        if (*next == '=' && (at == text || strchr(" \n\r", at[-1]) != NULL)) {
            *out = strtoull(next + 1, NULL, 16);
            return true;
        }
        at += bytes;
    }
    return false;
}

/* In 32-bit code QEMU prints EAX.., in 64-bit code RAX... */
static bool find_either(const char *text, const char *name, uint64_t *out)
{
    char narrow[8];

    if (find_register(text, name, out)) {
        return true;
    }
    (void)snprintf(narrow, sizeof(narrow), "E%s", name + 1);
    return find_register(text, narrow, out);
}

/* The base in "GS =0010 0000000000000000 ..." and "GDT=     <base> <limit>":
 * the second number, and the first. */
static bool find_base(const char *text, const char *name, bool segment,
                      uint64_t *out)
{
    const char *at = strstr(text, name);
    char *end;

    if (!at) {
        return false;
    }
    *out = strtoull(at + strlen(name), &end, 16);
    if (segment) {
        *out = strtoull(end, &end, 16);
    }
    return true;
}

static bool find_bases(const char *text, struct engine_registers *out)
{
    return find_base(text, "FS =", true, &out->fs_base) &&
           find_base(text, "GS =", true, &out->gs_base) &&
           find_base(text, "GDT=", false, &out->gdt_base) &&
           find_base(text, "IDT=", false, &out->idt_base);
}

static int parse_registers(const char *text, struct engine_registers *out)
{
    static const char *const names[16] = {
        "RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI",
        "R8",  "R9",  "R10", "R11", "R12", "R13", "R14", "R15"};
    struct engine_registers r = {0};
    unsigned i;

    for (i = 0; i < 16; i++) {
        if (!find_either(text, names[i], &r.general[i]) && i < 8) {
            return -1;
        }
    }
    r.rsp = r.general[4];
    if (!find_either(text, "RIP", &r.rip) ||
        !find_either(text, "RFL", &r.rflags) ||
        !find_register(text, "CS", &r.cs) ||
        !find_register(text, "SS", &r.ss) ||
        !find_register(text, "CR0", &r.cr0) ||
        !find_register(text, "CR2", &r.cr2) ||
        !find_register(text, "CR3", &r.cr3) ||
        !find_register(text, "CR4", &r.cr4) ||
        !find_register(text, "EFER", &r.efer)) {
        return -1;
    }
    r.bases_known = find_bases(text, &r);
    *out = r;
    return 0;
}

int qemu_qmp_registers(struct engine *engine, struct engine_registers *out,
                       struct failure *failure)
{
    json_t *text =
        command(engine,
                "{\"execute\": \"human-monitor-command\", \"arguments\": "
                "{\"command-line\": \"info registers\"}}\n",
                failure);
    int rc = -1;

    if (!text) {
        return -1;
    }
    if (json_is_string(text)) {
        rc = parse_registers(json_string_value(text), out);
    }
    json_decref(text);
    if (rc < 0) {
        return failure_set(failure, EXIT_HOST,
                           "qemu: cannot read its `info registers`");
    }
    return 0;
}
