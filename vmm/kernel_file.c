/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "kernel_file.h"

#include "guards.h"
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define KERNEL_BYTES_MAX (64ll << 20) /* with what debuggers want */

static int fail(struct run *run, const char *why)
{
    failure_set(&run->failure, EXIT_USAGE, "cannot take the kernel %s: %s",
                run->options->kernel, why);
    failure_remedy(&run->failure, "--kernel wants an ELF file with a PVH note; "
                                  "without it the built-in kernel boots");
    run->exit_code = run_say_failure(&run->failure);
    return -1;
}

static const char *judge(int fd, struct stat *status)
{
    if (fstat(fd, status) < 0) {
        return strerror(errno);
    }
    if (!S_ISREG(status->st_mode)) {
        return "it is no regular file";
    }
    if (status->st_size == 0 || status->st_size > KERNEL_BYTES_MAX) {
        return "it is empty, or larger than 64 MiB";
    }
    return NULL;
}

int kernel_file_open(struct run *run)
{
    struct guards_kernel built_in = guards_kernel(run->options->without_guard);
    struct stat status;
    const char *why;
    int fd;

    run->kernel = built_in.elf;
    run->kernel_bytes = built_in.bytes;
    if (!run->options->kernel) {
        return 0;
    }
    fd = open(run->options->kernel, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    why = fd < 0 ? strerror(errno) : judge(fd, &status);
    if (!why) {
        run->kernel_bytes = (size_t)status.st_size;
        run->kernel_file =
            mmap(NULL, run->kernel_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
        if (run->kernel_file == MAP_FAILED) {
            run->kernel_file = NULL;
            why = strerror(errno);
        }
        run->kernel = run->kernel_file;
    }
    if (fd >= 0) {
        close(fd);
    }
    return why ? fail(run, why) : 0;
}

void kernel_file_free(struct run *run)
{
    if (run->kernel_file) {
        munmap(run->kernel_file, run->kernel_bytes);
    }
}
