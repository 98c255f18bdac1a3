/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spec blob: what the host writes and the kernel validates with the same
 * function. An input is a blob.
 *
 * A blob is refused with a sentence, or planned; every question about the plan
 * has an answer inside it; and its domains are built, in every order that
 * parents allow, in the order of pd_ops, from exactly what was reserved.
 */
#include "fuzz.h"

#include "fake.h"

#include <stdlib.h>
#include <string.h>

#define BLOB_MAX 65536u

static struct plan plan;
static struct fake fake;

static void ask_range(const struct spec *spec, uint32_t range)
{
    const struct plan_range *r = &plan.ranges[range];
    uint64_t start = plan_range_start(r);
    uint32_t found;
    char name[80];

    FUZZ_CHECK(r->granules != 0);
    FUZZ_CHECK(r->start_pages <= r->pages);
    FUZZ_CHECK(plan_range_at(&plan, r->base) == range);
    FUZZ_CHECK(plan_range_at(&plan, start) == range);
    plan_range_name(spec, &plan, range, name, sizeof name);
    if (plan_locate(spec, &plan, name, (uint32_t)strlen(name), &found) ==
        STATUS_OK) {
        FUZZ_CHECK(found < plan.range_count);
    }
    for (uint32_t page = 0; page < r->pages + 2; page += page < 40 ? 1 : 509) {
        uint8_t rights = plan_page_rights(spec, &plan, range, page);

        FUZZ_CHECK((rights & 6) != 6); /* write and exec */
        FUZZ_CHECK((rights & ~r->rights) == 0);
    }
    for (uint32_t root = 0; root < plan.root_count; root++) {
        uint8_t view = plan_view(spec, &plan, root, start, &found);

        FUZZ_CHECK(found == range);
        FUZZ_CHECK((view & ~plan.attached[root][range]) == 0);
    }
}

static void ask(const struct spec *spec)
{
    uint32_t found;

    for (uint32_t range = 0; range < plan.range_count; range++) {
        ask_range(spec, range);
        FUZZ_CHECK(range == 0 ||
                   plan.ranges[range - 1].base +
                           (uint64_t)plan.ranges[range - 1].granules *
                               0x200000 <=
                       plan.ranges[range].base);
    }
    (void)plan_view(spec, &plan, 0, UINT64_MAX, &found);
    FUZZ_CHECK(found == PLAN_NONE);
    (void)plan_view(spec, &plan, 0, 0, &found);
    FUZZ_CHECK(found == PLAN_NONE);
}

static void build(const struct spec *spec)
{
    uint32_t count = spec->header->domains.count;
    const char *fault;

    fake_init(&fake, spec, &plan);
    for (uint32_t d = 0; d < count; d++) {
        FUZZ_CHECK(fake_build(&fake, d) == STATUS_OK);
    }
    for (uint32_t d = count; d-- > 0;) {
        fake_destroy(&fake, d);
        if (d % 3 == 0) {
            FUZZ_CHECK(fake_build(&fake, d) == STATUS_OK);
            fake_destroy(&fake, d);
        }
    }
    for (uint32_t d = 0; d < count; d++) {
        FUZZ_CHECK(fake_build(&fake, d) == STATUS_OK);
    }
    fault = fake_fault(&fake);
    if (fault) {
        FUZZ_FAIL(fault);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct spec_error error = {0};
    struct spec spec;
    void *blob;

    if (size > BLOB_MAX) {
        return 0;
    }
    blob = malloc(size ? size : 1);
    FUZZ_CHECK(blob != NULL);
    if (size) {
        memcpy(blob, data, size);
    }
    if (spec_validate(blob, size, &spec, &error) == STATUS_OK) {
        memset(&plan, 0, sizeof plan);
        FUZZ_CHECK(plan_make(&spec, &plan) == STATUS_OK);
        ask(&spec);
        build(&spec);
    } else {
        FUZZ_CHECK(error.what && error.what[0]);
        FUZZ_CHECK(error.status != STATUS_OK);
    }
    free(blob);
    return 0;
}
