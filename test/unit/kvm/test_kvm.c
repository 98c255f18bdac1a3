/* SPDX-License-Identifier: Apache-2.0 */
#include "test_kvm.h"
#include "engine_cases.h"
#include "machine.h"
#include <kvm/kvm_engine.h>
#include <stdlib.h>
#include <string.h>

static void fails_with(enum tiny tiny, const char *const *words)
{
    static struct machine machine;

    machine_make_tiny(&machine, &kvm_engine, tiny);
    ck_assert_int_eq(machine_open(&machine), 0);
    ck_assert_int_eq(machine_run(&machine, 0), ENGINE_FAILED);
    ck_assert_int_eq(machine.result.failure.exit_code, EXIT_HOST);
    for (; *words; words++) {
        ck_assert_msg(strstr(machine.result.failure.text, *words) != NULL,
                      "no \"%s\" in: %s", *words, machine.result.failure.text);
    }
    machine_free(&machine);
}

START_TEST(unknown_port_is_told)
{
    static const char *const words[] = {"KVM_EXIT_IO",
                                        "out to port 0x80, 4 byte(s)",
                                        "domain 5", "bytes at rip: ", NULL};

    fails_with(TINY_UNKNOWN_PORT, words);
}
END_TEST

START_TEST(memory_that_is_not_there_is_told)
{
    static const char *const words[] = {
        "KVM_EXIT_MMIO", "write of 4 byte(s) at guest physical 0xd0000000",
        NULL};

    fails_with(TINY_UNKNOWN_MEMORY, words);
}
END_TEST

START_TEST(unknown_register_call_is_told)
{
    static const char *const words[] = {"register call 0x24004001", NULL};

    fails_with(TINY_UNKNOWN_CALL, words);
}
END_TEST

START_TEST(doorbell_of_another_width_is_told)
{
    static const char *const words[] = {"port 0xe9, 4 byte(s)", NULL};

    fails_with(TINY_WIDE_BELL, words);
}
END_TEST

START_TEST(triple_fault_has_registers_and_bytes)
{
    /* lidt no_table, then 0f 0b: RIP stands at the ud2. */
    static const char *const words[] = {"KVM_EXIT_SHUTDOWN",
                                        "bytes at rip: 0f 0b", NULL};

    fails_with(TINY_TRIPLE_FAULT, words);
}
END_TEST

START_TEST(counts_are_not_promised)
{
    static struct machine machine;

    machine_make_tiny(&machine, &kvm_engine, TINY_HELLO);
    machine.options.icount = true;
    ck_assert_int_eq(machine_open(&machine), -1);
    ck_assert_int_eq(machine.failure.exit_code, EXIT_UNAVAILABLE);
    ck_assert_ptr_nonnull(strstr(machine.failure.remedy, "--engine qemu"));
    machine_free(&machine);
}
END_TEST

static TCase *exit_cases(void)
{
    TCase *cases = tcase_create("exits");

    tcase_add_test(cases, unknown_port_is_told);
    tcase_add_test(cases, memory_that_is_not_there_is_told);
    tcase_add_test(cases, unknown_register_call_is_told);
    tcase_add_test(cases, doorbell_of_another_width_is_told);
    tcase_add_test(cases, triple_fault_has_registers_and_bytes);
    tcase_add_test(cases, counts_are_not_promised);
    return cases;
}

int main(void)
{
    int unusable = machine_unusable(&kvm_engine);
    Suite *suite = suite_create("kvm");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, device_cases());
    if (!unusable) {
        suite_add_tcase(suite, engine_cases(&kvm_engine));
        suite_add_tcase(suite, exit_cases());
        suite_add_tcase(suite, register_cases());
    }
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : unusable;
}
