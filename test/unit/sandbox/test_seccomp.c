/* SPDX-License-Identifier: Apache-2.0 */
/* System calls off the list kill, those on it work. */
#define _GNU_SOURCE
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096u

static void do_socket(void)
{
    (void)socket(AF_UNIX, SOCK_STREAM, 0);
}

static void do_mmap_exec(void)
{
    (void)mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
               -1, 0);
}

static void do_mprotect_exec(void)
{
    void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)mprotect(page, PAGE, PROT_READ | PROT_EXEC);
}

static void do_memfd(void)
{
    (void)memfd_create("x", 0);
}

static void do_rename(void)
{
    (void)rename("/nonexistent/a", "/nonexistent/b");
}

static void do_unlink(void)
{
    (void)unlink("/nonexistent/a");
}

static void do_mkdir(void)
{
    (void)mkdir("/nonexistent/a/b", 0);
}

static void do_setuid(void)
{
    (void)syscall(SYS_setuid, getuid());
}

static void do_io_uring(void)
{
    (void)syscall(SYS_io_uring_setup, 0, NULL);
}

static void do_bpf(void)
{
    (void)syscall(SYS_bpf, 0, NULL, 0);
}

static void do_openat2(void)
{
    (void)syscall(SYS_openat2, -1, NULL, NULL, 0);
}

static void do_process_vm_writev(void)
{
    (void)syscall(SYS_process_vm_writev, getpid(), NULL, 0, NULL, 0, 0);
}

static void do_ioctl(void)
{
    int bytes;

    (void)ioctl(0, FIONREAD, &bytes);
}

static void do_tgkill(void)
{
    (void)syscall(SYS_tgkill, 1, 1, 0);
}

/* The 32-bit gate: 20 is getpid there. */
static void do_int80(void)
{
    long result = 20;

    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
}

static void do_x32(void)
{
    (void)syscall(0x40000000 | SYS_getpid);
}

static const struct forbidden forbidden[] = {
    {"socket", do_socket},
    {"mmap, executable", do_mmap_exec},
    {"mprotect, executable", do_mprotect_exec},
    {"memfd_create", do_memfd},
    {"rename", do_rename},
    {"unlink", do_unlink},
    {"mkdir", do_mkdir},
    {"setuid", do_setuid},
    {"io_uring_setup", do_io_uring},
    {"bpf", do_bpf},
    {"openat2", do_openat2},
    {"process_vm_writev", do_process_vm_writev},
    {"ioctl of another kind", do_ioctl},
    {"tgkill of another", do_tgkill},
    {"int 0x80", do_int80},
    {"x32", do_x32},
    {NULL, NULL}};

static int make_call(void *argument)
{
    ((const struct forbidden *)argument)->call();
    return 0;
}

static void each_kills(const struct forbidden *list)
{
    for (; list->name; list++) {
        struct forbidden one = *list;
        int free = child_run(false, make_call, &one);
        int confined = child_run(true, make_call, &one);

        /* int 0x80 faults where the host has no 32-bit system calls. */
        ck_assert_msg(child_exited(free, 0) || one.call == do_int80,
                      "%s, not confined: status %x", one.name, (unsigned)free);
        ck_assert_msg(child_killed(confined, SIGSYS) ||
                          (one.call == do_int80 && free == confined &&
                           !child_exited(free, 0)),
                      "%s, confined: status %x", one.name, (unsigned)confined);
    }
}

START_TEST(off_the_list_kills)
{
    each_kills(forbidden);
    each_kills(forbidden_here);
}
END_TEST

static int open_to_write(void *argument)
{
    (void)argument;
    errno = 0;
    return open("/dev/null", O_WRONLY) < 0 ? errno : 0;
}

START_TEST(nothing_is_opened)
{
    int status = child_run(true, open_to_write, NULL);

    ck_assert(child_exited(child_run(false, open_to_write, NULL), 0));
    ck_assert_msg(opening_is_refused ? child_exited(status, EACCES)
                                     : child_killed(status, SIGSYS),
                  "status %x", (unsigned)status);
}
END_TEST

static int by_value(const void *left, const void *right)
{
    return *(const int *)left - *(const int *)right;
}

/* What a run does late: memory of all sizes, sorting, clocks, output. */
static int be_usual(void *argument)
{
    int numbers[] = {3, 1, 2};
    struct timespec now;
    char *memory = malloc(100);

    (void)argument;
    for (size_t bytes = 1000; memory && bytes < (64u << 20); bytes *= 4) {
        char *more = realloc(memory, bytes);

        if (!more) {
            free(memory);
            return 1;
        }
        memory = more;
        memset(memory, 1, bytes);
    }
    free(memory);
    qsort(numbers, 3, sizeof(numbers[0]), by_value);
    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0 ||
        syscall(SYS_clock_gettime, CLOCK_REALTIME, &now) < 0 ||
        fprintf(stderr, "%d", numbers[0]) != 1 || fflush(NULL) != 0) {
        return 2;
    }
    return time(NULL) > 0 ? 42 : 3;
}

START_TEST(the_usual_works)
{
    int status = child_run(true, be_usual, NULL);

    ck_assert_msg(child_exited(status, 42), "status %x: %s", (unsigned)status,
                  child_text);
}
END_TEST

static int give_up(void *argument)
{
    (void)argument;
    abort();
}

/* A failed assertion is an abort, and has to look like one. */
START_TEST(abort_is_no_forbidden_call)
{
    int status = child_run(true, give_up, NULL);

    ck_assert_msg(child_killed(status, SIGABRT), "status %x", (unsigned)status);
}
END_TEST

static int tell(void *argument)
{
    struct sandbox_report report;
    struct failure failure;
    struct sandbox sandbox;

    (void)argument;
    sandbox_init(&sandbox);
    sandbox.tell = true;
    if (sandbox_apply(&sandbox, &report, &failure) < 0) {
        return 1;
    }
    do_socket();
    return 0;
}

START_TEST(tell_names_the_call_and_kills)
{
    int status = child_run(false, tell, NULL);

    ck_assert_msg(child_killed(status, SIGSYS), "status %x", (unsigned)status);
    ck_assert_msg(strstr(child_text, "41 (socket) is not on the list") != NULL,
                  "%s", child_text);
}
END_TEST

Suite *suite_seccomp(void)
{
    Suite *suite = suite_create("seccomp");
    TCase *tests = tcase_create("seccomp");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, off_the_list_kills);
    tcase_add_test(tests, nothing_is_opened);
    tcase_add_test(tests, the_usual_works);
    tcase_add_test(tests, abort_is_no_forbidden_call);
    tcase_add_test(tests, tell_names_the_call_and_kills);
    suite_add_tcase(suite, tests);
    return suite;
}
