/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <capabilities/cap.h>
#include <stdio.h>

const char *audit_kind_name(enum audit_kind kind)
{
    static const char *const names[] = {"extra",   "rights", "missing",
                                        "w-and-x", "owner",  "table",
                                        "root"};

    return names[kind];
}

/* A domain that runs in the root: a live one if there is any. */
static uint32_t domain_of(const struct audit_target *target, uint32_t root)
{
    uint32_t any = PLAN_NONE;

    if (root == PLAN_NONE) {
        return PLAN_NONE;
    }
    for (uint32_t i = 0; i < target->spec->header->domains.count; i++) {
        if (target->plan->domains[i].root != root) {
            continue;
        }
        if (target->live >> i & 1) {
            return i;
        }
        if (any == PLAN_NONE) {
            any = i;
        }
    }
    return any;
}

struct audit_violation sample_violation(const struct sample *sample,
                                        enum audit_kind kind, uint64_t address,
                                        uint64_t frame)
{
    uint32_t root = sample->now ? sample->now->root : PLAN_NONE;
    struct audit_violation violation = {
        .kind = kind,
        .root = root,
        .domain = domain_of(sample->target, root),
        .range = plan_range_at(sample->target->plan, address),
        .address = address,
        .frame = frame,
    };

    return violation;
}

static bool same(const struct audit_violation *a,
                 const struct audit_violation *b)
{
    return a->kind == b->kind && a->root == b->root &&
           a->address == b->address && a->frame == b->frame &&
           a->what == b->what;
}

void sample_report(struct sample *sample,
                   const struct audit_violation *violation)
{
    struct audit *audit = sample->audit;

    audit->violation_count++;
    for (uint32_t i = 0; i < audit->kept; i++) {
        if (same(&audit->violations[i], violation)) {
            return;
        }
    }
    if (audit->kept < AUDIT_VIOLATIONS_MAX) {
        audit->violations[audit->kept++] = *violation;
    }
}

static const char *rights_text(uint8_t rights, char out[8])
{
    size_t used = 0;

    if (!(rights & (CAP_READ | CAP_WRITE | CAP_EXEC))) {
        return "nothing";
    }
    if (rights & CAP_READ) {
        out[used++] = 'r';
    }
    if (rights & CAP_WRITE) {
        out[used++] = 'w';
    }
    if (rights & CAP_EXEC) {
        out[used++] = 'x';
    }
    out[used] = '\0';
    return out;
}

static void describe_view(const struct audit_violation *violation,
                          const char *who, const char *where, char *out,
                          size_t bytes)
{
    char expected[8], found[8];

    snprintf(out, bytes,
             "%s %s %s at 0x%llx: expected %s, found %s (frame 0x%llx)", who,
             violation->kind == AUDIT_MISSING ? "lacks" : "reaches", where,
             (unsigned long long)violation->address,
             rights_text(violation->expected, expected),
             rights_text(violation->found, found),
             (unsigned long long)violation->frame);
}

void audit_describe(const struct audit_violation *violation,
                    const struct spec *spec, const struct plan *plan,
                    char *out, size_t bytes)
{
    char where[2 * SPEC_NAME_MAX + 8] = "memory of no range";
    const char *who = "a root that no domain runs in";

    if (violation->domain < spec->header->domains.count) {
        who = spec_string(spec, spec->domains[violation->domain].name);
    }
    if (violation->range < plan->range_count) {
        plan_range_name(spec, plan, violation->range, where, sizeof(where));
    }
    switch (violation->kind) {
    case AUDIT_EXTRA:
    case AUDIT_RIGHTS:
    case AUDIT_MISSING:
        describe_view(violation, who, where, out, bytes);
        break;
    case AUDIT_W_AND_X:
    case AUDIT_OWNER:
        snprintf(out, bytes, "%s: frame 0x%llx at 0x%llx (%s) %s", who,
                 (unsigned long long)violation->frame,
                 (unsigned long long)violation->address, where,
                 violation->what);
        break;
    case AUDIT_TABLE:
    case AUDIT_ROOT:
        snprintf(out, bytes, "%s: 0x%llx, met at 0x%llx, %s", who,
                 (unsigned long long)violation->frame,
                 (unsigned long long)violation->address, violation->what);
        break;
    }
}
