/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a domain's life costs, by its kind: whole, and in parts. They are made
 * at run time, out of what we hold. Argument: samples.
 */
#include "samples.h"

#define QUOTA_PAGES 16u
#define POOL_QUOTA_PAGES 64u /* a pool of its own is part of it */
#define POOL_PAGES 32u

AMBIT_ENTRY(ends_main)
{
    return 0;
}

/* The rows of the kinds table; what a kind does not name is `same`. */
static const struct ambit_domain_spec kinds[] = {
    {.name = "thread", .degree = {.cpu = AMBIT_NEW}},
    {.name = "tis",
     .degree = {.cpu = AMBIT_NEW, .space = AMBIT_PART},
     .keep_all = 1},
    {.name = "tif", .degree = {.cpu = AMBIT_NEW, .files = AMBIT_NEW}},
    {.name = "process",
     .degree = {.cpu = AMBIT_NEW,
                .space = AMBIT_NEW,
                .quota = AMBIT_NEW,
                .caps = AMBIT_NEW,
                .handler = AMBIT_NEW},
     .quota_pages = QUOTA_PAGES},
    {.name = "pir",
     .degree = {.cpu = AMBIT_NEW,
                .space = AMBIT_NEW,
                .pool = AMBIT_NEW,
                .quota = AMBIT_NEW,
                .caps = AMBIT_NEW,
                .handler = AMBIT_NEW},
     .quota_pages = POOL_QUOTA_PAGES,
     .pool_pages = POOL_PAGES},
};

static struct ambit_handle create(const struct ambit_domain_spec *spec)
{
    struct ambit_handle domain = {0};
    struct ambit_refusal why = {0};
    enum status status = ambit_domain_create(spec, &domain, &why);

    if (status != STATUS_OK) {
        ambit_refusal_print(status, &why);
        ambit_exit(2);
    }
    return domain;
}

/* Started, ended by itself, waited for. */
static void run(struct ambit_handle domain)
{
    struct ambit_outcome outcome;

    must(ambit_domain_start(domain));
    must(ambit_wait(domain, &outcome));
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
}

static void life(const struct ambit_domain_spec *spec)
{
    struct ambit_handle domain = create(spec);

    run(domain);
    must(ambit_domain_destroy(domain));
}

/* The three parts of a life, of which one is the sample. */
enum part { PART_CREATE, PART_RUN, PART_DESTROY };

static uint64_t life_in_part(const struct ambit_domain_spec *spec,
                             enum part part)
{
    struct ambit_handle domain;
    uint64_t start = part == PART_CREATE ? sample_begin() : 0, ticks = 0;

    domain = create(spec);
    ticks = part == PART_CREATE ? sample_end(start) : 0;
    start = part == PART_RUN ? sample_begin() : 0;
    run(domain);
    ticks = part == PART_RUN ? sample_end(start) : ticks;
    start = part == PART_DESTROY ? sample_begin() : 0;
    must(ambit_domain_destroy(domain));
    return part == PART_DESTROY ? sample_end(start) : ticks;
}

static void one_kind(struct samples *samples, struct ambit_domain_spec spec)
{
    static const char *const parts[] = {"create", "run", "destroy"};

    spec.entry = ends_main;
    SAMPLES(samples, life(&spec));
    samples_print(samples, (struct series){"create", spec.name, "life", 1});
    for (uint32_t part = PART_CREATE; part <= PART_DESTROY; part++) {
        for (uint32_t i = 0; i < samples->wanted; i++) {
            samples->values[i] = life_in_part(&spec, (enum part)part);
        }
        samples_print(samples,
                      (struct series){"create", spec.name, parts[part], 1});
    }
}

AMBIT_ENTRY(create_main)
{
    struct samples samples;

    samples_begin(&samples, argc, argv);
    for (uint32_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        one_kind(&samples, kinds[i]);
    }
    return 0;
}
