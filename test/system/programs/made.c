/* SPDX-License-Identifier: Apache-2.0 */
/* A domain made at run time keeps a range to read; it stays when all ends. */
#include <ambit/ambit.h>
#include <ambit/syscall.h>

AMBIT_ENTRY(made_kept_main)
{
    return 0;
}

AMBIT_ENTRY(made_reader_main)
{
    struct ambit_handle ring, reads, domain;
    struct ambit_outcome outcome;
    struct ambit_refusal why;
    uint64_t keeps[2] = {KEEP_IMAGE};
    struct ambit_domain_spec spec = {
        .name = "reader",
        .entry = made_kept_main,
        .degree = {.cpu = AMBIT_NEW, .space = AMBIT_PART},
        .keeps = keeps,
        .keep_count = 2,
    };

    ambit_assert(ambit_capability("ring", &ring) == STATUS_OK);
    ambit_assert(ambit_derive(ring, AMBIT_READ | AMBIT_USE, &reads) ==
                 STATUS_OK);
    keeps[1] = reads.bits;
    ambit_assert(ambit_domain_create(&spec, &domain, &why) == STATUS_OK);
    ambit_assert(ambit_domain_start(domain) == STATUS_OK);
    ambit_assert(ambit_wait(domain, &outcome) == STATUS_OK);
    return outcome.kind == OUTCOME_EXIT ? outcome.code : 1;
}
