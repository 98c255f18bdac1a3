/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_text.h"

#include "run.h"

#include <abi/layout.h>
#include <stdio.h>

#define TRIED_CAUGHT 1u

const char *fault_type_name(uint32_t type)
{
    static const char *const names[] = {"none",      "page",   "protection",
                                        "undefined", "divide", "breakpoint",
                                        "debug",     "float",  "other"};

    return type < sizeof(names) / sizeof(names[0]) ? names[type] : "other";
}

const char *fault_access_name(uint32_t access)
{
    static const char *const names[] = {"none", "read", "write", "exec"};

    return access < sizeof(names) / sizeof(names[0]) ? names[access] : "none";
}

static const char *type_words(uint32_t type)
{
    static const char *const words[] = {"fault",
                                        "page fault",
                                        "general protection fault",
                                        "undefined or privileged instruction",
                                        "division error",
                                        "breakpoint",
                                        "debug trap",
                                        "floating-point error",
                                        "exception"};

    return type < sizeof(words) / sizeof(words[0]) ? words[type] : "exception";
}

static const char *access_words(uint32_t access)
{
    static const char *const words[] = {"access to", "read of", "write to",
                                        "execution of"};

    return access < sizeof(words) / sizeof(words[0]) ? words[access] : words[0];
}

void fault_symbol(uint64_t rip, const struct image *image, char *out,
                  size_t bytes)
{
    const struct plan *plan = image->plan;
    uint32_t range = plan_range_at(plan, rip);

    if (range < plan->range_count && plan->ranges[range].kind == PLAN_IMAGE &&
        plan->ranges[range].object < image->program_count) {
        const struct program *program =
            &image->programs[plan->ranges[range].object];
        if (program->symbols) {
            symbols_name(program->symbols, rip - plan->ranges[range].base, out,
                         bytes);
            return;
        }
    }
    snprintf(out, bytes, "0x%llx", (unsigned long long)rip);
}

void fault_range(const struct shared_fault *fault, const struct image *image,
                 char *out, size_t bytes)
{
    out[0] = '\0';
    if (fault->range < image->plan->range_count) {
        plan_range_name(&image->spec, image->plan, fault->range, out,
                        (uint32_t)bytes);
    } else if (fault->range != SHARED_NO_RANGE &&
               fault->range & ABI_MADE_RANGES) {
        snprintf(out, bytes, "a range made at run time");
    }
}

static const char *fault_domain(const struct shared_fault *fault,
                                const struct image *image)
{
    const struct spec *spec = &image->spec;

    if (fault->domain >= spec->header->domains.count) {
        return "kernel";
    }
    return spec_string(spec, spec->domains[fault->domain].name);
}

/* What a page fault touched: a range, the kernel's half, or an address. */
static void describe_place(const struct shared_fault *fault,
                           const struct image *image, char *out, size_t bytes)
{
    fault_range(fault, image, out, bytes);
    if (!*out) {
        snprintf(out, bytes, "%s0x%llx",
                 fault->address >> 47 ? "kernel address " : "",
                 (unsigned long long)fault->address);
    }
}

void fault_describe(const struct shared_fault *fault, const struct image *image,
                    char *out, size_t bytes)
{
    static const char *const endings[] = {"", ", caught", ", skipped"};
    char place[2 * SPEC_NAME_MAX + 32], symbol[256];
    const char *ending = fault->tried < 3 ? endings[fault->tried] : "";

    fault_symbol(fault->rip, image, symbol, sizeof(symbol));
    if (fault->type == FAULT_PAGE) {
        describe_place(fault, image, place, sizeof(place));
        snprintf(out, bytes, "%s: %s %s at %s%s", fault_domain(fault, image),
                 access_words(fault->access), place, symbol, ending);
        return;
    }
    snprintf(out, bytes, "%s: %s (vector %u) at %s%s",
             fault_domain(fault, image), type_words(fault->type), fault->vector,
             symbol, ending);
}

void fault_tell_new(struct run *run)
{
    char text[512];

    if (snapshot_faults(run->memory) == run->faults_told) {
        return;
    }
    snapshot_take(&run->snapshot, run->memory);
    for (uint32_t i = run->faults_told; i < run->snapshot.faults; i++) {
        const struct shared_fault *fault = &run->snapshot.shared->faults[i];
        if (fault->tried != TRIED_CAUGHT || run->options->verbose) {
            fault_describe(fault, run->image, text, sizeof(text));
            fprintf(stderr, "%s\n", text);
        }
    }
    run->faults_told = run->snapshot.shared->fault_count;
}
