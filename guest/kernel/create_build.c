/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what is reserved to a domain, and back. Its originals, of which every
 * capability to it or to a part of it is a descendant, are in its control
 * block: so none of them outlives it, whatever their holders did.
 */
#include "create.h"

#include <capabilities/assert.h>

void *memcpy(void *to, const void *from, size_t count);

#define ORIGINAL 1u /* slot of the domain itself in `originals` */

static void originals_init(struct domain *domain)
{
    struct cap_ref ref;

    cap_table_init(&domain->originals);
    domain->originals.chunks[0] = domain->original_slots;
    domain->originals.size = ORIGINAL + 1;
    domain->object.type = CAP_DOMAIN;
    domain->cpu_object.type = CAP_CPU;
    domain->handler.object.type = CAP_HANDLER;
    if (cap_insert(&domain->originals, &domain->object,
                   cap_type_rights(CAP_DOMAIN), 0, 0, &ref) != STATUS_OK) {
        kernel_panic("no slot in a fresh table", domain->index);
    }
}

struct cap_slot *original_of(struct domain *domain)
{
    return &domain->original_slots[ORIGINAL];
}

static void range_fill(struct range *range, const struct domain *domain,
                       uint8_t kind, uint32_t pages, uint64_t base)
{
    range->kind = kind;
    range->rights = CAP_READ | CAP_WRITE;
    range->number = ABI_RUNTIME_RANGES + domain->index * DOMAIN_RANGES + kind;
    range->owner = domain->index;
    range->limit = pages;
    range->start_pages = kind == PLAN_HEAP ? 0 : pages;
    range->granules =
        (pages + (uint32_t)ABI_GRANULE_PAGES - 1) / (uint32_t)ABI_GRANULE_PAGES;
    range->base = base;
    range->quota = domain->is.quota;
    range->pool = domain->is.pool;
    address_range_set(range);
}

static void image_fill(struct domain *domain, const struct creation *c)
{
    const struct spec_program *program = &kernel.spec.programs[c->d.program];
    struct range *range = &domain->own[PLAN_IMAGE];

    range_fill(range, domain, PLAN_IMAGE, program->pages, c->bases[PLAN_IMAGE]);
    range->program = c->d.program;
    for (uint32_t i = 0; i < program->segment_count; i++) {
        range->rights |=
            (uint8_t)kernel.spec.segments[program->first_segment + i].rights;
    }
    domain->is.image = range;
}

/* What it is composed of, by its degrees. */
static void compose(struct domain *domain, const struct creation *c)
{
    const struct composition *up = &c->creator->is;
    struct composition *is = &domain->is;
    const uint8_t *degree = c->d.degree;

    *is = *up; /* as `same` all over */
    is->parent = c->creator->index;
    __builtin_memcpy(is->degree, degree, PD_CLASS_COUNT);
    is->on_fault = c->d.on_fault;
    is->caps = c->shape.own_caps            ? domain->index
               : degree[PD_CAPS] == PD_NONE ? NO_DOMAIN
                                            : up->caps;
    is->files = c->shape.own_files            ? domain->index
                : degree[PD_FILES] == PD_NONE ? NO_DOMAIN
                                              : up->files;
    if (degree[PD_HANDLER] != PD_SAME) {
        is->handler =
            degree[PD_HANDLER] == PD_NEW ? c->creator->index : NO_DOMAIN;
    }
    if (c->shape.own_quota) {
        domain->quota = c->quota;
        is->quota = &domain->quota;
    }
    is->pool = c->pool;
    if (c->shape.own_space) {
        is->space = &domain->space;
    }
    is->name = domain->texts;
}

static void ranges_fill(struct domain *domain, const struct creation *c)
{
    struct composition *is = &domain->is;

    if (c->shape.own_image) {
        image_fill(domain, c);
    }
    if (c->shape.own_heap) {
        range_fill(&domain->own[PLAN_HEAP], domain, PLAN_HEAP, c->d.heap_pages,
                   c->bases[PLAN_HEAP]);
        is->heap = &domain->own[PLAN_HEAP];
    } else if (c->shape.own_space && !keeps_heap(c)) {
        is->heap = NULL;
    }
    range_fill(&domain->own[PLAN_STACK], domain, PLAN_STACK, c->d.stack_pages,
               c->bases[PLAN_STACK]);
    is->stack = &domain->own[PLAN_STACK];
}

/* Control block, tables, root: nothing here can fail. */
static struct domain *build(const struct creation *c)
{
    struct domain *domain = arch_physical(frame_take(c->pool));

    domain_init(domain, c->number);
    memcpy(domain->texts, c->texts, c->text_bytes);
    domain->text_bytes = c->text_bytes;
    domain->start = (struct start){.entry = c->d.entry,
                                   .args = domain->texts + c->args,
                                   .args_bytes = c->in.args_bytes,
                                   .argc = c->in.argc};
    domain->block = c->block;
    compose(domain, c);
    domain_join(domain);
    time_bind(domain, c->creator->time);
    originals_init(domain);
    ranges_fill(domain, c);
    if (c->shape.own_caps) {
        table_make(&domain->caps, c->pool, c->d.caps_slots);
    }
    serve_begin(domain);
    if (c->shape.own_files) {
        table_make(&domain->files, c->pool, c->d.files_slots);
    }
    if (c->shape.own_space) {
        domain->space.number = domain->index;
        domain->space.first = domain->index;
        domain->space.any = c->d.degree[PD_SPACE] == PD_NEW;
        root_make(&domain->space);
    }
    own_ranges_make(domain);
    return domain;
}

void own_ranges_make(struct domain *domain)
{
    for (uint32_t i = 0; i < 3; i++) {
        if (domain->own[i].granules) {
            range_make(&domain->own[i]);
        }
    }
    start_write(domain, &domain->start);
}

static enum status attach(struct domain *domain, struct range *range,
                          uint8_t rights)
{
    enum status status = space_ready(domain->is.space, range);

    if (status == STATUS_OK) {
        space_attach(domain->is.space, range, rights);
    }
    return status;
}

enum status own_ranges_attach(struct domain *domain)
{
    enum status status = STATUS_OK;

    for (uint32_t i = 0; i < 3 && status == STATUS_OK; i++) {
        struct range *range = &domain->own[i];

        if (range->granules && !range->home.space) {
            status = attach(domain, range, range->rights);
        }
    }
    return status;
}

/* Of what its creator's space has: the image, the heap, ranges. */
static enum status attach_kept(struct domain *domain, struct creation *c)
{
    enum status status = STATUS_OK;
    struct cap_ref ref;

    if (!c->shape.own_space) {
        return STATUS_OK;
    }
    if (!c->shape.own_image) {
        status = attach(domain, domain->is.image, domain->is.image->rights);
    }
    if (status == STATUS_OK && domain->is.heap && !c->shape.own_heap) {
        status = attach(domain, domain->is.heap, CAP_READ | CAP_WRITE);
    }
    domain->keeps = c->kept_count && !c->shape.own_caps;
    for (uint32_t i = 0; i < c->kept_count && status == STATUS_OK; i++) {
        status = attach_through(
            c->kept[i], domain->index,
            c->kept[i]->rights & (CAP_READ | CAP_WRITE | CAP_EXEC), &ref);
    }
    return status;
}

bool keeps_heap(const struct creation *c)
{
    for (uint32_t i = 0; i < c->d.keep_count; i++) {
        if (c->keeps[i].what == SPEC_KEEP_HEAP) {
            return true;
        }
    }
    return c->d.degree[PD_SPACE] == PD_PART && c->d.keep_all;
}

static enum status give_one(struct domain *domain,
                            const struct creation_hold *hold)
{
    struct cap_slot *source = hold->source;
    uint64_t count = source->type == CAP_ENDPOINT && hold->in.badge
                         ? hold->in.badge
                         : source->count;
    struct cap_ref ref;
    enum status status =
        cap_derive_object(source, caps_of(domain->index), source->object,
                          (uint8_t)hold->in.rights, source->first, count, &ref);

    if (status == STATUS_OK) {
        name_add(domain, domain->texts + hold->name, handle_make(ref, false));
    }
    return status;
}

static enum status give_all(struct domain *domain, const struct creation *c)
{
    enum status status = STATUS_OK;

    give_parts(domain);
    domain->first_hold = domain->name_count;
    for (uint32_t i = 0; i < c->in.hold_count && status == STATUS_OK; i++) {
        status = give_one(domain, &c->holds[i]);
    }
    return status;
}

static enum status tell_creator(struct domain *domain, const struct creation *c,
                                uint64_t *handle)
{
    struct cap_slot *original = original_of(domain);
    struct cap_part all = {.rights = original->rights};
    struct cap_ref ref;
    enum status status =
        cap_derive(original, caps_of(c->creator->index), &all, &ref);

    if (status == STATUS_OK) {
        *handle = handle_make(ref, false);
    }
    return status;
}

enum status create_commit(struct creation *c, uint64_t *handle)
{
    struct domain *domain = build(c);
    enum status status = own_ranges_attach(domain);

    if (status == STATUS_OK) {
        status = attach_kept(domain, c);
    }
    if (status != STATUS_OK) {
        c->why = (struct pd_refusal){status, PD_SPACE, REFUSAL_DIRECTORIES};
    }
    if (status == STATUS_OK) {
        status = give_all(domain, c);
    }
    if (status == STATUS_OK) {
        status = tell_creator(domain, c, handle);
    }
    if (status != STATUS_OK) {
        struct work work = WORK_ALL;
        enum status gone = create_remove(domain, &work, NULL);

        core_assert(gone == STATUS_OK);
        (void)gone;
        return status;
    }
    domain->result.root = domain->is.space->number;
    domain->result.fault = SHARED_NO_RANGE;
    domain->result.blocked_on = SHARED_NO_RANGE;
    share_domain(domain);
    share_event(EVENT_CREATE, domain->index, STATUS_OK,
                arch_physical_of(domain));
    share_step();
    return STATUS_OK;
}
