/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stdio.h>

const char *audit_kind_name(enum audit_kind kind)
{
    static const char *const names[] = {
        "extra",      "rights",         "missing",      "w-and-x",
        "owner",      "table",          "root",         "cap-form",
        "cap-rights", "cap-attachment", "cap-authority"};

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
        .domain = sample->now && sample->now->made != PLAN_NONE
                      ? sample->now->made
                      : domain_of(sample->target, root),
        .range = plan_range_at(sample->target->plan, address),
        .address = address,
        .frame = frame,
    };

    return violation;
}

static bool same(const struct audit_violation *a,
                 const struct audit_violation *b)
{
    return a->kind == b->kind && a->root == b->root && a->domain == b->domain &&
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

    if (!(rights & CAP_ALL)) {
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
    if (rights & CAP_USE) {
        out[used++] = 'u';
    }
    out[used] = '\0';
    return out;
}

/* The words that every description is made of. */
struct words {
    const char *who;
    const char *where;
    unsigned long long address, frame;
};

static void describe_view(const struct audit_violation *violation,
                          const struct words *words, char *out, size_t bytes)
{
    char expected[8], found[8];

    snprintf(out, bytes,
             "%s reaches %s at 0x%llx: expected %s, found %s (frame 0x%llx)",
             words->who, words->where, words->address,
             rights_text(violation->expected, expected),
             rights_text(violation->found, found), words->frame);
}

static void describe_missing(const struct audit_violation *violation,
                             const struct words *words, char *out, size_t bytes)
{
    char expected[8], found[8];

    snprintf(out, bytes, "%s lacks %s at 0x%llx: expected %s, found %s",
             words->who, words->where, words->address,
             rights_text(violation->expected, expected),
             rights_text(violation->found, found));
}

static void describe_root(const struct audit_violation *violation,
                          const struct words *words, char *out, size_t bytes)
{
    if (violation->frame) {
        snprintf(out, bytes, "%s: root 0x%llx %s", words->who, words->frame,
                 violation->what);
    } else {
        snprintf(out, bytes, "%s %s", words->who, violation->what);
    }
}

static void describe_capability(const struct audit_violation *violation,
                                const struct words *words, char *out,
                                size_t bytes)
{
    char expected[8], found[8];

    snprintf(out, bytes,
             "%s: capability %llu (at 0x%llx) %s: expected at most %s, found "
             "%s",
             words->who, words->address, words->frame, violation->what,
             rights_text(violation->expected, expected),
             rights_text(violation->found, found));
}

void audit_describe(const struct audit_violation *violation,
                    const struct spec *spec, const struct plan *plan, char *out,
                    size_t bytes)
{
    static const char *const own[] = {"image", "heap", "stack", "memory"};
    char where[2 * SPEC_NAME_MAX + 8] = "memory of no range", who[32];
    struct words words = {"a root of no domain", where, violation->address,
                          violation->frame};

    if (violation->domain < spec->header->domains.count) {
        words.who = spec_string(spec, spec->domains[violation->domain].name);
    } else if (violation->domain != PLAN_NONE) {
        snprintf(who, sizeof(who), "domain %u", violation->domain);
        words.who = who;
    }
    if (violation->range < plan->range_count) {
        plan_range_name(spec, plan, violation->range, where, sizeof(where));
    } else if (violation->range >= ABI_MADE_RANGES &&
               violation->range != PLAN_NONE) {
        snprintf(where, sizeof(where), "a range made at run time");
    } else if (violation->range != PLAN_NONE) {
        uint32_t number = violation->range - ABI_RUNTIME_RANGES;
        snprintf(where, sizeof(where), "domain %u's %s", number / 4,
                 own[number % 4]);
    }
    switch (violation->kind) {
    case AUDIT_EXTRA:
    case AUDIT_RIGHTS:
        describe_view(violation, &words, out, bytes);
        break;
    case AUDIT_MISSING:
        describe_missing(violation, &words, out, bytes);
        break;
    case AUDIT_W_AND_X:
    case AUDIT_OWNER:
    case AUDIT_TABLE:
        snprintf(out, bytes, "%s: frame 0x%llx at 0x%llx (%s) %s", words.who,
                 words.frame, words.address, where, violation->what);
        break;
    case AUDIT_ROOT:
        describe_root(violation, &words, out, bytes);
        break;
    case AUDIT_CAP_FORM:
    case AUDIT_CAP_RIGHTS:
    case AUDIT_CAP_ATTACHMENT:
    case AUDIT_CAP_AUTHORITY:
        words.who =
            violation->domain == PLAN_NONE ? "the root domain" : words.who;
        describe_capability(violation, &words, out, bytes);
        break;
    }
}
