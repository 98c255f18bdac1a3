/* SPDX-License-Identifier: Apache-2.0 */
/* Domains made at run time, for the audit: one keeps a range to read and stays
 * when all ends; a thread has a lower number than whose space it shares; a
 * range is large. */
#include <abi/layout.h>
#include <ambit/ambit.h>
#include <ambit/syscall.h>
#include <stddef.h>

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

static const struct ambit_domain_spec thread = {
    .name = "thread",
    .entry = made_kept_main,
    .degree = {.cpu = AMBIT_NEW, .handler = AMBIT_NONE},
    .start = 1,
};

/* Destroys `first`, and makes a thread, which has its number then. */
AMBIT_ENTRY(made_process_main)
{
    struct ambit_handle first, made;
    struct ambit_outcome outcome;

    ambit_assert(ambit_capability("first", &first) == STATUS_OK);
    ambit_assert(ambit_domain_destroy(first) == STATUS_OK);
    ambit_assert(ambit_domain_create(&thread, &made, NULL) == STATUS_OK);
    ambit_assert(ambit_wait(made, &outcome) == STATUS_OK);
    return outcome.kind == OUTCOME_EXIT ? outcome.code : 1;
}

AMBIT_ENTRY(made_low_main)
{
    struct ambit_hold hold = {.name = "first",
                              .rights = AMBIT_READ | AMBIT_WRITE};
    struct ambit_domain_spec process = {
        .name = "process",
        .entry = made_process_main,
        .degree = {.cpu = AMBIT_NEW,
                   .space = AMBIT_NEW,
                   .caps = AMBIT_NEW,
                   .handler = AMBIT_NONE},
        .holds = &hold,
        .hold_count = 1,
        .start = 1,
    };
    struct ambit_handle domain;
    struct ambit_outcome outcome;

    ambit_assert(ambit_domain_create(&thread, &hold.handle, NULL) == STATUS_OK);
    ambit_assert(ambit_wait(hold.handle, &outcome) == STATUS_OK);
    ambit_assert(ambit_domain_create(&process, &domain, NULL) == STATUS_OK);
    ambit_assert(ambit_wait(domain, &outcome) == STATUS_OK);
    return outcome.kind == OUTCOME_EXIT ? outcome.code : 1;
}

/* More tables than there are in all that the config says. */
AMBIT_ENTRY(made_large_main)
{
    const uint64_t pages = 4000 * (ABI_GRANULE_SIZE / ABI_PAGE_SIZE);
    struct ambit_handle range, attached;

    ambit_assert(ambit_range_create_bare(pages, AMBIT_READ | AMBIT_WRITE,
                                         &range) == STATUS_OK);
    ambit_assert(ambit_attach(range, AMBIT_READ, &attached) == STATUS_OK);
    return 0;
}
