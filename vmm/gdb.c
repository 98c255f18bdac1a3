/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "gdb.h"

#include "run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_at(struct sockaddr_in *address)
{
    socklen_t bytes = sizeof(*address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1, saved;

    if (fd < 0) {
        return -1;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
        bind(fd, (struct sockaddr *)address, bytes) == 0 &&
        listen(fd, 1) == 0 &&
        getsockname(fd, (struct sockaddr *)address, &bytes) == 0) {
        return fd;
    }
    saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

int gdb_open(struct run *run)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(run->options->gdb_port),
        .sin_addr = {htonl(INADDR_LOOPBACK)},
    };
    int fd;

    if (!run->options->gdb) {
        return 0;
    }
    fd = listen_at(&address);
    if (fd < 0) {
        failure_set(&run->failure, EXIT_HOST, "cannot listen on port %u: %s",
                    run->options->gdb_port, strerror(errno));
        failure_remedy(&run->failure, "take another port, or --gdb 0 for any "
                                      "that is free");
        run->exit_code = run_say_failure(&run->failure);
        return -1;
    }
    run->engine_options.gdb_fd = fd;
    run->gdb_port = ntohs(address.sin_port);
    return 0;
}

void gdb_tell(struct run *run)
{
    const char *symbols = run->options->symbols;

    if (!run->options->gdb) {
        return;
    }
    close(run->engine_options.gdb_fd);
    run->engine_options.gdb_fd = 0;
    fputs("ambit: the guest stands before its first instruction; --timeout "
          "and pauses are off. Connect with\n",
          stderr);
    if (symbols) {
        fprintf(stderr,
                "  gdb -x '%s/symbols.gdb' -ex 'target remote "
                "127.0.0.1:%u'\n",
                symbols, run->gdb_port);
    } else {
        fprintf(stderr,
                "  gdb -ex 'target remote 127.0.0.1:%u'\n"
                "  (--symbols DIR gives it the kernel's and the programs' "
                "symbols)\n",
                run->gdb_port);
    }
}
