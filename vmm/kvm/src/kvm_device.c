/* SPDX-License-Identifier: Apache-2.0 */
/* /dev/kvm: is it there, may we, and does it offer what we need. */
#define _GNU_SOURCE
#include "kvm_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEVICE "/dev/kvm"
#define OR_QEMU ", or run with --engine qemu"

struct need {
    int capability;
    const char *name;
};

static int open_failed(int error, struct failure *failure)
{
    (void)failure_set(failure, EXIT_UNAVAILABLE,
                      "kvm: cannot open " DEVICE ": %s", strerror(error));
    switch (error) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
        failure_remedy(failure,
                       "switch virtualisation on in the firmware and load the "
                       "module (sudo modprobe kvm_intel, or kvm_amd)" OR_QEMU);
        break;
    case EACCES:
    case EPERM:
        failure_remedy(failure,
                       "join the group that owns it (sudo usermod -aG kvm "
                       "$USER, then log in again); where no group may use it, "
                       "sudo setfacl -m u:$USER:rw " DEVICE ", or for good a "
                       "udev rule with GROUP=\"kvm\", MODE=\"0660\"" OR_QEMU);
        break;
    case EBUSY:
        failure_remedy(failure, "stop the other virtual machine monitor that "
                                "holds it" OR_QEMU);
        break;
    default:
        failure_remedy(failure, "see what `ls -l " DEVICE "` says" OR_QEMU);
    }
    return -1;
}

int kvm_device_failed(int error, const char *what, struct failure *failure)
{
    int code = error == ENOMEM ? EXIT_HOST : EXIT_UNAVAILABLE;

    (void)failure_set(failure, code, "kvm: %s: %s", what, strerror(error));
    switch (error) {
    case EBUSY:
        failure_remedy(failure,
                       "another virtual machine monitor (VirtualBox, VMware) "
                       "holds the processor: stop it" OR_QEMU);
        break;
    case ENOMEM:
        failure_remedy(failure, "free some memory, or give the guest less: "
                                "machine: {memory: ...} in the config");
        break;
    default:
        failure_remedy(failure,
                       "see what the host kernel says (sudo dmesg)" OR_QEMU);
    }
    return -1;
}

static int check_version(int kvm, struct failure *failure)
{
    int version = ioctl(kvm, KVM_GET_API_VERSION, 0);

    if (version == KVM_API_VERSION) {
        return 0;
    }
    if (version < 0) {
        (void)failure_set(failure, EXIT_UNAVAILABLE,
                          "kvm: " DEVICE " is not KVM: %s", strerror(errno));
    } else {
        (void)failure_set(failure, EXIT_UNAVAILABLE,
                          "kvm: " DEVICE " speaks API version %d, not %d",
                          version, KVM_API_VERSION);
    }
    failure_remedy(failure, "use a Linux kernel of 4.13 or later" OR_QEMU);
    return -1;
}

static int check_capabilities(int kvm, struct failure *failure)
{
    static const struct need needs[] = {
        {KVM_CAP_USER_MEMORY, "KVM_CAP_USER_MEMORY"},
        {KVM_CAP_IMMEDIATE_EXIT, "KVM_CAP_IMMEDIATE_EXIT"},
        {KVM_CAP_SPLIT_IRQCHIP, "KVM_CAP_SPLIT_IRQCHIP"},
    };
    size_t i;

    for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (ioctl(kvm, KVM_CHECK_EXTENSION, needs[i].capability) <= 0) {
            (void)failure_set(failure, EXIT_UNAVAILABLE,
                              "kvm: " DEVICE " lacks %s", needs[i].name);
            failure_remedy(failure,
                           "use a Linux kernel of 4.13 or later" OR_QEMU);
            return -1;
        }
    }
    return 0;
}

int kvm_device_open(struct failure *failure)
{
    int kvm = open(DEVICE, O_RDWR | O_CLOEXEC);

    if (kvm < 0) {
        return open_failed(errno, failure);
    }
    if (check_version(kvm, failure) < 0 ||
        check_capabilities(kvm, failure) < 0) {
        (void)close(kvm);
        return -1;
    }
    return kvm;
}
