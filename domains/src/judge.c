/* SPDX-License-Identifier: Apache-2.0 */
#include <domains/judge.h>

#include "kinds_table.h"

struct judge {
    const struct pd_standing *parent;
    const struct spec_domain *d;
    uint64_t memory_pages;
    struct pd_standing *own;
    struct pd_refusal *why;
};

enum status pd_refuse(struct pd_refusal *out, enum status status,
                      uint32_t pd_class, uint32_t refusal)
{
    out->status = status;
    out->pd_class = pd_class;
    out->refusal = refusal;
    return status;
}

static enum status refuse(const struct judge *j, enum pd_class class,
                          uint32_t refusal)
{
    return pd_refuse(j->why, STATUS_INVALID_ARGUMENT, class, refusal);
}

static enum status judge_possible(const struct judge *j)
{
    static const uint32_t why[PD_CLASS_COUNT] = {
        [PD_CPU] = REFUSAL_CPU_DEGREE,
        [PD_SPACE] = REFUSAL_SPACE_DEGREE,
        [PD_POOL] = REFUSAL_POOL_DEGREE,
        [PD_HANDLER] = REFUSAL_HANDLER_DEGREE,
    };

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        if (j->d->degree[i] >= PD_DEGREE_COUNT) {
            return pd_refuse(j->why, STATUS_MALFORMED, PD_CLASS_COUNT, 0);
        }
        if ((kinds__degrees[i] >> j->d->degree[i] & 1) == 0) {
            return refuse(j, i, why[i]);
        }
    }
    return STATUS_OK;
}

static enum status judge_table(const struct judge *j, enum pd_class class,
                               uint32_t slots, uint32_t least)
{
    if (slots > CAP_TABLE_MAX) {
        return pd_refuse(j->why, STATUS_TOO_BIG, class, REFUSAL_TABLE_LARGE);
    }
    if (slots < least) {
        return pd_refuse(j->why, STATUS_NO_SLOT, class, REFUSAL_TABLE_SMALL);
    }
    return STATUS_OK;
}

static enum status judge_files(const struct judge *j)
{
    const struct pd_standing *parent = j->parent;

    j->own->files = j->own->root_files = false;
    switch (j->d->degree[PD_FILES]) {
    case PD_NONE:
        return STATUS_OK;
    case PD_SAME:
        j->own->files = parent->files;
        j->own->root_files = parent->root_files;
        return parent->files || parent->root_files
                   ? STATUS_OK
                   : refuse(j, PD_FILES, REFUSAL_FILES_SAME);
    case PD_PART:
        if (!parent->files) {
            return refuse(j, PD_FILES,
                          parent->root ? REFUSAL_FILES_PART_ROOT
                                       : REFUSAL_FILES_PART);
        }
        break;
    default:
        break;
    }
    j->own->files = true;
    return judge_table(j, PD_FILES, j->d->files_slots, 2);
}

static enum status judge_caps(const struct judge *j)
{
    const struct pd_standing *parent = j->parent;
    uint8_t degree = j->d->degree[PD_CAPS];

    j->own->caps = degree != PD_NONE;
    if (degree == PD_NONE) {
        return j->d->hold_count == 0
                   ? STATUS_OK
                   : refuse(j, PD_CAPS, REFUSAL_CAPS_NONE_HOLDS);
    }
    if (degree != PD_NEW && parent->root) {
        return refuse(j, PD_CAPS,
                      degree == PD_SAME ? REFUSAL_CAPS_SAME_ROOT
                                        : REFUSAL_CAPS_PART_ROOT);
    }
    if (degree != PD_NEW && !parent->caps) {
        return refuse(j, PD_CAPS,
                      degree == PD_SAME ? REFUSAL_CAPS_SAME
                                        : REFUSAL_CAPS_PART);
    }
    return degree == PD_SAME ? STATUS_OK
                             : judge_table(j, PD_CAPS, j->d->caps_slots,
                                           j->d->hold_count + 1);
}

static enum status judge_space(const struct judge *j)
{
    uint8_t degree = j->d->degree[PD_SPACE];

    j->own->view = 0;
    j->own->heap = j->d->heap_pages != 0;
    if (degree == PD_NEW) {
        return STATUS_OK;
    }
    if (j->parent->root) {
        return refuse(j, PD_SPACE,
                      degree == PD_SAME ? REFUSAL_SPACE_SAME_ROOT
                                        : REFUSAL_SPACE_PART_ROOT);
    }
    if (degree == PD_SAME || j->d->keep_all) {
        j->own->view = j->parent->view;
        j->own->heap = j->own->heap || j->parent->heap;
    }
    return STATUS_OK;
}

static enum status judge_quota_new(const struct judge *j)
{
    uint64_t pages = j->d->quota_pages;

    if (pages == 0) {
        return pd_refuse(j->why, STATUS_OUT_OF_RANGE, PD_QUOTA,
                         REFUSAL_QUOTA_EMPTY);
    }
    if (pages > j->parent->quota) {
        return pd_refuse(j->why, STATUS_NO_QUOTA, PD_QUOTA,
                         j->parent->machine_quota ? REFUSAL_QUOTA_MACHINE
                                                  : REFUSAL_QUOTA_PARENT);
    }
    if (pages > j->parent->quota_left) {
        return pd_refuse(j->why, STATUS_NO_QUOTA, PD_QUOTA, REFUSAL_QUOTA_LEFT);
    }
    j->own->quota = j->own->quota_left = pages;
    j->own->machine_quota = false;
    return STATUS_OK;
}

/* A ceiling on what the parent's quota gives: nothing is set aside. */
static enum status judge_quota_part(const struct judge *j)
{
    uint64_t pages = j->d->quota_pages, left = j->parent->quota_left;

    if (pages == 0) {
        return pd_refuse(j->why, STATUS_OUT_OF_RANGE, PD_QUOTA,
                         REFUSAL_QUOTA_PART_EMPTY);
    }
    if (pages > j->parent->quota) {
        return pd_refuse(j->why, STATUS_NO_QUOTA, PD_QUOTA,
                         j->parent->machine_quota ? REFUSAL_QUOTA_PART_MACHINE
                                                  : REFUSAL_QUOTA_PART_PARENT);
    }
    j->own->quota = pages;
    j->own->machine_quota = false;
    j->own->quota_left = pages < left ? pages : left;
    return STATUS_OK;
}

static enum status judge_quota(const struct judge *j)
{
    uint8_t degree = j->d->degree[PD_QUOTA];

    j->own->quota = j->parent->quota;
    j->own->quota_left = j->parent->quota_left;
    j->own->quota_none = degree == PD_NONE;
    j->own->machine_quota = j->parent->machine_quota;
    if (degree == PD_NONE) {
        return STATUS_OK;
    }
    if (j->parent->quota_none) {
        return refuse(j, PD_QUOTA, REFUSAL_QUOTA_PARENT_NONE);
    }
    if (degree == PD_SAME) {
        return STATUS_OK;
    }
    return degree == PD_NEW ? judge_quota_new(j) : judge_quota_part(j);
}

static enum status judge_pool_new(const struct judge *j)
{
    uint64_t pages = j->d->pool_pages;

    if (j->d->degree[PD_QUOTA] != PD_NEW) {
        return refuse(j, PD_POOL, REFUSAL_POOL_QUOTA);
    }
    if (pages == 0) {
        return pd_refuse(j->why, STATUS_OUT_OF_RANGE, PD_POOL,
                         REFUSAL_POOL_EMPTY);
    }
    if (pages > j->parent->pool) {
        return pd_refuse(j->why, STATUS_NO_MEMORY, PD_POOL,
                         j->parent->machine_pool ? REFUSAL_POOL_MACHINE
                                                 : REFUSAL_POOL_PARENT);
    }
    if (pages > j->parent->pool_left) {
        return pd_refuse(j->why, STATUS_NO_MEMORY, PD_POOL, REFUSAL_POOL_LEFT);
    }
    j->own->pool = j->own->pool_left = pages;
    j->own->machine_pool = false;
    return STATUS_OK;
}

static enum status judge_pool(const struct judge *j)
{
    uint8_t degree = j->d->degree[PD_POOL];

    j->own->pool = j->parent->pool;
    j->own->pool_left = j->parent->pool_left;
    j->own->pool_none = degree == PD_NONE;
    j->own->machine_pool = j->parent->machine_pool;
    if (degree == PD_NONE) {
        return STATUS_OK;
    }
    if (j->parent->pool_none) {
        return refuse(j, PD_POOL, REFUSAL_POOL_PARENT_NONE);
    }
    return degree == PD_NEW ? judge_pool_new(j) : STATUS_OK;
}

static enum status judge_handler(const struct judge *j)
{
    uint8_t degree = j->d->degree[PD_HANDLER];

    if (degree == PD_NONE) {
        j->own->handled = false;
        return j->d->on_fault == SPEC_FAULT_STOP
                   ? STATUS_OK
                   : refuse(j, PD_HANDLER, REFUSAL_HANDLER_NONE);
    }
    j->own->handled = degree == PD_NEW ? !j->parent->root : j->parent->handled;
    return j->own->handled || j->d->on_fault != SPEC_FAULT_HANDLER
               ? STATUS_OK
               : refuse(j, PD_HANDLER, REFUSAL_HANDLER_NOBODY);
}

static enum status judge_sizes(const struct judge *j)
{
    if (j->d->stack_pages == 0 || j->d->stack_pages > SPEC_STACK_PAGES_MAX) {
        return pd_refuse(j->why, STATUS_OUT_OF_RANGE, PD_CLASS_COUNT,
                         REFUSAL_STACK_SIZE);
    }
    if (j->d->heap_pages > j->memory_pages) {
        return pd_refuse(j->why, STATUS_OUT_OF_RANGE, PD_CLASS_COUNT,
                         REFUSAL_HEAP_LARGE);
    }
    return STATUS_OK;
}

enum status pd_judge(const struct pd_standing *parent,
                     const struct spec_domain *d, uint64_t memory_pages,
                     struct pd_standing *own, struct pd_refusal *why)
{
    const struct judge j = {parent, d, memory_pages, own, why};
    enum status status = judge_sizes(&j);

    own->root = false;
    if (status == STATUS_OK) {
        status = judge_possible(&j);
    }
    if (status == STATUS_OK) {
        status = judge_files(&j);
    }
    if (status == STATUS_OK) {
        status = judge_space(&j);
    }
    if (status == STATUS_OK) {
        status = judge_quota(&j);
    }
    if (status == STATUS_OK) {
        status = judge_pool(&j);
    }
    if (status == STATUS_OK) {
        status = judge_caps(&j);
    }
    return status == STATUS_OK ? judge_handler(&j) : status;
}

enum status pd_judge_keep(const struct pd_standing *parent,
                          const struct spec_keep *keep, struct pd_standing *own,
                          struct pd_refusal *why)
{
    if (keep->what == SPEC_KEEP_HEAP) {
        own->heap = true;
        return parent->heap ? STATUS_OK
                            : pd_refuse(why, STATUS_INVALID_ARGUMENT, PD_SPACE,
                                        REFUSAL_KEEP_HEAP);
    }
    if (keep->what == SPEC_KEEP_RANGE) {
        own->view |= 1ull << keep->range;
        return (parent->view >> keep->range & 1) != 0
                   ? STATUS_OK
                   : pd_refuse(why, STATUS_INVALID_ARGUMENT, PD_SPACE,
                               REFUSAL_KEEP_RANGE);
    }
    return STATUS_OK;
}

enum status pd_judge_rights(enum cap_type type, uint32_t rights,
                            struct pd_refusal *why)
{
    if (type == CAP_RANGE && (rights & CAP_EXEC) != 0) {
        return pd_refuse(why, STATUS_NO_RIGHTS, PD_CLASS_COUNT,
                         REFUSAL_HOLD_EXEC);
    }
    if (type == CAP_RANGE && (rights & (CAP_READ | CAP_WRITE)) == CAP_WRITE) {
        return pd_refuse(why, STATUS_NO_RIGHTS, PD_CLASS_COUNT,
                         REFUSAL_HOLD_BLIND_WRITE);
    }
    if (rights == 0 || (rights & ~(uint32_t)cap_type_rights(type)) != 0) {
        return pd_refuse(why, STATUS_NO_RIGHTS, PD_CLASS_COUNT,
                         REFUSAL_HOLD_RIGHTS);
    }
    return STATUS_OK;
}
