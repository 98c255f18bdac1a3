/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does a degree make sense: can the class be had to it at all, has the parent
 * what the domain would share, hold a part of, or have made out of it?
 */
#include "check.h"

#include <capabilities/cap.h>

static enum status refuse(struct spec_check *c, enum pd_class class,
                          const char *what)
{
    return check__refuse(c, STATUS_INVALID_ARGUMENT, class, what);
}

static uint64_t bit(uint32_t domain)
{
    return 1ull << domain;
}

static uint64_t bit_of_parent(const struct spec_domain *d)
{
    return d->parent == SPEC_NONE ? 0 : bit(d->parent);
}

static enum status check_possible(struct spec_check *c,
                                  const struct spec_domain *d)
{
    static const char *const why[PD_CLASS_COUNT] = {
        [PD_FILES] = "files: can be same, part, new or none",
        [PD_CPU] = "cpu: can only be new: two domains on one set of registers "
                   "would be one domain",
        [PD_SPACE] = "space: can be same, part or new: a domain without any "
                     "space has nowhere to run",
        [PD_POOL] = "pool: can be same or new: a part of an allocator is an "
                    "allocator of its own (new), and none cannot build",
        [PD_QUOTA] = "quota: can be same or new: a part of a quota is a quota "
                     "of its own (new), and none cannot build",
        [PD_CAPS] = "caps: can be same, part, new or none",
        [PD_HANDLER] = "handler: can be same or new: a fault cannot be handled "
                       "in part, nor by nobody",
    };

    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        if (d->degree[i] >= PD_DEGREE_COUNT) {
            return check__malformed(c, "a degree is unknown");
        }
        if ((kinds__degrees[i] >> d->degree[i] & 1) == 0) {
            return refuse(c, i, why[i]);
        }
    }
    return STATUS_OK;
}

static enum status check_table_size(struct spec_check *c, enum pd_class class,
                                    uint32_t slots, uint32_t least)
{
    if (slots > CAP_TABLE_MAX) {
        return check__refuse(c, STATUS_TOO_BIG, class,
                             "a table has at most 736 slots");
    }
    if (slots < least) {
        return check__refuse(c, STATUS_NO_SLOT, class,
                             "the table has too few slots for what the domain "
                             "holds");
    }
    return STATUS_OK;
}

static enum status check_files(struct spec_check *c,
                               const struct spec_domain *d)
{
    uint64_t parent = bit_of_parent(d), self = bit(c->domain);

    if (d->degree[PD_FILES] == PD_NONE) {
        return STATUS_OK;
    }
    if (d->degree[PD_FILES] == PD_SAME) {
        if (parent == 0 || (c->root_files & parent) != 0) {
            c->root_files |= self;
            return STATUS_OK;
        }
        if ((c->files & parent) == 0) {
            return refuse(c, PD_FILES,
                          "files: same shares a table that the parent, whose "
                          "files are none, does not have");
        }
        c->files |= self;
        return STATUS_OK;
    }
    if (d->degree[PD_FILES] == PD_PART && (c->files & parent) == 0) {
        return refuse(c, PD_FILES,
                      parent == 0 ? "files: part without a parent would be a "
                                    "part of the root domain's files, which "
                                    "are empty"
                                  : "files: part is a part of a table that "
                                    "the parent does not have");
    }
    c->files |= self;
    return check_table_size(c, PD_FILES, d->files_slots, 2);
}

static enum status check_caps(struct spec_check *c, const struct spec_domain *d)
{
    uint64_t parent = bit_of_parent(d);
    uint8_t degree = d->degree[PD_CAPS];

    if (degree == PD_NONE) {
        return d->hold_count == 0
                   ? STATUS_OK
                   : refuse(c, PD_CAPS,
                            "caps: none leaves no table for what the domain "
                            "holds");
    }
    if (degree != PD_NEW && parent == 0) {
        return refuse(c, PD_CAPS,
                      degree == PD_SAME ? "caps: same without a parent: the "
                                          "root domain has no table to share"
                                        : "caps: part without a parent: the "
                                          "root domain has no table to take a "
                                          "part of");
    }
    if (degree != PD_NEW && (c->caps & parent) == 0) {
        return refuse(c, PD_CAPS,
                      degree == PD_SAME ? "caps: same shares a table that the "
                                          "parent, whose caps are none, does "
                                          "not have"
                                        : "caps: part is a part of a table "
                                          "that the parent does not have");
    }
    c->caps |= bit(c->domain);
    return degree == PD_SAME
               ? STATUS_OK
               : check_table_size(c, PD_CAPS, d->caps_slots, d->hold_count + 1);
}

static enum status check_keep(struct spec_check *c, const struct spec_keep *k,
                              uint32_t parent)
{
    switch (k->what) {
    case SPEC_KEEP_IMAGE:
        return STATUS_OK;
    case SPEC_KEEP_HEAP:
        return (c->heap >> parent & 1) != 0
                   ? STATUS_OK
                   : refuse(c, PD_SPACE,
                            "space: part keeps a heap that the parent does not "
                            "have");
    case SPEC_KEEP_RANGE:
        if (k->range >= c->spec.header->ranges.count) {
            return check__malformed(c, "a kept range is not listed");
        }
        return (c->view[parent] >> k->range & 1) != 0
                   ? STATUS_OK
                   : refuse(c, PD_SPACE,
                            "space: part keeps a range that is not in the "
                            "parent's view");
    default:
        return check__malformed(c, "a keep is unknown");
    }
}

/* A part with a list: what it keeps must be there to keep. */
static enum status check_keeps(struct spec_check *c,
                               const struct spec_domain *d)
{
    const struct spec_keep *k = &c->spec.keeps[d->first_keep];

    for (uint32_t i = 0; i < d->keep_count; i++, k++) {
        enum status status;

        c->item = d->first_keep + i;
        status = check_keep(c, k, d->parent);
        if (status != STATUS_OK) {
            return status;
        }
        if (k->what == SPEC_KEEP_RANGE) {
            c->view[c->domain] |= 1ull << k->range;
        } else if (k->what == SPEC_KEEP_HEAP) {
            c->heap |= bit(c->domain);
        }
    }
    c->item = SPEC_NONE;
    return STATUS_OK;
}

static enum status check_space(struct spec_check *c,
                               const struct spec_domain *d)
{
    uint8_t degree = d->degree[PD_SPACE];

    c->view[c->domain] = 0;
    if (d->heap_pages != 0) {
        c->heap |= bit(c->domain);
    }
    if (degree == PD_NEW) {
        return STATUS_OK;
    }
    if (d->parent == SPEC_NONE) {
        return refuse(c, PD_SPACE,
                      degree == PD_SAME ? "space: same without a parent: the "
                                          "root domain has no space to share"
                                        : "space: part without a parent: the "
                                          "root domain has no space to take a "
                                          "part of");
    }
    if (degree == PD_PART && !d->keep_all) {
        return check_keeps(c, d);
    }
    c->view[c->domain] = c->view[d->parent];
    c->heap |= (c->heap >> d->parent & 1) << c->domain;
    return STATUS_OK;
}

static enum status check_quota(struct spec_check *c,
                               const struct spec_domain *d)
{
    uint32_t from =
        d->parent == SPEC_NONE ? CHECK_MACHINE : c->quota[d->parent];
    uint64_t size = from == CHECK_MACHINE ? c->spec.header->memory_pages
                                          : c->spec.domains[from].quota_pages;

    c->quota[c->domain] = (uint8_t)from;
    if (d->degree[PD_QUOTA] == PD_SAME) {
        return STATUS_OK;
    }
    if (d->quota_pages == 0) {
        return check__refuse(c, STATUS_OUT_OF_RANGE, PD_QUOTA,
                             "quota: new has no page");
    }
    if (d->quota_pages > size) {
        return check__refuse(c, STATUS_NO_QUOTA, PD_QUOTA,
                             from == CHECK_MACHINE
                                 ? "quota: new asks for more than the "
                                   "machine's memory"
                                 : "quota: new asks for more than the "
                                   "parent's quota");
    }
    if (d->quota_pages > c->quota_left[from]) {
        return check__refuse(c, STATUS_NO_QUOTA, PD_QUOTA,
                             "quota: new asks for more than other domains "
                             "leave of the quota it is made of");
    }
    c->quota_left[from] -= d->quota_pages;
    c->quota_left[c->domain] = d->quota_pages;
    c->quota[c->domain] = (uint8_t)c->domain;
    return STATUS_OK;
}

static enum status check_pool(struct spec_check *c, const struct spec_domain *d)
{
    uint32_t from = d->parent == SPEC_NONE ? CHECK_MACHINE : c->pool[d->parent];
    uint64_t size = from == CHECK_MACHINE ? c->spec.header->memory_pages
                                          : c->spec.domains[from].pool_pages;

    c->pool[c->domain] = (uint8_t)from;
    if (d->degree[PD_POOL] == PD_SAME) {
        return STATUS_OK;
    }
    if (d->degree[PD_QUOTA] != PD_NEW) {
        return refuse(c, PD_POOL,
                      "pool: new needs quota: new; otherwise the shared quota "
                      "re-opens the channel it closes");
    }
    if (d->pool_pages == 0) {
        return check__refuse(c, STATUS_OUT_OF_RANGE, PD_POOL,
                             "pool: new has no page");
    }
    if (d->pool_pages > size) {
        return check__refuse(c, STATUS_NO_MEMORY, PD_POOL,
                             from == CHECK_MACHINE
                                 ? "pool: new asks for more than the "
                                   "machine's memory"
                                 : "pool: new asks for more than the parent's "
                                   "pool");
    }
    if (d->pool_pages > c->pool_left[from]) {
        return check__refuse(c, STATUS_NO_MEMORY, PD_POOL,
                             "pool: new asks for more than other domains leave "
                             "of the pool it is made of");
    }
    c->pool_left[from] -= d->pool_pages;
    c->pool_left[c->domain] = d->pool_pages;
    c->pool[c->domain] = (uint8_t)c->domain;
    return STATUS_OK;
}

static enum status check_handler(struct spec_check *c,
                                 const struct spec_domain *d)
{
    uint64_t parent = bit_of_parent(d);

    if (d->degree[PD_HANDLER] == PD_NEW ? parent != 0
                                        : (c->handled & parent) != 0) {
        c->handled |= bit(c->domain);
        return STATUS_OK;
    }
    if (d->on_fault == SPEC_FAULT_HANDLER) {
        return refuse(c, PD_HANDLER,
                      "handler: no domain handles these faults, so with "
                      "on_fault: handler the first would last for ever");
    }
    return STATUS_OK;
}

enum status check__degrees(struct spec_check *c)
{
    const struct spec_domain *d = &c->spec.domains[c->domain];
    enum status status = check_possible(c, d);

    if (status == STATUS_OK) {
        status = check_files(c, d);
    }
    if (status == STATUS_OK) {
        status = check_space(c, d);
    }
    if (status == STATUS_OK) {
        status = check_quota(c, d);
    }
    if (status == STATUS_OK) {
        status = check_pool(c, d);
    }
    if (status == STATUS_OK) {
        status = check_caps(c, d);
    }
    return status == STATUS_OK ? check_handler(c, d) : status;
}
