/* SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <string.h>

const char *const bench_kinds[] = {"thread",  "tis", "tif",
                                   "process", "pir", NULL};

static const char *const operations[] = {"call", NULL};

const struct bench_case bench_cases[] = {
    {"call", "nothing", "nothing: the counter read twice", SUBJECT_SELF},
    {"call", "function", "a function call", SUBJECT_SELF},
    {"call", "system-call", "the shortest system call", SUBJECT_SELF},
    {"call", "reply", "call and reply, six words", SUBJECT_KINDS},
    {"call", "capability",
     "the same with a capability, which the server deletes", SUBJECT_KINDS},
};
const unsigned bench_case_count = sizeof(bench_cases) / sizeof(bench_cases[0]);

const char *bench_operation(unsigned index)
{
    return index < sizeof(operations) / sizeof(operations[0])
               ? operations[index]
               : NULL;
}

const char *bench_unknown(char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        bool known = false;

        for (unsigned j = 0; operations[j]; j++) {
            known |= strcmp(names[i], operations[j]) == 0;
        }
        if (!known) {
            return names[i];
        }
    }
    return NULL;
}

const struct bench_case *bench_case_find(const char *operation,
                                         const char *detail, bool peer)
{
    for (unsigned i = 0; i < bench_case_count; i++) {
        const struct bench_case *one = &bench_cases[i];

        if ((one->subjects == SUBJECT_PEER) == peer &&
            strcmp(one->operation, operation) == 0 &&
            strcmp(one->detail, detail) == 0) {
            return one;
        }
    }
    return NULL;
}

bool bench_wants(const struct bench_options *options, const char *operation)
{
    for (int i = 0; i < options->operation_count; i++) {
        if (strcmp(options->operations[i], operation) == 0) {
            return true;
        }
    }
    return options->operation_count == 0;
}

const char *bench_place_name(enum bench_place place)
{
    static const char *const names[] = {[BENCH_QEMU] = "qemu",
                                        [BENCH_LINUX] = "linux",
                                        [BENCH_KVM] = "kvm",
                                        [BENCH_HOST] = "host"};

    return names[place];
}

const char *bench_place_text(enum bench_place place)
{
    static const char *const texts[] = {[BENCH_QEMU] = "Ambit, qemu",
                                        [BENCH_LINUX] =
                                            "Linux, in the same qemu",
                                        [BENCH_KVM] = "Ambit, kvm",
                                        [BENCH_HOST] = "Linux, this host"};

    return texts[place];
}

const char *bench_unit(enum bench_place place)
{
    return place == BENCH_QEMU || place == BENCH_LINUX ? "instructions" : "ns";
}
