/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "gdb.h"

#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(struct run *run, const char *name, int error)
{
    failure_set(&run->failure, EXIT_HOST, "cannot write %s%s%s: %s",
                run->options->symbols, name ? "/" : "", name ? name : "",
                strerror(error));
    failure_remedy(&run->failure, "give --symbols a folder that you may write "
                                  "to");
    run->exit_code = run_say_failure(&run->failure);
    return -1;
}

static int write_file(struct run *run, int folder, const char *name,
                      const void *bytes, size_t count)
{
    const uint8_t *next = bytes;
    int fd =
        openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    while (fd >= 0 && count > 0) {
        ssize_t done = write(fd, next, count);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            int saved = done < 0 ? errno : EIO;

            close(fd);
            return fail(run, name, saved);
        }
        next += done;
        count -= (size_t)done;
    }
    return fd < 0 || close(fd) < 0 ? fail(run, name, errno) : 0;
}

/* "0-hello.elf": programs may have equal names in different folders. */
static void program_file(const struct image *image, uint32_t program, char *out,
                         size_t bytes)
{
    const char *name = image->programs[program].name;
    const char *slash = strrchr(name, '/');
    size_t count;

    name = slash ? slash + 1 : name;
    count = strlen(name);
    if (count > 4 && strcmp(name + count - 4, ".elf") == 0) {
        count -= 4;
    }
    snprintf(out, bytes, "%u-%.*s.elf", program, (int)count, name);
}

/* gdb takes quoted words with backslashes, as a shell does. */
static void quote(FILE *out, const char *folder, const char *name)
{
    fputc('"', out);
    for (; *folder; folder++) {
        if (*folder == '"' || *folder == '\\') {
            fputc('\\', out);
        }
        fputc(*folder, out);
    }
    fprintf(out, "/%s\"", name);
}

static void script(const struct run *run, const char *folder, FILE *out)
{
    const struct plan *plan = run->image->plan;
    char name[NAME_MAX + 1];

    fputs("# Written by `ambit run --symbols`: the kernel, and each program\n"
          "# where this config has it.\n"
          "set confirm off\nfile ",
          out);
    quote(out, folder, "kernel.elf");
    fputc('\n', out);
    for (uint32_t i = 0; i < plan->range_count; i++) {
        const struct plan_range *range = &plan->ranges[i];

        if (range->kind != PLAN_IMAGE ||
            range->object >= run->image->program_count) {
            continue;
        }
        const struct program *program = &run->image->programs[range->object];
        program_file(run->image, range->object, name, sizeof(name));
        fputs("add-symbol-file ", out);
        quote(out, folder, name);
        fprintf(
            out, " -o 0x%llx\n",
            (unsigned long long)(range->base - symbols_base(program->symbols)));
    }
    fputs("set confirm on\n", out);
}

static int write_script(struct run *run, int folder)
{
    char *path = realpath(run->options->symbols, NULL), *text = NULL;
    size_t bytes = 0;
    FILE *out = path ? open_memstream(&text, &bytes) : NULL;
    int result = -1;

    if (out) {
        script(run, path, out);
        result = fclose(out);
    }
    result = result == 0 ? write_file(run, folder, "symbols.gdb", text, bytes)
                         : fail(run, "symbols.gdb", errno);
    free(text);
    free(path);
    return result;
}

int gdb_symbols(struct run *run)
{
    char name[NAME_MAX + 1];
    int folder, result;

    if (!run->options->symbols) {
        return 0;
    }
    if (mkdir(run->options->symbols, 0777) < 0 && errno != EEXIST) {
        return fail(run, NULL, errno);
    }
    folder = open(run->options->symbols, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return fail(run, NULL, errno);
    }
    result =
        write_file(run, folder, "kernel.elf", run->kernel, run->kernel_bytes);
    for (uint32_t i = 0; result == 0 && i < run->image->program_count; i++) {
        program_file(run->image, i, name, sizeof(name));
        result = write_file(run, folder, name, run->image->programs[i].elf,
                            run->image->programs[i].elf_bytes);
    }
    result = result == 0 ? write_script(run, folder) : -1;
    close(folder);
    return result;
}
