/* SPDX-License-Identifier: Apache-2.0 */
/* Composing: the scene's spec and plan, and what pd_build asks for. */
#include "life.h"

#include "../unit/domains/maker.h"
#include "calls.h"
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct maker maker;
static void *blob;

uint32_t life_needs(uint32_t domain)
{
    struct pd_needs needs;

    pd_count(&model_spec, &model_plan, domain, &needs);
    return needs.total;
}

uint32_t life_memory(void)
{
    return (uint32_t)model_spec.domains[0].quota_pages - 2;
}

static void plan_again(void)
{
    struct spec_error error;
    uint32_t bytes;

    free(blob);
    blob = maker_pack(&maker, &bytes);
    memset(&model_plan, 0, sizeof model_plan);
    if (spec_validate(blob, bytes, &model_spec, &error) != STATUS_OK ||
        plan_make(&model_spec, &model_plan) != STATUS_OK ||
        model_plan.range_count > MODEL_VIEWS) {
        (void)fprintf(stderr, "model: the scene's spec: %s\n", error.what);
        abort();
    }
}

static void domain_add(uint32_t domain)
{
    uint32_t index =
        maker_domain(&maker, "d", PROCESS, domain == 0 ? SPEC_NONE : 0);
    struct spec_domain *d = &maker.domains[index];

    d->degree[PD_FILES] = PD_NEW;
    d->tree = 0;
    d->stack_pages = 1;
    d->heap_pages = 0;
    d->caps_slots = CAP_CHUNK_SLOTS;
    d->files_slots = CAP_CHUNK_SLOTS;
    d->quota_pages = domain == 0 ? 8192 : 1024;
    maker_hold(&maker, CAP_ENDPOINT, 0, CAP_WRITE | CAP_USE);
}

/* Just enough for all, and `spare` pages for the parent. */
static void quotas_set(void)
{
    uint32_t all = life_needs(0) + scene->spare;

    for (uint32_t d = 1; d < scene->domains; d++) {
        maker.domains[d].quota_pages = life_needs(d) + 1;
        all += maker.domains[d].quota_pages;
    }
    maker.domains[0].quota_pages = all;
}

void life_prepare(void)
{
    if (!scene->life) {
        return;
    }
    maker_init(&maker);
    maker_endpoint(&maker, "e");
    maker_tree(&maker, "tree");
    for (uint32_t d = 0; d < scene->domains; d++) {
        domain_add(d);
    }
    plan_again();
    quotas_set();
    plan_again();
}

void life_clear(void)
{
    struct quota *root = &world.rest.quota[ROOT];

    if (!scene->life) {
        return;
    }
    table_make(0);
    root->object.type = CAP_QUOTA;
    root->limit = model_spec.domains[0].quota_pages + 1;
}

void life_begin(void)
{
    struct cap_ref ref;

    if (!scene->life) {
        return;
    }
    world.rest.pool_free = life_memory();
    for (uint32_t e = 0; e < scene->endpoints; e++) {
        if (cap_insert(&world.rest.table[0], &world.rest.endpoint[e].object,
                       cap_type_rights(CAP_ENDPOINT), 0, 0,
                       &ref) != STATUS_OK) {
            abort();
        }
    }
}

/* As the kernel's: the quota, the charge, the frames; all or nothing. */
enum status life_reserve(void *context, uint32_t domain,
                         const struct pd_needs *needs)
{
    uint32_t parent = domain == 0 ? ROOT : 0;
    struct quota *quota = &world.rest.quota[domain];
    enum status status = calls.split(&world.rest.quota[parent], quota,
                                     model_spec.domains[domain].quota_pages);

    (void)context;
    if (status != STATUS_OK) {
        return status;
    }
    status = calls.charge(quota, needs->total);
    if (status == STATUS_OK &&
        needs->total > world.rest.pool_free - world.rest.pool_reserved) {
        calls.uncharge(quota, needs->total);
        status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        calls.merge(quota);
        return status;
    }
    world.rest.pool_reserved += needs->total;
    return STATUS_OK;
}

static void frames_take(uint32_t count)
{
    core_assert(world.rest.pool_reserved >= count);
    world.rest.pool_reserved -= count;
    world.rest.pool_free -= count;
}

static void make_domain(void *context, uint32_t domain)
{
    (void)context;
    (void)domain;
    frames_take(1);
}

static void make_table(void *context, uint32_t domain, enum pd_class class)
{
    (void)context;
    frames_take(1);
    table_make(class == PD_FILES ? files_table(domain) : caps_table(domain));
}

static void make_root(void *context, uint32_t root)
{
    (void)context;
    frames_take(2 + model_plan.roots[root].directories);
    world.rest.roots |= (uint8_t)(1u << root);
}

static void make_range(void *context, uint32_t range)
{
    (void)context;
    frames_take(model_plan.ranges[range].leaves +
                model_plan.ranges[range].frames);
    world.rest.made |= (uint16_t)(1u << range);
}

static void attach(void *context, uint32_t root, uint32_t range, uint8_t rights)
{
    (void)context;
    world.rest.attached[root][range] = rights;
}

static void give_standard(void *context, uint32_t domain)
{
    struct cap_ref ref;

    (void)context;
    if (calls.insert(&world.rest.table[caps_table(domain)],
                     &world.rest.pool_object, CAP_READ | CAP_USE, 0, 0,
                     &ref) != STATUS_OK ||
        calls.insert(&world.rest.table[files_table(domain)],
                     &world.rest.directory, CAP_READ | CAP_USE, 0, 0,
                     &ref) != STATUS_OK) {
        abort();
    }
}

/* The parent's own hold, or none; the machine's original for domain 0. */
static struct cap_slot *hold_source(uint32_t domain)
{
    struct cap_slot *slot = NULL;

    if (domain == 0) {
        return slot_at(1);
    }
    if (calls.look_up(&world.rest.table[caps_table(0)], world.rest.hold[0],
                      &slot) != STATUS_OK ||
        slot->rights != (CAP_WRITE | CAP_USE)) {
        return NULL;
    }
    return slot;
}

static void give_hold(void *context, uint32_t domain, uint32_t hold)
{
    struct cap_slot *source = hold_source(domain);
    struct cap_ref ref = {0};

    (void)context;
    world.rest.hold[domain] = ref;
    if (source != NULL &&
        calls.derive_object(
            source, &world.rest.table[caps_table(domain)], source->object,
            (uint8_t)model_spec.holds[hold].rights, source->first,
            model_spec.holds[hold].badge, &ref) == STATUS_OK) {
        world.rest.hold[domain] = ref;
    }
}

static void finish(void *context, uint32_t domain)
{
    (void)context;
    ipc_forget(&world.rest.ipc, domain);
    ipc_join(&world.rest.ipc, domain, &world.rest.party[domain]);
    world.rest.life[domain] = LIFE_RUNNABLE;
    world.rest.live |= (uint8_t)(1u << domain);
}

enum status life_build(uint32_t domain)
{
    const struct pd_ops ops = {
        .reserve = calls.reserve,
        .make_domain = make_domain,
        .make_table = make_table,
        .make_root = make_root,
        .make_range = make_range,
        .attach = attach,
        .give_standard = give_standard,
        .give_hold = give_hold,
        .finish = finish,
    };

    return calls.build(&model_spec, &model_plan, domain, world.rest.live, &ops,
                       NULL);
}
