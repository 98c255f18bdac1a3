/* SPDX-License-Identifier: Apache-2.0 */
/* The QEMU engine: the same kernel and module under qemu-system-x86_64 TCG. */
#ifndef QEMU_QEMU_ENGINE_H
#define QEMU_QEMU_ENGINE_H

#include <host/engine.h>

extern const struct engine_ops qemu_engine;

#endif
