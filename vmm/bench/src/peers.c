/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "peers.h"

#include "child.h"
#include "privileged.h"
#include "qemu.h"

#include <host/sha256.h>
#include <stdlib.h>
#include <string.h>

#define TAIL_BYTES 400
#define WORDS_MAX 40u
#define OPTION_BYTES (2 * FOLDER_PATH + 16)
/* It counts and emulates as Ambit's own does (vmm/qemu), and has what Linux
 * needs. */
#define MACHINE                                                                \
    QEMU_NAME " -accel tcg -icount shift=0,sleep=off -cpu max -smp 1 -m 256M " \
              "-nodefaults -no-user-config -display none -no-reboot "          \
              "-serial stdio"
#define LINE_BYTES 256
#define KERNEL_LINE "console=ttyS0 quiet panic=-1 --"

static const char done[] = "peers: done";

/* What a run of the peers is made of. */
struct peers_run {
    enum bench_place place;
    struct bench_site *site;
    char program[FOLDER_PATH]; /* peers, or QEMU */
    char kernel[FOLDER_PATH], archive[FOLDER_PATH], line[LINE_BYTES];
    char out[FOLDER_PATH], err[FOLDER_PATH], counts[FOLDER_PATH], repeat[16];
};

/* The place is off, for the reason that its site has. */
static void miss(struct bench_work *work, const struct peers_run *run)
{
    run->site->wanted = false;
    rows_blank(work->table, run->place, NULL, run->site->reason);
}

static int write_program(struct bench_work *work, struct peers_run *run,
                         struct failure *failure)
{
    folder_file(&work->folder, "peers", "", run->program);
    return folder_write(&work->folder, "peers", work->options->peers,
                        work->options->peers_bytes, 0700, failure);
}

static int write_archive(struct bench_work *work, struct peers_run *run,
                         struct failure *failure)
{
    size_t bytes = 0;
    void *archive =
        peers_archive(work->options->peers, work->options->peers_bytes, &bytes);
    int result;

    if (!archive) {
        return failure_set(failure, EXIT_HOST, "no memory on the host");
    }
    folder_file(&work->folder, "peers.cpio", "", run->archive);
    result = folder_write(&work->folder, "peers.cpio", archive, bytes, 0600,
                          failure);
    free(archive);
    return result;
}

/* Whatever is needed. 0, or -1: the site says what is missing, or *failure. */
static int prepare(struct bench_work *work, struct peers_run *run,
                   struct failure *failure)
{
    folder_file(&work->folder, "peers-", bench_place_name(run->place),
                run->out);
    folder_file(&work->folder, "peers-err-", bench_place_name(run->place),
                run->err);
    privileged_file(work, "peers", run->counts);
    if (run->place == BENCH_HOST) {
        return write_program(work, run, failure);
    }
    if (!qemu_path(run->program)) {
        snprintf(run->site->reason, sizeof(run->site->reason),
                 "qemu: " QEMU_NAME " is not in PATH");
        snprintf(run->site->remedy, sizeof(run->site->remedy),
                 "sudo apt-get install qemu-system-x86");
        return -1;
    }
    if (peers_kernel(work->options->linux_file, run->kernel, run->site) < 0) {
        return -1;
    }
    return write_archive(work, run, failure);
}

/* SAMPLES OPERATION...: as words, or as the end of the kernel's line. */
static size_t add_operations(const struct bench_work *work,
                             struct peers_run *run, const char **words)
{
    size_t count = 0;

    snprintf(run->repeat, sizeof(run->repeat), "%u", work->options->repeat);
    words[count++] = run->repeat;
    for (unsigned i = 0; bench_operation(i); i++) {
        if (bench_has(bench_operation(i), true) &&
            bench_wants(work->options, bench_operation(i))) {
            words[count++] = bench_operation(i);
        }
    }
    snprintf(run->line, sizeof(run->line), KERNEL_LINE);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(run->line);

        snprintf(run->line + used, sizeof(run->line) - used, " %s", words[i]);
    }
    return count;
}

/* QEMU's words; `option` has room for the plugin's. */
static void machine_words(const struct bench_work *work,
                          const struct peers_run *run, char *fixed,
                          char *option, const char **words)
{
    size_t count = 0;
    char *rest = NULL;

    for (char *word = strtok_r(fixed, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    words[count++] = "-kernel";
    words[count++] = run->kernel;
    words[count++] = "-initrd";
    words[count++] = run->archive;
    words[count++] = "-append";
    words[count++] = run->line;
    if (!*work->privileged->reason) {
        snprintf(option, OPTION_BYTES, "%s,out=%s", work->privileged->plugin,
                 run->counts);
        words[count++] = "-plugin";
        words[count++] = option;
    }
    words[count] = NULL;
}

static int start(struct bench_work *work, struct peers_run *run,
                 struct failure *failure)
{
    char fixed[] = MACHINE, option[OPTION_BYTES];
    const char *words[WORDS_MAX] = {run->program};
    struct child child = {.program = run->program,
                          .words = (char *const *)(uintptr_t)words,
                          .out = run->out,
                          .err = run->err,
                          .timeout_ns = work->options->timeout_ns,
                          .interrupted = work->options->interrupted};

    (void)add_operations(work, run, words + 1);
    if (run->place == BENCH_LINUX) {
        machine_words(work, run, fixed, option, words);
    }
    return child_run(&child, failure);
}

/* Which Linux it was: `about SYSTEM RELEASE VERSION`. True if it got to its
 * end, too. */
static bool take_about(struct peers_run *run)
{
    FILE *file = fopen(run->out, "re");
    char *line = NULL;
    size_t room = 0;
    bool whole = false;

    while (file && getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strncmp(line, "about ", 6) == 0 && !run->site->engine) {
            run->site->engine = json_pack("{s:s}", "system", line + 6);
        }
        whole |= strcmp(line, done) == 0;
    }
    free(line);
    if (file) {
        fclose(file);
    }
    return whole;
}

/* The kernel's digest: which of many it was. */
static void note_kernel(struct peers_run *run)
{
    struct sha256 hash;
    uint8_t bytes[4096], digest[32];
    char text[65];
    size_t got;
    FILE *file = run->place == BENCH_LINUX ? fopen(run->kernel, "re") : NULL;

    if (!file || !run->site->engine) {
        if (file) {
            fclose(file);
        }
        return;
    }
    sha256_start(&hash);
    while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0) {
        sha256_take(&hash, bytes, got);
    }
    fclose(file);
    sha256_end(hash, digest);
    sha256_text(digest, text);
    (void)json_object_set_new(run->site->engine, "kernel",
                              json_string(run->kernel));
    (void)json_object_set_new(run->site->engine, "kernel_sha256",
                              json_string(text));
    (void)json_object_set_new(run->site->engine, "command_line",
                              json_string(run->line));
}

static int finish(struct bench_work *work, struct peers_run *run, int exit_code,
                  struct failure *failure)
{
    char tail[TAIL_BYTES], said[TAIL_BYTES];

    if (exit_code == EXIT_MET && take_about(run)) {
        run->site->usable = true;
        note_kernel(run);
        return guest_take_rows(work, run->place, run->out, run->counts,
                               failure);
    }
    child_tail(run->out, tail, sizeof(tail));
    child_tail(run->err, said, sizeof(said));
    if (!*failure->text) {
        failure_set(failure, EXIT_HOST, "bench: the peers on %s ended with %d",
                    bench_place_name(run->place), exit_code);
    }
    failure_remedy(failure, "what was said last: %s %s", tail, said);
    return -1;
}

void peers_measure(struct bench_work *work, enum bench_place place)
{
    struct peers_run run = {.place = place, .site = &work->table->sites[place]};
    struct failure failure = {0};
    int exit_code;

    if (!run.site->wanted || work->exit_code == EXIT_INTERRUPTED) {
        return;
    }
    if (work->options->progress) {
        work->options->progress(bench_place_text(place));
    }
    if (prepare(work, &run, &failure) < 0 && *run.site->reason) {
        miss(work, &run);
        return;
    }
    exit_code = *failure.text ? failure.exit_code : start(work, &run, &failure);
    if (*failure.text || finish(work, &run, exit_code, &failure) < 0) {
        rows_blank(work->table, place, NULL, "its run failed");
        work_note(work, failure.exit_code, &failure);
    }
}
