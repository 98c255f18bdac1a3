/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Set-up that fails. The linker puts __wrap_open and __wrap_ioctl before the
 * C library's (see CMakeLists.txt), so no host has to be broken for this.
 */
#define _GNU_SOURCE
#include "machine.h"
#include "test_kvm.h"
#include <errno.h>
#include <fcntl.h>
#include <kvm/kvm_engine.h>
#include <linux/kvm.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);

/* What to break; 0: nothing. */
static int open_error;          /* errno of open("/dev/kvm") */
static unsigned long answer_to; /* this ioctl... */
static int answer;              /* ...gives this */
static int answer_error;        /* or this errno */
static int missing_capability;
static int fail_at; /* this ioctl from now on fails: 1 is the next */
static int calls;   /* ioctls since the count began */

int __wrap_open(const char *path, int flags, ...)
{
    if (open_error && strcmp(path, "/dev/kvm") == 0) {
        errno = open_error;
        return -1;
    }
    return __real_open(path, flags, 0);
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
    va_list args;
    void *arg;

    va_start(args, request);
    arg = va_arg(args, void *);
    va_end(args);
    calls++;
    if (fail_at && calls == fail_at) {
        errno = EIO;
        return -1;
    }
    if (answer_to && request == answer_to) {
        errno = answer_error;
        return answer;
    }
    if (missing_capability && request == KVM_CHECK_EXTENSION &&
        (uintptr_t)arg == (uintptr_t)missing_capability) {
        return 0;
    }
    return __real_ioctl(fd, request, arg);
}

static struct machine machine;

/* open() must refuse with these words, this code, and leave nothing open. */
static void refused(int code, const char *text, const char *remedy)
{
    unsigned before;

    machine_make_tiny(&machine, &kvm_engine, TINY_HELLO);
    before = machine_descriptors();
    ck_assert_int_eq(machine_open(&machine), -1);
    ck_assert_int_eq(machine.failure.exit_code, code);
    ck_assert_msg(strstr(machine.failure.text, text) != NULL, "%s",
                  machine.failure.text);
    ck_assert_msg(strstr(machine.failure.remedy, remedy) != NULL, "%s",
                  machine.failure.remedy);
    ck_assert_uint_eq(machine_descriptors(), before);
    machine_free(&machine);
}

START_TEST(device_that_cannot_be_opened)
{
    struct engine_probe probe;

    open_error = ENOENT;
    refused(EXIT_UNAVAILABLE, "No such file", "modprobe");
    open_error = EACCES;
    refused(EXIT_UNAVAILABLE, "Permission denied", "usermod -aG kvm");
    kvm_engine.probe(&probe);
    ck_assert(!probe.usable);
    ck_assert_ptr_nonnull(strstr(probe.why, "Permission denied"));
    ck_assert_ptr_nonnull(strstr(probe.remedy, "usermod"));
    open_error = EBUSY;
    refused(EXIT_UNAVAILABLE, "busy", "stop the other");
    open_error = EMFILE;
    refused(EXIT_UNAVAILABLE, "Too many open files", "ls -l /dev/kvm");
}
END_TEST

/* The rest needs a /dev/kvm to begin with: anything that opens will do. */
static void with_any_device(void)
{
    int fd = __real_open("/dev/kvm", O_RDWR | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    (void)close(fd);
}

START_TEST(versions_and_capabilities)
{
    static const int needed[] = {KVM_CAP_USER_MEMORY, KVM_CAP_IMMEDIATE_EXIT,
                                 KVM_CAP_SPLIT_IRQCHIP};
    static const char *const names[] = {"KVM_CAP_USER_MEMORY",
                                        "KVM_CAP_IMMEDIATE_EXIT",
                                        "KVM_CAP_SPLIT_IRQCHIP"};
    unsigned i;

    with_any_device();
    answer_to = KVM_GET_API_VERSION;
    answer = 11;
    refused(EXIT_UNAVAILABLE, "API version 11, not 12", "Linux kernel");
    answer_to = 0;
    for (i = 0; i < 3; i++) {
        missing_capability = needed[i];
        refused(EXIT_UNAVAILABLE, names[i], "Linux kernel");
    }
}
END_TEST

START_TEST(processor_held_by_another)
{
    with_any_device();
    answer_to = KVM_CREATE_VM;
    answer = -1;
    answer_error = EBUSY;
    refused(EXIT_UNAVAILABLE, "virtual machine", "VirtualBox");
    answer_error = ENOMEM;
    refused(EXIT_HOST, "virtual machine", "memory");
}
END_TEST

/* Fail the first ioctl, then the second, until a set-up comes through. */
START_TEST(every_step_can_fail)
{
    bool opened = false;
    int step;

    with_any_device();
    for (step = 1; step < 100 && !opened; step++) {
        unsigned before;

        machine_make_tiny(&machine, &kvm_engine, TINY_HELLO);
        before = machine_descriptors();
        calls = 0;
        fail_at = step;
        opened = machine_open(&machine) == 0;
        fail_at = 0;
        if (!opened) {
            ck_assert_int_ne(machine.failure.exit_code, 0);
            ck_assert_int_gt((int)strlen(machine.failure.text), 10);
            ck_assert_uint_eq(machine_descriptors(), before);
        } else {
            ck_assert_int_eq(machine_run(&machine, 0), ENGINE_DOORBELL);
        }
        machine_free(&machine);
    }
    ck_assert(opened);
    ck_assert_int_gt(step, 10);
}
END_TEST

TCase *device_cases(void)
{
    TCase *cases = tcase_create("device");
    struct engine_probe probe;

    kvm_engine.probe(&probe);
    tcase_add_test(cases, device_that_cannot_be_opened);
    if (probe.usable) {
        tcase_add_test(cases, versions_and_capabilities);
        tcase_add_test(cases, processor_held_by_another);
        tcase_add_test(cases, every_step_can_fail);
    }
    return cases;
}
