/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The YAML front-end. An input is a config, then perhaps overrides: a byte
 * 0x1e begins one and ends what is before it.
 *
 * A config is either refused with at least one diagnostic or read without any;
 * what is read is printed resolved, loads again, and prints the same.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <config/config.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define OVERRIDES_MAX 4
#define SEPARATOR 0x1e

/* A file that never reaches a disk, by a name that config_load can open. */
struct file {
    int fd;
    char path[32];
};

static void file_write(struct file *file, const void *data, size_t size)
{
    if (file->fd <= 0) {
        file->fd = memfd_create("fuzz", MFD_CLOEXEC);
        FUZZ_CHECK(file->fd > 0);
        snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
    }
    FUZZ_CHECK(ftruncate(file->fd, 0) == 0);
    FUZZ_CHECK(pwrite(file->fd, data, size, 0) == (ssize_t)size);
}

/* Marks stand in the input, and texts end. */
static void judge_diagnostics(const struct diagnostics *diagnostics)
{
    for (uint32_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *d = &diagnostics->list[i];

        FUZZ_CHECK(d->mark.line == 0 || d->mark.column > 0);
        FUZZ_CHECK(strnlen(d->text, sizeof d->text) < sizeof d->text);
        FUZZ_CHECK(d->text[0] != '\0');
        for (const char *at = d->text; *at; at++) {
            FUZZ_CHECK((unsigned char)*at >= ' ' && *at != 0x7f);
        }
    }
}

static struct config *load(const struct file *file,
                           const struct config_override *overrides,
                           size_t count)
{
    static FILE *nowhere;
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    struct config *config =
        config_load(file->path, overrides, count, &diagnostics, &failure);

    FUZZ_CHECK(failure.exit_code == 0 || !config);
    FUZZ_CHECK((config != NULL) ==
               (diagnostics.count == 0 && failure.exit_code == 0));
    judge_diagnostics(&diagnostics);
    if (!nowhere) {
        nowhere = fopen("/dev/null", "w");
        FUZZ_CHECK(nowhere != NULL);
    }
    diagnostics_print(&diagnostics, nowhere);
    diagnostics_free(&diagnostics);
    return config;
}

static char *resolved(const struct config *config, size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);

    FUZZ_CHECK(out != NULL);
    config_print_resolved(config, out);
    FUZZ_CHECK(fclose(out) == 0);
    return text;
}

static void again(const struct config *config)
{
    static struct file file;
    size_t size, size_again;
    char *text = resolved(config, &size), *text_again;
    struct config *config_again;

    file_write(&file, text, size);
    config_again = load(&file, NULL, 0);
    FUZZ_CHECK(config_again != NULL);
    text_again = resolved(config_again, &size_again);
    FUZZ_CHECK(size == size_again && memcmp(text, text_again, size) == 0);
    config_free(config_again);
    free(text_again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct file file;
    struct config_override overrides[OVERRIDES_MAX];
    const uint8_t *end = size ? memchr(data, SEPARATOR, size) : NULL;
    char *rest = NULL, *next;
    struct config *config;
    size_t count = 0;

    file_write(&file, data, end ? (size_t)(end - data) : size);
    if (end) {
        rest = strndup((const char *)end + 1, size - (size_t)(end - data) - 1);
        FUZZ_CHECK(rest != NULL);
        next = rest;
        while (next && count < OVERRIDES_MAX) {
            overrides[count++].path_and_value =
                strsep(&next, (const char[]){SEPARATOR, '\0'});
        }
    }
    config = load(&file, overrides, count);
    if (config) {
        again(config);
    }
    config_free(config);
    free(rest);
    return 0;
}
