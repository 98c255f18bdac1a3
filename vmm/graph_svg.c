/* SPDX-License-Identifier: Apache-2.0 */
/* The picture: graphviz's `dot` over two memory files, no shell, no pipe that
 * could fill. */
#define _GNU_SOURCE
#include "graph_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_THERE 127 /* as a shell says it */

/* The child: reads `in`, writes `out`. */
static void run_dot(int in, int out)
{
    if (lseek(in, 0, SEEK_SET) == 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1) {
        execlp("dot", "dot", "-Tsvg", (char *)NULL);
    }
    _exit(errno == ENOENT ? NOT_THERE : 126);
}

static int wait_dot(pid_t child, struct failure *failure)
{
    int status;

    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return failure_set(failure, EXIT_HOST, "cannot wait for dot: %s",
                               strerror(errno));
        }
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return 0;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_THERE) {
        failure_set(failure, EXIT_UNAVAILABLE,
                    "there is no program dot, which draws the SVG");
        failure_remedy(failure, "install graphviz (apt install graphviz), or "
                                "take --format dot");
        return -1;
    }
    return failure_set(failure, EXIT_HOST, "dot failed with status 0x%x",
                       (unsigned)status);
}

static int read_all(int fd, char **text, size_t *bytes, struct failure *failure)
{
    off_t end = lseek(fd, 0, SEEK_END);
    size_t have = 0;

    *text = end > 0 ? malloc((size_t)end) : NULL;
    while (*text && have < (size_t)end) {
        ssize_t more = pread(fd, *text + have, (size_t)end - have, (off_t)have);
        if (more <= 0) {
            free(*text);
            *text = NULL;
        } else {
            have += (size_t)more;
        }
    }
    *bytes = have;
    return *text ? 0
                 : failure_set(failure, EXIT_HOST, "dot drew nothing to read");
}

static int write_dot(const struct sharing *sharing, int fd,
                     struct failure *failure)
{
    int copy = dup(fd);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "w");

    if (!file) {
        if (copy >= 0) {
            close(copy);
        }
        return failure_set(failure, EXIT_HOST, "cannot write to dot: %s",
                           strerror(errno));
    }
    graph_dot(sharing, file);
    return fclose(file) == 0
               ? 0
               : failure_set(failure, EXIT_HOST, "cannot write to dot: %s",
                             strerror(errno));
}

static int draw(const struct sharing *sharing, int in, int out, char **svg,
                size_t *bytes, struct failure *failure)
{
    pid_t child;

    if (write_dot(sharing, in, failure) < 0) {
        return -1;
    }
    fflush(stdout);
    child = fork();
    if (child == 0) {
        run_dot(in, out);
    }
    if (child < 0) {
        return failure_set(failure, EXIT_HOST, "cannot start dot: %s",
                           strerror(errno));
    }
    return wait_dot(child, failure) < 0 ? -1
                                        : read_all(out, svg, bytes, failure);
}

int graph_svg(const struct sharing *sharing, char **svg, size_t *bytes,
              struct failure *failure)
{
    int in = memfd_create("ambit-dot", MFD_CLOEXEC);
    int out = memfd_create("ambit-svg", MFD_CLOEXEC);
    int result;

    if (in < 0 || out < 0) {
        result = failure_set(failure, EXIT_HOST, "cannot get a memory file: %s",
                             strerror(errno));
    } else {
        result = draw(sharing, in, out, svg, bytes, failure);
    }
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    return result;
}
