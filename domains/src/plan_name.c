/* SPDX-License-Identifier: Apache-2.0 */
/* Names of ranges, both ways. */
#include <domains/plan.h>

#include <stdbool.h>

static const char *const kind_names[] = {
    [PLAN_IMAGE] = "image", [PLAN_HEAP] = "heap", [PLAN_STACK] = "stack"};

/* `text` is NUL-terminated and equals the `bytes` bytes at `name`. */
static bool equals(const char *text, const char *name, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++) {
        if (text[i] != name[i] || text[i] == '\0') {
            return false;
        }
    }
    return text[bytes] == '\0';
}

static uint32_t find_named(const struct spec *spec, const char *name,
                           uint32_t bytes)
{
    for (uint32_t i = 0; i < spec->header->ranges.count; i++) {
        if (equals(spec_string(spec, spec->ranges[i].name), name, bytes)) {
            return i; /* named ranges come first, in the order of the spec */
        }
    }
    return PLAN_NONE;
}

static uint32_t find_domain(const struct spec *spec, const char *name,
                            uint32_t bytes)
{
    for (uint32_t i = 0; i < spec->header->domains.count; i++) {
        if (equals(spec_string(spec, spec->domains[i].name), name, bytes)) {
            return i;
        }
    }
    return PLAN_NONE;
}

static uint32_t part_of(const struct plan_domain *d, const char *part,
                        uint32_t bytes)
{
    if (equals(kind_names[PLAN_IMAGE], part, bytes)) {
        return d->image;
    }
    if (equals(kind_names[PLAN_HEAP], part, bytes)) {
        return d->heap;
    }
    return equals(kind_names[PLAN_STACK], part, bytes) ? d->stack : PLAN_NONE;
}

enum status plan_locate(const struct spec *spec, const struct plan *plan,
                        const char *name, uint32_t bytes, uint32_t *range)
{
    uint32_t found = PLAN_NONE, dot = 0;

    while (dot < bytes && dot <= SPEC_NAME_MAX && name[dot] != '.') {
        dot++;
    }
    if (dot > SPEC_NAME_MAX) {
        return STATUS_NOT_FOUND;
    }
    if (dot == bytes) {
        found = find_named(spec, name, bytes);
    } else {
        uint32_t domain = find_domain(spec, name, dot);

        if (domain != PLAN_NONE) {
            found = part_of(&plan->domains[domain], name + dot + 1,
                            bytes - dot - 1);
        }
    }
    if (found == PLAN_NONE) {
        return STATUS_NOT_FOUND;
    }
    *range = found;
    return STATUS_OK;
}

/* Appends what fits, returns the new length. */
static uint32_t append(char *out, uint32_t at, uint32_t size, const char *text)
{
    for (uint32_t i = 0; text[i] != '\0' && at + 1 < size; i++) {
        out[at++] = text[i];
    }
    return at;
}

void plan_range_name(const struct spec *spec, const struct plan *plan,
                     uint32_t range, char *out, uint32_t size)
{
    const struct plan_range *r = &plan->ranges[range];
    uint32_t at = 0;

    if (size == 0) {
        return;
    }
    if (r->kind == PLAN_NAMED) {
        at = append(out, at, size,
                    spec_string(spec, spec->ranges[r->object].name));
    } else {
        at = append(out, at, size,
                    spec_string(spec, spec->domains[r->owner].name));
        at = append(out, at, size, ".");
        at = append(out, at, size, kind_names[r->kind]);
    }
    out[at] = '\0';
}
