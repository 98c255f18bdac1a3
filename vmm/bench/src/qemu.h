/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU in PATH. */
#ifndef BENCH_QEMU_H
#define BENCH_QEMU_H

#include "folder.h"

#define QEMU_NAME "qemu-system-x86_64"

/* True if there is one. */
bool qemu_path(char path[FOLDER_PATH]);

#endif
