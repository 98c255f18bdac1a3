/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "engine_cases.h"
#include "machine.h"
#include <abi/boot.h>
#include <abi/hostcall.h>
#include <abi/layout.h>
#include <abi/shared.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>

#define RINGS 1000u
#define LIMIT_MS 20000u

static const struct engine_ops *ops;
static struct machine machine;
static volatile sig_atomic_t alarms;

/* Opens and expects it to work. */
static void begin(enum tiny tiny)
{
    machine_make_tiny(&machine, ops, tiny);
    ck_assert_msg(machine_open(&machine) == 0, "%s", machine.failure.text);
}

static enum engine_event run(unsigned ms)
{
    return machine_run(&machine, ms);
}

START_TEST(hello_rings_and_ends)
{
    begin(TINY_HELLO);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DOORBELL);
    ck_assert_uint_eq(machine.result.value, HOSTCALL_PHASE);
    ck_assert_uint_eq(*machine_word(&machine, ABI_SHARED_PHYS), SHARED_MAGIC);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DONE);
    ck_assert_uint_eq(machine.result.value, HOSTCALL_EXIT_DONE);
    machine_free(&machine);
}
END_TEST

START_TEST(panic_is_told)
{
    begin(TINY_PANIC);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DONE);
    ck_assert_uint_eq(machine.result.value, HOSTCALL_EXIT_PANIC);
    machine_free(&machine);
}
END_TEST

static void fails_with(enum tiny tiny, const char *words)
{
    begin(tiny);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_FAILED);
    ck_assert_int_eq(machine.result.failure.exit_code, EXIT_HOST);
    ck_assert_msg(strstr(machine.result.failure.text, words) != NULL,
                  "no \"%s\" in: %s", words, machine.result.failure.text);
    /* guest.inc claims that domain 5 was running. */
    ck_assert_msg(strstr(machine.result.failure.text, "domain 5") != NULL, "%s",
                  machine.result.failure.text);
    machine_free(&machine);
}

START_TEST(unknown_exit_value_fails)
{
    fails_with(TINY_BAD_EXIT, "");
}
END_TEST

START_TEST(triple_fault_fails)
{
    fails_with(TINY_TRIPLE_FAULT, "triple fault");
}
END_TEST

/* lidt no_table, ud2: RIP stands there, and nothing was reset. */
START_TEST(triple_fault_leaves_registers)
{
    struct engine_registers registers;

    begin(TINY_TRIPLE_FAULT);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_FAILED);
    ck_assert_int_eq(ops->registers(machine.engine, &registers), 0);
    ck_assert_uint_ge(registers.rip, 0x300000);
    ck_assert_uint_lt(registers.rip, 0x301000);
    ck_assert_uint_eq(registers.cr0 & 0x80000001, 1);
    ck_assert(registers.bases_known);
    ck_assert_uint_eq(registers.idt_base, 0);
    /* Asking again changes nothing. */
    ck_assert_int_eq(ops->registers(machine.engine, &registers), 0);
    ck_assert_uint_ge(registers.rip, 0x300000);
    machine_free(&machine);
}
END_TEST

static void pauses_in_time(void)
{
    uint64_t before = machine_now_ns();
    uint64_t spent;

    ck_assert_int_eq(run(100), ENGINE_PAUSED);
    spent = (machine_now_ns() - before) / 1000000;
    ck_assert_uint_ge(spent, 100);
    ck_assert_uint_lt(spent, 2000);
}

START_TEST(spinning_guest_pauses_and_stands_still)
{
    struct engine_registers registers;
    uint32_t counted;

    begin(TINY_SPIN);
    pauses_in_time();
    counted = *machine_word(&machine, MACHINE_OUTPUT);
    ck_assert_uint_gt(counted, 0);
    ck_assert_int_eq(ops->registers(machine.engine, &registers), 0);
    ck_assert_uint_ge(registers.rip, 0x300000);
    ck_assert_uint_lt(registers.rip, 0x301000);
    ck_assert_uint_eq(registers.cr0 & 0x80000001, 1);
    ck_assert_uint_eq(registers.cr3, 0);
    ck_assert_uint_eq(*machine_word(&machine, MACHINE_OUTPUT), counted);
    pauses_in_time();
    ck_assert_uint_ne(*machine_word(&machine, MACHINE_OUTPUT), counted);
    machine_free(&machine);
}
END_TEST

START_TEST(halted_guest_pauses)
{
    begin(TINY_HALT);
    pauses_in_time();
    pauses_in_time();
    machine_free(&machine);
}
END_TEST

START_TEST(deadline_in_the_past_pauses)
{
    begin(TINY_SPIN);
    ops->run(machine.engine, 1, &machine.result);
    ck_assert_int_eq(machine.result.event, ENGINE_PAUSED);
    ops->run(machine.engine, 1, &machine.result);
    ck_assert_int_eq(machine.result.event, ENGINE_PAUSED);
    machine_free(&machine);
}
END_TEST

START_TEST(deadline_is_forgotten_by_the_next_run)
{
    begin(TINY_RING);
    ops->run(machine.engine, machine_now_ns() + 50000000, &machine.result);
    ck_assert_int_eq(machine.result.event, ENGINE_DOORBELL);
    /* The guest waits for an answer: only the new deadline can end this. */
    ops->run(machine.engine, machine_now_ns() + 300000000, &machine.result);
    ck_assert_int_eq(machine.result.event, ENGINE_PAUSED);
    machine_free(&machine);
}
END_TEST

static void on_alarm(int number)
{
    (void)number;
    alarms++;
    engine_kick();
}

static void alarm_in(long us)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval when = {.it_value = {.tv_usec = us}};

    alarms = 0;
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &when, NULL), 0);
}

START_TEST(signal_ends_the_run)
{
    begin(TINY_SPIN);
    alarm_in(50000);
    ck_assert_int_eq(run(0), ENGINE_SIGNAL);
    ck_assert_int_eq(alarms, 1);
    machine_free(&machine);
}
END_TEST

START_TEST(kick_before_the_run_is_not_lost)
{
    begin(TINY_SPIN);
    engine_kick();
    ck_assert_int_eq(run(0), ENGINE_SIGNAL);
    pauses_in_time();
    machine_free(&machine);
}
END_TEST

START_TEST(kick_without_an_engine_does_nothing)
{
    engine_kick();
    begin(TINY_HELLO);
    machine_free(&machine);
    engine_kick();
}
END_TEST

START_TEST(kick_keeps_errno)
{
    int i;

    begin(TINY_SPIN);
    for (i = 0; i < 3; i++) {
        errno = ERANGE;
        engine_kick();
        ck_assert_int_eq(errno, ERANGE);
    }
    machine_free(&machine);
}
END_TEST

/* Many signals at random moments of many entries: none may be lost. */
START_TEST(no_signal_is_lost)
{
    int round;

    begin(TINY_SPIN);
    for (round = 0; round < 200; round++) {
        alarm_in(1 + round * 7 % 300);
        while (run(0) == ENGINE_SIGNAL && alarms == 0) {
        }
        ck_assert_int_eq(machine.result.event, ENGINE_SIGNAL);
        ck_assert_int_eq(alarms, 1);
    }
    machine_free(&machine);
}
END_TEST

START_TEST(each_doorbell_arrives_at_once)
{
    uint32_t count;

    begin(TINY_RING);
    for (count = 1; count <= RINGS; count++) {
        ck_assert_int_eq(run(LIMIT_MS), ENGINE_DOORBELL);
        ck_assert_uint_eq(machine.result.value, HOSTCALL_CONSOLE);
        ck_assert_uint_eq(*machine_word(&machine, MACHINE_OUTPUT), count);
        *machine_word(&machine, MACHINE_OUTPUT + 4) = count;
    }
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DONE);
    machine_free(&machine);
}
END_TEST

START_TEST(flood_of_doorbells_passes)
{
    unsigned bells = 0;

    begin(TINY_FLOOD);
    while (run(LIMIT_MS) == ENGINE_DOORBELL) {
        bells++;
    }
    ck_assert_int_eq(machine.result.event, ENGINE_DONE);
    ck_assert_uint_gt(bells, 0);
    machine_free(&machine);
}
END_TEST

START_TEST(registers_between_doorbells)
{
    struct engine_registers registers;

    begin(TINY_RING);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DOORBELL);
    ck_assert_int_eq(ops->registers(machine.engine, &registers), 0);
    ck_assert_uint_eq(registers.general[1], 1);
    *machine_word(&machine, MACHINE_OUTPUT + 4) = 1;
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DOORBELL);
    ck_assert_uint_eq(*machine_word(&machine, MACHINE_OUTPUT), 2);
    machine_free(&machine);
}
END_TEST

/* What the guest copied: the PVH structures as it found them. */
struct start {
    struct pvh_start_info info;
    struct pvh_module module;
    struct pvh_memmap_entry memmap[16];
};

static uint64_t usable(const struct start *start)
{
    uint64_t bytes = 0;
    uint32_t i;

    for (i = 0; i < start->info.memmap_entries; i++) {
        if (start->memmap[i].type == PVH_MEMMAP_RAM) {
            bytes += start->memmap[i].size;
        }
    }
    return bytes;
}

static void check_start(uint64_t memory_bytes)
{
    struct start start;
    uint64_t module_at;

    machine_make(&machine, ops, "tiny", memory_bytes);
    *machine_word(&machine, MACHINE_INPUT) = TINY_START;
    ck_assert_int_eq(
        engine_module_place(&machine.guest, &module_at, &machine.failure), 0);
    ck_assert_msg(machine_open(&machine) == 0, "%s", machine.failure.text);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DONE);
    memcpy(&start, (char *)machine.guest.memory + MACHINE_OUTPUT,
           sizeof(start));
    ck_assert_uint_eq(start.info.magic, PVH_START_MAGIC);
    ck_assert_uint_ge(start.info.version, 1);
    ck_assert_uint_eq(start.info.module_count, 1);
    ck_assert_uint_le(start.info.memmap_entries, 16);
    ck_assert_uint_eq(start.module.paddr, module_at);
    ck_assert_uint_eq(start.module.paddr % ABI_GRANULE_SIZE, 0);
    ck_assert_uint_eq(start.module.size, machine.guest.module_bytes);
    ck_assert_uint_eq(*machine_word(&machine, module_at), BOOT_MODULE_MAGIC);
    ck_assert_uint_le(usable(&start), memory_bytes);
    ck_assert_uint_ge(usable(&start), memory_bytes - MIB);
    machine_free(&machine);
}

START_TEST(start_information_is_right)
{
    check_start(ABI_MEMORY_MIN);
    check_start(64 * MIB);
    check_start(ABI_MEMORY_MAX);
}
END_TEST

/* A module that the caller built in guest memory, at its place. */
START_TEST(module_in_place_is_taken)
{
    const void *apart;
    uint64_t at;

    machine_make_tiny(&machine, ops, TINY_HELLO);
    apart = machine.guest.module;
    ck_assert_int_eq(engine_module_place(&machine.guest, &at, &machine.failure),
                     0);
    machine.guest.module = (char *)machine.guest.memory + at;
    *machine_word(&machine, at) = 0x600d;
    ck_assert_int_eq(machine_open(&machine), 0);
    ck_assert_int_eq(run(LIMIT_MS), ENGINE_DOORBELL);
    ck_assert_uint_eq(*machine_word(&machine, at), 0x600d);
    machine.guest.module = apart;
    machine_free(&machine);
}
END_TEST

static void does_not_open(const char *words)
{
    unsigned before = machine_descriptors();

    ck_assert_int_eq(machine_open(&machine), -1);
    ck_assert_int_ne(machine.failure.exit_code, 0);
    ck_assert_msg(strstr(machine.failure.text, words) != NULL, "%s",
                  machine.failure.text);
    ck_assert_ptr_null(machine.engine);
    ck_assert_uint_eq(machine_descriptors(), before);
    machine_free(&machine);
}

START_TEST(bad_guests_are_refused)
{
    machine_make_tiny(&machine, ops, TINY_HELLO);
    machine.guest.kernel_bytes = 60;
    does_not_open("not an ELF");
    machine_make_tiny(&machine, ops, TINY_HELLO);
    machine.guest.module_bytes -= 4096;
    does_not_open("one page short");
    machine_make(&machine, ops, "tiny", 4 * MIB);
    does_not_open("too small");
}
END_TEST

START_TEST(nothing_is_left_behind)
{
    unsigned before = machine_descriptors();
    struct engine_registers registers;

    begin(TINY_SPIN);
    pauses_in_time();
    ck_assert_int_eq(ops->registers(machine.engine, &registers), 0);
    machine_free(&machine);
    begin(TINY_HELLO);
    machine_free(&machine);
    ck_assert_uint_eq(machine_descriptors(), before);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}
END_TEST

TCase *engine_cases(const struct engine_ops *which)
{
    TCase *cases = tcase_create("engine");

    ops = which;
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, hello_rings_and_ends);
    tcase_add_test(cases, panic_is_told);
    tcase_add_test(cases, unknown_exit_value_fails);
    tcase_add_test(cases, triple_fault_fails);
    tcase_add_test(cases, triple_fault_leaves_registers);
    tcase_add_test(cases, spinning_guest_pauses_and_stands_still);
    tcase_add_test(cases, halted_guest_pauses);
    tcase_add_test(cases, deadline_in_the_past_pauses);
    tcase_add_test(cases, deadline_is_forgotten_by_the_next_run);
    tcase_add_test(cases, signal_ends_the_run);
    tcase_add_test(cases, kick_before_the_run_is_not_lost);
    tcase_add_test(cases, kick_without_an_engine_does_nothing);
    tcase_add_test(cases, kick_keeps_errno);
    tcase_add_test(cases, no_signal_is_lost);
    tcase_add_test(cases, each_doorbell_arrives_at_once);
    tcase_add_test(cases, flood_of_doorbells_passes);
    tcase_add_test(cases, registers_between_doorbells);
    tcase_add_test(cases, start_information_is_right);
    tcase_add_test(cases, module_in_place_is_taken);
    tcase_add_test(cases, bad_guests_are_refused);
    tcase_add_test(cases, nothing_is_left_behind);
    return cases;
}
