/* SPDX-License-Identifier: Apache-2.0 */
#include "dump.h"

#include "run.h"

#include <debug/core.h>
#include <errno.h>
#include <string.h>

static void tell(const struct run *run, const struct core_written *written)
{
    const struct options *options = run->options;

    if (options->quiet) {
        return;
    }
    fprintf(stderr,
            "ambit: the guest's end is in %s: %u runs of pages, %llu KiB of "
            "data%s. Look with\n",
            options->dump, written->runs,
            (unsigned long long)(written->data >> 10),
            written->cut ? " (not all: its page tables make no sense)" : "");
    if (options->symbols) {
        fprintf(stderr, "  gdb -x '%s/symbols.gdb' -ex 'core-file %s'\n",
                options->symbols, options->dump);
    } else {
        fprintf(stderr,
                "  gdb -c '%s'\n"
                "  (--symbols DIR gives it the kernel's and the programs' "
                "symbols)\n",
                options->dump);
    }
}

int dump_write(struct run *run, struct failure *failure)
{
    const struct guest_memory memory = {run->memory, run->config->memory_bytes};
    const struct panic *panic = &run->panic;
    struct core_request request = {
        .memory = &memory,
        .memory_fd = run->memory_fd,
        .threads = panic->ring3_known && !panic->in_ring3 ? 2 : 1,
        .thread = {panic->registers, panic->ring3},
    };
    struct core_written written;

    if (core_write(run->dump.fd, &request, &written) < 0) {
        failure_set(failure, EXIT_HOST, "cannot write %s: %s",
                    run->options->dump, strerror(errno));
        failure_remedy(failure, errno == ENOSPC
                                    ? "make room on that disk"
                                    : "--dump wants a file that can be "
                                      "written in any order");
        late_file_drop(&run->dump);
        return -1;
    }
    if (late_file_commit(&run->dump, failure) < 0) {
        return -1;
    }
    tell(run, &written);
    return 0;
}
