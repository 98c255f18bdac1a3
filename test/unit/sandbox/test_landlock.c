/* SPDX-License-Identifier: Apache-2.0 */
/* Landlock alone, without the filter that would come first. Where the host has
 * none, that is what its layer has to say, with the reason. */
#define _GNU_SOURCE
#include "child.h"
#include "sandbox_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What one try under a ruleset is. */
struct
try {
    bool signals, read_files;
    int fd;                   /* open from before */
    int (*act)(struct try *); /* 0 or an error number */
};

static int abi(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
}

static int restricted(void *argument)
{
    struct try *try = argument;
    struct sandbox sandbox = {.signals = try->signals,
                              .read_files = try->read_files};
    struct sandbox_layer layer;
    struct failure failure;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        sandbox__landlock(&sandbox, &layer, &failure) < 0 ||
        layer.state != SANDBOX_APPLIED) {
        return 255;
    }
    return try->act(try);
}

static int free_of_it(void *argument)
{
    struct try *try = argument;

    return try->act(try);
}

static int read_outside(struct try *try)
{
    (void)try;
    return open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}

static int write_outside(struct try *try)
{
    (void)try;
    return open("/dev/null", O_WRONLY) < 0 ? errno : 0;
}

static int write_open(struct try *try)
{
    return write(try->fd, "x", 1) == 1 && ftruncate(try->fd, 5) == 0 ? 0
                                                                     : errno;
}

static int signal_outside(struct try *try)
{
    (void)try;
    return kill(getppid(), 0) < 0 ? errno : 0;
}

static int connect_outside(struct try *try)
{
    const struct sockaddr_in nobody = {.sin_family = AF_INET,
                                       .sin_port = htons(1),
                                       .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    (void)try;
    (void)connect(fd, (const struct sockaddr *)&nobody, sizeof(nobody));
    return errno == EACCES ? EACCES : 0;
}

static void expect(struct try try, int error)
{
    int status = child_run(false, free_of_it, &try);

    ck_assert_msg(child_exited(status, 0), "without: status %x",
                  (unsigned)status);
    status = child_run(false, restricted, &try);
    ck_assert_msg(child_exited(status, error), "with: status %x, wanted %d",
                  (unsigned)status, error);
}

START_TEST(files_outside_are_denied)
{
    expect((struct try){.act = read_outside}, EACCES);
    expect((struct try){.act = write_outside}, EACCES);
    expect((struct try){.read_files = true, .act = read_outside}, 0);
    expect((struct try){.read_files = true, .act = write_outside}, EACCES);
}
END_TEST

START_TEST(what_is_open_stays_usable)
{
    int fd = memfd_create("before", 0);

    expect((struct try){.fd = fd, .act = write_open}, 0);
    close(fd);
}
END_TEST

START_TEST(others_are_out_of_reach)
{
    expect((struct try){.act = signal_outside}, abi() >= 6 ? EPERM : 0);
    expect((struct try){.signals = true, .act = signal_outside}, 0);
    expect((struct try){.act = connect_outside}, abi() >= 4 ? EACCES : 0);
}
END_TEST

START_TEST(absence_is_told)
{
    struct sandbox sandbox = {0};
    struct sandbox_layer layer;
    struct failure failure;

    ck_assert_int_eq(sandbox__landlock(&sandbox, &layer, &failure), 0);
    ck_assert_int_eq(layer.state, SANDBOX_UNAVAILABLE);
    ck_assert_str_ne(layer.detail, "");
}
END_TEST

Suite *suite_landlock(void)
{
    Suite *suite = suite_create("landlock");
    TCase *tests = tcase_create("landlock");

    if (abi() > 0) {
        tcase_add_test(tests, files_outside_are_denied);
        tcase_add_test(tests, what_is_open_stays_usable);
        tcase_add_test(tests, others_are_out_of_reach);
    } else {
        puts("this host has no Landlock: only that is tested");
        tcase_add_test(tests, absence_is_told);
    }
    suite_add_tcase(suite, tests);
    return suite;
}
