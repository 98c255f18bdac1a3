/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "engine_cases.h"
#include "machine.h"
#include <abi/boot.h>
#include <errno.h>
#include <qemu/qemu_engine.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct machine machine;

START_TEST(not_in_path)
{
    struct engine_probe probe;
    const char *const paths[] = {"", "/nonexistent", ":::", "/dev/null:/"};
    size_t i;

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        ck_assert_int_eq(setenv("PATH", paths[i], 1), 0);
        qemu_engine.probe(&probe);
        ck_assert(!probe.usable);
        ck_assert_ptr_nonnull(strstr(probe.why, "not in PATH"));
        ck_assert_ptr_nonnull(strstr(probe.remedy, "apt-get install"));
        machine_make_tiny(&machine, &qemu_engine, TINY_HELLO);
        ck_assert_int_eq(machine_open(&machine), -1);
        ck_assert_int_eq(machine.failure.exit_code, EXIT_UNAVAILABLE);
        machine_free(&machine);
    }
}
END_TEST

/* Puts a shell script in the place of QEMU; opening must fail. */
static void script_fails(const char *script, const char *words)
{
    char folder[] = "/tmp/unit-of-vmm-XXXXXX";
    char path[128];
    char search[256];
    FILE *file;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/qemu-system-x86_64", folder);
    file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_gt(fprintf(file, "#!/bin/bash\n%s\n", script), 0);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(path, 0700), 0);
    (void)snprintf(search, sizeof(search), "%s:/usr/bin:/bin", folder);
    ck_assert_int_eq(setenv("PATH", search, 1), 0);
    machine_make_tiny(&machine, &qemu_engine, TINY_HELLO);
    ck_assert_int_eq(machine_open(&machine), -1);
    (void)unlink(path);
    (void)rmdir(folder);
    ck_assert_int_eq(machine.failure.exit_code, EXIT_HOST);
    ck_assert_msg(strstr(machine.failure.text, words) != NULL,
                  "no \"%s\" in: %s", words, machine.failure.text);
    machine_free(&machine);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}

START_TEST(its_last_words_are_told)
{
    script_fails("echo no such accelerator >&2; exit 1",
                 "qemu: ended with code 1\nno such accelerator");
    script_fails("kill -SEGV $$", "ended by signal 11");
    script_fails("yes | head -c 1000000; exit 9", "ended with code 9\ny\ny");
}
END_TEST

START_TEST(nonsense_on_qmp_is_an_end)
{
    /* The fd of the QMP socket stands in the arguments. */
    script_fails("for a; do case $a in socket,id=qmp,fd=*) n=${a##*=};; esac; "
                 "done; eval \"echo nonsense >&$n\"; exit 3",
                 "ended with code 3");
}
END_TEST

START_TEST(registers_are_gone_with_it)
{
    struct engine_registers registers;

    machine_make_tiny(&machine, &qemu_engine, TINY_PANIC);
    ck_assert_int_eq(machine_open(&machine), 0);
    ck_assert_int_eq(machine_run(&machine, 20000), ENGINE_DONE);
    ck_assert_int_eq(qemu_engine.registers(machine.engine, &registers), -1);
    machine_free(&machine);
}
END_TEST

static void count_to_the_end(uint32_t *spins)
{
    machine_make_tiny(&machine, &qemu_engine, TINY_FLOOD);
    machine.options.icount = true;
    ck_assert_uint_eq(qemu_engine.boot_flags(&machine.options),
                      BOOT_FLAG_ICOUNT);
    ck_assert_msg(machine_open(&machine) == 0, "%s", machine.failure.text);
    *spins = 0;
    while (machine_run(&machine, 20000) == ENGINE_DOORBELL) {
        ++*spins;
    }
    ck_assert_int_eq(machine.result.event, ENGINE_DONE);
    machine_free(&machine);
}

START_TEST(runs_with_counts)
{
    uint32_t bells;

    count_to_the_end(&bells);
    ck_assert_uint_gt(bells, 0);
}
END_TEST

/* The pid of our only child, from /proc. */
static pid_t only_child(void)
{
    char path[64];
    FILE *file;
    int pid = 0;

    (void)snprintf(path, sizeof(path), "/proc/self/task/%d/children",
                   (int)getpid());
    file = fopen(path, "re");
    if (file) {
        if (fscanf(file, "%d", &pid) != 1) {
            pid = 0;
        }
        (void)fclose(file);
    }
    return pid;
}

/* In a process of its own: opens an engine, tells QEMU's pid, is killed. */
static void open_and_die(int tell)
{
    pid_t qemu;

    machine_make_tiny(&machine, &qemu_engine, TINY_SPIN);
    if (machine_open(&machine) < 0 ||
        machine_run(&machine, 50) != ENGINE_PAUSED) {
        _exit(1);
    }
    qemu = only_child();
    if (qemu == 0 || write(tell, &qemu, sizeof(qemu)) != sizeof(qemu)) {
        _exit(1);
    }
    (void)kill(getpid(), SIGKILL);
}

START_TEST(it_dies_with_us)
{
    int tell[2];
    pid_t qemu = 0;
    pid_t us;
    int tries;

    ck_assert_int_eq(pipe(tell), 0);
    us = fork();
    ck_assert_int_ge(us, 0);
    if (us == 0) {
        open_and_die(tell[1]);
    }
    ck_assert_int_eq(waitpid(us, NULL, 0), us);
    ck_assert_int_eq(read(tell[0], &qemu, sizeof(qemu)), sizeof(qemu));
    for (tries = 0; tries < 500 && kill(qemu, 0) == 0; tries++) {
        char path[64], state = 0;
        FILE *file;

        /* Where nobody reaps orphans, a zombie is dead enough. */
        (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)qemu);
        file = fopen(path, "re");
        if (!file || fscanf(file, "%*d %*s %c", &state) != 1) {
            state = 0;
        }
        if (file) {
            (void)fclose(file);
        }
        if (state == 'Z') {
            break;
        }
        (void)usleep(10000);
    }
    ck_assert_int_lt(tries, 500);
}
END_TEST

static TCase *process_cases(void)
{
    TCase *cases = tcase_create("process");

    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, its_last_words_are_told);
    tcase_add_test(cases, nonsense_on_qmp_is_an_end);
    tcase_add_test(cases, registers_are_gone_with_it);
    tcase_add_test(cases, runs_with_counts);
    tcase_add_test(cases, it_dies_with_us);
    return cases;
}

int main(void)
{
    int unusable = machine_unusable(&qemu_engine);
    TCase *missing = tcase_create("missing");
    Suite *suite = suite_create("qemu");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(missing, not_in_path);
    suite_add_tcase(suite, missing);
    if (!unusable) {
        suite_add_tcase(suite, engine_cases(&qemu_engine));
        suite_add_tcase(suite, process_cases());
    }
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : unusable;
}
