/* SPDX-License-Identifier: Apache-2.0 */
/* What ring 3 finds out about the processor that it runs on, by trying. */
#include <ambit/ambit.h>

#define FLAGS_NT 0x4000u

typedef uint64_t try_function(uint64_t unused);
try_function try_int, try_rdfsbase, try_rdpkru, try_avx, try_smsw,
    flags_after_call;

struct attempt {
    const char *name;
    try_function *function;
};

static const struct attempt attempts[] = {
    {"int n", try_int},     {"smsw", try_smsw}, {"rdfsbase", try_rdfsbase},
    {"rdpkru", try_rdpkru}, {"avx", try_avx},
};

static const char *outcome(const struct attempt *attempt)
{
    struct ambit_fault fault = {0};
    uint64_t result;

    if (ambit_try_exec((uint64_t)attempt->function, 0, &result, &fault)) {
        return "runs";
    }
    switch (fault.type) {
    case FAULT_PROTECTION:
        return "protection";
    case FAULT_UNDEFINED:
        return "undefined";
    default:
        return "other";
    }
}

AMBIT_ENTRY(main)
{
    for (uint32_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        ambit_report(attempts[i].name, outcome(&attempts[i]));
    }
    ambit_report("way back",
                 flags_after_call(0) & FLAGS_NT ? "iretq" : "sysretq");
    return 0;
}
