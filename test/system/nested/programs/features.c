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

/*
 * Sets EFLAGS.AC, then calls where nothing is, which `on_fault: continue`
 * skips: so the kernel reads the return address from this domain's stack.
 */
AMBIT_ENTRY(window_main)
{
    __asm__ volatile("pushfq\n\t"
                     "orq $0x40000, (%%rsp)\n\t"
                     "popfq\n\t"
                     "callq *%0\n\t"
                     "pushfq\n\t"
                     "andq $~0x40000, (%%rsp)\n\t"
                     "popfq"
                     :
                     : "r"(0x10ull)
                     : "cc", "memory");
    return 0;
}
