/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "output.h"

#include <poll.h>
#include <unistd.h>

/* Asked of the file itself: by the time that someone looks at the stream's
 * error flag, errno has long been something else. */
bool output_reader_left(void)
{
    struct pollfd stdout_file = {.fd = STDOUT_FILENO};

    return poll(&stdout_file, 1, 0) == 1 &&
           (stdout_file.revents & (POLLERR | POLLHUP));
}
