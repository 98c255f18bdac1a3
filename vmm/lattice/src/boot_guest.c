/* SPDX-License-Identifier: Apache-2.0 */
/* One guest: a process of `ambit run`, and what it left. */
#define _GNU_SOURCE
#include "boot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_EXECUTED 126
#define TAIL_BYTES 700

/* In the child: only async-signal-safe calls from here to exec. */
_Noreturn static void become(const char *program, char *const *words,
                             const char *log, pid_t parent)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    /* Its own group: Ctrl-C is for us, who then end it. */
    (void)setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        null >= 0 && out >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0) {
        (void)execv(program, words);
    }
    _exit(NOT_EXECUTED);
}

/* The command line of a guest; it points into `texts`. */
struct words {
    char config[BOOT_PATH], json[BOOT_PATH], log[BOOT_PATH];
    char timeout[32], engine[8], guard[64];
    char *list[16];
};

static void fill_words(struct words *words, const struct boot_guest *guest,
                       const struct boot_folder *folder,
                       const struct lattice_boot *boot)
{
    static char ambit[] = "ambit", run[] = "run", quiet[] = "--quiet";
    static char engine[] = "--engine", json[] = "--json";
    static char timeout[] = "--timeout", loose[] = "--no-sandbox";
    static char guard[] = "--without-guard";
    char *list[] = {ambit,          run,  words->config, engine,
                    words->engine,  json, words->json,   timeout,
                    words->timeout, quiet};
    /* What a guest prints is wanted where it composes at run time. */
    size_t count = sizeof(list) / sizeof(list[0]) - boot->at_run_time;

    boot_path(folder, "guest-", guest->number, ".yaml", words->config);
    boot_path(folder, "guest-", guest->number, ".json", words->json);
    boot_path(folder, "guest-", guest->number, ".log", words->log);
    snprintf(words->engine, sizeof(words->engine), "%s", boot->engine);
    snprintf(words->timeout, sizeof(words->timeout), "%llums",
             (unsigned long long)(boot->timeout_ns / 1000000));
    memcpy(words->list, list, sizeof(list));
    if (boot->no_sandbox) {
        words->list[count++] = loose;
    }
    if (boot->without_guard) {
        snprintf(words->guard, sizeof(words->guard), "%s", boot->without_guard);
        words->list[count++] = guard;
        words->list[count++] = words->guard;
    }
    words->list[count] = NULL;
}

int boot_start(struct boot_guest *guest, const struct boot_folder *folder,
               const char *program, const struct lattice_boot *boot,
               struct failure *failure)
{
    struct words words = {0};
    pid_t parent = getpid();

    fill_words(&words, guest, folder, boot);
    guest->pid = fork();
    if (guest->pid == 0) {
        become(program, words.list, words.log, parent);
    }
    if (guest->pid < 0) {
        guest->pid = 0;
        return failure_set(failure, EXIT_HOST, "cannot start a guest: %s",
                           strerror(errno));
    }
    return 0;
}

static void read_tail(const struct boot_guest *guest,
                      const struct boot_folder *folder, char *out)
{
    char path[BOOT_PATH];
    FILE *log;
    size_t got = 0;

    boot_path(folder, "guest-", guest->number, ".log", path);
    log = fopen(path, "re");
    if (log) {
        if (fseek(log, -TAIL_BYTES, SEEK_END) < 0) {
            rewind(log);
        }
        got = fread(out, 1, TAIL_BYTES, log);
        fclose(log);
    }
    while (got && out[got - 1] == '\n') {
        got--;
    }
    out[got] = '\0';
}

static const char *observed(const json_t *domain, const char *key)
{
    const char *text = json_string_value(
        json_object_get(json_object_get(domain, "observations"), key));

    return text ? text : "";
}

/* Who handled the child's fault, or that nobody did. */
static enum lattice_finding handled(const json_t *domain)
{
    const char *handler = observed(domain, "handler");

    if (strcmp(handler, "parent") == 0) {
        return LATTICE_IS_PARENT;
    }
    if (strcmp(handler, "top") == 0) {
        return LATTICE_IS_ABOVE;
    }
    return !*handler && strcmp(observed(domain, "end"), "fault") == 0
               ? LATTICE_IS_NOBODY
               : LATTICE_IS_UNKNOWN;
}

static void judge_row(struct lattice_row *row, const json_t *domain)
{
    const char *found = observed(domain, "found");
    const char *spawn = observed(domain, "spawn");

    for (uint32_t i = 0; i < LATTICE_PROBES && found[i]; i++) {
        row->found[i] = (uint8_t)lattice_finding_of(found[i]);
    }
    row->found[LATTICE_CHILD_STACK] =
        (uint8_t)lattice_finding_of(*observed(domain, "stack"));
    row->found[LATTICE_FAULTS] = (uint8_t)handled(domain);
    row->tried =
        memcmp(row->found, row->judgement.predicted, LATTICE_PROBES) == 0
            ? LATTICE_MET
            : LATTICE_MISMATCH;
    if (*spawn) {
        snprintf(row->note, sizeof(row->note), "not started: %s", spawn);
    } else if (!*found) {
        snprintf(row->note, sizeof(row->note), "it reported nothing");
    }
}

static const json_t *domain_named(const json_t *results, const char *name)
{
    const json_t *domains = json_object_get(results, "domains");

    for (size_t i = 0; i < json_array_size(domains); i++) {
        const json_t *domain = json_array_get(domains, i);
        const char *own = json_string_value(json_object_get(domain, "name"));

        if (own && strcmp(own, name) == 0) {
            return domain;
        }
    }
    return NULL;
}

static void judge_rows(struct lattice_table *table,
                       const struct boot_guest *guest, const json_t *results)
{
    for (uint32_t i = 0; i < guest->count; i++) {
        struct lattice_row *row = &table->rows[guest->points[i]];
        char name[16];

        snprintf(name, sizeof(name), "c%u", i);
        judge_row(row, domain_named(results, name));
        table->tried++;
        table->mismatches += row->tried == LATTICE_MISMATCH;
    }
}

static void note_engine(struct lattice_table *table, const json_t *results)
{
    static const char *const names[] = {"kvm", "qemu"};
    const char *name = json_string_value(
        json_object_get(json_object_get(results, "engine"), "kind"));

    for (size_t i = 0; name && i < 2; i++) {
        if (strcmp(name, names[i]) == 0) {
            table->engine = names[i];
        }
    }
}

int boot_read(struct lattice_table *table, const struct boot_guest *guest,
              const struct boot_folder *folder, bool late,
              struct failure *failure)
{
    int exit_code =
        WIFEXITED(guest->status) ? WEXITSTATUS(guest->status) : EXIT_HOST;
    char path[BOOT_PATH], tail[TAIL_BYTES + 1];
    json_error_t error;
    json_t *results;

    boot_path(folder, "guest-", guest->number, ".json", path);
    results = json_load_file(path, 0, &error);
    if (results) {
        note_engine(table, results);
        if (late) {
            boot_late_read(table, guest, folder);
        } else {
            judge_rows(table, guest, results);
        }
        json_decref(results);
    }
    if (exit_code != EXIT_MET || !results) {
        read_tail(guest, folder, tail);
        exit_code = exit_code ? exit_code : EXIT_HOST;
        failure_set(failure, exit_code,
                    "a guest of %u points ended with %d:\n%s", guest->count,
                    exit_code, tail);
    }
    return exit_code;
}
