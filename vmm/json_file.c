/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "json_file.h"

#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT (JSON_INDENT(2) | JSON_PRESERVE_ORDER)

static int write_stdout(const json_t *value, struct failure *failure)
{
    int error;

    errno = 0;
    if (json_dumpf(value, stdout, FORMAT) == 0 && fputc('\n', stdout) >= 0 &&
        fflush(stdout) == 0) {
        return 0;
    }
    error = errno ? errno : EIO;
    if (output_reader_left()) {
        return 0;
    }
    /* Said here, so that nobody says it again. */
    __fpurge(stdout);
    clearerr(stdout);
    return failure_set(failure, EXIT_HOST, "cannot write standard output: %s",
                       strerror(error));
}

static int write_file(const json_t *value, struct late_file *file,
                      struct failure *failure)
{
    char *text = json_dumps(value, FORMAT);
    int result;

    if (!text) {
        return failure_set(failure, EXIT_HOST, "cannot write %s: %s",
                           file->path, strerror(ENOMEM));
    }
    result = late_file_write(file, text, strlen(text), failure);
    free(text);
    if (result < 0 || late_file_write(file, "\n", 1, failure) < 0) {
        return -1;
    }
    return late_file_commit(file, failure);
}

int json_file_write_late(const json_t *value, struct late_file *file,
                         struct failure *failure)
{
    return file->path ? write_file(value, file, failure)
                      : write_stdout(value, failure);
}

int json_file_write(const json_t *value, const char *path,
                    struct failure *failure)
{
    struct late_file file = {0};
    int result;

    if (strcmp(path, "-") != 0 && late_file_open(&file, path, failure) < 0) {
        return -1;
    }
    result = json_file_write_late(value, &file, failure);
    late_file_drop(&file);
    return result;
}
