/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "tracing.h"

#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BUFFER (1u << 20)

static bool is_chrome(const char *path)
{
    size_t bytes = strlen(path);

    return bytes >= 5 && strcmp(path + bytes - 5, ".json") == 0;
}

static int write_record(void *to, const struct shared_record *record)
{
    return fwrite(record, sizeof(*record), 1, to) == 1 ? 0 : -1;
}

static int count_record(void *to, const struct shared_record *record)
{
    struct tracing *tracing = to;
    int result = tracing->chrome ? trace_chrome_record(tracing->chrome, record)
                                 : write_record(tracing->out, record);

    tracing->records += result == 0;
    return result;
}

static void name_domains(struct trace_about *about, const struct config *config)
{
    about->domain_count =
        config->domain_count < TRACE_NAMES ? config->domain_count : TRACE_NAMES;
    for (uint32_t i = 0; i < about->domain_count; i++) {
        snprintf(about->names[i], SHARED_NAME, "%s",
                 config->domains[i].name.text);
    }
}

static int open_form(struct tracing *tracing, const char *path)
{
    int fd = fcntl(tracing->file.fd, F_DUPFD_CLOEXEC, 0);

    tracing->out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!tracing->out) {
        return -1;
    }
    setvbuf(tracing->out, NULL, _IOFBF, BUFFER);
    if (is_chrome(path)) {
        tracing->chrome = trace_chrome_open(&tracing->about, tracing->out);
        return tracing->chrome ? 0 : -1;
    }
    return trace_file_head(fd, &tracing->about, 0);
}

int tracing_open(struct run *run)
{
    struct tracing *tracing = &run->tracing;
    const char *path = run->options->trace;

    if (!path) {
        return 0;
    }
    if (late_file_open(&tracing->file, path, &run->failure) < 0) {
        return -1;
    }
    name_domains(&tracing->about, run->config);
    tracing->about.instructions = run->options->icount;
    tracing->sink = (struct trace_sink){count_record, tracing};
    if (open_form(tracing, path) < 0) {
        failure_set(&run->failure, EXIT_HOST, "cannot write %s: %s", path,
                    strerror(errno));
        failure_remedy(&run->failure, is_chrome(path)
                                          ? "is there memory left?"
                                          : "--trace wants a file that can be "
                                            "written in any order");
        return -1;
    }
    return 0;
}

void tracing_confine(const struct run *run, struct sandbox *sandbox)
{
    late_file_confine(&run->tracing.file, sandbox);
    if (run->tracing.out) {
        sandbox_keep(sandbox, fileno(run->tracing.out));
    }
}

uint32_t tracing_records(const struct run *run)
{
    const struct options *options = run->options;

    if (options->trace) {
        return trace_records_for(run->config->memory_bytes);
    }
    return options->verbose || options->gdb || options->dump ? SHARED_EVENTS
                                                             : 0;
}

void tracing_drain(struct run *run)
{
    const struct guest_memory memory = {run->memory, run->config->memory_bytes};
    struct tracing *tracing = &run->tracing;

    if (tracing->out && !tracing->error &&
        trace_drain(&tracing->tap, &memory, &tracing->sink) < 0) {
        tracing->error = errno ? errno : EIO;
    }
}

static int finish_form(struct tracing *tracing)
{
    int result;

    tracing->about.lost = tracing->tap.lost;
    if (tracing->chrome) {
        result = trace_chrome_close(tracing->chrome, tracing->tap.lost);
        tracing->chrome = NULL;
    } else {
        result = fflush(tracing->out);
        if (result == 0) {
            result = trace_file_head(fileno(tracing->out), &tracing->about,
                                     tracing->records);
        }
    }
    if (result == 0 && tracing->error) {
        errno = tracing->error;
        result = -1;
    }
    return result;
}

static void tell(const struct run *run)
{
    const struct tracing *tracing = &run->tracing;

    if (run->options->quiet) {
        return;
    }
    fprintf(stderr, "ambit: %llu trace records are in %s",
            (unsigned long long)tracing->records, run->options->trace);
    if (tracing->tap.lost) {
        fprintf(stderr, "; %llu found no room and are lost",
                (unsigned long long)tracing->tap.lost);
    }
    fputs(tracing->tap.broken
              ? "; then the ring made no sense, and no more was taken\n"
              : "\n",
          stderr);
}

int tracing_write(struct run *run, struct failure *failure)
{
    struct tracing *tracing = &run->tracing;

    if (finish_form(tracing) < 0) {
        failure_set(failure, EXIT_HOST, "cannot write %s: %s",
                    run->options->trace, strerror(errno));
        failure_remedy(failure, errno == ENOSPC ? "make room on that disk"
                                                : "--trace wants a file that "
                                                  "can be written");
        late_file_drop(&tracing->file);
        return -1;
    }
    if (late_file_commit(&tracing->file, failure) < 0) {
        return -1;
    }
    tell(run);
    return 0;
}

void tracing_free(struct run *run)
{
    struct tracing *tracing = &run->tracing;

    if (tracing->chrome) { /* a run that did not come to its end */
        (void)trace_chrome_close(tracing->chrome, 0);
    }
    if (tracing->out) {
        fclose(tracing->out);
    }
    late_file_drop(&tracing->file);
}
