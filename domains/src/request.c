/* SPDX-License-Identifier: Apache-2.0 */
#include <domains/request.h>

#include <abi/guard.h>
#include <abi/layout.h>
#include <capabilities/cap.h>

#define ROOT_TABLES 2u /* as build.c */

static bool executable(const struct spec *spec, uint32_t program,
                       uint64_t entry)
{
    const struct spec_program *p = &spec->programs[program];
    const struct spec_segment *s = &spec->segments[p->first_segment];
    uint64_t page = entry >> ABI_PAGE_SHIFT;

    for (uint32_t i = 0; i < p->segment_count; i++, s++) {
        if ((s->rights & CAP_EXEC) != 0 && page >= s->page &&
            page - s->page < s->pages) {
            return true;
        }
    }
    return false;
}

static enum status judge_creator(const struct pd_standing *creator,
                                 struct pd_refusal *why)
{
    if (creator->quota_none) {
        return pd_refuse(why, STATUS_NO_QUOTA, PD_QUOTA, REFUSAL_CREATOR_QUOTA);
    }
    if (creator->pool_none) {
        return pd_refuse(why, STATUS_NO_MEMORY, PD_POOL, REFUSAL_CREATOR_POOL);
    }
    return creator->caps ? STATUS_OK
                         : pd_refuse(why, STATUS_NO_RIGHTS, PD_CAPS,
                                     REFUSAL_CREATOR_CAPS);
}

static bool keeps(const struct spec_domain *d, const struct spec_keep *k,
                  enum spec_keep_what what)
{
    if (d->degree[PD_SPACE] != PD_PART) {
        return d->degree[PD_SPACE] == PD_SAME;
    }
    for (uint32_t i = 0; i < d->keep_count; i++) {
        if (k[i].what == what) {
            return true;
        }
    }
    return d->keep_all != 0;
}

static void set_shape(const struct pd_standing *creator,
                      const struct spec_domain *d, const struct spec_keep *k,
                      struct pd_shape *shape)
{
    const uint8_t *degree = d->degree;

    shape->own_space = degree[PD_SPACE] != PD_SAME;
    shape->own_image = !keeps(d, k, SPEC_KEEP_IMAGE);
    shape->own_heap =
        d->heap_pages != 0 && !(creator->heap && keeps(d, k, SPEC_KEEP_HEAP));
    shape->own_caps = degree[PD_CAPS] == PD_NEW || degree[PD_CAPS] == PD_PART;
    shape->own_files =
        degree[PD_FILES] == PD_NEW || degree[PD_FILES] == PD_PART;
    shape->own_quota =
        degree[PD_QUOTA] == PD_NEW || degree[PD_QUOTA] == PD_PART;
    shape->own_pool = degree[PD_POOL] == PD_NEW;
}

enum status pd_judge_request(const struct spec *spec,
                             const struct pd_standing *creator,
                             const struct spec_domain *d,
                             const struct spec_keep *k, struct pd_shape *shape,
                             struct pd_refusal *why)
{
    struct pd_standing own;
    enum status status = judge_creator(creator, why);

    if (status == STATUS_OK && d->on_fault > SPEC_FAULT_HANDLER) {
        status = pd_refuse(why, STATUS_INVALID_ARGUMENT, PD_CLASS_COUNT,
                           REFUSAL_NONE);
    }
    if (status == STATUS_OK) {
        status = pd_judge(creator, d, spec->header->memory_pages, &own, why);
    }
    for (uint32_t i = 0; i < d->keep_count && status == STATUS_OK; i++) {
        status = pd_judge_keep(creator, &k[i], &own, why);
    }
    if (status == STATUS_OK &&
        !GUARD(CREATE_ENTRY, executable(spec, d->program, d->entry))) {
        status =
            pd_refuse(why, STATUS_OUT_OF_RANGE, PD_CLASS_COUNT, REFUSAL_ENTRY);
    }
    if (status == STATUS_OK) {
        set_shape(creator, d, k, shape);
    }
    return status;
}

static uint32_t chunks(uint32_t slots)
{
    return (slots + CAP_CHUNK_SLOTS - 1) / CAP_CHUNK_SLOTS;
}

static void count_image(const struct spec *spec, uint32_t program,
                        struct pd_needs *needs)
{
    const struct spec_program *p = &spec->programs[program];
    const struct spec_segment *s = &spec->segments[p->first_segment];

    for (uint32_t i = 0; i < p->segment_count; i++, s++) {
        needs->pages += (s->rights & CAP_WRITE) != 0 ? s->pages : 0;
    }
    needs->leaves += (p->pages + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES;
}

void pd_count_request(const struct spec *spec, const struct spec_domain *d,
                      const struct pd_shape *shape, struct pd_needs *needs)
{
    needs->control = 1;
    needs->tables = (shape->own_caps ? chunks(d->caps_slots) : 0) +
                    (shape->own_files ? chunks(d->files_slots) : 0);
    needs->upper = shape->own_space ? ROOT_TABLES : 0;
    needs->leaves = 1 + shape->own_heap;
    needs->pages = d->stack_pages;
    if (shape->own_image) {
        count_image(spec, d->program, needs);
    }
    needs->total = needs->control + needs->tables + needs->upper +
                   needs->leaves + needs->pages;
}
