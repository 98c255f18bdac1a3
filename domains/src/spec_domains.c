/* SPDX-License-Identifier: Apache-2.0 */
/* Domains one by one: form, then degrees, then what each holds. */
#include "check.h"

#include <abi/layout.h>
#include <capabilities/cap.h>

/* A slice lies in its table, and all slices together are no longer than it:
 * so looking at every slice is linear in the table. */
static bool slice_fits(uint32_t first, uint32_t count, uint32_t *seen,
                       const struct spec_table *in)
{
    if ((uint64_t)first + count > in->count || count > in->count - *seen) {
        return false;
    }
    *seen += count;
    return true;
}

static bool args_fit(const struct spec_check *c, const struct spec_domain *d)
{
    const char *text = c->spec.strings + d->args;
    uint32_t ends = 0;

    if (d->args_bytes == 0) {
        return d->argc == 0;
    }
    if ((uint64_t)d->args + d->args_bytes > c->spec.header->strings.count ||
        d->args_bytes > SPEC_ARGS_BYTES_MAX) {
        return false;
    }
    for (uint32_t i = 0; i < d->args_bytes; i++) {
        ends += text[i] == '\0';
    }
    return ends == d->argc && text[d->args_bytes - 1] == '\0';
}

static const char *names_fault(const struct spec_check *c,
                               const struct spec_domain *d)
{
    const struct spec_header *h = c->spec.header;

    if (!check__named(c, d->name)) {
        return "a domain's name is not in form";
    }
    if (d->kind != SPEC_NONE && d->kind >= h->strings.count) {
        return "a domain's kind is not among the strings";
    }
    if (d->parent != SPEC_NONE && d->parent >= c->domain) {
        return "a domain does not come after its parent";
    }
    if (d->program >= h->programs.count) {
        return "a domain's program is not listed";
    }
    if (d->time > h->times.count) {
        return "a domain's time is not listed";
    }
    if (d->tree != SPEC_NONE && d->tree >= h->trees.count) {
        return "a domain's file tree is not listed";
    }
    return args_fit(c, d) ? 0 : "a domain's arguments are not in form";
}

/* The node that a domain's files begin at; SPEC_NONE: it has none. Parents have
 * been checked: the walk ends. */
static uint32_t files_root(const struct spec_check *c, uint32_t domain)
{
    while (domain != SPEC_NONE) {
        const struct spec_domain *d = &c->spec.domains[domain];

        if (d->degree[PD_FILES] == PD_NEW && d->tree != SPEC_NONE) {
            return c->spec.trees[d->tree].root;
        }
        if (d->degree[PD_FILES] == PD_PART && d->files_dir) {
            return d->files_dir - 1;
        }
        if (d->degree[PD_FILES] != PD_SAME && d->degree[PD_FILES] != PD_PART) {
            return SPEC_NONE;
        }
        domain = d->parent;
    }
    return SPEC_NONE;
}

/* Children are consecutive and come after their directory. */
static bool lies_beneath(const struct spec_check *c, uint32_t root,
                         uint32_t node)
{
    for (uint32_t at = node; at-- > root && node != root;) {
        const struct spec_node *n = &c->spec.nodes[at];

        if (n->kind == SPEC_NODE_DIRECTORY && node >= n->first &&
            node - n->first < n->count) {
            node = at;
        }
    }
    return node == root;
}

static const char *part_fault(const struct spec_check *c,
                              const struct spec_domain *d)
{
    uint32_t root;

    if (d->files_dir == 0) {
        return 0;
    }
    root = d->degree[PD_FILES] == PD_PART && d->parent != SPEC_NONE
               ? files_root(c, d->parent)
               : SPEC_NONE;
    if (root == SPEC_NONE || d->files_dir > c->spec.header->nodes.count ||
        c->spec.nodes[d->files_dir - 1].kind != SPEC_NODE_DIRECTORY ||
        !lies_beneath(c, root, d->files_dir - 1)) {
        return "a part of files is no folder of the parent's";
    }
    return 0;
}

static const char *form_fault(struct spec_check *c, const struct spec_domain *d)
{
    const struct spec_header *h = c->spec.header;

    if (d->on_fault > SPEC_FAULT_HANDLER || d->start > SPEC_START_MANUAL ||
        d->keep_all > 1) {
        return "a domain's on_fault, start or keep_all is unknown";
    }
    if (!slice_fits(d->first_hold, d->hold_count, &c->holds, &h->holds) ||
        !slice_fits(d->first_keep, d->keep_count, &c->keeps, &h->keeps)) {
        return "a domain's holds or keeps are not listed";
    }
    if (!check__executable(c, d->program, d->entry)) {
        return "a domain's entry is not executable";
    }
    return part_fault(c, d);
}

static enum status check_start(struct spec_check *c,
                               const struct spec_domain *d)
{
    uint64_t parent = d->parent == SPEC_NONE ? 1 : c->boot >> d->parent & 1;

    if (d->start == SPEC_START_MANUAL) {
        c->boot &= ~(1ull << c->domain);
        return STATUS_OK;
    }
    c->boot |= 1ull << c->domain;
    if (parent == 0) {
        return check__refuse(c, STATUS_INVALID_ARGUMENT, PD_CLASS_COUNT,
                             REFUSAL_START_PARENT);
    }
    return STATUS_OK;
}

static bool descends(const struct spec_check *c, uint32_t domain)
{
    /* Parents have smaller indices, else the walk ends: it is bounded. */
    while (domain > c->domain && domain < c->spec.header->domains.count) {
        uint32_t parent = c->spec.domains[domain].parent;

        if (parent == c->domain) {
            return true;
        }
        if (parent >= domain) {
            return false;
        }
        domain = parent;
    }
    return false;
}

static enum status check_object(struct spec_check *c,
                                const struct spec_hold *hold)
{
    switch (hold->type) {
    case CAP_RANGE:
        return hold->object < c->spec.header->ranges.count
                   ? STATUS_OK
                   : check__malformed(c, "a held range is not listed");
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        return hold->object < c->spec.header->endpoints.count &&
                       spec_endpoint_type(&c->spec.endpoints[hold->object]) ==
                           hold->type
                   ? STATUS_OK
                   : check__malformed(c, "a held endpoint is not listed");
    case CAP_TIME:
        return hold->object < c->spec.header->times.count
                   ? STATUS_OK
                   : check__malformed(c, "a held time is not listed");
    case CAP_DOMAIN:
    case CAP_HANDLER:
        return descends(c, hold->object)
                   ? STATUS_OK
                   : check__refuse(c, STATUS_INVALID_ARGUMENT, PD_CLASS_COUNT,
                                   REFUSAL_HOLD_STRANGER);
    default:
        return check__malformed(c, "a hold is of a type that none can be of");
    }
}

enum status check__holds(struct spec_check *c)
{
    const struct spec_domain *d = &c->spec.domains[c->domain];
    const struct spec_hold *hold = &c->spec.holds[d->first_hold];

    for (uint32_t i = 0; i < d->hold_count; i++, hold++) {
        struct pd_refusal why;
        enum status status;

        c->item = d->first_hold + i;
        if (!check__named(c, hold->name)) {
            return check__malformed(c, "a hold's name is not in form");
        }
        status = check_object(c, hold);
        if (status != STATUS_OK) {
            return status;
        }
        if (pd_judge_rights(hold->type, hold->rights, &why) != STATUS_OK) {
            return check__refuse(c, why.status, why.pd_class, why.refusal);
        }
        if (hold->type == CAP_RANGE && (hold->rights & CAP_READ) != 0) {
            c->standing[c->domain].view |= 1ull << hold->object;
        }
    }
    c->item = SPEC_NONE;
    return STATUS_OK;
}

static enum status check_domain(struct spec_check *c,
                                const struct spec_domain *d)
{
    const char *fault = names_fault(c, d);
    enum status status;

    if (fault == 0) {
        fault = form_fault(c, d);
    }
    if (fault != 0) {
        return check__malformed(c, fault);
    }
    status = check_start(c, d);
    if (status == STATUS_OK) {
        status = check__degrees(c);
    }
    return status == STATUS_OK ? check__holds(c) : status;
}

enum status check__domains(struct spec_check *c)
{
    uint32_t memory = (uint32_t)c->spec.header->memory_pages;

    c->holds = c->keeps = 0;
    c->boot = 0;
    c->root = (struct pd_standing){.root = true,
                                   .root_files = true,
                                   .machine_quota = true,
                                   .machine_pool = true,
                                   .quota = memory,
                                   .pool = memory};
    c->quota_left[CHECK_MACHINE] = memory;
    c->pool_left[CHECK_MACHINE] = memory;
    for (uint32_t i = 0; i < c->spec.header->domains.count; i++) {
        enum status status;

        c->domain = i;
        status = check_domain(c, &c->spec.domains[i]);
        if (status != STATUS_OK) {
            return status;
        }
    }
    c->domain = SPEC_NONE;
    return STATUS_OK;
}
