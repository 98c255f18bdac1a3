/* SPDX-License-Identifier: Apache-2.0 */
/* The KVM engine: /dev/kvm by raw ioctl. The only room with <linux/kvm.h>. */
#ifndef KVM_KVM_ENGINE_H
#define KVM_KVM_ENGINE_H

#include <host/engine.h>

extern const struct engine_ops kvm_engine;

#endif
