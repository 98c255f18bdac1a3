/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>
#include <trace/trace.h>
#include <unistd.h>

#define VERSION 1u

static const char magic[8] = "AMBITTR";

/* A page; records follow. Little-endian, as the guest is. */
struct head {
    char magic[8];
    uint32_t version, record_bytes;
    uint64_t records, lost;
    uint32_t instructions, domain_count;
    char names[TRACE_NAMES][SHARED_NAME];
    uint8_t reserved[4096 - 40 - TRACE_NAMES * SHARED_NAME];
};
_Static_assert(sizeof(struct head) == 4096, "a page");

int trace_file_head(int fd, const struct trace_about *about, uint64_t records)
{
    struct head head = {
        .version = VERSION,
        .record_bytes = sizeof(struct shared_record),
        .records = records,
        .lost = about->lost,
        .instructions = about->instructions,
        .domain_count = about->domain_count,
    };
    ssize_t wrote;

    memcpy(head.magic, magic, sizeof(magic));
    memcpy(head.names, about->names, sizeof(head.names));
    if (lseek(fd, 0, SEEK_SET) < 0) {
        return -1;
    }
    wrote = write(fd, &head, sizeof(head));
    if (wrote >= 0 && wrote != (ssize_t)sizeof(head)) {
        errno = ENOSPC;
    }
    return wrote == (ssize_t)sizeof(head) ? 0 : -1;
}

static int refuse(struct trace_file *file, const char *path, const char *why,
                  struct failure *failure)
{
    trace_file_close(file);
    failure_set(failure, EXIT_USAGE, "%s %s", path, why);
    failure_remedy(failure, "'ambit run CONFIG --trace FILE.bin' writes one");
    return -1;
}

int trace_file_open(struct trace_file *file, const char *path,
                    struct failure *failure)
{
    struct head head;

    memset(file, 0, sizeof(*file));
    file->file = fopen(path, "rbe");
    if (!file->file) {
        failure_set(failure, EXIT_USAGE, "cannot read %s: %s", path,
                    strerror(errno));
        return -1;
    }
    if (fread(&head, sizeof(head), 1, file->file) != 1 ||
        memcmp(head.magic, magic, sizeof(magic)) != 0) {
        return refuse(file, path, "is no trace", failure);
    }
    if (head.version != VERSION ||
        head.record_bytes != sizeof(struct shared_record) ||
        head.domain_count > TRACE_NAMES) {
        return refuse(file, path, "is a trace of another version", failure);
    }
    file->records = head.records;
    file->about.lost = head.lost;
    file->about.instructions = head.instructions != 0;
    file->about.domain_count = head.domain_count;
    memcpy(file->about.names, head.names, sizeof(head.names));
    for (uint32_t i = 0; i < TRACE_NAMES; i++) {
        file->about.names[i][SHARED_NAME - 1] = '\0';
    }
    return 0;
}

int trace_file_next(struct trace_file *file, struct shared_record *out,
                    struct failure *failure)
{
    if (file->records == 0) {
        return 0;
    }
    if (fread(out, sizeof(*out), 1, file->file) != 1) {
        failure_set(failure, EXIT_USAGE,
                    "the trace ends before its time: %llu records are missing",
                    (unsigned long long)file->records);
        return -1;
    }
    file->records--;
    return 1;
}

void trace_file_close(struct trace_file *file)
{
    if (file->file) {
        fclose(file->file);
    }
    file->file = NULL;
}
